"""What the compiler of TypeScript would notice when a value stands in the place of a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.typescript.compiled import LITERALS, has_context, results
from inglenook_context.refactor.typescript.narrowing import test_round
from inglenook_context.refactor.typescript.selection import core

if TYPE_CHECKING:
    from inglenook_context.refactor.typescript.inline_variable import Assigned

_SINGLE: Final = frozenset({"string", "number", "template_string", "true", "false", "null"})


def confirmations(found: Assigned) -> list[str]:
    """Refuse what would not compile, and say what may not."""
    name, ends = found.bind.name, results(found.value)
    confirm: list[str] = []
    if found.declarator.one("type") is not None:
        if any(each.type in LITERALS or each.type == "null" for each in ends):
            raise Refused(f"The value takes its type from the declaration of {name}.")
        confirm.append(f"{name} is declared with a type, which its value may not have.")
    elif found.bind.how != "const" and any(core(each).type in _SINGLE for each in ends):
        confirm.append(f"TypeScript takes {name} for any value like its first one.")
    checked = any(each.type == "object" for each in ends)
    if checked and any(has_context(read.node) for read in found.reads):
        confirm.append("TypeScript checks an object more strictly where its type is known.")
    if len(found.reads) > 1 and not _is_reference(found.value):
        told = [read for read in found.reads if test_round(read.node) is not None]
        if told:
            raise Refused(f"TypeScript learns about {name} from a condition.")
    return confirm


def _is_reference(value: Branch) -> bool:
    """Whether TypeScript narrows the value as it narrows a variable."""
    while value.type == "member_expression" and not value.has("?."):
        if any(each.type == "optional_chain" for each in value.children):
            return False
        value = value.parts[0]
    return value.type in ("identifier", "this")
