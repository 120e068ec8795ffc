"""What is selected: one whole expression, or whole statements of one block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.python.branch import statement_of
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

EXPRESSIONS: Final = frozenset(
    """attribute await binary_operator boolean_operator call comparison_operator concatenated_string
    conditional_expression dictionary dictionary_comprehension ellipsis expression_list false float
    generator_expression identifier integer lambda list list_comprehension none not_operator
    parenthesized_expression set set_comprehension string subscript true tuple
    unary_operator""".split()
)
# What may be broken into lines without brackets round it.
BRACKETED: Final = frozenset(
    """list tuple set dictionary list_comprehension set_comprehension dictionary_comprehension
    generator_expression parenthesized_expression string""".split()
)
_BODIES: Final = frozenset({"block", "module"})
_TAKE_LISTS: Final = ("assignment", "return_statement", "for_statement", "yield")
_TARGET_FIELDS: Final = ("left", "name", "attribute", "alias", "type", "parameters")
_BIND_LEFT: Final = (
    "assignment",
    "augmented_assignment",
    "for_statement",
    "for_in_clause",
    "type_alias_statement",
)
_TARGETS: Final = frozenset(
    """pattern_list tuple_pattern list_pattern list_splat_pattern dictionary_splat_pattern
    as_pattern_target case_pattern delete_statement global_statement nonlocal_statement
    dotted_name aliased_import import_statement import_from_statement type_parameter
    parameters lambda_parameters""".split()
)


@dataclass(frozen=True, slots=True)
class Selection:
    """``root`` is the module with the one top-level statement round the selection. Of
    ``expression`` and ``statements`` one is given. ``asked`` is the span that was selected."""

    root: Branch
    asked: tuple[int, int]
    expression: Branch | None
    statements: tuple[Branch, ...]

    @property
    def start(self) -> int:
        return self.nodes[0].start

    @property
    def stop(self) -> int:
        return self.nodes[-1].stop

    @property
    def nodes(self) -> tuple[Branch, ...]:
        return self.statements or (() if self.expression is None else (self.expression,))

    @property
    def first(self) -> Branch:
        return self.nodes[0]


def selected(syntax: Syntax, start: int, stop: int) -> Selection:
    """What stands between two offsets, without the white space and comments at its ends."""
    text = syntax.text
    asked = start, stop = max(start, 0), min(stop, len(text))
    start, stop = trimmed(text, start, stop)
    root = statement_of(syntax, start, stop)
    around = [node for node in root.walk() if node.start <= start and stop <= node.stop]
    exact = [node for node in around if (node.start, node.stop) == (start, stop) and node.named]
    for node in exact:
        if node.type in EXPRESSIONS and usable(node):
            return Selection(root, asked, node, ())
    body = next(node for node in reversed(around) if node.type in _BODIES)
    chosen = tuple(child for child in body.parts if child.start < stop and start < child.stop)
    if not chosen:
        raise Refused("Select an expression or statements.")
    if any(child.type == "case_clause" for child in chosen):
        raise Refused("Select statements inside of one case, or the whole match.")
    covered = start <= chosen[0].start and chosen[-1].stop <= stop
    if not covered and "\n" not in text.slice(start, stop) and "\r" not in text.slice(start, stop):
        raise Refused("Select a whole expression or whole statements.")
    return Selection(root, asked, None, chosen)


def expression_of(syntax: Syntax, start: int, stop: int) -> Selection:
    """The one expression between two offsets."""
    found = selected(syntax, start, stop)
    if found.expression is not None:
        return found
    if len(found.statements) == 1 and found.statements[0].type == "expression_statement":
        parts = found.statements[0].parts
        if len(parts) == 1 and parts[0].type in EXPRESSIONS:
            return Selection(found.root, found.asked, parts[0], ())
    raise Refused("Select one whole expression.")


def trimmed(text: Text, start: int, stop: int) -> tuple[int, int]:
    """The span without white space and whole comment lines at its ends."""
    inside = text.slice(start, stop)
    while True:
        stripped = inside.lstrip(" \t\r\n\f;")
        start += len(inside) - len(stripped)
        inside = stripped
        if not inside.startswith("#") or "\n" not in inside:
            break
        line = inside.index("\n") + 1
        start, inside = start + line, inside[line:]
    inside = inside.rstrip(" \t\r\n\f;")
    while "\n" in inside and inside[inside.rindex("\n") :].lstrip().startswith("#"):
        inside = inside[: inside.rindex("\n")].rstrip(" \t\r\n\f;")
    stop = start + len(inside)
    if start >= stop:
        raise Refused("Select the code first.")
    return start, stop


def statement_round(node: Branch) -> Branch:
    """The statement of a block in which ``node`` stands."""
    found = node
    while found.parent is not None and found.parent.type not in _BODIES:
        found = found.parent
    return found


def usable(node: Branch) -> bool:
    """Whether an expression is a value of its own and not a statement, target or pattern."""
    parent = node.parent
    if parent is None or parent.type in ("expression_statement", "module", "block"):
        return False
    if node.type == "expression_list" and parent.type not in _TAKE_LISTS:
        return False
    if node.field == "arguments" or parent.type in ("concatenated_string", "as_pattern"):
        return parent.type == "as_pattern" and node.field != "alias" and node is parent.parts[0]
    if any(above.type == "interpolation" and above.has("=") for above in node.above()):
        return False  # what `f"{x=}"` prints is the expression's text
    return not _is_target(node) and not any(above.type == "type" for above in node.above())


def _is_target(node: Branch) -> bool:
    child = node
    for above in node.above():
        if child.field in _TARGET_FIELDS or above.type in _TARGETS:
            return child.field != "left" or above.type in _BIND_LEFT
        if child.field or above.type.endswith("_statement"):
            return False
        child = above
    return False
