"""``inglenook chat`` and its like as a shell runs them, in a small project with a repository."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.support.command import Run
from tests.support.fake_backend import FakeBackend
from tests.support.forked import inglenook
from tests.support.house import config_for

CART: Final = "from prices import price_of\n\n\ndef total(items):\n    return price_of(items)\n"
PRICES: Final = "def price_of(items: list[str]) -> float:\n    return 1.0\n"
# What says no place in the project, and what is answered.
NO_PLACES: Final = (
    (["cart.py:0", "?"], "cart.py has 6 lines; there is no line 0."),
    (["cart.py:2-9", "?"], "cart.py has 6 lines; there is no line 9."),
    (["cart.py:5-2", "?"], "The lines 5-2 end before they begin; a range of lines is"),
    (["cart.py:x", "?"], "There is no file cart.py:x; a range of lines is FILE:START-END, as"),
    (["none.py", "?"], "There is no file none.py."),
)


def shop_in(directory: Path) -> Path:
    """The project."""
    folder = directory / "shop"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "cart.py").write_text(CART)
    (folder / "prices.py").write_text(PRICES)
    return folder


def git(folder: Path, *words: str) -> str:
    names = ("-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", "-C", str(folder), *names, *words], check=True, capture_output=True, text=True
    )
    return done.stdout


async def chat(directory: Path, *arguments: str, **how: Any) -> Run:
    return await piped_into(directory, "chat", *arguments, **how)


async def piped_into(
    directory: Path,
    *arguments: str,
    address: str,
    piped: str | None = None,
    cwd: Path | None = None,
    provider: str = "llama.cpp",
    patience: float = 60.0,  # seconds
    **more: str,
) -> Run:
    """One command whose standard input is ``piped``, or no terminal and empty."""
    process = await asyncio.create_subprocess_exec(
        *(inglenook(), *arguments),
        env={**os.environ, **config_for(directory, provider, address), **more},
        cwd=cwd,
        stdin=subprocess.DEVNULL if piped is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    given = None if piped is None else piped.encode()
    out, errors = await asyncio.wait_for(process.communicate(given), patience)
    return Run(process.returncode or 0, out.decode(), errors.decode())


def asked(backend: FakeBackend) -> str:
    """The last message of the one chat that came."""
    (seen,) = backend.generations
    content: str = seen.json["messages"][-1]["content"]
    return content
