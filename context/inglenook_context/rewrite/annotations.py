"""Annotations of a function: a model writes the types, where they go is computed.

A type that cannot be used at its place is left out: one that is no type, one of names that the file
does not have, and one that the function's own code shows to be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change, Refusal
from inglenook_context.rewrite import script_annotations
from inglenook_context.rewrite.new_imports import with_imports
from inglenook_context.rewrite.parameters import Parameter, python_parameters
from inglenook_context.rewrite.structure import (
    Definition,
    Structure,
    definitions,
    structure_of,
)
from inglenook_context.rewrite.type_names import Names, names_of
from inglenook_context.rewrite.type_reading import Unusable
from inglenook_context.rewrite.type_text import (
    Import,
    TypeText,
    has_old_forms,
    type_of,
    with_none,
)
from inglenook_context.syntax import Syntax
from inglenook_context.verify.tree import Tree

_TYPE_COMMENT: Final = re.compile(r"#\s*type:(?!\s*ignore\b)")
_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*")
_PACKED: Final = {"*": ("tuple", "list"), "**": ("dict", "Mapping")}
_YIELDED: Final = frozenset(
    "Iterator Iterable Generator AsyncIterator AsyncIterable AsyncGenerator Any object".split()
)
_NOTHING: Final = frozenset({"None", "NoReturn", "Never", "Any", "object", "Optional"})
RETURN: Final = "return"
ANNOTATED: Final = ("python", *script_annotations.LANGUAGES)  # LSP language identifiers


@dataclass(frozen=True, slots=True)
class Untyped:
    """A function that lacks annotations. ``start`` to ``stop`` are its whole lines.

    ``parameters`` are those without one, with their stars and without the first of a method;
    ``returns`` tells whether that of the result is missing.
    """

    name: str
    start: int
    stop: int
    parameters: tuple[str, ...]
    returns: bool


def untyped(document: Document, syntax: Syntax | None, offset: int) -> Untyped | None:
    """The innermost function round a cursor, if it lacks annotations that it could have."""
    if document.language not in ANNOTATED:
        return None
    offset = min(max(offset, 0), len(document.text))
    structure = structure_of(document, syntax, offset, offset)
    if structure is None:
        return None
    around = definitions(structure, offset)
    if document.language != "python":
        around = [each for each in around if not each.is_callback]
    return _found(structure, around[-1]) if around else None


def annotated(
    document: Document, syntax: Syntax | None, found: Untyped, types: Mapping[str, str]
) -> tuple[Change, ...] | Refusal:
    """The changes that annotate ``found``, and those that import what its types need.

    ``types`` has what a model wrote, by parameter (with or without its stars) and ``return``. What
    cannot be used is left out; the refusal says why all of it is.
    """
    structure = structure_of(document, syntax)
    definition = definition_of(structure, found) if structure is not None else None
    if structure is None or definition is None:
        return Refusal("The function is no longer there.")
    reasons: list[str] = []
    add = _python if document.language == "python" else _script
    changes = add(document, structure, definition, list(_asked(found, types)), reasons)
    if not changes:
        said = "; ".join(reasons) or "the answer has no type for it"
        return Refusal(f"No annotation can be added to {found.name}: {said}.")
    return changes


def definition_of(structure: Structure, found: Untyped) -> Definition | None:
    """The function in the tree; None if it is another by now."""
    for each in definitions(structure, found.stop):
        if _found(structure, each) == found:
            return each
    return None


def _python(
    document: Document,
    structure: Structure,
    definition: Definition,
    asked: list[tuple[str, str]],
    reasons: list[str],
) -> tuple[Change, ...]:
    """The changes; what is left out is told in ``reasons``."""
    names = names_of(structure, definition.node, document.uri)
    changes: list[Change] = []
    imports: tuple[Change, ...] = ()
    wanted: list[Import] = []
    for label, written in asked:
        try:
            text = _type(structure, definition, names, label, written)
        except Unusable as error:
            reasons.append(f"the type of {label} {error}")
            continue
        more = with_imports(structure, [*wanted, *text.imports], definition.start)
        if more is None:
            reasons.append(f"there is no place for the import that the type of {label} needs")
            continue
        imports, wanted = more, [*wanted, *text.imports]
        changes.append(change_of(structure, definition, label, text.written))
    return (*imports, *sorted(changes, key=lambda change: change.start)) if changes else ()


def _script(
    _document: Document,
    structure: Structure,
    definition: Definition,
    asked: list[tuple[str, str]],
    reasons: list[str],
) -> tuple[Change, ...]:
    texts: dict[str, str] = {}
    for label, written in asked:
        try:
            texts[label] = script_annotations.type_text(structure, definition, label, written)
        except Unusable as error:
            reasons.append(f"the type of {label} {error}")
    return script_annotations.changes_of(structure, definition, texts) if texts else ()


def _found(structure: Structure, found: Definition) -> Untyped | None:
    node = found.node
    if structure.grammar.language != "python":
        lacks = script_annotations.lacking(structure, found)
        if lacks is None or not (lacks[0] or lacks[1]) or _is_broken(node):
            return None
        return Untyped(found.name or "default", found.start, found.stop, tuple(lacks[0]), lacks[1])
    body, holder = node.one("body"), node.one("parameters")
    if found.kind != "function" or body is None or holder is None:
        return None
    if _is_broken(node) or _has_type_comment(structure, found):
        return None
    labels = [each.label for each in python_parameters(structure, found) if not each.typed]
    returns = node.one("return_type") is None
    if not labels and not returns:
        return None
    return Untyped(found.name, found.start, found.stop, tuple(labels), returns)


def _is_broken(node: Tree) -> bool:
    """Whether the header of a function has errors."""
    body = node.one("body")
    end = node.stop if body is None else body.start
    return any((each.error or each.missing) and each.start < end for each in node.walk())


def _has_type_comment(structure: Structure, found: Definition) -> bool:
    """Whether types are written as comments, which annotations may not stand beside."""
    body = found.node.one("body")
    text = structure.text
    if body is None:
        return False
    stop = text.line_start(text.line_at(body.start)) + len(text.line(text.line_at(body.start)))
    return any(
        _TYPE_COMMENT.match(structure.written(each))
        for each in found.node.walk()
        if each.type == "comment" and each.start < stop and each.start < body.start
    )


def _asked(found: Untyped, types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for label in found.parameters:
        written = types.get(label) or types.get(label.lstrip("*."))
        if written and written.strip():
            yield label, written
    written = types.get(RETURN)
    if found.returns and written and written.strip():
        yield RETURN, written


# Types


def _type(
    structure: Structure, definition: Definition, names: Names, label: str, written: str
) -> TypeText:
    old = has_old_forms(names)
    text = type_of(written, names, old)
    if label == RETURN:
        _check_result(definition, text)
        return text
    stars = label[: len(label) - len(label.lstrip("*"))]
    if stars:  # the type is that of one argument
        if text.head in _PACKED[stars]:
            if not text.parts:
                raise Unusable("does not say what one argument is")
            return type_of(text.parts[-1 if stars == "**" else 0], names, old)
        return text
    default = _parameter(structure, definition, label).default
    if default is not None and default.type == "none":
        return with_none(text, names, old)
    return text


def _check_result(definition: Definition, text: TypeText) -> None:
    """Refuse what the function's own code shows to be wrong."""
    own = list(_own(definition.node))
    yields = any(each.type == "yield" for each in own)
    given = [e.parts[0].type for e in own if e.type == "return_statement" and e.parts]
    if definition.name == "__init__" and text.head != "None":
        raise Unusable("is not None, which this method returns")
    if yields:
        if text.head not in _YIELDED:
            raise Unusable("is no iterator, and the function yields")
    elif given:
        if text.head in ("None", "NoReturn", "Never") and any(each != "none" for each in given):
            raise Unusable("is None, and the function returns a value")
    elif text.head not in _NOTHING and not text.is_optional and not _is_open(definition, own):
        raise Unusable("is not None, and the function returns nothing")


