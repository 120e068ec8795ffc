"""A recording of a terminal as one SVG that moves: no script in it, nothing fetched.

Frames stand side by side on a strip that CSS moves behind a window. A line that several frames
show is written once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 8.4  # of a cell, in the units of the picture
HEIGHT: Final = 17.0
_SGR: Final = re.compile(r"\x1b\[([0-9;]*)m")
_BACK, _FRONT = "#14161b", "#e0e2ea"
_BASIC: Final = (
    "#07080d #ffc0b9 #b3f6c0 #fce094 #a6dbff #ffcaff #8cf8f7 #eef1f8 "
    "#4f5258 #ff9088 #8ce6a0 #f0d060 #80c8ff #f0a8f0 #60e8e8 #ffffff"
).split()


@dataclass(frozen=True, slots=True)
class Frame:
    """What was seen from ``at`` on, in seconds, with tmux's colours; the cursor's column, row."""

    at: float
    screen: str
    cursor: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Style:
    front: str = ""
    back: str = ""
    bold: bool = False
    italic: bool = False
    reverse: bool = False


def animated(frames: Sequence[Frame], columns: int, rows: int, *, pause: float = 3.0) -> str:
    """The picture; it begins anew ``pause`` seconds after the last frame."""
    wide, high = columns * WIDTH, rows * HEIGHT
    whole = frames[-1].at + pause
    lines: dict[str, int] = {}
    drawn = []
    for number, frame in enumerate(frames):
        used = []
        for row, line in enumerate(frame.screen.split("\n")[:rows]):
            shape = _line(line)
            if shape:
                name = lines.setdefault(shape, len(lines))
                used.append(f'<use href="#l{name}" y="{row * HEIGHT:g}"/>')
        x, y = frame.cursor
        used.append(
            f'<rect class="c" x="{x * WIDTH:g}" y="{y * HEIGHT:g}" width="2" height="{HEIGHT:g}"/>'
        )
        drawn.append(f'<svg x="{number * wide:g}">{"".join(used)}</svg>')
    stops = "".join(
        f"{100 * frame.at / whole:.3f}%{{transform:translateX(-{number * wide:g}px)}}"
        for number, frame in enumerate(frames)
    )
    shapes = "".join(f'<g id="l{name}">{shape}</g>' for shape, name in lines.items())
    style = (
        f"@keyframes m{{{stops}}}#m{{animation:m {whole:.2f}s steps(1,end) infinite}}"
        f"text{{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:{_FRONT};"
        f"white-space:pre}}.b{{font-weight:bold}}.i{{font-style:italic}}.c{{fill:{_FRONT}}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" '
        f'width="{wide:g}" height="{high:g}"><style>{style}</style><defs>{shapes}</defs>'
        f'<rect width="{wide:g}" height="{high:g}" fill="{_BACK}"/>'
        f'<g id="m">{"".join(drawn)}</g></svg>\n'
    )


def _line(line: str) -> str:
    """One line of a screen: a background and a text for each run of one style."""
    backs, texts, column = [], [], 0
    for style, text in _runs(line):
        cells = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
        front, back = style.front, style.back
        if style.reverse:
            front, back = back or _BACK, front or _FRONT
        x, width = column * WIDTH, cells * WIDTH
        if back:
            backs.append(f'<rect x="{x:g}" width="{width:g}" height="{HEIGHT:g}" fill="{back}"/>')
        if text.strip():
            names = " ".join(name for name in ("b" * style.bold, "i" * style.italic) if name)
            marks = f' class="{names}"' if names else ""
            marks += f' style="fill:{front}"' if front else ""
            lead = len(text) - len(text.lstrip())
            kept = text.strip()
            length = (cells - (len(text) - len(kept))) * WIDTH
            texts.append(
                f'<text x="{x + lead * WIDTH:g}" y="13" textLength="{length:g}"{marks}>'
                f"{escape(kept)}</text>"
            )
        column += cells
    return "".join((*backs, *texts))


def _runs(line: str) -> Iterator[tuple[_Style, str]]:
    style, end = _Style(), 0
    for match in _SGR.finditer(line):
        if match.start() > end:
            yield style, line[end : match.start()]
        style, end = _styled(style, match[1]), match.end()
    if end < len(line):
        yield style, line[end:]


def _styled(style: _Style, codes: str) -> _Style:
    numbers = [int(code or 0) for code in codes.split(";")]
    front, back = style.front, style.back
    bold, italic, reverse = style.bold, style.italic, style.reverse
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            front = back = ""
            bold = italic = reverse = False
        elif number == 1:
            bold = True
        elif number == 3:
            italic = True
        elif number == 7:
            reverse = True
        elif number in (22, 23, 27):
            bold, italic = bold and number != 22, italic and number != 23
            reverse = reverse and number != 27
        elif number in (38, 48):
            colour = _colour(numbers)
            front, back = (colour, back) if number == 38 else (front, colour)
        elif number in (39, 49):
            front, back = ("", back) if number == 39 else (front, "")
        elif 30 <= number <= 37 or 90 <= number <= 97:
            front = _BASIC[number - 30 if number < 40 else number - 82]
        elif 40 <= number <= 47 or 100 <= number <= 107:
            back = _BASIC[number - 40 if number < 50 else number - 92]
    return _Style(front, back, bold, italic, reverse)


def _colour(numbers: list[int]) -> str:
    """What follows 38 or 48, taken from ``numbers``."""
    kind = numbers.pop(0)
    if kind == 2:
        red, green, blue = numbers[:3]
        del numbers[:3]
        return f"#{red:02x}{green:02x}{blue:02x}"
    index = numbers.pop(0)
    if index < 16:
        return _BASIC[index]
    if index >= 232:
        grey = 8 + 10 * (index - 232)
        return f"#{grey:02x}{grey:02x}{grey:02x}"
    levels = (0, 95, 135, 175, 215, 255)
    index -= 16
    red, green, blue = (levels[index // step % 6] for step in (36, 6, 1))
    return f"#{red:02x}{green:02x}{blue:02x}"
