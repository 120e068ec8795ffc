"""A model's words made into documentation: nothing but words, one summary, lines that fit."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from inspect import cleandoc
from typing import Final

from inglenook_context.rewrite.rows import margin_of
from inglenook_context.style import to_model
from inglenook_context.verify.talk import is_talk

_USUAL_WIDTH: Final = 88
_WIDTHS: Final = range(79, 121)  # what a file's longest line is, if it is one that was kept to
_LEAST: Final = 20  # characters of a line, however deep it stands
_JOINERS: Final = "\u200c\u200d"  # of letters and of emoji
_FENCE: Final = re.compile(r"[ \t]*(?:`{3,}|~{3,})[^`]*")
_TRIPLE: Final = re.compile(r'("""|\'\'\')(.*?)(?:\1|\Z)', re.DOTALL)
_BLOCK_COMMENT: Final = re.compile(r"/\*+!?(.*?)(?:\*+/|\Z)", re.DOTALL)
_CODE: Final = re.compile(
    r"(?:@\w|async def\b|def\b|class\b|export\b|function\b|async function\b|const\b).*"
)
_OPENS: Final = re.compile(r"[rRuU]?(\"\"\"|''')")
_PAIR: Final = re.compile(r"(['\"`])((?:(?!\1)[^\n])*)\1")
_COMMENTS: Final = ("#", "//", "*")
_ITEM: Final = re.compile(
    r"(?:[-*+\u2022]|\d+[.)])[ ]+|:\w[^:\n]*:[ ]|@\w+[ ]?|[\w*`., ]{1,40}:[ ]"
)
_HEADING: Final = re.compile(r"[A-Z][\w ]{0,30}:|[-=~^]{3,}|\||>")
_SENTENCE: Final = re.compile(r"(.+?[.!?])[ ]+(?=[A-Z`\"'(])")
_PERIOD_AFTER: Final = ")]`'\""


def width_of(source: str) -> int:
    """The columns that a file's lines may have: as its longest has, if that is a usual length."""
    longest = max(map(len, to_model(source).split("\n")))
    return longest if longest in _WIDTHS else _USUAL_WIDTH


def words_of(prose: str) -> list[str]:
    """The lines of what a model wrote as documentation, without what it was put into and without
    characters that cannot be seen. Empty if nothing is left."""
    text = "".join(map(_visible, to_model(prose))).expandtabs(4)
    text = _without_code("\n".join(_unfenced(_without_talk(text.split("\n")))))
    for _ in range(3):
        text = _unquoted(_uncommented(text.strip()))
    rows = [row.rstrip() for row in cleandoc(text).split("\n")]
    if sum(bool(_FENCE.fullmatch(row)) for row in rows) % 2:
        rows = [row for row in rows if not _FENCE.fullmatch(row)]
    rows = _without_talk(rows)
    return [row for at, row in enumerate(rows) if row or rows[at - 1]]


def summarised(rows: list[str], width: int) -> tuple[str, list[str]]:
    """A summary on one line, as far as that can be, and the lines of the rest."""
    if not rows:
        return "", []
    end = rows.index("") if "" in rows else len(rows)
    end = next((at for at in range(1, end) if _is_apart(rows[at])), end)
    summary, rest = " ".join(" ".join(rows[:end]).split()), rows[end:]
    if summary[-1:].isalnum() or summary[-1:] in _PERIOD_AFTER:
        summary += "."
    first = _SENTENCE.match(summary)
    if len(summary) > width and first is not None and len(first[1]) <= width:
        more = summary[first.end() :]
        rest = ["", more, *(["", *rest] if rest and rest[0] else rest)]
        summary = first[1]
    while rest and not rest[0]:
        del rest[0]
    return summary, rest


