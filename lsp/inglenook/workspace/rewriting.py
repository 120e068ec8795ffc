"""One source file that a command edits: read once, and written only if it is still the same."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inglenook.file_lock import alone_in
from inglenook.workspace.files import Unreadable, read_source

_MARK: Final = b"\xef\xbb\xbf"  # what some editors begin UTF-8 with


class NotWritten(Exception):
    """Nothing was written; the message is one sentence for the user that says why."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was read: ``file`` is where it lies, whatever links lead there."""

    file: Path
    text: str = field(repr=False)
    data: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """The byte order mark, which is no part of the text; empty if there is none."""
        return "\ufeff" if self.data.startswith(_MARK) else ""


def read_original(path: Path) -> Original:
    """Raises `Unreadable`."""
    text = read_source(path)
    file = path.resolve()
    data = file.read_bytes()
    if data.removeprefix(_MARK) != text.encode():
        raise Unreadable(f"{path} changes while it is read; ask again.")
    return Original(file, text, data)


def is_protected(original: Original) -> bool:
    """Whether a file is not meant to be written, which its directory alone would not prevent."""
    mode = original.file.stat().st_mode
    return not mode & 0o222 or not os.access(original.file, os.W_OK)


def has_other_names(original: Original) -> bool:
    """Whether it is the same file under another path (a hard link), which `write_over` leaves."""
    return original.file.stat().st_nlink > 1


def write_over(original: Original, text: str) -> None:
    """Put ``text`` in the place of what was read, all of it or nothing, if that is still there.

    Its mode, owner and attributes stay; other names of it (hard links) keep what they have.
    Raises `NotWritten`.
    """
    file = original.file
    try:
        data = (original.mark + text).encode()
        handle, name = tempfile.mkstemp(prefix=".inglenook-", dir=file.parent)
        made = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                _keep(file, out.fileno(), made)
                out.flush()
                os.fsync(out.fileno())
            with alone_in(file.parent):
                _check_same(original)
                made.replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                made.unlink()
            raise
    except UnicodeEncodeError:
        raise NotWritten(
            f"{file} is UTF-8, which the edit cannot be written in; nothing was written."
        ) from None
    except OSError as error:
        raise NotWritten(
            f"{file} cannot be written: {error.strerror or error}; nothing was written."
        ) from None


def _keep(file: Path, handle: int, made: Path) -> None:
    """Give what was made the owner, mode and attributes of the file."""
    status, ours = file.stat(), os.fstat(handle)
    if (status.st_uid, status.st_gid) != (ours.st_uid, ours.st_gid):
        os.chown(made, status.st_uid, status.st_gid)
    shutil.copystat(file, made)
    os.utime(made)


def _check_same(original: Original) -> None:
    """As the last thing before it is replaced: nobody can hold it as it is."""
    file = original.file
    if not stat.S_ISREG(file.lstat().st_mode) or file.read_bytes() != original.data:
        raise NotWritten(f"{file} has changed while the edit was made; nothing was written.")
    if is_protected(original):
        raise NotWritten(f"{file} is write-protected by now; nothing was written.")
