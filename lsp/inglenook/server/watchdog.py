"""Notices that the editor died although something else holds our stdin open.

The client names its process in ``initialize`` (LSP 3.18: "if the parent process is not alive
then the server should exit"). A process that cannot be found when the watch begins lives in
another container or on another machine, and is not watched.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_INTERVAL: Final = 2.0  # seconds between two looks

IsAlive = Callable[[], bool]


def watch(pid: int, died: Callable[[], None], interval: float = _INTERVAL) -> bool:
    """Call ``died`` once from a thread when the process ends; False if it cannot be watched."""
    alive = process_watch(pid)
    if alive is None:
        return False

    def look() -> None:
        while alive():
            time.sleep(interval)
        died()

    threading.Thread(target=look, name="watchdog", daemon=True).start()
    return True


def process_watch(pid: int) -> IsAlive | None:
    """A function that tells whether this very process still lives; None if there is none."""
    if pid <= 0:
        return None
    if sys.platform == "win32":
        return _windows_watch(pid)
    if sys.platform == "linux" and Path("/proc/self/stat").exists():
        return _proc_watch(pid)
    return _signal_watch(pid)


def _proc_watch(pid: int) -> IsAlive | None:
    """By state and start time, so that another process with a reused pid is not taken for it."""
    began = _start_time(pid)
    return None if began is None else lambda: _start_time(pid) == began


def _start_time(pid: int) -> str | None:
    """Field 22 of proc_pid_stat(5); None if the process is gone or only a zombie is left."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    # The name of the program stands in parentheses and may itself hold spaces and parentheses.
    fields = stat[stat.rfind(")") + 2 :].split()
    return None if fields[0] in "ZX" else fields[19]


def _signal_watch(pid: int) -> IsAlive | None:
    def alive() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True  # it lives but belongs to someone else
        return True

    return alive if alive() else None


def _windows_watch(pid: int) -> IsAlive | None:
    """An open handle keeps the pid from being reused, and is signalled when the process ends."""
    if sys.platform != "win32":
        return None
    import ctypes

    synchronize, still_running = 0x0010_0000, 0x102  # SYNCHRONIZE, WAIT_TIMEOUT
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.WaitForSingleObject.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    handle = kernel.OpenProcess(synchronize, False, pid)
    if not handle:
        return None
    return lambda: kernel.WaitForSingleObject(handle, 0) == still_running
