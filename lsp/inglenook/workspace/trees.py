"""The roots and environments in the worker, and what happens when the store of one breaks."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from inglenook.private import Unusable
from inglenook.workspace.installed import Installed
from inglenook.workspace.place import prepare, tidy
from inglenook.workspace.store import discard, is_full, is_passing
from inglenook.workspace.tree import Tree

_FAULTS: Final = 3  # so often the store of a root is opened again; then there is none

Troubles = list[str | None]  # of each root, in one sentence


class Trees:
    """One tree a root, then one for each environment's packages; None where there can be none.
    ``broken`` is told of every store that had to be opened again, or could not be."""

    def __init__(
        self, roots: Sequence[Path], store: Path, secret: str, broken: Callable[[Troubles], None]
    ) -> None:
        self._roots = tuple(roots)
        self._store = store
        self._secret = re.compile(secret, re.VERBOSE | re.IGNORECASE)
        self._broken = broken
        self._sites: tuple[Path, ...] = ()
        self._trees: list[Tree | Installed | None] = [None] * len(self._roots)
        self._faults = [0] * len(self._roots)

    def open(self, sites: Sequence[Path] = ()) -> Troubles:
        """``sites`` are the directories of the environments' packages."""
        troubles = [self._open(number) for number in range(len(self._roots))]
        return [*troubles, *(self.install(sites) or ())[len(troubles) :]]

    def install(self, sites: Sequence[Path]) -> Troubles | None:
        """Have these directories of packages instead of others; None if they are the same."""
        if self._sites == tuple(sites):
            return None
        count = len(self._roots)
        for tree in self.installed():
            tree.close()
        self._sites = tuple(sites)
        self._trees[count:] = [None] * len(sites)
        self._faults[count:] = [0] * len(sites)
        opened = [self._open(count + number) for number in range(len(sites))]
        return [None] * count + opened

    def __iter__(self) -> Iterator[Tree | Installed]:
        return (tree for tree in self._trees if tree is not None)

    def __getitem__(self, number: int) -> Tree | Installed | None:
        return self._trees[number] if 0 <= number < len(self._trees) else None

    def roots(self) -> Iterator[Tree]:
        return (tree for tree in self._trees if isinstance(tree, Tree))

    def installed(self) -> Iterator[Installed]:
        return (tree for tree in self._trees if isinstance(tree, Installed))

    @property
    def databases(self) -> list[str | None]:
        return [str(tree.database) if tree is not None else None for tree in self._trees]

    def each(self, do: Callable[[Tree | Installed, int], object]) -> None:
        """``do`` with every tree and its number."""
        for number, tree in enumerate(tuple(self._trees)):
            if tree is not None:
                self._guarded(number, partial(do, tree, number))

    def begin_anew(self, number: int, error: Exception) -> None:
        """The store of a root broke: open it again, or a new one, or after some times none."""
        tree = self[number]
        if tree is None:
            return
        tree.close()
        self._trees[number] = None
        self._faults[number] += 1
        trouble: str | None = f"The index in {self._store} broke ({type(error).__name__})."
        with contextlib.suppress(OSError):
            if not is_full(error) and self._faults[number] <= _FAULTS:
                if not is_passing(error):
                    discard(tree.database)
                trouble = self._open(number)
        fresh = self._trees[number]
        if fresh is not None:
            fresh.look()
        self._broken([trouble if each == number else None for each in range(len(self._trees))])

    def close(self) -> None:
        """Write what can be written, and let everything go."""
        for tree in self:
            with contextlib.suppress(OSError, sqlite3.Error):
                tree.write()
            tree.close()

    def _guarded(self, number: int, do: Callable[[], object]) -> None:
        try:
            do()
        except BrokenPipeError:  # the parent is gone
            raise
        except (OSError, sqlite3.Error) as error:
            self.begin_anew(number, error)

    def _open(self, number: int) -> str | None:
        """What is wrong, if anything is."""
        try:
            prepare(self._store)
            tree = self._made(number)
            tidy(tree.database)
        except Unusable as error:
            return str(error)
        except (OSError, sqlite3.Error) as error:
            return f"The index in {self._store} cannot be opened ({type(error).__name__})."
        self._trees[number] = tree
        return None

    def _made(self, number: int) -> Tree | Installed:
        count = len(self._roots)
        if number < count:
            return Tree(self._roots[number], self._store, self._secret)
        return Installed(self._sites[number - count], self._store, self._secret)
