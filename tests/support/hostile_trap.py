"""Repositories that try to have something run, or something read that lies outside of them.

Each case makes one trick of an ordinary repository. What it would run is the canary: a program that
leaves a mark with its name. ``bait`` is what plain git is asked to show that the trick works, so
that silence means something; cases without one are tricks that git itself does not fall for, or
that nothing runs for (a path out of the tree).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.drawn_repository import Repository

SECRET: Final = "OUTSIDE-OF-THE-TREE"


@dataclass(frozen=True)
class Trap:
    """A repository, a directory beside it that nobody may look into, and a program."""

    repository: Repository
    outside: Path
    canary: Path
    mark: Path

    @property
    def root(self) -> Path:
        return self.repository.root

    def config(self, text: str, file: str = ".git/config") -> None:
        """Add to a configuration; ``CANARY`` stands for the program, ``OUT`` for the directory."""
        text = text.replace("CANARY", str(self.canary)).replace("OUT", str(self.outside))
        with (self.root / file).open("a") as config:
            config.write(text)

    def attributes(self, text: str) -> None:
        self.repository.write({".git/info/attributes": text})

    @property
    def sang(self) -> str:
        return self.mark.read_text() if self.mark.exists() else ""


@dataclass(frozen=True)
class Case:
    make: Callable[[Trap], None]
    bait: tuple[str, ...] = ()


CASES: Final[dict[str, Case]] = {}


def case(*bait: str) -> Callable[[Callable[[Trap], None]], Callable[[Trap], None]]:
    def add(make: Callable[[Trap], None]) -> Callable[[Trap], None]:
        CASES[make.__name__] = Case(make, bait)
        return make

    return add


def trap(directory: Path) -> Trap:
    """An ordinary repository: two commits, and changes that are staged, not staged and new."""
    outside = directory / "outside"
    outside.mkdir()
    for name in ("secret.py", "kept.py", "app.py"):
        (outside / name).write_text(f'key = "{SECRET}"\n')
    canary, mark = directory / "canary", directory / "mark"
    canary.write_text(f'#!/bin/sh\necho "$0 $*" >> "{mark}"\n')
    canary.chmod(0o755)
    repository = Repository.made(directory / "tree")
    repository.commit({"app.py": "a = 0\n", "kept.py": "k = 0\n", "sub/secret.py": "s = 0\n"})
    repository.commit({"app.py": "a = 1\n"})
    repository.write({"app.py": "a = 2\n"})
    repository.git("add", "app.py")
    repository.write({"app.py": "a = 3\n", "new.py": "n = 1\n"})
    return Trap(repository, outside, canary, mark)
