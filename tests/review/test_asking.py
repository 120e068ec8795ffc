"""What becomes of a model's answers about one unit: which are asked for once more, what of them is
told, and which are forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

import pytest

from inglenook.models.chatting import ChatRequest
from inglenook.review.answers import MOST
from inglenook.review.asking import Answer, Ended, Panel, Reviewed, Tally
from inglenook.review.locate import QUOTE
from inglenook.review.reviewers import chosen, reviewers
from inglenook.review.values import Changed
from tests.review.test_units import units
from tests.support.drawn_change import changed, whole

TWINS = """
    def a(x):
        if x < 0:
            return None
        return x + 1


    def b(x):
        if x > 9:
            return None
        return x - 1
"""
PLUS, MINUS, NONE = "return x + 1", "return x - 1", "return None"


def says(*quotes: str, rule: str = "wrong-result") -> str:
    return json.dumps({"findings": [entry(each, rule) for each in quotes]})


def entry(quote: str, rule: str = "wrong-result") -> dict[str, str]:
    return {"quote": quote, "message": f"Of {quote[:40]}.", "rule": rule, "severity": "error"}


def mixed(*entries: Any) -> str:
    return json.dumps({"findings": list(entries)})


@dataclass
class Asked:
    """Says one answer after another; ``forgotten`` are the numbers of those to be asked again."""

    answers: Sequence[str]
    requests: list[ChatRequest] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)

    async def __call__(self, request: ChatRequest) -> Answer:
        number = len(self.requests)
        if number == len(self.answers):
            raise Ended("No more.")
        self.requests.append(request)
        return Answer(self.answers[number], forget=lambda: self.forgotten.append(number))

    @property
    def last(self) -> str:
        return self.requests[-1].messages[-1].content


@dataclass
class Told:
    found: Reviewed
    tally: Tally
    asked: Asked

    @property
    def lines(self) -> list[tuple[int, int]]:
        return [(each.line, each.end_line) for each in self.found.findings]

    @property
    def whole(self) -> bool:
        return self.found.is_whole


async def told(change: Changed, *answers: str, judge: bool = False) -> Told:
    [unit] = units(change)
    result = Told(Reviewed(), Tally(), Asked(answers))
    panel = Panel(chosen(reviewers(), ("correctness",)), result.asked, judge, 4_000, result.tally)
    try:
        await panel.review(unit, result.found)
    except Ended:
        result.found.is_whole = False
    assert result.tally.asked == len(result.asked.requests)
    return result


# -- answers that can only be read in part -----------------------------------------------------

NO_RULE = entry(MINUS, "nonsense")
NO_QUOTE = {"message": "m", "rule": "off-by-one"}


@pytest.mark.parametrize("bad", [NO_RULE, NO_QUOTE, "prose", {**entry(PLUS), "message": ""}])
async def test_a_bad_entry_beside_a_good_one_is_asked_for_again(bad: object) -> None:
    """What could be read stays, whatever the second answer says: a small model says "nothing"."""
    done = await told(whole(TWINS), mixed(entry(PLUS), bad), says(MINUS))
    assert done.lines == [(4, 4), (10, 10)]
    assert (done.whole, done.tally.unparsed, done.tally.cut) == (True, 0, 0)
    assert done.asked.forgotten == []


@pytest.mark.parametrize(
    ("first", "second", "lines"),
    [
        (mixed(entry(PLUS), NO_RULE), "No problem.", [4]),
        (mixed(entry(PLUS), NO_RULE), mixed(NO_QUOTE), [4]),
        (mixed(entry(PLUS), NO_RULE), mixed(entry(MINUS), NO_RULE), [4]),
        (mixed(NO_QUOTE), mixed(entry(MINUS), NO_RULE), [10]),
        ("Look:", mixed(entry(MINUS), NO_RULE), [10]),
        (mixed(entry(PLUS), NO_RULE), mixed(entry(MINUS), entry("def b(x):"), NO_RULE), [10, 7]),
        (mixed(NO_RULE), mixed(NO_RULE), []),
    ],
)
async def test_what_is_bad_twice_is_never_clean(first: str, second: str, lines: list[int]) -> None:
    """What is good in the better one is told, and both are asked for again the next time."""
    done = await told(whole(TWINS), first, second)
    assert [line for line, _ in done.lines] == lines
    assert (done.whole, done.tally.unparsed, done.tally.cut) == (False, 1, 0)
    assert done.asked.forgotten == [1, 0]


@pytest.mark.parametrize(("second", "asked"), [(says(PLUS), 1), (says(), 2)])
async def test_two_answers_in_one_are_none(second: str, asked: int) -> None:
    both = "\n".join(f"So:\n```json\n{each}\n```" for each in (says(PLUS), second))
    done = await told(whole(TWINS), *(both, says(MINUS))[:asked])
    assert (len(done.asked.requests), done.lines) == (asked, [(4, 4) if asked == 1 else (10, 10)])


async def test_a_quote_may_hold_the_sign_that_ends_a_block() -> None:
    text = TWINS.replace("return x + 1", 'return "```js" + x')
    said = says('return "```js" + x')
    done = await told(whole(text), f"Look:\n\n```json\n{said}\n```\nThat is all.")
    assert (done.lines, done.whole) == ([(4, 4)], True)


async def test_what_is_too_much_is_cut_whatever_it_is() -> None:
    many = mixed(*[entry(PLUS)] * MOST, NO_RULE, NO_QUOTE)
    done = await told(whole(TWINS), many)
    assert (len(done.lines), done.whole, done.tally.cut) == (MOST, True, 2)


async def test_what_was_good_stays_where_nobody_can_be_asked_again() -> None:
    for first in (mixed(entry(PLUS), NO_RULE), says(PLUS, NONE)):
        done = await told(whole(TWINS), first)
        assert done.lines == [(4, 4)]
        assert not done.whole


# -- quotes that stand several times -----------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "line"),
    [
        (says("if x > 9:\n    return None"), 9),
        (says("    return None\n    return x + 1"), 3),
        (says(PLUS, "if x > 9:\n    return None"), 9),  # only what was asked counts
    ],
)
async def test_a_quote_that_stands_twice_is_asked_for_with_its_neighbour(
    second: str, line: int
) -> None:
    done = await told(whole(TWINS), says(NONE), second)
    assert done.lines == [(line, line)]
    assert done.found.findings[0].quote.strip() == NONE
    assert (done.whole, done.tally.unlocated) == (True, 0)
    assert 'The quote "return None" stands there several times' in done.asked.last
    assert "the line above or below" in done.asked.last


@pytest.mark.parametrize(
    "second",
    [
        says(NONE),
        says(),
        says(MINUS),
        says("def b(x):\n    if x > 9:\n        return False"),
        "No problem.",
        mixed(NO_RULE),
    ],
)
async def test_what_still_could_be_any_of_several_is_counted(second: str) -> None:
    done = await told(whole(TWINS), says(PLUS, NONE), second)
    assert done.lines == [(4, 4)]
    assert (done.whole, done.tally.unlocated, done.tally.unparsed) == (True, 1, 0)
    assert done.asked.forgotten == []  # what was whole is asked once, whatever came after it


async def test_two_claims_of_equal_lines_are_told_at_each() -> None:
    second = says("if x > 9:\n    return None", "if x < 0:\n    return None", PLUS)
    done = await told(whole(TWINS), says(NONE, NONE), second)
    assert sorted(done.lines) == [(3, 3), (9, 9)]


async def test_only_one_question_mends_both() -> None:
    done = await told(whole(TWINS), mixed(entry(NONE), NO_RULE), says(NONE, PLUS))
    assert done.lines == [(4, 4)]
    assert (done.whole, done.tally.unlocated) == (True, 1)


CHANGE = """
      def f(a, b):
          if a:
    +         return None
          if b:
    +         return None
          return a
