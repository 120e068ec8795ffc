"""A judge as the event loop has it: a process of its own, for one edit and its repair."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from inglenook.engine.refactor.judge import as_told
from inglenook.engine.refactor.wish import NotOffered
from inglenook.engine.refactor.world import Look
from inglenook.workspace.spawned import ended
from inglenook_context.refactor.edits import Change
from inglenook_context.verify.task import Answers, Failure, Task, Verdict, Wanted

# Not from the working directory (-P), which is the user's workspace.
_COMMAND: Final = (sys.executable, "-P", "-m", "inglenook.engine.refactor.judge")
_SECONDS: Final = 30.0  # for one text; a module of 20,000 lines takes two
_LARGEST: Final = 64 << 20  # bytes of an answer
_NOT_JUDGED: Final = "The edit is not offered: the program that checks it failed. Ask again."
_TOO_SLOW: Final = (
    f"The edit is not offered: checking it took longer than {_SECONDS:g} s. Edits of a smaller "
    "file are checked sooner."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """``changes`` make the text after of the text before; empty unless the verdict is good."""

    verdict: Verdict
    changes: tuple[Change, ...]


@asynccontextmanager
async def judging(before: str) -> AsyncIterator[Judge]:
    """A judge of what becomes of ``before``; its process is ended in any case."""
    flags: dict[str, Any] = {}
    if sys.platform == "win32":
        flags = {"creationflags": subprocess.CREATE_NO_WINDOW}
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        str(os.getpid()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **flags,
    )
    try:
        judge = Judge(process)
        judge.tell({"before": before})
        yield judge
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await ended(process)


class Judge:
    """Asked one thing at a time. Raises `NotOffered` if its process fails on a text."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    async def wanted(self, after: str, task: Task) -> tuple[Wanted, ...]:
        """What must be looked up before `judged`."""
        found = await self._ask({"after": after, "task": as_told(task)})
        return tuple(Wanted(module, name) for module, name in found["wanted"])

    async def looked_at(self, after: str, task: Task, look: Look | None, path: str) -> Judged:
        """`judged`, after what must be looked up was; ``path`` is the file's."""
        wanted = await self.wanted(after, task) if look is not None else ()
        answers = await look(path, wanted) if look is not None and wanted else Answers()
        return await self.judged(after, task, answers)

    async def judged(self, after: str, task: Task, answers: Answers) -> Judged:
        known = [[each.module, each.name, has] for each, has in answers.known.items()]
        found = await self._ask({"after": after, "task": as_told(task), "known": known})
        verdict = Verdict(
            tuple(Failure(check, reason) for check, reason in found["failures"]),
            tuple(found["notes"]),
        )
        return Judged(verdict, tuple(Change(*each) for each in found["changes"]))

    def tell(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode()
        self._stdin.write(len(data).to_bytes(4, "big") + data)

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(_SECONDS):
                self.tell(question)
                await self._stdin.drain()
                size = int.from_bytes(await self._stdout.readexactly(4), "big")
                if size > _LARGEST:
                    raise NotOffered(_NOT_JUDGED)
                answer: dict[str, Any] = json.loads(await self._stdout.readexactly(size))
                return answer
        except TimeoutError:
            raise NotOffered(_TOO_SLOW) from None
        except (OSError, asyncio.IncompleteReadError):
            raise NotOffered(_NOT_JUDGED) from None
