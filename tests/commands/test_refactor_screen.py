"""``inglenook refactor`` on a terminal, and how it ends when it is interrupted."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.support.chat_command import shop_in
from tests.support.command import ALONE
from tests.support.fake_backend import fake_backend
from tests.support.house import config_for
from tests.support.refactor_command import block, drawn_at, refactor
from tests.support.terminal import INTERRUPT, terminal

CART: Final = "def total(items):\r\n⟦    return sum(items)⟧\r\n"
ANSWER: Final = block("    return sum(items) + 1")
SHOWN: Final = (
    "--- a/cart.py\n+++ b/cart.py\n@@ -1,2 +1,2 @@\n def total(items):\n"
    "-    return sum(items)\n+    return sum(items) + 1\n"
    "Read: cart.py (selection, scope)"
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_in(tmp_path)


async def test_a_diff_is_coloured_and_says_nothing_of_line_ends(tmp_path: Path, shop: Path) -> None:
    place = drawn_at(shop / "cart.py", CART)
    async with (
        fake_backend(text=ANSWER) as backend,
        terminal(
            tmp_path, "refactor", *ALONE, place, "One more", address=backend.url, height=20
        ) as here,
    ):
        assert await here.end() == 0
    assert here.screen.text == SHOWN  # and of what went on nothing is left
    sent = here.sent.decode()
    assert "Asking qwen2.5-coder:0.5b; Ctrl-C ends it." in sent
    assert "\x1b[32m+    return sum(items) + 1\x1b[0m" in sent
    assert "\x1b[31m-    return sum(items)\x1b[0m" in sent


@pytest.mark.parametrize("how", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
async def test_without_colour_there_is_none(
    tmp_path: Path, shop: Path, how: dict[str, str]
) -> None:
    place = drawn_at(shop / "cart.py", CART)
    async with (
        fake_backend(text=ANSWER) as backend,
        terminal(
            tmp_path, "refactor", *ALONE, place, "One more", address=backend.url, height=20, **how
        ) as here,
    ):
        assert await here.end() == 0
    assert here.screen.text == SHOWN
    assert {style for style in here.screen.styles if "3" in style} == set()
    assert "TERM" not in how or b"\x1b" not in here.sent


HOSTILE: Final = "# \x1b]0;owned\x07 \x1b[2J \u202e \x9b95m\r# again"


async def test_what_stands_in_a_file_cannot_steer_the_terminal(tmp_path: Path, shop: Path) -> None:
    """In a pipe it is what it is, for a diff of something else could not be applied."""
    place = drawn_at(shop / "cart.py", f"x = 1\n⟦y = 2⟧\n{HOSTILE}\n")
    async with (
        fake_backend(text=block("y = 3")) as backend,
        terminal(
            *(tmp_path, "refactor", *ALONE, place, "Three"),
            address=backend.url,
            height=20,
            width=120,
        ) as here,
    ):
        assert await here.end() == 0, here.sent  # the screen refuses what no command of ours sends
        done = await refactor(tmp_path, *ALONE, place, "Three", address=backend.url)
    assert " # \\x1b]0;owned\\x07 \\x1b[2J \\u202e \\x9b95m\\r# again" in here.screen.text
    assert f"+y = 3\n {HOSTILE}\n" in done.out


async def test_ctrl_c_leaves_the_file_and_the_terminal_as_they_were(
    tmp_path: Path, shop: Path
) -> None:
    place = drawn_at(shop / "cart.py", CART)
    before = (shop / "cart.py").read_bytes()
    async with (
        fake_backend(text="word " * 500, chunk=5, token_ms=20) as backend,
        terminal(tmp_path, "refactor", "--apply", place, "One more", address=backend.url) as here,
    ):
        await here.until(lambda sent: "Ctrl-C ends it" in sent and bool(backend.generations))
        here.type(INTERRUPT)
        assert await here.end() == 130
        (seen,) = backend.generations
        assert (seen.finished_ns, seen.client_end_ns is not None) == (None, True)
    assert here.screen.text.replace("^C", "").strip() == ""
    assert (shop / "cart.py").read_bytes() == before
    assert sorted(each.name for each in shop.iterdir()) == [".git", "cart.py", "prices.py"]


async def test_interrupted_in_a_pipe_it_says_nothing(tmp_path: Path, shop: Path) -> None:
    place = drawn_at(shop / "cart.py", CART)
    async with fake_backend(text="word ", chunk=5, token_ms=20, endless=True) as backend:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "inglenook", "refactor", *ALONE, place, "One more"),
            env={**os.environ, **config_for(tmp_path, "llama.cpp", backend.url)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        async with asyncio.timeout(30):
            while not backend.generations:
                await asyncio.sleep(0.005)
            process.send_signal(signal.SIGINT)
            out, errors = await process.communicate()
        (seen,) = backend.generations
        assert seen.client_end_ns is not None
    assert (process.returncode, out, errors) == (130, b"", b"")
