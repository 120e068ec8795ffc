"""The generator's edits: the broken are caught by class, the good pass (benchmarks/verifier.py
makes more of them)."""

from __future__ import annotations

import pytest

from benchmarks.verifier import verdict
from tests.context.verify.broken import CLASSES, broken
from tests.context.verify.good import Example, computed, drawn, small


@pytest.mark.parametrize("kind", CLASSES)
def test_broken_edits_are_caught(kind: str) -> None:
    missed = [each.name for _, each in broken(7, 12, (kind,)) if verdict(each).good]
    assert not missed


def _failed(examples: list[Example]) -> list[tuple[str, object]]:
    return [(each.name, found) for each in examples if (found := verdict(each).failures)]


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_drawn_edits_pass(language: str) -> None:
    assert not _failed(list(drawn(language)))


def test_computed_refactors_pass() -> None:
    assert not _failed(list(computed(7, 12)))


def test_small_edits_pass() -> None:
    assert not _failed(list(small(7, 20)))


def test_a_seed_makes_the_same_edits() -> None:
    one, two = ([each.after for _, each in broken(3, 3, ("fence", "prose"))] for _ in range(2))
    assert one == two
