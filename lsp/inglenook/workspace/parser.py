"""The process that turns texts into facts. It knows no files: texts come in, facts go out.

A text can be one on which a parser stalls, crashes or takes all memory. So each text has a limit
of CPU seconds and the process one of memory, and whoever started it kills it when it takes too
long. On stdin and stdout: a frame is its length (4 bytes, big-endian) and so many bytes. A
question is two frames, a JSON object with ``path`` and ``language`` and the text; the answer is
two frames, a JSON list of the names that the file defines at its top and its facts, compressed
(empty: it has none). An empty frame comes first, when everything is loaded. Nothing else
is ever written anywhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import zlib
from typing import Final

from inglenook.workspace.child import BODY_LIMIT, die_with, read_frame, silence, write_frame
from inglenook_context.facts import Facts, dump, facts_of

CPU_SECONDS: Final = 2  # of one text, rounded up to the next full second of the process
_MEMORY: Final = 1 << 30  # bytes of address space
_GROWN: Final = 96 << 20  # bytes: a process that has become so large is replaced by a new one
_MOST_NAMES: Final = 500  # of one file


def main() -> None:
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    silence()
    die_with(int(sys.argv[1]))
    _limit_memory()
    write_frame(stdout, b"")
    stdout.flush()
    while (about := read_frame(stdin)) is not None and (data := read_frame(stdin)) is not None:
        _limit_cpu()
        question = json.loads(about)
        names, body = answer(question["path"], question["language"], data)
        write_frame(stdout, json.dumps(names).encode())
        write_frame(stdout, body)
        stdout.flush()
        if _has_grown():
            break


def answer(path: str, language: str, data: bytes) -> tuple[list[str], bytes]:
    """The names at the top of a file, and its facts; neither if they are too many to be kept."""
    text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "replace")
    facts = facts_of(path, language, text)
    body = dump(facts)
    return (_names(facts), zlib.compress(body, 1)) if len(body) <= BODY_LIMIT else ([], b"")


def _names(facts: Facts) -> list[str]:
    found = (one.name for one in facts.definitions if not one.parent and one.name.isidentifier())
    return list(dict.fromkeys(name for name in found if 3 <= len(name) <= 100))[:_MOST_NAMES]


if sys.platform == "win32":

    def _limit_memory() -> None:
        """There is no such limit."""

    def _limit_cpu() -> None:
        """There is no such limit."""

    def _has_grown() -> bool:
        return False

else:
    import resource

    def _limit_memory() -> None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))

    def _limit_cpu() -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))

    def _has_grown() -> bool:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > _GROWN


if __name__ == "__main__":
    main()
