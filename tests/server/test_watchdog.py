"""A process is watched by what it is, not by its number alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from inglenook.server import watchdog


def test_a_living_process_lives_and_a_dead_one_does_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        alive = watchdog.process_watch(process.pid)
        assert alive is not None
        assert alive()
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not alive()  # a zombie is dead too
        process.wait()
        assert not alive()
        assert watchdog.process_watch(process.pid) is None


def test_another_process_with_the_same_number_is_not_the_watched_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive = watchdog.process_watch(os.getpid())
    assert alive is not None
    monkeypatch.setattr(watchdog, "_start_time", lambda _pid: "started later")
    assert not alive()


@pytest.mark.parametrize("pid", [0, -1, 2**30])
def test_numbers_of_no_process(pid: int) -> None:
    assert watchdog.process_watch(pid) is None
    assert not watchdog.watch(pid, lambda: None)


def test_signals_tell_where_there_is_no_proc() -> None:
    alive = watchdog._signal_watch(os.getpid())
    assert alive is not None
    assert alive()
    assert watchdog._signal_watch(2**30) is None


def test_the_death_is_told_once() -> None:
    died: list[bool] = []
    told = threading.Event()

    def note() -> None:
        died.append(True)
        told.set()

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert watchdog.watch(process.pid, note, interval=0.01)
        process.kill()
        process.wait()
    assert told.wait(10)
    assert died == [True]
