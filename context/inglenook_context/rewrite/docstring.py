"""Documentation of a function or class: a model writes the words, where they go is computed.

Python has docstrings (PEP 257), JavaScript and TypeScript have ``/** */`` comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from inglenook_context.document import Cursor, Document
from inglenook_context.refactor.edits import Change, Refusal
from inglenook_context.rewrite import jsdoc
from inglenook_context.rewrite.parameters import (
    decorators,
    is_method,
    python_parameters,
    script_parameters,
)
from inglenook_context.rewrite.prose import summarised, width_of, words_of, wrapped
from inglenook_context.rewrite.rows import margin_of, start_of_line, usual_end
from inglenook_context.rewrite.structure import (
    Definition,
    Structure,
    definitions,
    structure_of,
)
from inglenook_context.style import style_at
from inglenook_context.syntax import Syntax
from inglenook_context.verify.tree import Tree

DOCUMENTED: Final = ("python", "javascript", "javascriptreact", "typescript", "typescriptreact")
_SIGNATURE: Final = 600  # characters
_NO_DOCSTRING: Final = frozenset("fFbBtT")  # prefixes of strings that document nothing


@dataclass(frozen=True, slots=True)
class Undocumented:
    """A function, method or class. ``start`` to ``stop`` are its whole lines with its decorators
    and with the comment that documents it now. ``parameters`` have their stars, without the one
    that the language gives; a class has none."""

    name: str
    kind: str  # function, method, class
    start: int
    stop: int
    signature: str
    parameters: tuple[str, ...]


def documentable(document: Document, syntax: Syntax | None, offset: int) -> Undocumented | None:
    """The innermost function or class round a cursor, if it can have documentation."""
    if document.language not in DOCUMENTED:
        return None
    offset = min(max(offset, 0), len(document.text))
    structure = structure_of(document, syntax, offset, offset)
    if structure is None:
        return None
    for found in reversed(definitions(structure, offset)):
        if document.language == "python":
            return _python_found(structure, found)
        if jsdoc.has_place(structure, found):
            return _script_found(structure, found)
    return None


def documented(
    document: Document, syntax: Syntax | None, found: Undocumented, prose: str
) -> tuple[Change, ...] | Refusal:
    """The change that documents ``found`` with a model's words, in the form that the file has."""
    rows = words_of(prose)
    if not any(row.strip(" .*#`'\"") for row in rows):
        return Refusal("The model wrote no words for the documentation.")
    structure = structure_of(document, syntax, found.start, found.stop)
    for each in definitions(structure, found.stop) if structure is not None else ():
        if structure is None or each.stop != found.stop or each.start < found.start:
            continue
        if document.language != "python":
            if _script_found(structure, each) == found:
                return (jsdoc.commented(structure, each, rows),)
        elif _python_found(structure, each) == found:
            change = _docstring(document, structure, each, rows)
            return (change,) if change is not None else Refusal(f"{found.name} has no body.")
    return Refusal("The definition is no longer there.")


# What is documented


def _python_found(structure: Structure, found: Definition) -> Undocumented | None:
    if "overload" in decorators(structure, found) or _is_broken(found):
        return None
    kind = "method" if found.kind == "function" and is_method(found) else found.kind
    names = python_parameters(structure, found) if found.kind == "function" else []
    colon = _colon(found.node)
    stop = colon.start if colon is not None else found.node.stop
    signature = " ".join(structure.text.slice(found.node.start, stop).split())[:_SIGNATURE]
    labels = tuple(each.label for each in names)
    return Undocumented(found.name, kind, found.start, found.stop, signature, labels)


