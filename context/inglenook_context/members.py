"""What is seen of types without a type checker: annotations, and classes that are called.

A type is kept as it is written. ``Lock()`` stands for what calling ``Lock`` gives: an object of
it if it is a class, what it returns if it is a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tree_sitter import Node, QueryCursor

from inglenook_context.grammar import query
from inglenook_context.syntax import Syntax

_TYPE: Final = 120  # characters
_QUOTES: Final = re.compile("[\"']")  # round what is not defined yet
_SHOWN: Final = 100  # characters of a member
_REACH: Final = 8_192  # bytes of a constructor that are looked at
_MATCHES: Final = 256
_MOST: Final = 60
_WRAPPED: Final = {  # and which of their parts holds the value
    "await": -1,
    "await_expression": -1,
    "boolean_operator": -1,
    "binary_expression": -1,  # a ?? new Foo()
    "parenthesized_expression": 0,
    "non_null_expression": 0,
    "as_expression": 0,
    "satisfies_expression": 0,
}
_ASSERTED: Final = ("as_expression", "satisfies_expression", "type_assertion")
_CLAUSES: Final = (
    "extends_clause",
    "extends_type_clause",
    "implements_clause",
    "intersection_type",
    "type_list",  # Java
)
_NO_BASES: Final = (
    *("keyword_argument", "comment", "type_arguments", "object_type"),
    *("access_specifier", "lifetime", "argument_list", "method_elem"),
)
_MADE_FROM: Final = re.compile(  # types that have the members of the one that they name first
    r"(?:Omit|Pick|Partial|Required|Readonly|NonNullable|Prettify|Simplify|Expand)<\s*"
)


class Member(NamedTuple):
    """An attribute that a constructor gives its object."""

    name: str
    type: str
    start: int
    stop: int
    signature: str


def type_of(syntax: Syntax, captures: Mapping[str, Sequence[Node]]) -> str:
    """The type that a query's ``@type`` or ``@value`` shows, or empty."""
    if declared := captures.get("type"):
        text = annotation(syntax.text_of(declared[0], _TYPE + 4))
        return "" if "{" in text and syntax.grammar.docs else text  # a struct without a name
    if values := captures.get("value"):
        return value_type(syntax, values[0])
    return ""


def annotation(text: str) -> str:
    """A type without the mark before it."""
    text = _QUOTES.sub("", text).strip().removeprefix("->").removeprefix(":").strip()
    return text if len(text) <= _TYPE else ""


def bases_of(syntax: Syntax, captures: Mapping[str, Sequence[Node]]) -> Iterator[str]:
    """What a class is made from, as it is written and without type arguments."""
    for base in captures.get("base", ()):
        yield syntax.text_of(base, 100).partition("<")[0].strip()
    waiting = list(captures.get("bases", ()))
    for _ in range(_MOST):
        if not waiting:
            return
        for child in waiting.pop(0).named_children:
            if child.type in _CLAUSES:
                waiting.append(child)
            elif child.type not in _NO_BASES and not _is_field(child):
                text = syntax.text_of(child, 100).lstrip("*")
                while match := _MADE_FROM.match(text):
                    text = re.split("[,>]", text[match.end() :], maxsplit=1)[0]
                yield text.partition("[")[0].partition("<")[0].strip()


def _is_field(node: Node) -> bool:
    """Whether it is a member of a struct of Go, and not what the struct is made from."""
    return node.type == "field_declaration" and node.child_by_field_name("name") is not None


def value_type(syntax: Syntax, value: Node) -> str:
    for _ in range(4):
        if value.type in _ASSERTED and (type_ := _asserted(syntax, value)):
            return type_
        if value.type in _WRAPPED:
            inner = value.named_child(_WRAPPED[value.type] % max(value.named_child_count, 1))
            if inner is None:
                return ""
            value = inner
    if value.type in ("call", "call_expression"):
        function = value.child_by_field_name("function")
        return _called(syntax, function)
    if value.type == "new_expression":
        return _called(syntax, value.child_by_field_name("constructor"))
    return ""


def _asserted(syntax: Syntax, value: Node) -> str:
    """The type that a script says a value has; empty if that tells nothing."""
    if value.named_child_count < 2:  # as const
        return ""
    type_ = value.named_child(0 if value.type == "type_assertion" else -1 % value.named_child_count)
    text = annotation(syntax.text_of(type_, _TYPE + 4)) if type_ is not None else ""
    if value.type == "type_assertion":
        text = text[1:-1]
    return "" if text in ("any", "unknown") else text


def _called(syntax: Syntax, function: Node | None) -> str:
    if function is None or function.end_byte - function.start_byte > _TYPE:
        return ""
    text = syntax.text_of(function, _TYPE).replace("?.", ".")
    return f"{text}()" if re.sub(r"[._$]|(?<!\w)#", "", text).isalnum() else ""


def members_of(syntax: Syntax, method: Node) -> Iterator[Member]:
    """What a constructor assigns to the attributes of its object."""
    members = query(syntax.grammar, "members")
    if members is None:
        return
    parameters = _parameters(syntax, method)
    owner = "this" if syntax.grammar.language != "python" else next(iter(parameters), "")
    cursor = QueryCursor(members, match_limit=_MATCHES)
    cursor.set_byte_range(method.start_byte, method.start_byte + _REACH)
    seen: set[str] = set()
    for _, captures in cursor.matches(method):
        if len(seen) >= _MOST:
            return
        if "owner" in captures and syntax.text_of(captures["owner"][0], 40) != owner:
            continue
        name = syntax.text_of(captures["name"][0], 200)
        if name in seen:
            continue
        seen.add(name)
        type_ = type_of(syntax, captures)
        first, dot, rest = type_.partition(".")
        if dot and parameters.get(first):
            type_ = f"{_bare(parameters[first])}.{rest}"  # what a parameter's method gives
        if not type_ and (values := captures.get("value")):
            value, dot, rest = syntax.text_of(values[0], 100).partition(".")
            if parameters.get(value) and (not dot or rest.replace(".", "").isidentifier()):
                type_ = _bare(parameters[value]) + dot + rest if dot else parameters[value]
        whole = captures["member"][0]
        start, stop = syntax.start_of(whole), syntax.stop_of(whole)
        yield Member(name, type_, start, stop, _shown(syntax, name, type_, captures))


def _bare(type_: str) -> str:
    """A script's type without its arguments."""
    return type_.partition("<")[0]


def _shown(syntax: Syntax, name: str, type_: str, captures: Mapping[str, Sequence[Node]]) -> str:
    if type_ and not type_.endswith("()"):
        return f"{name}: {type_}"
    values = captures.get("value")
    value = syntax.text_of(values[0], _SHOWN) if values else "..."
    return f"{name} = {value if len(value) < _SHOWN and chr(10) not in value else '...'}"


def _parameters(syntax: Syntax, method: Node) -> dict[str, str]:
    """The parameters of a method and what their annotations say."""
    found: dict[str, str] = {}
    parameters = method.child_by_field_name("parameters")
    for parameter in parameters.named_children[:_MOST] if parameters is not None else ():
        name = parameter.child_by_field_name("name") or parameter.child_by_field_name("pattern")
        if name is None:
            name = parameter.named_child(0) if parameter.named_child_count else parameter
        declared = parameter.child_by_field_name("type")
        if name is not None:
            text = annotation(syntax.text_of(declared, _TYPE + 4)) if declared is not None else ""
            found[syntax.text_of(name, 100)] = text
    return found