"""


async def test_of_a_change_each_line_is_offered_so_that_it_can_be_told() -> None:
    done = await told(changed(CHANGE), says("if b:\nreturn None"), judge=True)
    assert done.lines == [(5, 5)]
    schema: Any = done.asked.requests[0].json_schema
    offered = schema["properties"]["findings"]["items"]["properties"]["quote"]
    assert offered == {"enum": ["if a:\nreturn None", "if b:\nreturn None"]}


async def test_a_judge_is_shown_which_of_equal_lines_is_meant() -> None:
    stands = json.dumps({"reason": "So.", "verdict": "stands"})
    done = await told(changed(CHANGE), says("if b:\nreturn None"), stands, judge=True)
    assert done.found.findings[0].judged
    assert dedent("""
        ```
                return None
        ```

        that stands here

        ```
            if b:
                return None
        ```

        that Of if b: return None.
    """) in done.asked.last.replace("\n\n\n", "\n\n")  # fmt: skip


async def test_a_model_that_is_held_to_no_form_may_be_asked_which_line() -> None:
    done = await told(changed(CHANGE), says(NONE), says("    if b:\n        return None"))
    assert done.lines == [(5, 5)]


async def test_what_nobody_can_offer_is_not_asked_for_again() -> None:
    row = "\n    + def f(a):\n" + "    +     go(a)\n" * 12
    done = await told(changed(row), says("go(a)"))
    assert (done.lines, done.whole, done.tally.unlocated) == ([], True, 1)


# -- long lines --------------------------------------------------------------------------------

LONG = "compute(" + ", ".join(f"name_{number}" for number in range(90)) + ")"


@pytest.mark.parametrize("size", [QUOTE, 2 * QUOTE, len(LONG)])
async def test_a_quote_of_a_long_line_is_found(size: int) -> None:
    done = await told(whole(f"a = 1\n{LONG}\nb = 2\n"), says(LONG[:size]))
    assert done.lines == [(2, 2)]
