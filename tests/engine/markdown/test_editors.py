"""The renderers that editors use find nothing active either; they come from npm."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from inglenook.engine.markdown.safe import safe_markdown
from tests.engine.markdown.exfiltration import EXFILTRATION
from tests.engine.markdown.random_answers import random_answer
from tests.support.markdown_node import active_in_editors

pytestmark = pytest.mark.editor


def found_in(answers: list[str]) -> dict[str, list[str]]:
    found = active_in_editors([safe_markdown(answer) for answer in answers])
    return {answer: active for answer, active in zip(answers, found, strict=True) if active}


def test_most_attacks_would_succeed() -> None:
    assert sum(map(bool, active_in_editors(EXFILTRATION))) >= 300


def test_no_attack_succeeds() -> None:
    assert found_in([*EXFILTRATION]) == {}


@pytest.mark.parametrize("between", ["", "\n", "\n\n", " `", "\n```\n", "["])
def test_no_two_attacks_succeed(between: str) -> None:
    assert found_in([between.join(pair) for pair in pairwise(EXFILTRATION)]) == {}


def test_nothing_is_active_in_random_answers() -> None:
    dice = random.Random(7)
    assert found_in([random_answer(dice) for _ in range(5000)]) == {}
