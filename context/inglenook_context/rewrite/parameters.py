"""The parameters of a function, as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inglenook_context.rewrite.structure import Definition, Structure
from inglenook_context.verify.tree import Tree

_STARS: Final = {"list_splat_pattern": "*", "dictionary_splat_pattern": "**"}
_STATIC: Final = "staticmethod"


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """``label`` is the name with its stars; ``at`` the node of the name, ``default`` that of the
    default value and ``mark`` the question mark of an optional one."""

    label: str
    at: Tree
    typed: bool
    default: Tree | None = None
    mark: Tree | None = None


def python_parameters(structure: Structure, definition: Definition) -> list[Parameter]:
    """Those of a function without the first one of a method, which is given by the language."""
    holder = definition.node.one("parameters")
    found = list(_python(structure, holder)) if holder is not None else []
    if is_method(definition) and _STATIC not in decorators(structure, definition):
        first = found[0] if found else None
        return found[1:] if first is not None and not first.label.startswith("*") else found
    return found


def is_method(definition: Definition) -> bool:
    """Whether a function of Python stands in a class, also in an ``if`` there."""
    for node in definition.outer.above():
        if node.type in ("class_definition", "function_definition", "lambda"):
            return node.type == "class_definition"
    return False


def decorators(structure: Structure, definition: Definition) -> list[str]:
    """The last names of a definition's decorators in Python, without their arguments."""
    return [
        structure.written(each).lstrip("@ \t").partition("(")[0].strip().rpartition(".")[2]
        for each in definition.outer.children
        if each.type == "decorator"
    ]


def _python(structure: Structure, holder: Tree) -> Iterator[Parameter]:
    for node in holder.parts:
        if node.type in ("identifier", *_STARS):
            name = node
        elif node.type in ("default_parameter", "typed_default_parameter"):
            name = node.one("name") or node
        elif node.type == "typed_parameter" and node.parts:
            name = node.parts[0]
        else:
            continue
        stars = _STARS.get(name.type, "")
        at = name.parts[0] if stars and name.parts else name
        if at.type == "identifier":
            label = stars + structure.written(at)
            yield Parameter(label, at, node.one("type") is not None, node.one("value"))


def script_parameters(structure: Structure, definition: Definition) -> list[Parameter]:
    """Those of a function of JavaScript or TypeScript that are names."""
    holder = definition.node.one("parameters")
    single = definition.node.one("parameter")
    nodes = holder.parts if holder is not None else [single] if single is not None else []
    found = []
    for node in nodes:
        at = node.one("pattern") or node.one("left") or node
        stars = "..." if at.type == "rest_pattern" else ""
        at = at.parts[0] if stars and at.parts else at
        if at.type == "identifier":  # not `this`
            default = node.one("value") or node.one("right")
            typed = node.one("type") is not None
            mark = next((each for each in node.children if each.type == "?"), None)
            found.append(Parameter(stars + structure.written(at), at, typed, default, mark))
    return found
