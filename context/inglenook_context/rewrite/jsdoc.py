"""``/** */`` comments of JavaScript and TypeScript."""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.edits import Change
from inglenook_context.rewrite.prose import summarised, width_of, wrapped
from inglenook_context.rewrite.rows import margin_of, start_of_line, usual_end
from inglenook_context.rewrite.structure import Definition, Structure
from inglenook_context.verify.tree import Tree

_SIGNS: Final = len(" * ")


def has_place(structure: Structure, definition: Definition) -> bool:
    """Whether a comment can stand on lines of its own before a definition."""
    first = definition.start + len(structure.text.line(structure.text.line_at(definition.start)))
    before = structure.text.slice(definition.start, min(definition.outer.start, first))
    is_first = not before.strip() or before.lstrip().startswith("@")
    return is_first and not definition.is_callback


def comment_of(structure: Structure, definition: Definition) -> Tree | None:
    """The comment that documents a definition: nothing stands between."""
    text = structure.text
    first = definition.start + len(margin_of(text.line(text.line_at(definition.start))))
    for node in structure.root.walk():
        if node.type not in structure.grammar.comments or node.start > first:
            continue
        written = structure.written(node, 5)
        between = text.slice(node.stop, first)
        if written.startswith("/**") and written != "/**/" and not between.strip():
            near = text.line_at(first) - text.line_at(node.stop) <= 1
            own = not text.slice(start_of_line(text, node.start), node.start).strip()
            return node if near and own else None
    return None


def commented(structure: Structure, definition: Definition, rows: list[str]) -> Change:
    """The change that writes ``rows`` as the comment of a definition."""
    text = structure.text
    source = str(text)
    old = comment_of(structure, definition)
    margin = margin_of(text.line(text.line_at(definition.start if old is None else old.start)))
    end = usual_end(source)
    written = end.join(_comment(rows, margin, width_of(source)))
    if old is not None:
        return Change(old.start, old.stop, written)
    return Change(definition.start, definition.start, f"{margin}{written}{end}")


def _comment(rows: list[str], margin: str, width: int) -> list[str]:
    room = width - len(margin.expandtabs(4)) - _SIGNS
    rows = [row.replace("*/", "*\\/") for row in rows]
    summary, rest = summarised(rows, room)
    if not rest and len(summary) <= room - 4:
        return [f"/** {summary} */"]
    lines = wrapped([summary], room) + ([""] if rest else []) + wrapped(rest, room)
    return [
        "/**",
        *(f"{margin} * {line}".rstrip() for line in lines),
        f"{margin} */",
    ]
