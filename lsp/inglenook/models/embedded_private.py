"""An engine of one process alone: it dies with its parent, and nobody else knows of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any, Final

from inglenook.models.embedded_plan import LOAD_SECONDS, Plan, slow, stopped, unloadable
from inglenook.models.errors import BackendFailed, BackendOffline, BackendTimeout, ModelMissing

# Not from the working directory (-P), which is the user's workspace.
COMMAND: Final = (sys.executable, "-P", "-m", "inglenook.models.embedded_child")
INSTALL_HINT: Final = "The embedded engine is not installed: pip install xllamacpp"


@dataclass(frozen=True, slots=True)
class PrivateEngine:
    """A running child; ``address`` of its HTTP API, ``key`` for it."""

    process: asyncio.subprocess.Process
    address: str
    key: str
    left: bool = False  # it never goes by itself

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    @property
    def epitaph(self) -> str:
        return stopped(self.process.returncode)

    def use(self) -> None:
        """It stays as long as its parent."""

    async def ended(self, seconds: float) -> bool:
        """Whether it ends within ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self.process.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        await _end(self.process)


async def start(plan: Plan) -> PrivateEngine:
    """An engine that has loaded its model; raises `ModelError`."""
    key = secrets.token_urlsafe(32)
    process = await _spawn(plan)
    try:
        return PrivateEngine(process, await _serve(process, plan, key), key)
    except BaseException:
        await asyncio.shield(_end(process))
        raise


async def _spawn(plan: Plan) -> asyncio.subprocess.Process:
    # In a session of its own, so that Ctrl-C in a terminal is the parent's business.
    flags: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = {"creationflags": subprocess.CREATE_NO_WINDOW}
    try:
        return await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=plan.file.parent,
            **flags,
        )
    except OSError as error:
        raise BackendFailed(f"The embedded engine cannot be started: {error.strerror}.") from None


async def _serve(process: asyncio.subprocess.Process, plan: Plan, key: str) -> str:
    """Hand the plan over (not as arguments, which every user of the machine can read)."""
    assert process.stdin is not None
    assert process.stdout is not None
    told = asdict(plan) | {"key": key, "parent": os.getpid()}
    try:
        process.stdin.write(json.dumps(told).encode() + b"\n")
        async with asyncio.timeout(LOAD_SECONDS):
            await process.stdin.drain()
            line = await process.stdout.readline()
    except TimeoutError:
        raise BackendTimeout(slow(plan)) from None
    except OSError:
        line = b""
    try:
        answer = dict(json.loads(line))
    except (ValueError, TypeError):
        await process.wait()
        raise BackendOffline(stopped(process.returncode)) from None
    if answer.get("error") == "missing":
        raise ModelMissing(INSTALL_HINT)
    if "address" not in answer:
        raise BackendFailed(unloadable(plan))
    return str(answer["address"])


async def _end(process: asyncio.subprocess.Process) -> None:
    """The engine has nothing to save, so it is not asked twice."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()
