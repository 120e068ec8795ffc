"""How a file is written: its line ends and its indentation; and text made to look like it.

A model is shown, and writes, ``\\n`` only. It mostly follows the indentation that it is shown;
where it does not (four spaces in a file of tabs, two in a file of fours), its levels are
counted from the cursor's line and written anew.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from inglenook_context.document import Cursor

_WINDOW: Final = 3_000  # characters on each side of the cursor that show how a file is written
_INDENT: Final = re.compile(r"^[ \t]*(?=[^\s*])", re.MULTILINE)
_TWO: Final = frozenset(
    {
        *(
            "typescript",
            "typescriptreact",
            "javascript",
            "javascriptreact",
            "json",
            "jsonc",
            "html",
        ),
        *("css", "scss", "yaml", "ruby", "lua", "vue", "svelte", "dart"),
    }
)
_TABS: Final = frozenset({"go", "makefile"})
_BLOCK_OPENERS: Final = (":", "{")
_LIKELY_UNITS: Final = (4, 2, 8, 3)


@dataclass(frozen=True, slots=True)
class Style:
    """``line_end`` is ``\\n``, ``\\r\\n`` or ``\\r``; ``indent`` is one level: a tab or spaces.

    ``line_before`` is what stands before the cursor on its line, from which levels are counted.
    """

    line_end: str = "\n"
    indent: str = "    "
    line_before: str = ""


def style_at(cursor: Cursor) -> Style:
    """The style that most of the text near the cursor has; the language's where there is none."""
    document = cursor.document
    near = cursor.before(_WINDOW) + cursor.after(_WINDOW)
    return Style(_line_end(near), _indent(near, document.language), cursor.line_before)


def to_model(text: str) -> str:
    """``text`` with ``\\n`` for every line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def fit(candidate: str, style: Style) -> str:
    """A model's text as the file would have it: line ends and leading white space only."""
    lines = to_model(candidate).split("\n")
    if not style.line_before.strip():
        lines[0] = style.line_before + lines[0]
        lines = _indented(lines, style)
        # What stands before the cursor stays as it is, whatever its tabs and spaces.
        kept = lines[0].startswith(style.line_before)
        lines[0] = lines[0].removeprefix(style.line_before) if kept else lines[0].lstrip()
    elif len(lines) > 1:
        margin = style.line_before[: _margin(style.line_before)]
        head = _indented([margin + "x" + _ending(lines[0]), *lines[1:]], style)
        lines = [lines[0], *head[1:]]
    return style.line_end.join(lines)


def _line_end(text: str) -> str:
    windows = text.count("\r\n")
    counts = {"\n": text.count("\n") - windows, "\r\n": windows}
    counts["\r"] = text.count("\r") - windows
    return max(counts, key=lambda end: counts[end])


def _indent(text: str, language: str) -> str:
    """The step that indentation makes most often from one line to the next."""
    margins = _INDENT.findall(text.replace("\r", "\n") if "\r" in text else text)
    if any(margins):
        tabs = sum([margin[:1] == "\t" for margin in margins])
        spaces = sum([margin[:1] == " " for margin in margins])
        if tabs > spaces:
            return "\t"
        widths = [len(margin) for margin in margins if "\t" not in margin]
        steps = Counter([after - before for before, after in pairwise(widths)])
        likely = {step: count for step, count in steps.items() if 2 <= step <= 8}
        if likely:
            return " " * max(likely, key=lambda step: (likely[step], -step))
        return " " * next(
            (unit for unit in (4, 2, 3) if any(w and w % unit == 0 for w in widths)), 4
        )
    return "\t" if language in _TABS else "  " if language in _TWO else "    "


def _indented(lines: list[str], style: Style) -> list[str]:
    """``lines`` with their margins in the file's terms; the first one's margin is the measure."""
    if style.indent == "\t":
        return _with_tabs(lines)
    unit = len(style.indent)
    if any("\t" in line[: _margin(line)] for line in lines):
        lines = [_without_tabs(line, unit) for line in lines]
    return _with_steps(lines, unit)


def _with_tabs(lines: list[str]) -> list[str]:
    if not any(" " in line[: _margin(line)] for line in lines):
        return lines
    base = lines[0][: _margin(lines[0])].count("\t")
    step = _step(lines) or _guessed(lines, base)
    return [_tabbed(line, step) for line in lines]


def _tabbed(line: str, step: int) -> str:
    margin = line[: _margin(line)]
    levels, rest = divmod(margin.count(" "), step)
    return "\t" * (margin.count("\t") + levels) + " " * rest + line[len(margin) :]


def _guessed(lines: list[str], base: int) -> int:
    """The unit that puts the shallowest line written in spaces near the cursor's level."""
    margins = [line[: _margin(line)] for line in lines[1:]]
    written = min([len(m) for m in margins if m and "\t" not in m], default=0)
    for unit in _LIKELY_UNITS:
        if written and written % unit == 0 and base <= written // unit <= base + 1:
            return unit
    return 4


def _with_steps(lines: list[str], unit: int) -> list[str]:
    """Spaces in another unit than the file's: scaled from the cursor's line on."""
    step = _step(lines)
    if not step or step == unit:
        return lines
    base = _margin(lines[0])
    scaled = [lines[0]]
    for line in lines[1:]:
        margin = _margin(line)
        levels, rest = divmod(max(margin - base, 0), step)
        wide = base + levels * unit + rest if margin > base else margin
        scaled.append(" " * wide + line[margin:])
    return scaled


def _step(lines: list[str]) -> int:
    """The indentation in spaces that follows each opened block, if all agree; else 0."""
    full = [line for line in lines if line.strip()]
    steps = set()
    for before, after in pairwise(full):
        if before.rstrip().endswith(_BLOCK_OPENERS):
            old, new = before[: _margin(before)], after[: _margin(after)]
            if new.startswith(old) and len(new) > len(old) and "\t" not in new[len(old) :]:
                steps.add(len(new) - len(old))
    return steps.pop() if len(steps) == 1 else 0


def _without_tabs(line: str, unit: int) -> str:
    margin = _margin(line)
    return line[:margin].replace("\t", " " * unit) + line[margin:]


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _ending(line: str) -> str:
    return line.rstrip()[-1:]