def _own(function: Tree) -> Iterator[Tree]:
    """The nodes of a function's body without those of functions and classes in it."""
    stack = [each for each in function.children if each.field == "body"]
    while stack:
        node = stack.pop()
        yield node
        if node.type not in ("function_definition", "class_definition", "lambda"):
            stack += node.children


def _is_open(definition: Definition, own: list[Tree]) -> bool:
    """Whether a body stands for others, or ends with an exception."""
    if any(each.type == "raise_statement" for each in own):
        return True
    body = definition.node.one("body")
    parts = body.parts if body is not None else []
    plain = ("pass_statement", "ellipsis", "string", "concatenated_string")
    return all(each.type in plain or (each.parts and each.parts[0].type in plain) for each in parts)


# Places


def _parameter(structure: Structure, definition: Definition, label: str) -> Parameter:
    return next(e for e in python_parameters(structure, definition) if e.label == label)


def change_of(structure: Structure, definition: Definition, label: str, written: str) -> Change:
    if label == RETURN:
        holder = definition.node.one("parameters")
        at = holder.stop if holder is not None else definition.node.stop
        return Change(at, at, f" -> {written}")
    found = _parameter(structure, definition, label)
    at = found.at.stop
    if found.default is not None:
        between = structure.text.slice(at, found.default.start)
        if _EQUALS.fullmatch(between):
            return Change(at, found.default.start, f": {written} = ")
    return Change(at, at, f": {written}")
