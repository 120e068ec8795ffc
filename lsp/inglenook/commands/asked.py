"""What a command was asked about: a file and its lines, and standard input, as values."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inglenook.workspace.files import LIMIT, Unreadable

if TYPE_CHECKING:
    from inglenook_context.text import Text

STDIN: Final = "-"
_RANGE: Final = re.compile(r"(?P<file>.+):(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?")
_MEANT: Final = "a range of lines is FILE:START-END, as in src/app.py:12-30"


class BadInput(Exception):
    """The message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Lines:
    """From 1; both are inside."""

    first: int
    last: int


def place_of(given: str) -> tuple[Path, Lines | None]:
    """The file and its lines. A file whose name looks like a range is that file."""
    match = _RANGE.fullmatch(given)
    if match is None or Path(given).exists():
        if ":" in given and not Path(given).exists():
            raise BadInput(f"There is no file {given}; {_MEANT}.")
        return Path(given), None
    first = int(match["first"])
    lines = Lines(first, int(match["last"] or first))
    if lines.last < lines.first:
        raise BadInput(f"The lines {lines.first}-{lines.last} end before they begin; {_MEANT}.")
    return Path(match["file"]), lines


def check_lines(file: Path, text: Text, lines: Lines | None) -> None:
    """Raises `BadInput` for a line that the text of a file does not have."""
    count = text.line_count
    for line in (lines.first, lines.last) if lines else ():
        if not 1 <= line <= count:
            raise BadInput(f"{file} has {count} lines; there is no line {line}.")


def offsets(text: Text, lines: Lines) -> tuple[int, int]:
    """Where a selection starts and stops: whole lines without the last line's end."""
    start, last = text.line_start(lines.first - 1), text.line_start(lines.last - 1)
    return start, last + len(text.line(lines.last - 1))


def standard_input() -> str:
    """All of standard input."""
    data = sys.stdin.buffer.read(LIMIT + 1) if sys.stdin is not None else b""
    if len(data) > LIMIT:
        raise Unreadable(f"Standard input is larger than {LIMIT >> 20} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"Standard input is not UTF-8 (byte {error.start}).") from None
    if not text.strip():
        raise BadInput("Nothing came on standard input.")
    return text
