"""Fetches one file of the catalogue; only the command ``inglenook models get`` comes here.

The user asked for it by a command; `download_source` is where another machine is talked to. The
file gets its name after its digest was verified. Until then `download_part` keeps what has come,
so that neither a broken connection nor the end of this process loses it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from inglenook.models.catalogue import Entry
from inglenook.models.download_part import (
    Busy,
    Part,
    clear_leftovers,
    held,
    opened,
    size_of,
)
from inglenook.models.download_source import (
    Answer,
    DownloadFailed,
    Interrupted,
    Misfit,
    Origin,
    Unreachable,
    asked,
)

__all__ = ["DownloadFailed", "Progress", "download", "kept"]

_TRIES: Final = 4  # in a row that bring nothing worth mentioning
_WORTH: Final = 1000  # parts of the file, one of which is worth mentioning
_PAUSE_SECONDS: Final = 1.0  # before the next try; doubled with every one that brought nothing
_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})

Progress = Callable[[int], None]


async def download(
    entry: Entry,
    directory: Path,
    progress: Progress,
    *,
    source: str | None = None,
    trust: ssl.SSLContext | None = None,
) -> Path:
    """Put ``entry`` into ``directory`` and return its path; `DownloadFailed` otherwise.

    ``progress`` is told how many bytes are there so far, which is less than before if the source
    starts over. A verified file that is there already is kept. ``source`` and ``trust`` replace
    the publisher's address and the system's certificates; only tests give them.
    """
    target = directory / entry.file
    try:
        if await asyncio.to_thread(_is_there, target, entry):
            clear_leftovers(target)
            return target
        if trust is None:
            trust = await asyncio.to_thread(ssl.create_default_context)
        origin = Origin(source or entry.source, entry.size, trust)
        with held(target):
            # Another process may have fetched it since.
            if not await asyncio.to_thread(_is_there, target, entry):
                with opened(target, entry) as part:
                    _need_room(entry, part.size, directory)
                    progress(part.size)
                    await _complete(entry, origin, part, progress)
                    part.take_name()
    except Busy:
        where = f"{entry.name} into {directory}"
        raise DownloadFailed(f"Another `inglenook models get` is fetching {where}.") from None
    except DownloadFailed as failure:
        raise DownloadFailed(f"{str(failure)[:-1]}{kept(entry, directory)}") from failure
    except OSError as error:
        there = kept(entry, directory)
        if error.errno in _FULL:
            size = size_of(target, entry)
            raise DownloadFailed(f"{_no_room(entry, size, directory)[:-1]}{there}") from error
        reason = error.strerror or type(error).__name__
        raise DownloadFailed(f"{directory} cannot be written: {reason}{there}") from error
    return target


def kept(entry: Entry, directory: Path) -> str:
    """How a sentence ends about a download that did: what is there of it, and what to do."""
    size = size_of(directory / entry.file, entry)
    if not size:
        return "."
    there = f"{size / 1e6:,.1f} of {entry.size / 1e6:,.1f} MB"
    return f"; {there} are there, and the same command goes on with them."


def _is_there(target: Path, entry: Entry) -> bool:
    """Whether the verified file is there; its directory is, afterwards."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():  # all else gives way to the file
        raise DownloadFailed(f"{target} is a directory; remove it.")
    if not target.is_file() or target.stat().st_size != entry.size:
        return False
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256


def _need_room(entry: Entry, there: int, directory: Path) -> None:
    if shutil.disk_usage(directory).free < entry.size - there:
        raise DownloadFailed(_no_room(entry, there, directory))


def _no_room(entry: Entry, there: int, directory: Path) -> str:
    megabytes = -(-(entry.size - there) // 1_000_000)
    missing = " that are missing" if there else ""
    return f"{directory} has no room for the {megabytes} MB of {entry.name}{missing}."


async def _complete(entry: Entry, origin: Origin, part: Part, progress: Progress) -> None:
    """Make the part the whole, verified file. What does not fit is begun again, but only once."""
    afresh = False
    while True:
        try:
            await _fill(origin, part, progress, afresh=afresh)
            await _verify(entry, origin, part)
            return
        except Misfit:
            if afresh:
                raise
            afresh = True


async def _fill(origin: Origin, part: Part, progress: Progress, *, afresh: bool) -> None:
    """Ask until the part has every byte, for as long as the tries bring something.

    A part that is to be fetched ``afresh`` is kept until there is an answer to replace it.
    """
    most, idle = part.size, 0
    came = began = False
    while afresh or part.size < origin.size:
        try:
            async with asked(origin, 0 if afresh else part.size, part.validator) as answer:
                if answer.start == 0 and not began:  # a source without ranges begins every time
                    most, began = 0, True
                afresh, came = False, True
                await _pour(answer, origin, part, progress)
        except Interrupted as error:
            if isinstance(error, Unreachable) and not came:
                raise
            gained = part.size - most
            idle = 0 if gained * _WORTH >= origin.size else idle + 1
            if idle == 0:
                most = part.size
            if idle == _TRIES:
                raise
            await asyncio.sleep(_PAUSE_SECONDS * 2**idle)


async def _pour(answer: Answer, origin: Origin, part: Part, progress: Progress) -> None:
    """Put into the part what an answer brings; `Interrupted` if the file is not whole then."""
    if answer.start:
        part.pieced = True
    else:
        part.restart(answer.validator)
    left = answer.length
    while block := await answer.read():
        left -= len(block)
        if left < 0 and answer.start:
            raise Misfit(f"{origin.host} sends more than the piece that it was asked for.")
        if left < 0:
            part.restart(None)
            raise DownloadFailed(f"{origin.host} sends more than the {origin.size} bytes of it.")
        part.append(block)
        progress(part.size)
    if part.size < origin.size:
        raise Interrupted(f"The connection to {origin.host} broke off.")


async def _verify(entry: Entry, origin: Origin, part: Part) -> None:
    """Read what is on the disk now, and throw it away if it is not the file."""
    try:
        digest = await asyncio.to_thread(_digest_of, part.duplicate())
    except OSError:
        # Memory and disk may differ from now on, and only one of the two would be verified.
        with contextlib.suppress(OSError):
            part.restart(None)
        raise
    if digest == entry.sha256:
        return
    # The old piece may have been of another file than the new one.
    kind = Misfit if part.pieced else DownloadFailed
    part.restart(None)
    raise kind(f"What {origin.host} sent is not {entry.name}: its SHA-256 is not the pinned one.")


def _digest_of(handle: int) -> str:
    with os.fdopen(handle, "rb") as file:
        os.fsync(handle)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
