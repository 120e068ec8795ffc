"""What ``inglenook refactor`` was asked: its arguments and standard input, as values."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inglenook.commands.asked import (
    STDIN,
    BadInput,
    Lines,
    check_lines,
    offsets,
    place_of,
    standard_input,
)
from inglenook.commands.headless import root_of
from inglenook.engine.chat.question import Trouble
from inglenook.engine.refactor.own_settings import check_settings
from inglenook.engine.refactor.wish import NotOffered, Wish, check_paths
from inglenook.workspace.rewriting import Original, is_protected, read_original
from inglenook_context.document import Document
from inglenook_context.languages import language_of
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose

_WHOLE: Final = 200  # lines of a file that is edited as a whole
_NEED_A_PLACE: Final = (Purpose.FIX, Purpose.TYPES, Purpose.DOCSTRING)
_ONE: Final = (
    "Say one thing that is to be done: an instruction, as in inglenook refactor src/app.py:12-30 "
    '"return early", or --fix MESSAGE, --types, --docstring or --simplify.'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """``root`` is the folder of the project; ``given`` is the path that the user gave, absolute."""

    given: Path
    root: Path
    original: Original
    wish: Wish = field(repr=False)

    @property
    def path(self) -> str:
        """Of the file itself, below the root."""
        return self.original.file.relative_to(self.root).as_posix()


def asked_of(args: argparse.Namespace) -> Asked:
    """Raises `BadInput` or `Unreadable`; reads standard input if it is named."""
    purpose = _purpose(args)
    if args.file == STDIN:
        raise BadInput("Standard input (-) can be the instruction; what is edited is a file.")
    place, lines = place_of(args.file)
    if place.is_dir():
        raise BadInput(f"{place} is a directory; name a file of it.")
    original = read_original(place)
    text = Text.of(original.text)
    check_lines(place, text, lines)
    given, here = Path.cwd() / place, Path.cwd()
    names = tuple(dict.fromkeys((*_names(given, here), *_names(original.file, here))))
    try:
        check_paths(names)
        check_settings(original.file)
    except NotOffered as error:
        raise BadInput(str(error)) from None
    if args.apply and is_protected(original):
        raise BadInput(f"{place} is write-protected; make it writable first.")
    language = language_of(original.file.name) or "plaintext"
    document = Document(original.file.as_uri(), language, 1, text)
    start, stop = _selected(place, text, lines, purpose)
    wish = Wish(
        document,
        start,
        stop,
        purpose,
        _instruction(args),
        tuple(Trouble(text.line_at(start), message.strip(), "error") for message in args.fix),
        names,
    )
    return Asked(given, root_of(original.file, here), original, wish)


def _purpose(args: argparse.Namespace) -> Purpose:
    said = {
        Purpose.EDIT: args.instruction is not None,
        Purpose.FIX: bool(args.fix),
        Purpose.TYPES: args.types,
        Purpose.DOCSTRING: args.docstring,
        Purpose.SIMPLIFY: args.simplify,
    }
    purposes = [purpose for purpose, is_said in said.items() if is_said]
    if len(purposes) != 1:
        raise BadInput(_ONE)
    return purposes[0]


def _instruction(args: argparse.Namespace) -> str:
    if not all(message.strip() for message in args.fix):
        raise BadInput("The message of --fix is empty.")
    if args.instruction is None:
        return ""
    told: str = standard_input() if args.instruction == STDIN else args.instruction
    if not told.strip():
        raise BadInput("The instruction is empty.")
    return told


def _names(file: Path, here: Path) -> Iterator[str]:
    """What a file is called below its project, its repository and the current directory.

    Any file can say that a directory is a project, also one in a directory that is protected.
    """
    repository = next((folder for folder in file.parents if (folder / ".git").exists()), here)
    for folder in (root_of(file, here), repository, here):
        if file.is_relative_to(folder):
            yield file.relative_to(folder).as_posix()


def _selected(file: Path, text: Text, lines: Lines | None, purpose: Purpose) -> tuple[int, int]:
    """From where the code of the first line begins."""
    if lines is None:
        if purpose in _NEED_A_PLACE:
            raise BadInput(f"Say which line is meant, as in {file}:12.")
        if text.line_count > _WHOLE:
            raise BadInput(
                f"{file} has {text.line_count} lines; say which are meant, as in {file}:12-30."
            )
        return 0, len(text)
    start, stop = offsets(text, lines)
    line = text.line(lines.first - 1)
    return min(start + len(line) - len(line.lstrip()), stop), stop
