"""How a definition is shown to a model: its header, how it is constructed, its first doc line."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node, TreeCursor

from inglenook_context.languages import STRUCTURE
from inglenook_context.syntax import Syntax

_HEADER: Final = 600  # characters
_VALUE: Final = 160  # characters of a variable
_WHOLE: Final = 400  # characters up to which a type is shown whole
_MEMBERS: Final = 200  # members of a class among which its constructor is looked for
_FIELDS: Final = 12
_DECORATORS: Final = (
    *("@property", "@cached_property", "@functools.cached_property", "@staticmethod"),
)
_TYPES: Final = ("class", "interface", "enum", "type")
# Comments of a header, which stand between it and the body or behind a parameter.
_STRING: Final = r"""(\"(?:[^"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|"""  # no comment
_SLASHES: Final = re.compile(_STRING + r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
_HASHES: Final = re.compile(_STRING + r"(?:^|(?<=\s))#(?![\[{])[^\n]*", re.MULTILINE)
_ATTRIBUTES: Final = re.compile(  # @Override, [Serializable], #[Pure]
    r"^(?:@(?!interface\b)[\w.]+(?:\((?:[^()]|\([^()]*\))*\))?\s+|#?\[[^\[\]]*\]\s*)+"
)


def signature_of(syntax: Syntax, node: Node, body: Node | None, kind: str, doc: str) -> str:
    """Source text with ``\\n`` line ends that tells how ``node`` is used."""
    if syntax.grammar.language in STRUCTURE:
        return _whole(syntax, node, _VALUE).partition("\n")[0].rstrip()
    if body is None or kind in ("variable", "type", "interface", "enum"):
        is_value = kind == "variable" or node.type == "pair"
        return _whole(syntax, node, _VALUE if is_value else _WHOLE)
    start = syntax.start_of(node)
    stop = min(syntax.start_of(body), start + _HEADER)
    header = _plain(syntax, node, syntax.text.slice(start, stop)).rstrip()
    if syntax.grammar.language == "python":
        lines = [f'    """{doc}"""'] if doc else []
        if kind == "class":
            lines += ["    " + member for member in _python_members(syntax, body)]
        header = _decorator(syntax, node) + header
        return "\n".join([header, *lines]) if lines else header + " ..."
    if kind == "class":
        members = [f"  {member}" for member in _script_members(syntax, body)]
        header = "\n".join([header + " {", *members, "}"]) if members else header
    return f"/** {doc} */\n{header}" if doc else header


def _decorator(syntax: Syntax, node: Node) -> str:
    """What makes a method of Python something that is used in another way."""
    outer = node.parent
    for each in outer.named_children if outer and outer.type == "decorated_definition" else ():
        text = syntax.text_of(each, 40)
        if each.type == "decorator" and text in _DECORATORS:
            return text + "\n"
    return ""


def plain_signature(
    syntax: Syntax, node: Node, body: Node | None, kind: str, name: str, before: str
) -> str:
    """`signature_of` where comments document and a class is its header: up to the body.

    ``before`` is a word that stands before several definitions at once, as in Go's ``const (``.
    """
    if body is None:
        text = _whole(syntax, node, _VALUE if kind == "variable" else _WHOLE)
    else:
        start = syntax.start_of(node)
        stop = min(syntax.start_of(body), start + _HEADER)
        text = _plain(syntax, node, syntax.text.slice(start, stop))
        comments = _HASHES if "#" in syntax.grammar.docs else _SLASHES
        text = comments.sub(lambda found: found[1] or "", text).rstrip()
        text = text.removesuffix("{").removesuffix("=")
    text = _ATTRIBUTES.sub("", text).rstrip(";, \n")
    if kind == "class":
        text = " ".join(text.split())
    if kind in _TYPES and name not in text:
        text = f"{text} {name}"  # typedef struct { ... } name;
    return f"{before} {text}" if before else text


def _python_members(syntax: Syntax, body: Node) -> list[str]:
    """The constructor; without one the annotated fields, which make a dataclass's."""
    fields: list[str] = []
    for member in _children(body):
        target = member
        if member.type == "decorated_definition":
            target = member.child_by_field_name("definition") or member
        if target.type == "function_definition":
            name = target.child_by_field_name("name")
            if name is not None and syntax.text_of(name, 20) == "__init__":
                return (_header(syntax, target) + " ...").split("\n")
        elif member.type == "expression_statement" and len(fields) < _FIELDS:
            inner = member.named_child(0) if member.named_child_count else None
            if inner is not None and inner.child_by_field_name("type") is not None:
                fields.append(_whole(syntax, inner, _VALUE))
    return fields


def _script_members(syntax: Syntax, body: Node) -> list[str]:
    for member in _children(body):
        if member.type == "method_definition":
            name = member.child_by_field_name("name")
            if name is not None and syntax.text_of(name, 20) == "constructor":
                return (_header(syntax, member) + ";").split("\n")
    return []


def _header(syntax: Syntax, node: Node) -> str:
    body = node.child_by_field_name("body")
    start = syntax.start_of(node)
    stop = syntax.start_of(body) if body is not None else syntax.stop_of(node)
    return _plain(syntax, node, syntax.text.slice(start, min(stop, start + _HEADER))).rstrip()


def _whole(syntax: Syntax, node: Node, limit: int) -> str:
    """A node's text, cut at the end of a line if it is long."""
    text = syntax.text_of(node, limit + 1)
    if len(text) > limit:
        text = text[:limit].rpartition("\n")[0] or text[:limit]
    return _plain(syntax, node, text).rstrip()


def _plain(syntax: Syntax, node: Node, text: str) -> str:
    """Text with ``\\n`` line ends, moved left by the indentation of the line ``node`` is on."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) == 1:
        return text
    row = syntax.text.line(syntax.text.line_at(syntax.start_of(node)))
    indent = len(row) - len(row.lstrip())
    moved = [line[min(indent, len(line) - len(line.lstrip())) :] for line in lines[1:]]
    return "\n".join([lines[0], *moved])


def _children(node: Node) -> list[Node]:
    cursor: TreeCursor = node.walk()
    found: list[Node] = []
    more = cursor.goto_first_child()
    while more and len(found) < _MEMBERS:
        if cursor.node is not None and cursor.node.is_named:
            found.append(cursor.node)
        more = cursor.goto_next_sibling()
    return found
