"""An edit on its way to the user: a diff on a terminal or in a pipe, or one JSON object."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from inglenook.commands.refactor_diff import diff_of
from inglenook.commands.shown import read_line
from inglenook.commands.terminal import failed, safe
from inglenook.engine.refactor.wish import NotOffered, Written
from inglenook_context.refactor.edits import applied

_STYLES: Final = {"+": "green", "-": "red", "@": "cyan"}
_ERASED: Final = "\r\x1b[2K"  # the line on which the cursor is


@dataclass(frozen=True, slots=True)
class Offer:
    """``path`` is the file's below its project, ``mark`` its byte order mark, and ``checks`` are
    the names of the user's own that the edit has passed."""

    written: Written = field(repr=False)
    path: str
    mark: str = ""
    checks: Sequence[str] = ()

    @property
    def after(self) -> str:
        return applied(str(self.written.document.text), self.written.changes)

    @property
    def diff(self) -> str:
        """Of the file as it is on the disk."""
        shift, before = len(self.mark), self.mark + str(self.written.document.text)
        changes = [
            replace(each, start=each.start + shift, stop=each.stop + shift)
            for each in self.written.changes
        ]
        return diff_of(self.path, before, changes)


def as_json(offer: Offer, *, is_applied: bool) -> dict[str, Any]:
    """Lines and characters count from 0; a character is a code point."""
    written = offer.written
    text = written.document.text

    def position(offset: int) -> dict[str, int]:
        line = text.line_at(offset)
        return {"line": line, "character": offset - text.line_start(line)}

    return {
        "path": offer.path,
        "title": written.title,
        "model": written.model.name,
        "edits": [
            {"start": position(each.start), "end": position(each.stop), "newText": each.new}
            for each in written.changes
        ],
        "diff": offer.diff,
        "notes": list(written.notes),
        "notices": list(written.notices),
        "used": [{"path": each.path, "what": each.what} for each in written.used],
        "rounds": written.rounds,
        "checks": list(offer.checks),
        "applied": is_applied,
    }


def show_object(offer: Offer, *, is_applied: bool) -> None:
    print(json.dumps(as_json(offer, is_applied=is_applied)))


def show_diff(offer: Offer) -> None:
    """In a pipe its bytes are exact: what is read there is to be applied."""
    if sys.stdout.isatty():
        _draw(offer.diff)
    else:
        # A name that is not UTF-8 is what it was.
        sys.stdout.buffer.write(offer.diff.encode(errors="surrogateescape"))
        sys.stdout.flush()


def _draw(diff: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line, style in _styled(diff):
        console.print(Text(line, style), soft_wrap=True)


def _styled(diff: str) -> Iterator[tuple[str, str]]:
    """Each line as a terminal may have it, and how it looks; a CR at its end is a line end."""
    for number, line in enumerate(diff.removesuffix("\n").split("\n")):
        style = "bold" if number < 2 else _STYLES.get(line[:1], "")
        yield safe(line.removesuffix("\r")), style


def tell(written: Written) -> None:
    """What is to be said of an edit, on stderr."""
    for sentence in (*written.notes, *written.notices):
        failed(sentence, 0)
    if written.used:
        print(safe(read_line(written.used)), file=sys.stderr)


def refused(error: NotOffered) -> int:
    """Why there is no edit: a sentence, and each check that failed."""
    code = failed(str(error), 1)
    for failure in error.failures:
        line = f"{failure.check}: {failure.reason}"
        print(safe(line).replace("\n", " "), file=sys.stderr)
    return code


class Progress:
    """What goes on, in one line of a terminal that is gone at the end. Use it as a context."""

    def __init__(self) -> None:
        is_plain = os.environ.get("TERM", "") in ("", "dumb", "unknown")
        self._shows = sys.stderr.isatty() and not is_plain
        self._begun = False

    def __call__(self, what: str) -> None:
        if self._shows:
            self._begun = True
            print(f"{_ERASED}{safe(what)}; Ctrl-C ends it.", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._begun:
            print(_ERASED, end="", file=sys.stderr, flush=True)