def _script_found(structure: Structure, found: Definition) -> Undocumented | None:
    if _is_broken(found):
        return None
    comment = jsdoc.comment_of(structure, found)
    start = found.start
    if comment is not None:
        start = min(start, start_of_line(structure.text, comment.start))
    body = found.node.one("body")
    stop = body.start if body is not None else found.node.stop
    header = " ".join(structure.text.slice(found.outer.start, stop).split())
    signature = header.removesuffix("{").removesuffix("=>").rstrip()[:_SIGNATURE]
    kind = "method" if found.node.type == "method_definition" else found.kind
    names = script_parameters(structure, found) if found.kind == "function" else []
    labels = tuple(each.label for each in names)
    name = found.name or "default"
    return Undocumented(name, kind, start, found.stop, signature, labels)


def _is_broken(found: Definition) -> bool:
    """Whether the header of a definition has errors."""
    body = found.node.one("body")
    end = found.node.stop if body is None else body.start
    return any((each.error or each.missing) and each.start < end for each in found.node.walk())


# Docstrings of Python


def _docstring(
    document: Document, structure: Structure, found: Definition, rows: list[str]
) -> Change | None:
    text = structure.text
    body, colon = found.node.one("body"), _colon(found.node)
    if body is None or colon is None or not body.parts:
        return None
    source = str(text)
    end, width = usual_end(source), width_of(source)
    first = body.parts[0]
    step = style_at(Cursor(document, found.start)).indent
    before = text.slice(start_of_line(text, first.start), first.start)
    if before.strip():  # the body shares the header's line
        margin = margin_of(text.line(text.line_at(found.node.start))) + step
    else:
        margin = before.rpartition("\f")[2]
    old = _old(structure, first)
    if old is not None:
        quote = "'''" if structure.written(old).lstrip("rRuU").startswith("'''") else '"""'
        return Change(old.start, old.stop, end.join(_literal(rows, margin, width, quote)))
    quote = "'''" if source.count("'''") > source.count('"""') else '"""'
    literal = end.join(_literal(rows, margin, width, quote))
    between = text.slice(colon.stop, first.start)
    if before.strip() or re.search(r"^[^#]*\\", between, re.MULTILINE):
        return Change(colon.stop, first.start, f"{end}{margin}{literal}{end}{margin}")
    line = text.line_at(colon.stop) + 1
    if text.line(line).lstrip().startswith("# type:"):
        line += 1
    blank = end if found.kind == "class" and text.line(line).strip() else ""
    place = text.line_start(line)
    return Change(place, place, f"{margin}{literal}{end}{blank}")


def _colon(node: Tree) -> Tree | None:
    """The colon before a definition's body."""
    return next((each for each in reversed(node.children) if each.type == ":"), None)


def _old(structure: Structure, first: Tree) -> Tree | None:
    """The docstring that a body begins with."""
    parts = first.parts if first.type == "expression_statement" else []
    if len(parts) != 1 or parts[0].type not in ("string", "concatenated_string"):
        return None
    strings = parts[0].parts if parts[0].type == "concatenated_string" else parts
    for each in strings:
        prefix = re.match(r"\w*", structure.written(each, 4))
        if prefix and _NO_DOCSTRING & set(prefix[0]):
            return None
    return parts[0]


def _literal(rows: list[str], margin: str, width: int, quote: str) -> list[str]:
    """The lines of a docstring; all but the first with their margin."""
    room = width - len(margin.expandtabs(4))
    summary, rest = summarised(rows, room - len(quote))
    joined = "\n".join([summary, *rest])
    prefix = ""
    if "\\" in joined and quote not in joined and joined[-1] not in ("\\", quote[0]):
        prefix = "r"
    summary, *rest = [_escaped(row, quote, prefix) for row in (summary, *rest)]
    if not rest and len(prefix + summary) + 2 * len(quote) <= room:
        return [f"{prefix}{quote}{summary}{quote}"]
    head = wrapped([prefix + quote + summary], room)
    lines = [*head, *([""] if rest else []), *wrapped(rest, room)]
    return [lines[0], *((margin + line).rstrip() for line in lines[1:]), margin + quote]


def _escaped(row: str, quote: str, prefix: str) -> str:
    if prefix:
        return row
    return row.replace("\\", "\\\\").replace(quote, f"\\{quote[0]}" * 3)
