"""What one file defines, with the signatures that a model is shown.

The walk goes down only into what can hold a definition that other files see (classes, ``if``
and ``try`` at the top, exports), and asks the query of each statement in it. The query never
sees more than one statement, at its root: py-tree-sitter 0.26.1 crashes when a query is given
a progress callback, so nothing else bounds the time that a query takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tree_sitter import Node, QueryCursor

from inglenook_context.captures import (
    NO_PARENT,
    Parent,
    holds,
    kind_of,
    name_of,
    name_text,
    tells,
    word,
)
from inglenook_context.commonjs import exported_name
from inglenook_context.declarators import declared
from inglenook_context.docs import doc_of, documented_type
from inglenook_context.grammar import Grammar, query
from inglenook_context.members import Member, bases_of, members_of, type_of
from inglenook_context.signature import plain_signature, signature_of
from inglenook_context.syntax import Syntax

_REACH: Final = 4_096  # bytes of one statement that a query looks at
_MATCHES: Final = 64
_MOST: Final = 20_000  # definitions of one file
_CLASSES: Final = ("class", "interface", "enum")
_CONSTRUCTORS: Final = frozenset(
    {"__init__", "__post_init__", "setUp", "constructor", "__construct"}
)


class Definition(NamedTuple):
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


class _Scope(NamedTuple):
    """What holds definitions of the class ``name`` elsewhere in its file, and gives it a base."""

    name: str
    bases: tuple[str, ...]


class Extraction:
    """The definitions of one file, found in slices. ``clock`` counts seconds."""

    def __init__(self, syntax: Syntax, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._found: list[Definition] = []
        self._bases: dict[str, tuple[str, ...]] = {}  # that are told apart from the class
        self._steps = _definitions(syntax)
        self._done = False

    def advance(self, budget_ms: float) -> bool:
        """Work for about ``budget_ms`` milliseconds; True when `definitions` is complete."""
        deadline = self._clock() + budget_ms / 1000
        while not self._done:
            found = next(self._steps, ())
            if found == () or len(self._found) >= _MOST:
                self._done = True
                self._join()
            elif isinstance(found, Definition):
                self._found.append(found)
            elif isinstance(found, _Scope) and found.bases:
                self._bases[found.name] = self._bases.get(found.name, ()) + found.bases
            if self._clock() >= deadline:
                break
        return self._done

    def _join(self) -> None:
        """Give the classes their bases."""
        for at, each in enumerate(self._found if self._bases else ()):
            if each.kind in _CLASSES and (bases := self._bases.get(each.name)):
                self._found[at] = each._replace(bases=tuple(dict.fromkeys(each.bases + bases)))

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


def _definitions(syntax: Syntax) -> Iterator[Definition | _Scope | None]:
    """Every definition in the order of the file, and None for other nodes passed."""
    grammar = syntax.grammar
    cursor = syntax.tree.walk()
    queries: dict[str, QueryCursor | None] = {}
    parents = [NO_PARENT]  # of the nodes at each level of the walk
    descend = True
    while True:
        if descend and len(parents) <= grammar.levels and cursor.goto_first_child():
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
                parents[-1] = Parent(syntax.text_of(name, 200)) if name is not None else parent
            yield None
            continue
        if node.type == "assignment_expression" and exported_name(syntax, node) is None:
            descend = False
            yield None
            continue
        if node.type not in queries:
            queries[node.type] = _queries(syntax.grammar, node.type)
        inside = parent if node.type in grammar.spaces else None
        for found in _of_statement(syntax, queries[node.type], node, parent):
            if descend and inside is None:
                kind = found.kind if isinstance(found, Definition) else ""
                inside = parents[-1] = Parent(found.name, kind)
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
    syntax: Syntax, queries: QueryCursor | None, node: Node, parent: Parent
) -> Iterator[Definition | _Scope]:
    if queries is None:
        return
    queries.set_byte_range(node.start_byte, node.start_byte + _REACH)
    found: dict[int, tuple[str, dict[str, list[Node]]]] = {}
    for _, captures in queries.matches(node):
        if not holds(syntax, captures):
            continue
        start = captures.get("name", [node])[0].start_byte
        kind = next((key for key in captures if key.startswith("definition.")), "")
        if start not in found or tells(captures) >= tells(found[start][1]):
            found[start] = (kind.partition(".")[2], captures)
    for kind, captures in found.values():
        if not kind:
            bases = tuple(bases_of(syntax, captures))
            yield _Scope(name_text(syntax, captures["name"][0]), bases)
        elif definition := _definition(syntax, node, kind, captures, parent):
            yield definition
            if definition.kind == "method" and definition.name in _CONSTRUCTORS:
                for member in members_of(syntax, node):
                    yield _field(member, definition.parent)


def _definition(
    syntax: Syntax, node: Node, kind: str, captures: Mapping[str, Sequence[Node]], parent: Parent
) -> Definition | None:
    """What a match defines; None if that is nothing there."""
    body = captures.get("body", [None])[0]
    owner = parent.name
    if "declarator" in captures:
        target = declared(syntax, captures["declarator"][0])
        if target is None:
            return None
        name, owner = target.name, target.parent or owner
        if kind == "variable" and target.is_function:
            kind = "method" if owner else "function"
    else:
        name = name_of(syntax, node, captures)
    if "parent" in captures:
        owner = name_text(syntax, captures["parent"][0])
    elif parent.kind == "type" and kind in _CLASSES:
        owner = ""  # typedef struct box { ... } Box;
    kind = kind_of(syntax, node, kind, captures, Parent(owner, parent.kind))
    if not kind or not name:
        return None
    doc = doc_of(syntax, node, body)
    if syntax.grammar.docs:
        signature = plain_signature(syntax, node, body, kind, name, word(captures, "before."))
    else:
        signature = signature_of(syntax, node, body, kind, doc)
    return Definition(
        name=name,
        kind=kind,
        start=syntax.start_of(node),
        stop=syntax.stop_of(node),
        signature=signature,
        parent=owner,
        doc=doc,
        bases=tuple(bases_of(syntax, captures)),
        type=type_of(syntax, captures) or _documented(syntax, node, kind),
    )


def _documented(syntax: Syntax, node: Node, kind: str) -> str:
    """The type that a comment tells, where the language has none."""
    is_typed = not syntax.grammar.language.startswith("javascript") or kind == "class"
    return "" if is_typed else documented_type(syntax, node)


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
