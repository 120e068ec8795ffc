"""What a review has looked at, of all that is known from earlier: only of that it can say that it
is gone, or of no use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_GLOB: Final = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Scope:
    """``whole`` are the files that were reviewed from their first line to their last, ``deleted``
    those that the change deletes. Of the directories ``below``, "" for the root, all files were
    seen but the ``skipped``; ``unasked`` are the reviewers that were not asked."""

    whole: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()
    unasked: frozenset[str] = frozenset()

    def has_rule(self, rule: str) -> bool:
        """``rule`` may be a reviewer's name, which means all of its rules."""
        return rule.partition("/")[0] not in self.unasked

    def has_file(self, path: str) -> bool:
        if path in self.whole or path in self.deleted:
            return True
        return self._is_below(path) and path not in self.skipped

    def has_files(self, pattern: str) -> bool:
        """Whether every file that a pattern can mean was looked at; ``*`` goes through slashes."""
        if _GLOB.search(pattern) is None:
            return self.has_file(pattern)
        return self._is_below(_GLOB.split(pattern)[0].rpartition("/")[0] + "/")

    def _is_below(self, path: str) -> bool:
        return any(not each or path.startswith(f"{each}/") for each in self.below)
