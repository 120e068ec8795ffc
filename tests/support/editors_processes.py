"""Seeing to it that a process and all it started are gone."""

from __future__ import annotations

import time
from collections.abc import Iterable

import psutil


def family_of(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def end_of(processes: Iterable[psutil.Process], patience: float) -> list[psutil.Process]:
    """Wait ``patience`` seconds, then kill who is left; returns those that had to be killed."""
    end = time.monotonic() + patience
    alive = [process for process in processes if _is_alive(process)]
    while alive and time.monotonic() < end:
        time.sleep(0.01)
        alive = [process for process in alive if _is_alive(process)]
    for process in alive:
        process.kill()
    return alive


def _is_alive(process: psutil.Process) -> bool:
    """A dead orphan stays in the process table until init looks, which may take seconds."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
