"""Sources of drawn changes, in every way that a repository's changes are read."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from inglenook.review.source import Unwanted
from inglenook.review.source_git import GitSource, git_source
from tests.support.drawn_repository import File, Repository

SHOP: Final = """
    == cart.py
      def total(prices):
    -     return sum(prices)
    +     return round(sum(prices), 2)

      def first(prices):
    +     if not prices:
    +         return None
          return prices[0]
    -
    - def last(prices):
    -     return prices[-1]
    == gone.py
    - a = 1
    - b = 2
    == new.py
    + c = 3
    == old/name.py -> new/name.py
      one = 1
      two = 2
      three = 3
      four = 4
    - five = 5
    + five = "five"
      six = 6
      seven = 7
"""
IGNORED: Final = Unwanted("It is ignored.", checked=False)
MODES: Final = ("commits", "staged", "worktree", "revision")


def opened(
    repository: Repository,
    revisions: str = "",
    *,
    staged: bool = False,
    paths: Sequence[str] = (),
    directory: str = ".",
) -> GitSource:
    return git_source(
        repository.root / directory,
        revisions=revisions,
        staged=staged,
        paths=paths,
        left_out=lambda path: IGNORED if path.endswith(".ignored") else None,
    )


def source_of(repository: Repository, files: Sequence[File], mode: str) -> GitSource:
    """A source of a drawing that is read in one of four ways."""
    repository.before(files)
    repository.after(files)
    if mode == "worktree":
        return opened(repository)
    repository.git("add", "-A")
    if mode == "staged":
        return opened(repository, staged=True)
    if mode == "revision":
        return opened(repository, "HEAD")
    repository.git("commit", "-qm", "x")
    return opened(repository, "HEAD~1..HEAD")


def edited(chance: Random, text: Sequence[str]) -> list[str]:
    """The lines with some of them changed, taken out, or put in."""
    lines = list(text)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(lines))
        put = chance.choices(LINES, k=chance.choice((0, 0, 1, 2, 5)))
        lines[at : at + chance.choice((0, 0, 1, 3))] = put
    return lines


LINES: Final = (
    *("", "x = 1", "    y", "\tz", "@@ -1 +1 @@", "-- a", "++ b", "--- a/x.py", "+++ b/x.py"),
    *("diff --git a/x b/x", "\\ No newline at end of file", "é", "日本", " ", "a\rb", "a\u2028b"),
    *("a\x0cb", "a\x85b", "Binary files a/x and b/x differ", "* Unmerged path x", "c\r"),
)
