"""What a drawn file defines, as text: a line for each definition."""

from __future__ import annotations

from inglenook_context.compact import header
from inglenook_context.symbols import definitions_of
from inglenook_context.text import Text
from tests.support.parsed import parsed


def outline(source: str, language: str) -> str:
    """``kind Parent.name: type (bases) | header | doc``, without what there is not."""
    syntax = parsed(Text.of(source), language)
    assert syntax is not None
    lines = []
    for each in definitions_of(syntax):
        name = f"{each.parent}.{each.name}" if each.parent else each.name
        held = f": {each.type}" if each.type else ""
        bases = f" ({', '.join(each.bases)})" if each.bases else ""
        doc = f" | {each.doc}" if each.doc else ""
        lines.append(f"{each.kind} {name}{held}{bases} | {header(each)}{doc}\n")
    return "".join(lines)


def names(source: str, language: str) -> list[str]:
    """The names of `outline`, with their parents."""
    return [line.split(" ")[1].rstrip(":") for line in outline(source, language).splitlines()]
