"""``inglenook chat``: which model answers, by which rules and commands; and ``/commit``."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.chat_command import asked, chat, git, shop_in
from tests.support.command import ALONE
from tests.support.fake_backend import fake_backend
from tests.support.house import config_for


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_in(tmp_path)


def two_models(directory: Path, address: str) -> dict[str, str]:
    """One for completions, a second one for chats."""
    file = directory / "two.yaml"
    entry = f"provider: ollama, apiBase: '{address}'"
    file.write_text(
        "models:\n"
        f"  - {{name: Quick, model: 'quick:1b', {entry}, roles: [autocomplete]}}\n"
        f"  - {{name: Wise, model: 'wise:7b', {entry}, roles: [chat]}}\n"
        "prompts: [{name: rhyme, prompt: 'Rhyme on {{{ input }}}.'}]\n"
    )
    return {"INGLENOOK_CONFIG": str(file)}


@pytest.mark.parametrize(
    ("options", "model"), [([], "wise:7b"), (["--model", "Quick"], "quick:1b")]
)
async def test_who_answers(tmp_path: Path, shop: Path, options: list[str], model: str) -> None:
    async with fake_backend(text="Yes.", models=("quick:1b", "wise:7b")) as backend:
        two = two_models(tmp_path, backend.url)
        done = await chat(
            tmp_path, *options, f"{shop}/cart.py", "/rhyme it", address=backend.url, **two
        )
        assert (done.code, done.out) == (0, "Yes.\n")
        assert backend.generations[0].json["model"] == model
        assert asked(backend).endswith("Rhyme on it.")


@pytest.mark.parametrize(
    ("options", "think"), [([], None), (["--think"], True), (["--no-think"], False)]
)
async def test_whether_it_reasons(
    tmp_path: Path, shop: Path, options: list[str], think: bool | None
) -> None:
    async with fake_backend(text="Yes.", capabilities=("completion", "thinking")) as backend:
        await chat(
            tmp_path, *options, f"{shop}/cart.py", "?", address=backend.url, provider="ollama"
        )
        assert backend.generations[0].json.get("think") is think


async def test_the_rules_of_the_project_go_in(tmp_path: Path, shop: Path) -> None:
    (shop / "AGENTS.md").write_text("Call a price a price.\n")
    async with fake_backend(text="Yes.") as backend:
        done = await chat(tmp_path, *ALONE, f"{shop}/cart.py:5", "?", address=backend.url)
        messages: list[dict[str, Any]] = backend.generations[0].json["messages"]
        assert "Call a price a price." in messages[0]["content"]
    assert "AGENTS.md (rule)" in done.errors


# -- the message of a commit -----------------------------------------------------------------------

MESSAGE = "Add the cart & *prices* of [x] <T>\n\nsnake_case and a_b.py stay, see #1"


@pytest.mark.parametrize("answer", [MESSAGE, f"```text\n{MESSAGE}\n```\n"])
async def test_a_commit_has_the_message_that_the_model_wrote(
    tmp_path: Path, shop: Path, answer: str
) -> None:
    """In a pipe nothing is escaped, for no Markdown is read there; and nothing else is said."""
    git(shop, "add", "cart.py")
    async with fake_backend(text=answer, chunk=3) as backend:
        done = await chat(tmp_path, str(shop), "/commit", address=backend.url)
        assert "+def total(items):" in asked(backend)
        assert done.out == f"{MESSAGE}\n"
        program = f'"{sys.executable}" -m inglenook chat . /commit'
        names = "-c user.name=A -c user.email=a@b.example -c commit.gpgsign=false"
        process = await asyncio.create_subprocess_shell(
            f"{program} | git {names} commit --quiet -F -",
            env={**os.environ, **config_for(tmp_path, "llama.cpp", backend.url)},
            cwd=shop,
            stderr=subprocess.PIPE,
        )
        await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert git(shop, "log", "--format=%B").rstrip() == MESSAGE


async def test_what_no_model_is_shown_is_in_no_message(tmp_path: Path, shop: Path) -> None:
    (shop / ".env").write_text("PASSWORD=hunter2hunter2\n")
    (shop / "own.txt").write_text("mine\n")
    (shop / ".continueignore").write_text("own.txt\n")
    git(shop, "add", "--force", ".env", "own.txt", "cart.py")
    async with fake_backend(text=MESSAGE) as backend:
        done = await chat(tmp_path, str(shop), "/commit", address=backend.url)
        sent = asked(backend)
    assert "+def total(items):" in sent
    assert not any(each in sent for each in ("hunter2", ".env", "own.txt", "mine"))
    for name in (".env", "own.txt"):
        assert f"{name} is staged and was shown to no model." in done.errors


async def test_if_all_that_is_staged_is_secret_there_is_no_message(
    tmp_path: Path, shop: Path
) -> None:
    (shop / ".env").write_text("PASSWORD=hunter2hunter2\n")
    git(shop, "add", "--force", ".env")
    async with fake_backend(text=MESSAGE) as backend:
        done = await chat(tmp_path, str(shop), "/commit", address=backend.url)
        assert not backend.generations
    assert (done.code, done.out) == (2, "")
    assert "All that is staged is shown to no model" in done.errors


@pytest.mark.parametrize("alone", [True, False])
async def test_a_diff_that_is_too_long_is_told_of(
    tmp_path: Path, shop: Path, *, alone: bool
) -> None:
    (shop / "lock.txt").write_text("package = 1\n" * 20_000)
    git(shop, "add", "lock.txt", *([] if alone else ["cart.py"]))
    async with fake_backend(text=MESSAGE) as backend:
        done = await chat(tmp_path, str(shop), "/commit", address=backend.url)
        if not alone:
            assert "+def total(items):" in asked(backend)
            assert "Not shown, for want of room: lock.txt." in asked(backend)
        assert len(backend.generations) == (0 if alone else 1)
    assert done.code == (2 if alone else 0)
    assert "lock.txt did not fit into the model's window" in done.errors


async def test_half_a_message_is_none(tmp_path: Path, shop: Path) -> None:
    git(shop, "add", "cart.py")
    async with fake_backend(text=MESSAGE, chunk=3, error="broken", error_after=4) as backend:
        done = await chat(tmp_path, str(shop), "/commit", address=backend.url)
    assert (done.code, done.out) == (3, "")


async def test_a_message_cannot_steer_a_terminal(tmp_path: Path, shop: Path) -> None:
    git(shop, "add", "cart.py")
    async with fake_backend(text="Add \x1b[31mx") as backend:
        done = await chat(tmp_path, str(shop), "/commit", address=backend.url)
    assert done.out == "Add \\x1b[31mx\n"
