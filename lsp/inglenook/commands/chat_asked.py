"""What ``inglenook chat`` was asked: its arguments and standard input, as values."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from inglenook.commands.asked import STDIN, BadInput, Lines, check_lines, place_of, standard_input
from inglenook.engine.chat.commands import COMMIT, named
from inglenook.workspace.files import read_source
from inglenook_context.text import Text

if TYPE_CHECKING:
    from inglenook_context.document import Document


@dataclass(frozen=True, slots=True)
class Asked:
    """``file`` is absolute; it is a directory if ``text`` is None. ``lines`` is None where nothing
    is selected. ``files`` are further ones, by their absolute paths."""

    question: str = field(repr=False)
    file: Path
    text: str | None = field(default=None, repr=False)
    lines: Lines | None = None
    files: tuple[tuple[Path, str], ...] = field(default=(), repr=False)
    piped: str = field(default="", repr=False)  # standard input, where it is material

    @property
    def place(self) -> Path:
        """The file, or one that a directory could have."""
        return self.file if self.text is not None else self.file / "-"

    @property
    def commits(self) -> bool:
        """Whether it asks for the message of a commit."""
        return named(self.question)[0] == COMMIT


def asked_of(args: argparse.Namespace) -> Asked:
    """Raises `BadInput` or `Unreadable`; reads standard input if it is named, or wanted."""
    dashes = [args.file, *args.further, args.question].count(STDIN)
    if dashes > 1 or (dashes and args.question is None):
        raise BadInput("Standard input (-) can be only one thing: the question, or a file.")
    if args.question is None and (sys.stdin is None or sys.stdin.isatty()):
        raise BadInput('Ask something, as in: inglenook chat src/app.py:12-30 "why the loop?"')
    text, lines = None, None
    if args.file == STDIN:
        place = Path.cwd()
    else:
        place, lines = place_of(args.file)
    if not place.is_dir():
        text = read_source(place)
        check_lines(place, Text.of(text), lines)
    elif lines is not None:
        raise BadInput(f"{place} is a directory, which has no lines.")
    paths = [Path(each) for each in args.further if each != STDIN]
    files = tuple((path.resolve(), read_source(path)) for path in paths)
    piped = standard_input() if dashes or args.question is None else ""
    asks = args.question in (None, STDIN)
    question = piped if asks else args.question
    if not question.strip():
        raise BadInput("The question is empty.")
    return Asked(question, place.resolve(), text, lines, files, "" if asks else piped)


def document_of(asked: Asked) -> Document:
    """The file as a document, empty where nothing is selected: then a model is not shown what
    stands round a place in it, but all of it."""
    from inglenook_context.document import Document
    from inglenook_context.languages import language_of

    language = language_of(asked.place.name) or "plaintext"
    text = asked.text if asked.text is not None and asked.lines else ""
    return Document(asked.place.as_uri(), language, 1, Text.of(text))
