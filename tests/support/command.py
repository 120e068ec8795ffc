"""One command as a shell runs it, with a configuration of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.support.forked import inglenook
from tests.support.house import config_for

ALONE: Final = ("--index-seconds", "0")  # `complete` without the workspace


class Run(NamedTuple):
    code: int
    out: str
    errors: str


async def run(
    directory: Path,
    *arguments: str,
    address: str = "http://127.0.0.1:9",
    cwd: Path | None = None,
    provider: str = "llama.cpp",
    program: Sequence[str] = (),
    **more: str,
) -> Run:
    """``program`` is what is started, if the fork server will not do."""
    environment = {**os.environ, **config_for(directory, provider, address), **more}
    process = await asyncio.create_subprocess_exec(
        *(*(program or (inglenook(),)), *arguments),
        env=environment,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 60)
    return Run(process.returncode or 0, out.decode(), errors.decode())
