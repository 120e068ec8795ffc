"""Logs without a word of the user's text, whoever writes them.

Our own messages hold none by discipline. Those of libraries do (pygls logs every body it sends
at INFO, asyncio the result of a task nobody waited for), so of a foreign record only its place
and the types of its exceptions are written. Exceptions are shown without their words.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Final

LEVELS: Final = ("debug", "info", "warning", "error")
_OURS: Final = ("inglenook", "inglenook_context")
_STDERR_LIMIT: Final = 32 * 1024  # bytes; a pipe that nobody reads would stop the event loop


def configure_logs(file: Path | None = None, level: str = "warning") -> None:
    """Write logs to ``file``, or to stderr; OSError if the file cannot be written.

    ``level`` counts for our own records; those of libraries are written from WARNING on. What
    the interpreter itself would print of uncaught exceptions goes the same way.
    """
    handler: logging.Handler
    if file is None:
        handler = BriefStderr()
    else:
        handler = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
    handler.setFormatter(DiscreetFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())
    for name in ("pygls", "lsprotocol", "aiohttp", "asyncio", "httpx", "httpcore", "ollama"):
        logging.getLogger(name).setLevel(logging.WARNING)
    _catch_uncaught()


class DiscreetFormatter(logging.Formatter):
    """One line for a record, and one for each frame of its exceptions; no words of either."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(record.created))
        head = f"{moment}.{record.msecs:03.0f} {record.levelname} {record.name}"
        ours = record.name.partition(".")[0] in _OURS
        said = record.getMessage() if ours else f"at {record.module}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([f"{head}: {said}", *(describe(error) if error else ())])


def describe(error: BaseException) -> list[str]:
    """The type and the frames of an exception and of those behind it, without their words."""
    lines = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append(f"  {type(link).__module__}.{type(link).__qualname__}")
        for frame in traceback.extract_tb(link.__traceback__)[-20:]:
            lines.append(f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}")
        link = link.__cause__ or link.__context__
    return lines


class BriefStderr(logging.StreamHandler[Any]):
    """Writes the first 32 KB to stderr and then falls silent."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self._left = _STDERR_LIMIT

    def emit(self, record: logging.LogRecord) -> None:
        self._left -= len(self.format(record))
        if self._left >= 0:
            super().emit(record)


def _catch_uncaught() -> None:
    log = logging.getLogger("inglenook")

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("uncaught", exc_info=(kind, error, trace))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: Any) -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    sys.unraisablehook = unraisable
