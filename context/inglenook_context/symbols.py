"""What one file defines, with the signatures that a model is shown.

The walk goes down only into what can hold a definition that other files see (classes, ``if``
and ``try`` at the top, exports), and asks the query of each statement in it. The query never
sees more than one statement, at its root: py-tree-sitter 0.26.1 crashes when a query is given
a progress callback, so nothing else bounds the time that a query takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node, QueryCursor

from inglenook_context.commonjs import EXPORT, exported_name
from inglenook_context.grammar import Grammar, query
from inglenook_context.members import Member, bases_of, members_of, type_of
from inglenook_context.signature import doc_of, documented_type, signature_of
from inglenook_context.syntax import Syntax

_LEVELS: Final = 16  # below which no definition is looked for
_REACH: Final = 4_096  # bytes of one statement that a query looks at
_MATCHES: Final = 64
_MOST: Final = 20_000  # definitions of one file
_CONSTRUCTORS: Final = frozenset({"__init__", "__post_init__", "setUp", "constructor"})


@dataclass(frozen=True, slots=True)
class Definition:
    """``name`` is defined at ``start`` (without decorators and ``export``) to ``stop``, offsets
    in code points. ``parent`` is the class round it, or empty.

    ``kind`` is function, method, class, variable, field, type, interface, enum or namespace.
    ``name`` is ``default`` or ``export=`` if it has no other. ``signature`` is source text with
    ``\\n`` line ends; ``doc`` the first line of its documentation, or empty. ``bases`` are the
    classes that a class is made from, ``type`` is what a function returns or a variable or field
    holds, as it is written (``Lock`` also for ``x = Lock()``), or empty.
    """

    name: str
    kind: str
    start: int
    stop: int
    signature: str
    parent: str
    doc: str
    bases: tuple[str, ...] = ()
    type: str = ""


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
    grammar = syntax.grammar
    cursor = syntax.tree.walk()
    queries: dict[str, QueryCursor | None] = {}
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
            if node.type == "variable_declarator":
                name = node.child_by_field_name("name")
                parents[-1] = syntax.text_of(name, 200) if name is not None else parent
            yield None
            continue
        if node.type == "assignment_expression" and exported_name(syntax, node) is None:
            descend = False
            yield None
            continue
        if node.type not in queries:
            queries[node.type] = _queries(syntax.grammar, node.type)
        for found in _of_statement(syntax, queries[node.type], node, parent):
            if descend:
                parents[-1] = found.name
            yield found
        yield None


def _queries(grammar: Grammar, root: str) -> QueryCursor | None:
    """What finds definitions at a node of this type; None if there are none."""
    symbols = query(grammar, "symbols", root)
    if symbols is None:
        return None
    queries = QueryCursor(symbols, match_limit=_MATCHES)
    queries.set_max_start_depth(0)
    return queries


def _of_statement(
    syntax: Syntax, queries: QueryCursor | None, node: Node, parent: str
) -> Iterator[Definition]:
    if queries is None:
        return
    queries.set_byte_range(node.start_byte, node.start_byte + _REACH)
    found: dict[int, tuple[str, dict[str, list[Node]]]] = {}
    for _, captures in queries.matches(node):
        start = captures.get("name", [node])[0].start_byte
        kind = next(key for key in captures if key.startswith("definition.")).partition(".")[2]
        if start not in found or _tells(captures) >= _tells(found[start][1]):
            found[start] = (kind, captures)
    for kind, captures in found.values():
        body = captures.get("body", [None])[0]
        kind = _kind(syntax, node, kind, captures, parent)
        name = _name(syntax, node, captures)
        if not kind or not name:
            continue
        doc = doc_of(syntax, node, body)
        yield Definition(
            name=name,
            kind=kind,
            start=syntax.start_of(node),
            stop=syntax.stop_of(node),
            signature=signature_of(syntax, node, body, kind, doc),
            parent=parent,
            doc=doc,
            bases=tuple(bases_of(syntax, captures)),
            type=type_of(syntax, captures) or _documented(syntax, node, kind),
        )
        if kind == "method" and name in _CONSTRUCTORS:
            for member in members_of(syntax, node):
                yield _field(member, parent)


def _documented(syntax: Syntax, node: Node, kind: str) -> str:
    """The type that a comment tells, where the language has none."""
    is_typed = not syntax.grammar.language.startswith("javascript") or kind == "class"
    return "" if is_typed else documented_type(syntax, node)


def _tells(captures: Mapping[str, Sequence[Node]]) -> tuple[bool, int]:
    """Of two matches of one name the greater tells more."""
    return "body" in captures, len(captures)


def _kind(
    syntax: Syntax, node: Node, kind: str, captures: Mapping[str, Sequence[Node]], parent: str
) -> str:
    """The kind of what has this parent; empty if it is no definition there."""
    if parent:
        if kind == "function" and node.type in syntax.grammar.functions:
            return "method"
        return "field" if kind == "variable" else kind
    if kind == "method":  # in an object that is a script's exports
        return "function"
    if kind == "field":
        values = captures.get("value", ())
        return "variable" if values and values[0].type != "identifier" else ""
    return kind


def _name(syntax: Syntax, node: Node, captures: Mapping[str, Sequence[Node]]) -> str:
    """What a match defines; empty if it is no definition."""
    if "owner" in captures:
        name = exported_name(syntax, node) or ""
        is_object = "value" in captures and captures["value"][0].type == "object"
        return "" if name == EXPORT and is_object else name
    return syntax.text_of(captures["name"][0], 200) if "name" in captures else "default"


def _field(member: Member, parent: str) -> Definition:
    return Definition(
        name=member.name,
        kind="field",
        start=member.start,
        stop=member.stop,
        signature=member.signature,
        parent=parent,
        doc="",
        type=member.type,
    )
