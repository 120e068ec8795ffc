"""Patterns as in .gitignore that the configuration has, for paths that are asked one by one.

They mean what they mean in a file at the root (`inglenook.workspace.ignore`), but a path is judged
name by name, as an automaton reads a text, and what a directory leads to is kept: one more file of
it costs as much as its own name. Nothing is compiled once a value is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from inglenook.workspace.ignore import Pattern, Rules, expression, is_glob, parsed, rules_of, split

DEEPEST: Final = 64  # names of a path; what is deeper is not walked either
LONGEST: Final = 512  # characters of a path
_REMEMBERED: Final = 1_024  # directories

_ANY: Final = "**"


class Automaton(NamedTuple):
    """Reads names with the patterns that have a slash.

    A state is a bit: the next name is for this part of this pattern. The parts of all patterns
    follow each other, those of a later pattern in higher bits.
    """

    start: int = 0
    literals: dict[str, int] = {}  # noqa: RUF012  by name: the states that read it
    globs: tuple[tuple[int, re.Pattern[str]], ...] = ()
    any: int = 0  # ``**``: reads every name, and stays
    skips: int = 0  # those of them which something follows: they may read nothing
    moves: int = 0  # of the others, those which something follows
    ends: int = 0  # of patterns for files and directories
    directory_ends: int = 0  # of all patterns
    numbers: tuple[int, ...] = ()  # by state: which pattern it is of

    def read(self, states: int, name: str, is_directory: bool) -> tuple[int, int]:
        """The last pattern that this name ends (-1: none), and the states after it."""
        fits = states & (self.any | self.literals.get(name, 0))
        for state, glob in self.globs:
            if states & state and glob.fullmatch(name):
                fits |= state
        ended = fits & (self.directory_ends if is_directory else self.ends)
        following = (fits & self.any) | (fits & self.moves) << 1
        following |= (following & self.skips) << 1
        return self.numbers[ended.bit_length() - 1] if ended else -1, following


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Patterns:
    """Made by `compiled`."""

    names: Rules  # the patterns without a slash, which mean a name anywhere
    paths: Automaton  # the others
    takes_back: frozenset[int]
    _below: dict[str, int | None] = field(default_factory=dict, repr=False)

    def leaves_out(self, path: str) -> bool:
        """Whether a file, or a directory that it is in, is left out.

        So is a path that is longer or deeper than any that people have: nobody who makes one
        gets to keep an event loop busy.
        """
        if path.count("/") >= DEEPEST or len(path) > LONGEST:
            return True
        directory, _, name = path.rpartition("/")
        states = self._in(directory)
        return states is None or self._read(states, name, is_directory=False) is None

    def _in(self, directory: str) -> int | None:
        """The states in a directory, "" for the root; None if it is left out."""
        if not directory:
            return self.paths.start
        if directory in self._below:
            return self._below[directory]
        parent, _, name = directory.rpartition("/")
        states = self._in(parent)
        if states is not None:
            states = self._read(states, name, is_directory=True)
        if len(self._below) >= _REMEMBERED:
            self._below.clear()
        self._below[directory] = states
        return states

    def _read(self, states: int, name: str, *, is_directory: bool) -> int | None:
        """The states after a name; None if it is left out. The last pattern that fits decides."""
        last, following = self.paths.read(states, name, is_directory)
        last = max(last, self.names.last(name, is_directory))
        return None if last >= 0 and last not in self.takes_back else following


def compiled(lines: Iterable[str]) -> Patterns:
    """The patterns that these lines are; a later one wins. Nothing for an event loop: it takes
    0.3 ms a pattern."""
    found = list(parsed(lines))
    names = rules_of(each for each in found if "/" not in each.text)
    paths = _automaton([each for each in found if "/" in each.text])
    return Patterns(names, paths, frozenset(each.number for each in found if each.takes_back))


def _automaton(patterns: Iterable[Pattern]) -> Automaton:
    made = Automaton(literals={})
    globs: list[tuple[int, re.Pattern[str]]] = []
    start = any_of = skips = moves = ends = directory_ends = 0
    numbers: list[int] = []
    for pattern in patterns:
        parts = _parts(pattern.text)
        start |= 1 << len(numbers)
        for place, part in enumerate(parts, 1):
            state, is_last = 1 << len(numbers), place == len(parts)
            numbers.append(pattern.number)
            if part == _ANY:
                any_of |= state
                skips |= 0 if is_last else state
            else:
                moves |= 0 if is_last else state
                if is_glob(part):
                    globs.append((state, re.compile(expression(part), re.DOTALL)))
                else:
                    made.literals[part] = made.literals.get(part, 0) | state
            if is_last:
                directory_ends |= state
                ends |= 0 if pattern.only_directories else state
    start |= (start & skips) << 1
    return made._replace(
        start=start,
        globs=tuple(globs),
        any=any_of,
        skips=skips,
        moves=moves,
        ends=ends,
        directory_ends=directory_ends,
        numbers=tuple(numbers),
    )


def _parts(text: str) -> list[str]:
    """The names of a pattern, in which ``**`` is not repeated: it stands for any number of them."""
    found: list[str] = []
    for part in split(text):
        if part and not (part == _ANY and found and found[-1] == _ANY):
            found.append(part)
    return found
