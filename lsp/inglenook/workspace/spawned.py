"""The worker's process as the server has it: begun with little priority, ended in any case."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from asyncio.subprocess import Process
from typing import Any, Final

# Not from the working directory (-P), which is the user's workspace.
COMMAND: Final = (sys.executable, "-P", "-m", "inglenook.workspace.worker")
_LINE_BYTES: Final = 4 << 20  # of one event
_CLOSE_SECONDS: Final = 1.0


async def begun() -> Process:
    flags: dict[str, Any] = {}
    if sys.platform == "win32":
        flags = {
            "creationflags": subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        }
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        limit=_LINE_BYTES,
        **flags,
    )


async def ended(process: Process) -> None:
    """End the process, which has nothing to lose but a moment's work."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
