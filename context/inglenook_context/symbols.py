"""What one file defines, with the signatures that a model is shown.

The walk goes down only into what can hold a definition that other files see (classes, ``if``
and ``try`` at the top, exports), and asks the query of each statement in it. The query never
sees more than one statement, at its root: py-tree-sitter 0.26.1 crashes when a query is given
a progress callback, so nothing else bounds the time that a query takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node, QueryCursor

from inglenook_context.grammar import query
from inglenook_context.signature import doc_of, signature_of
from inglenook_context.syntax import Syntax

_LEVELS: Final = 16  # below which no definition is looked for
_REACH: Final = 4_096  # bytes of one statement that a query looks at
_MATCHES: Final = 64
_MOST: Final = 20_000  # definitions of one file


@dataclass(frozen=True, slots=True)
class Definition:
    """``name`` is defined at ``start`` (without decorators and ``export``) to ``stop``, offsets
    in code points. ``parent`` is the class round it, or empty.

    ``kind`` is function, method, class, variable, type, interface or enum. ``signature`` is
    source text with ``\\n`` line ends; ``doc`` the first line of its documentation, or empty.
    """

    name: str
    kind: str
    start: int
    stop: int
    signature: str
    parent: str
    doc: str


class Extraction:
    """The definitions of one file, found in slices. ``clock`` counts seconds."""

    def __init__(self, syntax: Syntax, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._found: list[Definition] = []
        self._steps = _definitions(syntax)
        self._done = False

    def advance(self, budget_ms: float) -> bool:
        """Work for about ``budget_ms`` milliseconds; True when `definitions` is complete."""
        deadline = self._clock() + budget_ms / 1000
        while not self._done:
            found = next(self._steps, ())
            if found == () or len(self._found) >= _MOST:
                self._done = True
            elif isinstance(found, Definition):
                self._found.append(found)
            if self._clock() >= deadline:
                break
        return self._done

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """What has been found so far, in the order of the file."""
        return tuple(self._found)


def definitions_of(syntax: Syntax) -> tuple[Definition, ...]:
    """All definitions at once; for small files and tests."""
    extraction = Extraction(syntax)
    while not extraction.advance(1_000):
        pass
    return extraction.definitions


def _definitions(syntax: Syntax) -> Iterator[Definition | None]:
    """Every definition in the order of the file, and None for other nodes passed."""
    symbols = query(syntax.grammar, "symbols")
    if symbols is None:
        return
    queries = QueryCursor(symbols, match_limit=_MATCHES)
    queries.set_max_start_depth(0)
    grammar = syntax.grammar
    cursor = syntax.tree.walk()
    parents = [""]  # of the nodes at each level of the walk
    descend = True
    while True:
        if descend and len(parents) <= _LEVELS and cursor.goto_first_child():
            parents.append(parents[-1])
        elif not cursor.goto_next_sibling():
            while cursor.goto_parent():
                parents.pop()
                if cursor.goto_next_sibling():
                    break
            else:
                return
        node = cursor.node
        if node is None:
            return
        parent = parents[-1] = parents[-2]
        descend = node.type in grammar.containers
        if not node.is_named or node.type in grammar.transparent:
            yield None
            continue
        for found in _of_statement(syntax, queries, node, parent):
            if descend:
                parents[-1] = found.name
            yield found
        yield None


def _of_statement(
    syntax: Syntax, queries: QueryCursor, node: Node, parent: str
) -> Iterator[Definition]:
    queries.set_byte_range(node.start_byte, node.start_byte + _REACH)
    kinds: dict[int, tuple[str, Node, Node | None]] = {}
    for _, captures in queries.matches(node):
        name = captures["name"][0]
        body = captures.get("body", [None])[0]
        kind = next(key for key in captures if key.startswith("definition.")).partition(".")[2]
        if body is not None or name.start_byte not in kinds:
            kinds[name.start_byte] = (kind, name, body)
    for kind, name, body in kinds.values():
        if kind == "variable" and parent:
            continue
        if kind == "function" and parent and node.type in syntax.grammar.functions:
            kind = "method"
        doc = doc_of(syntax, node, body)
        yield Definition(
            name=syntax.text_of(name, 200),
            kind=kind,
            start=syntax.start_of(node),
            stop=syntax.stop_of(node),
            signature=signature_of(syntax, node, body, kind, doc),
            parent=parent,
            doc=doc,
        )
