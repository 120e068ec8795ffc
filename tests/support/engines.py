"""Shared engines as a test sees them: who runs, what they left, and a quick one to stand in."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import psutil

STAND_IN: Final = Path(__file__).parent / "stand_in_engine"
MARK: Final = "INGLENOOK_RUNTIME_DIR"  # tells the engines of one test from all others


def stand_in(runtime: Path, how: str = "") -> dict[str, str]:
    """The environment under which the engine is a stand-in, which answers with its process id."""
    before = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join([str(STAND_IN), *([before] if before else [])])
    return {"PYTHONPATH": path, "STAND_IN": how, MARK: str(runtime)}


def gguf(*values: tuple[str, str | int]) -> bytes:
    """The head of a GGUF file with these keys, and then an array that breaks off."""
    parts = [b"GGUF", struct.pack("<IQQ", 3, 0, len(values) + 1)]
    for key, value in values:
        parts.append(struct.pack("<Q", len(key)) + key.encode())
        if isinstance(value, int):
            parts.append(struct.pack("<II", 4, value))
        else:
            parts.append(struct.pack("<IQ", 8, len(value)) + value.encode())
    parts.append(struct.pack("<Q", 1) + b"t" + struct.pack("<I", 9))
    return b"".join(parts)


def engines(runtime: Path) -> list[int]:
    """The engine processes, shared and private, that know ``runtime``."""
    return [each.pid for each in psutil.process_iter() if _is_engine(each, str(runtime))]


def _is_engine(process: psutil.Process, runtime: str) -> bool:
    try:
        if "inglenook.models.embedded_child" not in process.cmdline():
            return False
        told: Mapping[str, str] = process.environ()
        return told.get(MARK) == runtime and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def files(directory: Path) -> list[str]:
    """The names of all that is below."""
    return sorted(each.name for each in directory.rglob("*") if not each.is_dir())


async def until(holds: Callable[[], bool], limit: float = 20.0) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(limit):
        while not holds():
            await asyncio.sleep(0.01)
