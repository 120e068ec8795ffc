"""Where a check of the user's runs: on a text alone, or in a copy of the folder that has it."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Final

from inglenook.engine.refactor.check_output import lines_of
from inglenook.engine.refactor.check_program import KEPT, NotRun, Ran, program, run
from inglenook.engine.settings import Check, CheckKind
from inglenook.workspace.copied import NotCopied, copied

_LONGEST: Final = 16 << 20  # bytes of a text that is checked
_DAY: Final = 86_400.0  # seconds
_HOLE: Final = re.compile(r"\{(file|path|folder)\}")
_WORKED_ON: Final = frozenset({"{path}", "{folder}", "."})
# An option whose value only names a place: of the text on stdin, or of settings.
_NAMING: Final = re.compile(r"--?[\w-]*(?:name|path|stdin|config|settings|root|rcfile)[\w-]*", re.I)


@dataclass(frozen=True, slots=True)
class Place:
    """``path`` is that of the file below the workspace's folder ``root``, with forward slashes."""

    root: Path
    path: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name or "file"


@dataclass(frozen=True, slots=True)
class Heard:
    """``lines`` are what was said, ``data`` is what a formatter made."""

    ran: Ran
    lines: tuple[str, ...] = field(repr=False)
    data: bytes = field(repr=False)


def works_in_folder(check: Check) -> bool:
    """Whether a command names a place of the folder that it reads, and so perhaps writes, as
    ``ruff check --fix {path}`` does. Who reads stdin is only told what the text is called."""
    return any(
        each in _WORKED_ON and not _NAMING.fullmatch(before)
        for before, each in pairwise(check.command)
    )


async def on_text(check: Check, place: Place, text: str, most: int = KEPT) -> Heard:
    """Run a check on a text: it is on stdin, or in a file of its own if the command has
    ``{file}``. Raises `NotRun`."""
    data = encoded(text)
    if not any("{file}" in each for each in check.command[1:]):
        ran = await _run(check, place.root, place, {}, data, most)
        return Heard(ran, await asyncio.to_thread(lines_of, ran, ()), ran.out)
    async with _directory() as directory:
        file = directory / place.name
        await asyncio.to_thread(_write, file, data)
        ran = await _run(check, place.root, place, {"file": str(file)}, b"", KEPT)
        lines = await asyncio.to_thread(lines_of, ran, (directory,))
        return Heard(ran, lines, await asyncio.to_thread(_read, file, most))


@asynccontextmanager
async def copy_of(place: Place) -> AsyncIterator[Path]:
    """A copy of the folder, which is removed afterwards. Raises `NotRun`."""
    if PurePosixPath(place.path).is_absolute() or ".." in PurePosixPath(place.path).parts:
        raise NotRun("the file is not in the workspace's folder")
    stop = threading.Event()
    async with _directory() as directory:
        folder = directory / (place.root.name or "folder")
        folder.mkdir()
        copying = asyncio.create_task(asyncio.to_thread(copied, place.root, folder, stop))
        try:
            await asyncio.shield(copying)
        except NotCopied as error:
            raise NotRun(str(error)) from None
        finally:
            stop.set()
            await asyncio.wait([copying])
        yield folder


async def in_copy(
    check: Check, place: Place, folder: Path, text: str, *, old: bool, most: int = 0
) -> Heard:
    """Run a check in a copy of the folder whose file has the text, which is the ``old`` one or
    the new one. ``most`` bytes of what the file is afterwards are its data. Raises `NotRun`."""
    file = folder / place.path
    # Python takes what it compiled of a text of the same length and time for this one's.
    data = encoded(text)
    await asyncio.to_thread(_write, file, data, time.time() - (_DAY if old else 0))
    tests = check.kind is CheckKind.TEST
    read = b"" if tests else data
    ran = await _run(check, folder, place, {"file": str(file)}, read, KEPT, last=tests)
    lines = await asyncio.to_thread(lines_of, ran, (folder,))
    return Heard(ran, lines, await asyncio.to_thread(_read, file, most) if most else b"")


def encoded(text: str) -> bytes:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotRun("the text has characters that UTF-8 has not") from None
    if len(data) > _LONGEST:
        raise NotRun(f"the text is longer than {_LONGEST >> 20} MB")
    return data


async def _run(
    check: Check,
    directory: Path,
    place: Place,
    holes: Mapping[str, str],
    data: bytes,
    most: int,
    *,
    last: bool = False,
) -> Ran:
    holes = {"path": place.path, "folder": str(directory), **holes}
    found = await asyncio.to_thread(program, check.command[0], place.root)
    arguments = [
        _HOLE.sub(lambda hole: holes.get(hole[1], hole[0]), each) for each in check.command[1:]
    ]
    return await run([found, *arguments], directory, data, check.seconds, most, last=last)


@asynccontextmanager
async def _directory() -> AsyncIterator[Path]:
    """One that no other user can look into."""
    try:
        made, place = await asyncio.to_thread(_made)
    except OSError as error:
        raise NotRun(f"there is no room for it ({error.strerror})") from None
    try:
        yield place
    finally:
        await asyncio.to_thread(made.cleanup)


def _made() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    made = tempfile.TemporaryDirectory(prefix="inglenook-", ignore_cleanup_errors=True)
    return made, Path(os.path.realpath(made.name))  # as programs will name it


def _write(file: Path, data: bytes, written: float | None = None) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if written is not None:
            os.utime(file, (written, written))
    except OSError as error:
        raise NotRun(f"the file cannot be written ({error.strerror})") from None


def _read(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError:
        raise NotRun("it left no file") from None
