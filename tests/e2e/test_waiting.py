"""What the real server tells others that could keep the model busy: that somebody waits for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from inglenook.engine.typing_signal import TypingSignal
from tests.support.house import AUTOMATIC, house

FILE = "def total(prices):\n    █\n"


async def test_a_review_sees_that_an_editor_waits_and_until_when(tmp_path: Path) -> None:
    signal = TypingSignal(tmp_path / "run" / "typing", quiet=0.0)
    async with house(tmp_path, text="return sum(prices)", first_token_ms=1e9) as home:
        home.open(FILE)
        assert not signal.is_busy()
        request = home.ask(AUTOMATIC)
        await home.generation()
        assert signal.is_busy()
        home.client.cancel(request)
        await home.client.answer(request)
        async with asyncio.timeout(10):
            while signal.is_busy():  # until the model's connection is closed
                await asyncio.sleep(0.001)
