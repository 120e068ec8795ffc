"""Reading one source file that the user named."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

LIMIT: Final = 16 * 1024 * 1024  # bytes


class Unreadable(Exception):
    """The message is one sentence for the user."""


def read_source(path: Path) -> str:
    """The text of a regular file; `Unreadable` if it is none, too large, or not UTF-8.

    Line ends stay as they are. A pipe or device is never opened for reading: it could block.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}.") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable(f"{path} is not a file.")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise Unreadable(f"{path} is larger than {LIMIT >> 20} MB.")
    try:
        return data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8 (byte {error.start}); convert it first.") from None
