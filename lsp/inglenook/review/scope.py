"""What a review has looked at, of all that is known from earlier: only of that it can say that it
is gone, or of no use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from inglenook.review.values import Known
from inglenook.workspace.languages import language_of
from inglenook_context.languages import language_of as context_language

_GLOB: Final = re.compile(r"[*?\[]")
CHECKS: Final = frozenset({"code", "review"})  # whose rules need no reviewer


@dataclass(frozen=True, slots=True)
class Scope:
    """``whole`` are the files that were reviewed from their first line to their last, ``deleted``
    those that the change deletes. In the directories ``below``, "" for the root, all source text
    was looked at; ``is_there`` tells whether there is a file. ``asked`` are the reviewers that were
    asked, and have answered so that all of it is known, with the languages that they look at: none
    for all; no file that is ``unshown`` was shown to one. ``off`` are rules that nobody wants, or
    of which not all is told."""

    whole: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unshown: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()
    is_there: Callable[[str], bool] = lambda _path: True

    def has_rule(self, rule: str, pattern: str) -> bool:
        """Whether a rule was looked for in such of the files that a pattern means as were looked
        at. It may be a reviewer's name, which means all of its rules."""
        name = rule.partition("/")[0]
        if any(rule in (each, each.partition("/")[0]) or name == each for each in self.off):
            return False
        if name not in CHECKS:
            languages = self.asked.get(name)
            known = context_language(f"x{_GLOB.split(pattern)[-1]}")
            if languages is None or (languages and known not in languages):
                return False
            return pattern not in self.unshown
        return True

    def holds(self, known: Known) -> bool:
        """Whether a finding would have been found again."""
        return self.has_rule(known.rule, known.path) and self.has_file(known.path)

    def has_file(self, path: str) -> bool:
        """Whether it was looked at, or is known not to be there any more."""
        if path in self.whole or path in self.deleted:
            return True
        return self._is_below(path) and not self.is_there(path)

    def has_files(self, pattern: str) -> bool:
        """Whether every file that a pattern can mean was looked at; ``*`` goes through slashes."""
        if _GLOB.search(pattern) is None:
            return self.has_file(pattern)
        first = _GLOB.split(pattern)[0].rpartition("/")[0]
        is_source = language_of(f"x{_GLOB.split(pattern)[-1]}") is not None
        return is_source and self._is_below(f"{first}/")

    def _is_below(self, path: str) -> bool:
        return any(not each or path.startswith(f"{each}/") for each in self.below)
