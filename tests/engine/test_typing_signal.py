"""The file by which what can wait knows that somebody waits."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from inglenook.engine import typing_signal
from inglenook.engine.typing_signal import TypingSignal
from tests.support.desk import Desk


@pytest.fixture
def signal(tmp_path: Path) -> TypingSignal:
    return TypingSignal(tmp_path / "run" / "typing", quiet=0.0)


def seen(signal: TypingSignal) -> bool:
    """What another process sees."""
    return TypingSignal(signal.file, quiet=0.0).is_busy()


def test_nobody_has_ever_typed(signal: TypingSignal) -> None:
    assert not seen(signal)


async def test_somebody_waits_as_long_as_a_request_lasts(signal: TypingSignal) -> None:
    with signal.waiting():
        assert seen(signal)
        with signal.waiting():
            pass
        assert seen(signal)
    assert not seen(signal)


async def test_for_a_moment_after_it_the_next_is_expected(tmp_path: Path) -> None:
    signal = TypingSignal(tmp_path / "run" / "typing", quiet=60.0)
    with signal.waiting():
        pass
    assert signal.is_busy()
    assert not seen(signal)


async def test_an_editor_does_not_end_what_another_waits_for(signal: TypingSignal) -> None:
    other = TypingSignal(signal.file)
    with signal.waiting():
        waiting = other.waiting()
        waiting.__enter__()
    assert seen(signal)
    waiting.__exit__(None, None, None)
    assert not seen(signal)


async def test_who_is_waited_for_long_says_so_again(
    signal: TypingSignal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when another editor has said meanwhile that nobody waits."""
    monkeypatch.setattr(typing_signal, "_AGAIN", 0.001)
    with signal.waiting():
        os.utime(signal.file, (time.time() - 9,) * 2)
        async with asyncio.timeout(10):
            while not seen(signal):
                await asyncio.sleep(0.001)
    assert not seen(signal)
    os.utime(signal.file, (0, 0))
    await asyncio.sleep(0.01)  # ten times as long as it would take
    assert signal.file.stat().st_mtime == 0


async def test_an_editor_that_died_is_not_waited_for_for_ever(signal: TypingSignal) -> None:
    waiting = signal.waiting()
    waiting.__enter__()
    assert seen(signal)
    assert signal.file.stat().st_mtime < time.time() + 4


@pytest.mark.parametrize("ahead", [3600, -3600])
async def test_a_time_far_away_is_no_time(signal: TypingSignal, ahead: float) -> None:
    with signal.waiting():
        os.utime(signal.file, (time.time() + ahead,) * 2)
        assert not seen(signal)


async def test_a_file_that_others_can_write_is_not_believed(signal: TypingSignal) -> None:
    with signal.waiting():
        signal.file.chmod(0o666)
        assert not seen(signal)


async def test_a_file_that_was_cleared_away_is_made_again(signal: TypingSignal) -> None:
    with signal.waiting():
        pass
    signal.file.unlink()
    with signal.waiting():
        pass
    with signal.waiting():
        assert seen(signal)


async def test_a_completion_is_waited_for_while_the_model_is_asked(signal: TypingSignal) -> None:
    async with Desk() as desk:
        desk.supply.signal = signal
        desk.open("x = █")
        request = desk.request()
        call = await desk.call()
        assert seen(signal)
        request.cancel()
        await call.closed.wait()
        await asyncio.wait([request])
        assert not seen(signal)


async def test_an_answer_that_is_known_makes_nobody_wait(signal: TypingSignal) -> None:
    async with Desk("1 + 2") as desk:
        desk.open("x = █")
        await desk.ask()
        desk.supply.signal = signal
        desk.type("1")
        assert await desk.ask() == " + 2"
        assert not signal.file.exists()
