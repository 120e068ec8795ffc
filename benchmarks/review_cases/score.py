"""What a review of the labelled set is worth: precision, recall and F0.5, with intervals.

A finding is right if it speaks of a bug's lines. What it says of them nobody reads, and in a diff
the changed line is the first place to point at: how often clean changes are left alone, which have
changed lines too, tells whether a reviewer knows or guesses.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDE: Final = 3  # lines beside the bug's own that a finding may have
_DRAWS: Final = 2000
_BETA: Final = 0.5


@dataclass(frozen=True, slots=True)
class Scored:
    """One case: its findings as whether each is right. ``is_bug``: there is something to find."""

    is_bug: bool
    findings: tuple[bool, ...]


def is_right(lines: frozenset[int], start: int, stop: int) -> bool:
    """Whether a finding from ``start`` to ``stop`` speaks of a bug in ``lines``."""
    said = frozenset(range(start, stop + 1))
    return bool(said & lines) and len(said - lines) <= _WIDE


@dataclass(frozen=True, slots=True)
class Score:
    """``precision`` is of findings, ``recall`` of bugs, ``alarmed`` of clean changes: those with a
    finding. All are from 0 to 1; precision without a finding is 0."""

    precision: float
    recall: float
    f05: float
    alarmed: float


def score(cases: Sequence[Scored]) -> Score:
    findings = [right for case in cases for right in case.findings]
    bugs = [case for case in cases if case.is_bug]
    clean = [case for case in cases if not case.is_bug]
    precision = _share(sum(findings), len(findings))
    recall = _share(sum(any(case.findings) for case in bugs), len(bugs))
    weight = _BETA**2
    f05 = _share((1 + weight) * precision * recall, weight * precision + recall)
    return Score(precision, recall, f05, _share(sum(bool(c.findings) for c in clean), len(clean)))


def interval(cases: Sequence[Scored], share: float = 0.95) -> tuple[float, float]:
    """Of F0.5, by drawing cases with replacement; the same at every call."""
    draw = random.Random(0)
    found = sorted(score(draw.choices(cases, k=len(cases))).f05 for _ in range(_DRAWS))
    cut = int((1 - share) / 2 * _DRAWS)
    return found[cut], found[-1 - cut]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
