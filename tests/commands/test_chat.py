"""``inglenook chat`` in a pipe: arguments and standard input in; an answer, sentences out."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.chat_command import CART, NO_PLACES, asked, chat, shop_in
from tests.support.command import ALONE, Run
from tests.support.command import run as run_command
from tests.support.fake_backend import fake_backend
from tests.support.house import config_for


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_in(tmp_path)


async def test_the_answer_goes_to_stdout_and_what_was_read_to_stderr(
    tmp_path: Path, shop: Path
) -> None:
    async with fake_backend(text="It **adds**: [x](https://a.example)", chunk=2) as backend:
        done = await chat(tmp_path, f"{shop}/cart.py:5", "What?", address=backend.url)
        assert done == Run(
            0,
            "It **adds**: [x]\\(`https://a.example`)\n",
            "Read: cart.py (selection, scope), prices.py (definitions)\n",
        )
        assert "Selected in `cart.py`, line 5:\n\n```python\n    return price" in asked(backend)
        assert "def price_of(items: list[str]) -> float\n```" in asked(backend)
        assert asked(backend).endswith("What?")


async def test_json_is_one_object(tmp_path: Path, shop: Path) -> None:
    async with fake_backend(text="Yes.", prompt_tokens=200) as backend:
        done = await chat(
            tmp_path, "--json", *ALONE, f"{shop}/cart.py:4-5", "?", address=backend.url
        )
    body = json.loads(done.out)
    assert (done.code, done.errors) == (0, "")
    assert body["used"] == [{"path": "cart.py", "what": "selection"}]
    assert (body["text"], body["reasoning"], body["limited"]) == ("Yes.", "", False)
    assert (body["notices"], body["usage"]["promptTokens"]) == ([], 200)
    assert body["model"]


async def test_reasoning_is_not_in_a_pipe_but_in_json(tmp_path: Path, shop: Path) -> None:
    place = f"{shop}/cart.py:5"
    async with fake_backend(text="Yes.", thinking="Is it?") as backend:
        plainly = await chat(tmp_path, *ALONE, place, "?", address=backend.url, provider="ollama")
        body = await chat(
            tmp_path, "--json", *ALONE, place, "?", address=backend.url, provider="ollama"
        )
    assert plainly.out == "Yes.\n"
    assert json.loads(body.out)["reasoning"] == "Is it?"


async def test_without_lines_the_whole_file_is_read(tmp_path: Path, shop: Path) -> None:
    async with fake_backend(text="Yes.") as backend:
        done = await chat(tmp_path, f"{shop}/cart.py", "What?", address=backend.url)
        assert done == Run(0, "Yes.\n", "Read: cart.py\n")
        fence = f"```\n{CART.rstrip()}\n```"
        assert asked(backend) == f"The file `cart.py`:\n\n{fence}\n\nWhat?"


async def test_a_whole_file_that_does_not_fit_is_said(tmp_path: Path, shop: Path) -> None:
    """Without it a model could only make an answer up."""
    (shop / "long.py").write_text("x = 1\n" * 20_000)
    async with fake_backend(text="Yes.") as backend:
        done = await chat(tmp_path, f"{shop}/long.py", "What?", address=backend.url)
        assert not backend.generations
    assert (done.code, done.out) == (2, "")
    assert "long.py did not fit into the model's window: there is nothing" in done.errors


async def test_more_files_and_a_directory(tmp_path: Path, shop: Path) -> None:
    (tmp_path / "notes.txt").write_text("Buy less.\n")
    further = ("--file", f"{shop}/prices.py", "--file", f"{tmp_path}/notes.txt")
    async with fake_backend(text="Yes.") as backend:
        done = await chat(tmp_path, str(shop), "What?", *further, address=backend.url)
        assert done == Run(0, "Yes.\n", "Read: prices.py, notes.txt\n")
        assert "Buy less." in asked(backend)
        assert str(tmp_path) not in asked(backend)  # what is elsewhere has its name alone


@pytest.mark.parametrize(
    ("arguments", "piped", "sent", "read"),
    [
        (["-", "What breaks?"], "-a\n+b\n", "-a\n+b\n```\n\nWhat breaks?", "standard input"),
        (["cart.py", "And?", "--file", "-"], "+b\n", "+b\n```\n\nAnd?", "cart.py, standard input"),
        (["cart.py"], "Why this?\n", "Why this?", "cart.py"),
        (["cart.py", "-"], "Why that?\n", "Why that?", "cart.py"),
        (["cart.py", "Why?"], "is left to the loop that calls", "Why?", "cart.py"),
    ],
)
async def test_what_is_piped_in(
    tmp_path: Path, shop: Path, arguments: list[str], piped: str, sent: str, read: str
) -> None:
    async with fake_backend(text="Yes.") as backend:
        done = await chat(tmp_path, *arguments, address=backend.url, piped=piped, cwd=shop)
        assert done == Run(0, "Yes.\n", f"Read: {read}\n")
        assert asked(backend).strip().endswith(sent)
        assert ("left to the loop" in asked(backend)) is False


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        *NO_PLACES,
        ([".:3", "?"], ". is a directory, which has no lines."),
        (["cart.py", " "], "The question is empty."),
        (["cart.py"], "Nothing came on standard input."),
        (["-", "-"], "Standard input (-) can be only one thing: the question, or a file."),
        (["-"], "Standard input (-) can be only one thing: the question, or a file."),
        (["cart.py", "?", "--file", "none.py"], "There is no file none.py."),
        ([".env", "?"], "{shop}/.env is shown to no model: by its name it holds secrets."),
        (["link.py", "?"], "{shop}/.env is shown to no model: by its name it holds secrets."),
        (["cart.py", "?", "--file", ".env"], "{shop}/.env is shown to no model: by its name"),
        (["gen/a.py:1", "?"], "{shop}/gen/a.py is shown to no model: the configuration leaves it"),
        (["latin.py", "?"], "latin.py is not UTF-8 (byte 5); convert it first."),
        ([".", "/commit"], "Nothing is staged: git add what the commit is to hold."),
    ],
)
async def test_what_cannot_be_asked_is_one_sentence(
    tmp_path: Path, shop: Path, arguments: list[str], sentence: str
) -> None:
    (shop / ".env").write_text("KEY=1\n")
    (shop / "link.py").symlink_to(".env")
    (shop / "latin.py").write_bytes(b"x = '\xe9'\n")
    (shop / "gen").mkdir()
    (shop / "gen" / "a.py").write_text("x = 1\n")
    (shop / ".inglenook").mkdir()
    (shop / ".inglenook" / "config.yaml").write_text("inglenook: {ignore: ['gen/']}\n")
    async with fake_backend() as backend:
        done = await chat(tmp_path, *arguments, address=backend.url, cwd=shop)
        assert (done.code, done.out) == (2, "")
        assert done.errors.startswith(f"inglenook: {sentence.format(shop=shop)}")
        assert done.errors.count("\n") == 1
        assert backend.seen == []


async def test_no_model_is_one_sentence(tmp_path: Path, shop: Path) -> None:
    done = await chat(tmp_path, *ALONE, f"{shop}/cart.py", "?", address="http://127.0.0.1:9")
    assert (done.code, done.out, done.errors.count("\n")) == (3, "", 1)


async def test_a_question_longer_than_the_window_is_bad_input(tmp_path: Path, shop: Path) -> None:
    async with fake_backend() as backend:
        done = await chat(tmp_path, str(shop), address=backend.url, piped="why " * 20_000, cwd=shop)
    assert (done.code, done.out) == (2, "")
    assert "longer than the model's window" in done.errors


async def test_what_came_before_an_error_is_not_lost(tmp_path: Path, shop: Path) -> None:
    async with fake_backend(
        text="one two three four", chunk=4, error="broken", error_after=3
    ) as backend:
        done = await chat(tmp_path, *ALONE, f"{shop}/cart.py", "?", address=backend.url)
    assert (done.code, done.errors.count("\n")) == (3, 1)
    assert done.out.startswith("one ")
    assert done.out.endswith("\n")


async def test_a_model_that_says_nothing_is_no_success(tmp_path: Path, shop: Path) -> None:
    async with fake_backend(text="") as backend:
        done = await chat(tmp_path, *ALONE, f"{shop}/cart.py", "?", address=backend.url)
    assert (done.code, done.out) == (1, "")
    assert done.errors == "Read: cart.py\ninglenook: the model had nothing to say.\n"


# -- ends ------------------------------------------------------------------------------------------


async def begun(directory: Path, shop: Path, address: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "inglenook", "chat", *ALONE, f"{shop}/cart.py", "Tell."),
        env={**os.environ, **config_for(directory, "llama.cpp", address), "PYTHONUNBUFFERED": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def test_interrupted_it_closes_the_models_socket(tmp_path: Path, shop: Path) -> None:
    async with fake_backend(text="word ", chunk=5, token_ms=100, endless=True) as backend:
        process = await begun(tmp_path, shop, backend.url)
        assert process.stdout is not None
        first = await asyncio.wait_for(process.stdout.readexactly(9), 30)  # it comes at once
        process.send_signal(signal.SIGINT)
        out, errors = await asyncio.wait_for(process.communicate(), 30)
        (seen,) = backend.generations
        assert seen.client_end_ns is not None
    assert process.returncode == 130
    assert set((first + out).decode().split()) == {"word"}
    assert out.endswith(b"\n")
    assert errors == b""


async def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path, shop: Path) -> None:
    """As ``| head -1`` does."""
    async with fake_backend(text="word\n", chunk=5, token_ms=10, endless=True) as backend:
        program = f'"{sys.executable}" -m inglenook chat --index-seconds 0 cart.py Tell. | head -2'
        process = await asyncio.create_subprocess_shell(
            program,
            env={**os.environ, **config_for(tmp_path, "llama.cpp", backend.url)},
            cwd=shop,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, errors = await asyncio.wait_for(process.communicate(), 60)
        (seen,) = backend.generations
        assert seen.client_end_ns is not None
    assert (process.returncode, out, errors) == (0, b"word\nword\n", b"")


async def test_help_says_what_can_be_asked(tmp_path: Path) -> None:
    done = await run_command(tmp_path, "chat", "--help")
    assert done.code == 0
    assert "FILE[:START-END]" in done.out
    assert "--no-think" in done.out
