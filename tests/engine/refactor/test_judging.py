"""A judge that cannot tell: what is said of it."""

from __future__ import annotations

import sys

import pytest

from inglenook.engine.refactor import judging as judges
from inglenook.engine.refactor.judging import judging
from inglenook.engine.refactor.wish import NotOffered
from inglenook_context.verify.task import Purpose, Task

_TASK = Task("python", (0, 1), Purpose.EDIT)


@pytest.mark.parametrize(
    ("program", "seconds", "said"),
    [
        ("import time; time.sleep(600)", 0.05, "checking it took longer than"),
        ("raise SystemExit(1)", 600.0, "the program that checks it failed. Ask again."),
    ],
)
async def test_why_it_was_not_judged_is_said(
    program: str, seconds: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judges, "_COMMAND", (sys.executable, "-c", program))
    monkeypatch.setattr(judges, "_SECONDS", seconds)
    async with judging("a") as judge:
        with pytest.raises(NotOffered, match=said):
            await judge.wanted("b", _TASK)
