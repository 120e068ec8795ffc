"""``inglenook review`` that is ended: by Ctrl-C, by a kill, by an answer without an end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.support.command import ALONE
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.house import config_for
from tests.support.review_model import Reviewing, Wrong, repository, review
from tests.support.terminal import INTERRUPT, terminal

FILES: Final = {
    f"m{number:02}.py": f"def f{number}():\n    return {number}\n" for number in range(12)
}
ONE: Final = ("--reviewers", "correctness")
INTERRUPTED: Final = """\
m03.py:2 error correctness/wrong-result (50%): This is wrong.
      2 | return 3

1 error in this folder.
  5 of 9 pieces of 9 files were reviewed
  by qwen2.5-coder:0.5b on llama.cpp (declared-local), asked 5 times, 0 answers were kept
  3 files were not reached
  It was interrupted; --resume goes on."""
FOREVER: Final = 1e9  # milliseconds


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return repository(tmp_path, FILES)


def silent_after(count: int, backend: FakeBackend, model: Reviewing) -> None:
    """So many questions are answered; the next one hears nothing."""

    def last(_question: str) -> None:
        if len(model.asked) == count:
            backend.script.first_token_ms = FOREVER

    model.instead = last


async def until_asked(backend: FakeBackend, count: int) -> None:
    async with asyncio.timeout(30):
        while len(backend.generations) < count:
            await asyncio.sleep(0.005)


async def gone_on(tmp_path: Path, shop: Path, backend: FakeBackend, model: Reviewing) -> None:
    """The review is resumed after five answers, and asks for the seven others."""
    backend.script.first_token_ms = 0
    done = await review(
        tmp_path, ".", "--resume", *ONE, "--format", "json", address=backend.url, cwd=shop
    )
    told = json.loads(done.out)
    coverage = told["coverage"]
    assert (coverage["complete"], coverage["reviewed"], coverage["cached"]) == (True, 12, 5)
    assert [each["path"] for each in told["findings"]] == ["m03.py"]
    answered = Counter(model.asked)
    assert (len(answered), set(answered.values())) == (12, {1})


async def test_after_a_kill_nothing_is_reviewed_twice_and_nothing_is_lost(
    tmp_path: Path, shop: Path
) -> None:
    model = Reviewing([Wrong("return 3", "wrong-result")])
    async with fake_backend(answer=model) as backend:
        silent_after(5, backend, model)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "inglenook", "review", *ALONE, ".", *ONE),
            env={**os.environ, **config_for(tmp_path, "llama.cpp", backend.url)},
            cwd=shop,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        await until_asked(backend, 6)
        process.send_signal(signal.SIGKILL)
        out, _ = await process.communicate()
        assert (process.returncode, out) == (-signal.SIGKILL, b"")
        await gone_on(tmp_path, shop, backend, model)


async def test_ctrl_c_tells_what_was_found_and_goes_on_later(tmp_path: Path, shop: Path) -> None:
    model = Reviewing([Wrong("return 3", "wrong-result")])
    async with fake_backend(answer=model) as backend:
        silent_after(5, backend, model)
        async with terminal(
            *(tmp_path, "review", *ALONE, *ONE, "."),
            address=backend.url,
            cwd=shop,
            height=40,
            width=90,
        ) as here:
            await until_asked(backend, 6)
            await here.until(lambda sent: "5 of 12 pieces about" in sent)
            here.type(INTERRUPT)
            assert await here.end() == 1  # for it has found something
        assert here.screen.cursor_shown
        assert here.screen.text.replace("^C", "").lstrip() == INTERRUPTED
        await gone_on(tmp_path, shop, backend, model)


async def test_an_answer_without_an_end_is_none(tmp_path: Path, shop: Path) -> None:
    """It is cut by the tokens of an answer, and asked for once more."""
    async with fake_backend(text='{"findings": [{"quote": "x', endless=True) as backend:
        done = await review(
            tmp_path, "m01.py", *ONE, "--format", "json", address=backend.url, cwd=shop
        )
        assert [each.client_end_ns is not None for each in backend.generations] == [True, True]
    coverage = json.loads(done.out)["coverage"]
    assert done.code == 3
    assert (coverage["unparsed"], coverage["reviewed"], coverage["units"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("slots", "options", "at_once"), [(1, (), 1), (3, (), 3), (3, ("--jobs", "2"), 2)]
)
async def test_as_many_questions_at_once_as_the_backend_can(
    tmp_path: Path, shop: Path, slots: int, options: tuple[str, ...], at_once: int
) -> None:
    async with fake_backend(text='{"findings": []}', slots=slots, first_token_ms=50) as backend:
        done = await review(tmp_path, ".", *ONE, *options, address=backend.url, cwd=shop)
        assert done.code == 0
        assert backend.max_open() == at_once


async def test_also_without_a_model_it_ends_in_time(tmp_path: Path, shop: Path) -> None:
    done = await review(
        *(tmp_path, ".", "--no-model", "--max-time", "0.000001", "--format", "json"),
        address="http://127.0.0.1:9",
        cwd=shop,
    )
    coverage = json.loads(done.out)["coverage"]
    assert done.code == 3
    assert coverage["stopped"] == "The time that it may take was over (--max-time)."
    assert (coverage["files"], coverage["unseen"]) == (0, 12)


async def test_a_model_that_is_not_ready_in_time(tmp_path: Path, shop: Path) -> None:
    """As one that a server loads for minutes."""
    async with fake_backend(loaded=False, load_ms=FOREVER) as backend:
        done = await review(
            *(tmp_path, ".", "--max-time", "0.5", "--format", "json"), address=backend.url, cwd=shop
        )
    coverage = json.loads(done.out)["coverage"]
    assert (done.code, coverage["reviewed"]) == (3, 0)
    assert coverage["stopped"].endswith("(--max-time).")
