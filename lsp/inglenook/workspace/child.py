"""What the worker and its parsers have in common: how they end, keep silent and talk."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import IO, Final

BODY_LIMIT: Final = 512 * 1024  # bytes of a file's facts, before they are compressed
_LARGEST_FRAME: Final = 16 << 20


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end, or when what comes is none."""
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    if len(head) < 4 or size > _LARGEST_FRAME:
        return None
    data = stream.read(size)
    return data if len(data) == size else None


def write_frame(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(4, "big"))
    stream.write(data)


def silence() -> None:
    """Nothing that a library writes gets anywhere."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.close(sink)


def die_with(parent: int) -> None:
    """Linux: die when the parent dies, also in the middle of a text. (Elsewhere stdin ends.)"""
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_pdeathsig = 1  # linux/prctl.h
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the call
        os._exit(0)