def wrapped(rows: list[str], width: int) -> list[str]:
    """The lines with those paragraphs anew that have a line which is too long."""
    width = max(width, _LEAST)
    found: list[str] = []
    for group, is_fixed in _groups(rows):
        first = group[0]
        if is_fixed or max(map(len, group)) <= width:
            found += group
            continue
        margin = margin_of(first)
        item = _ITEM.match(first.lstrip())
        hang = (len(item[0]) if first.lstrip()[0] in "-*+0123456789" else 4) if item else 0
        found += textwrap.wrap(
            " ".join(" ".join(group).split()),
            max(width, len(margin) + hang + _LEAST),
            initial_indent=margin,
            subsequent_indent=margin + " " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return found


def _groups(rows: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Paragraphs and items, and line by line what stays as it is: code, headings, blank lines."""
    group: list[str] = []
    is_code = False
    for row in rows:
        text, is_fence = row.strip(), bool(_FENCE.fullmatch(row))
        is_fixed = is_code or is_fence or not text or text.startswith((">>>", "...", "|"))
        is_fixed = is_fixed or bool(_HEADING.fullmatch(text))
        is_code ^= is_fence
        apart = is_fixed or _is_apart(row) or margin_of(row) != margin_of((group or [""])[-1])
        if group and apart:
            yield group, False
            group = []
        if is_fixed:
            yield [row], True
        else:
            group.append(row)
    if group:
        yield group, False


def _is_apart(row: str) -> bool:
    """Whether a line begins something of its own."""
    text = row.strip()
    return bool(_ITEM.match(text) or _HEADING.fullmatch(text) or text.startswith((">>>", "|")))


def _visible(character: str) -> str:
    if character in "\n\t" or character in _JOINERS or (character.isascii() and character >= " "):
        return "" if character == "\x7f" else character
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " " if character.isspace() else ""
    return "" if kind in ("Cf", "Cs") or "\U000e0000" <= character <= "\U000e007f" else character


def _without_talk(rows: list[str]) -> list[str]:
    """The rows without blank ones and words to the user at both ends."""
    rows = list(rows)
    while rows and (not rows[0].strip() or is_talk(rows[0], "string")):
        del rows[0]
    while rows and (not rows[-1].strip() or is_talk(rows[-1], "string")):
        del rows[-1]
    return rows


def _unfenced(rows: list[str]) -> list[str]:
    full = [at for at, row in enumerate(rows) if row.strip()]
    if full and _FENCE.fullmatch(rows[full[0]]):
        ends = [at for at in full[1:] if _FENCE.fullmatch(rows[at])]
        rows = rows[full[0] + 1 : ends[-1] if ends else None]
    return rows


def _without_code(text: str) -> str:
    """The docstring or the comment of code that was written with it."""
    stripped = text.strip()
    if _CODE.match(stripped) and (quoted := _TRIPLE.search(stripped)):
        return quoted[2]
    comment = _BLOCK_COMMENT.match(stripped)
    return f"/*{comment[1]}*/" if comment else text


def _unquoted(text: str) -> str:
    if opened := _OPENS.match(text):
        return text[opened.end() :].removesuffix(opened[1])
    for quote in ('"""', "'''"):
        if text.count(quote) % 2:
            text = text.removesuffix(quote)
    whole = _PAIR.fullmatch(text)
    return whole[2] if whole and not whole[2].isidentifier() else text


def _uncommented(text: str) -> str:
    if text.startswith("/*"):
        text = text.lstrip("/*!").removesuffix("*/").rstrip("*")
    rows = text.split("\n")
    for sign in _COMMENTS:
        marked = [row.lstrip() for row in rows[sign == "*" :] if row.strip()]
        if marked and all(row == sign or row.startswith(sign + " ") for row in marked):
            if sign == "*" and not _stars(rows):
                continue
            return "\n".join(_unmarked(row, sign) for row in rows)
    return text


def _stars(rows: list[str]) -> bool:
    """Whether the stars are those of a comment and not of a list."""
    return any(row.strip() == "*" for row in rows) or rows[0].strip()[:1] != "*"


def _unmarked(row: str, sign: str) -> str:
    bare = row.lstrip()
    return bare[len(sign) :].removeprefix(" ") if bare.startswith(sign) else row
