"""One command as a shell runs it, with a configuration of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Final, NamedTuple

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
    **more: str,
) -> Run:
    environment = {**os.environ, **config_for(directory, provider, address), **more}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "inglenook", *arguments),
        env=environment,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 60)
    return Run(process.returncode or 0, out.decode(), errors.decode())
