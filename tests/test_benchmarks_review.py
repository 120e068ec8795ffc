"""What a review is worth is computed rightly: by a model whose findings and verdicts are known."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import benchmarks.review_cases
from benchmarks.review_cases.cases import Case
from benchmarks.review_cases.located import is_located
from benchmarks.review_cases.score import Score, Scored, interval, is_right, score
from benchmarks.review_quality import Row, earns_it, figures, reviewed, scored
from inglenook.models.chatting import ChatRequest
from inglenook.review import placed
from inglenook.review.asking import Answer
from inglenook.review.locate import Located
from tests.support.review_model import Reviewing, Wrong

BEFORE = '''\
def {name}(items):
    """The last of the items, None if there is none."""
    if not items:
        return None
    found = items[-1]
    return found
'''
SEEDED = "    found = items[len(items)]  # {name}"
RENAMED = "    found = items[len(items) - 1]  # {name}"
ELSEWHERE = "    if not items:"


class Model:
    """Asks `Reviewing` in the place of a backend."""

    def __init__(self, *wrong: Wrong) -> None:
        self.model = Reviewing(wrong)

    async def __call__(self, request: ChatRequest) -> Answer:
        messages = [{"content": each.content} for each in request.messages]
        return Answer(self.model(0, {"messages": messages}))


def case(name: str, half: str = "test", *, bug: bool) -> Case:
    before = BEFORE.format(name=name)
    new = (SEEDED if bug else RENAMED).format(name=name)
    after = before.replace("    found = items[-1]", new)
    assert half in ("tune", "test")
    return Case(name, "tune" if half == "tune" else "test", bug, "p", "m", name, before, after, ())


def seeded(name: str, *, stands: bool = True) -> Wrong:
    return Wrong(SEEDED.format(name=name), "off-by-one", stands=stands)


def alarm(name: str, *, stands: bool = True) -> Wrong:
    return Wrong(RENAMED.format(name=name), "off-by-one", stands=stands)


async def rows(cases: list[Case], *wrong: Wrong) -> list[Row]:
    model = Model(*wrong)
    return [await reviewed(each, model) for each in cases]


async def test_a_model_that_finds_exactly_what_was_seeded() -> None:
    cases = [case("one", bug=True), case("two", bug=True), case("three", bug=False)]
    found = await rows(cases, seeded("one"), seeded("two"))
    for judge in (False, True):
        assert score(scored(found, judge=judge)) == Score(1.0, 1.0, 1.0, 0.0)
    assert [each["line"] for row in found for each in row["findings"]] == [5, 5]
    assert all(each["located"] for row in found for each in row["findings"])


async def test_a_judge_that_refutes_what_is_false() -> None:
    """Of four bugs two are found; of three alarms the judge lets one stand."""
    cases = [
        case("found", bug=True),
        case("also", bug=True),
        case("missed", bug=True),
        case("unseen", bug=True),
        case("quiet", bug=False),
        case("refuted", bug=False),
        case("loud", bug=False),
        case("twice", bug=False),
    ]
    said = (
        seeded("found"),
        seeded("also"),
        alarm("refuted", stands=False),
        alarm("loud"),
        alarm("twice", stands=False),
    )
    found = await rows(cases, *said)
    assert score(scored(found, judge=False)) == Score(0.4, 0.5, pytest.approx(5 / 12), 0.75)
    assert score(scored(found, judge=True)) == Score(2 / 3, 0.5, pytest.approx(0.625), 0.25)
    assert earns_it(figures(found))


async def test_a_judge_that_refutes_what_is_true() -> None:
    found = await rows(
        [case("one", bug=True), case("two", bug=True)],
        seeded("one", stands=False),
        seeded("two"),
    )
    assert score(scored(found, judge=False)).recall == 1.0
    assert score(scored(found, judge=True)).recall == 0.5
    assert not earns_it(figures(found))


async def test_only_the_half_that_was_not_tuned_on_decides() -> None:
    cases = [case("tuned", "tune", bug=True), case("alarmed", "tune", bug=False)]
    cases += [case("tested", bug=True), case("clean", bug=False)]
    said = (seeded("tuned"), alarm("alarmed", stands=False), seeded("tested"))
    found = figures(await rows(cases, *said))
    by = {(row["half"], row["who"]): row for row in found}
    assert by["tune", "judge"]["f05"] > by["tune", "alone"]["f05"]
    assert by["test", "judge"]["f05"] == by["test", "alone"]["f05"]
    assert not earns_it(found)


async def test_a_finding_elsewhere_in_a_changed_function_is_no_bug_found() -> None:
    found = await rows([case("one", bug=True)], Wrong(ELSEWHERE, "wrong-condition"))
    assert score(scored(found, judge=False)) == Score(0.0, 0.0, 0.0, 0.0)


TWINS = """\
def both(x):
    def low(y):
        if y < 0:
            return {none}
        return y

    def high(y):
        if y > 9:
            return {none}
        return y

    return low(high(x))
"""


def twins() -> Case:
    """The same line is changed in two functions; the second is line 9."""
    before, after = TWINS.format(none="0"), TWINS.format(none="None")
    return Case("twins", "test", True, "p", "m", "both", before, after, ())


class Meaning:
    """Means one of equal lines: it quotes what it may that has ``beside`` in it, or else the bare
    line."""

    def __init__(self, beside: str, bare: str) -> None:
        self.beside, self.bare = beside, bare

    async def __call__(self, request: ChatRequest) -> Answer:
        schema: Any = request.json_schema
        if "verdict" in schema["properties"]:
            return Answer('{"reason": "So.", "verdict": "stands"}')
        quotable = schema["properties"]["findings"]["items"]["properties"]["quote"]["enum"]
        quote = next((each for each in quotable if self.beside in each), self.bare)
        said = {"quote": quote, "message": "Wrong.", "rule": "wrong-result"}
        return Answer(json.dumps({"findings": [said]}))


@pytest.mark.parametrize(("beside", "line"), [("y < 0", 4), ("y > 9", 9)])
async def test_of_equal_lines_the_one_is_told_that_a_model_means(beside: str, line: int) -> None:
    row = await reviewed(twins(), Meaning(beside, "return None"))
    [finding] = row["findings"]
    assert (finding["line"], finding["end_line"], finding["located"]) == (line, line, True)
    assert finding["said"] == [f"if {beside}:\nreturn None"]


async def test_of_equal_lines_none_is_told_of_which_nobody_knows_which_is_meant() -> None:
    row = await reviewed(twins(), Meaning("nothing of this", "return None"))
    assert (row["findings"], row["unlocated"]) == ([], 1)


@pytest.mark.parametrize(("line", "located"), [(5, 1.0), (4, 0.0), (1, 0.0)])
async def test_a_place_is_not_right_because_it_was_told(
    monkeypatch: pytest.MonkeyPatch, line: int, located: float
) -> None:
    """Whatever looks for quotes, they are looked for once more."""
    told = case("one", bug=True)
    text = told.after.split("\n")[line - 1]
    monkeypatch.setattr(placed, "places", lambda *_: (Located(line, line, text, text),))
    found = figures(await rows([told], seeded("one")))
    assert {row["located"] for row in found if row["who"] == "alone" and row["findings"]} == {
        located
    }


CHANGED = """\
def f(a):
    if a:
        return 1
    go(a, 1)

    return 1
    stop(a)
    go(a, 1)
    go(a, 2)
"""


@pytest.mark.parametrize(
    ("quote", "first", "last", "right"),
    [
        ("stop(a)", 7, 7, True),
        ("    stop(a)", 7, 7, True),
        ("+    stop(a)", 7, 7, True),
        ("stop", 7, 7, True),
        ("stop(a)", 6, 6, False),
        ("stop(a)", 6, 7, False),
        ("stop(b)", 7, 7, False),
        ("", 7, 7, False),
        ("return 1", 3, 3, False),  # it stands twice
        ("return 1", 6, 6, False),
        ("if a:\nreturn 1", 2, 3, True),
        ("go(a, 1)\nreturn 1", 4, 6, True),
        ("if a:\nreturn 1", 3, 3, False),  # not all of it, and no change
        ("go(a, 1)", 8, 8, True),  # of two the one that is new
        ("go(a, 1)", 4, 4, False),
        ("stop(a)\ngo(a, 1)", 8, 8, True),  # of all of it what is new
        ("go(a,", 9, 9, False),  # two new lines have it
    ],
)
def test_where_a_quote_is_told_rightly(quote: str, first: int, last: int, right: bool) -> None:
    assert is_located(quote, range(first, last + 1), CHANGED, frozenset({8, 9})) is right


@pytest.mark.parametrize(
    ("start", "stop", "right"),
    [(4, 4, True), (5, 5, True), (3, 6, True), (3, 3, False), (1, 5, True), (1, 9, False)],
)
def test_the_lines_of_a_bug(start: int, stop: int, right: bool) -> None:
    assert is_right(frozenset({4, 5}), start, stop) is right


def test_where_a_line_went_both_beside_it_count() -> None:
    before = "a = 1\nb = 2\nc = 3\n"
    gone = Case("n", "test", True, "p", "m", "f", before, "a = 1\nc = 3\n", ())
    assert gone.lines == {1, 2}


def test_an_interval_holds_the_value_and_is_the_same_again() -> None:
    cases = [Scored(True, (True,))] * 6 + [Scored(True, ())] * 6 + [Scored(False, (False,))] * 6
    low, high = interval(cases)
    assert low < score(cases).f05 < high
    assert interval(cases) == (low, high)


def test_the_labelled_set_is_as_large_as_it_says() -> None:
    file = Path(next(iter(benchmarks.review_cases.__path__))) / "cases.toml"
    functions = tomllib.loads(file.read_text("utf-8"))["functions"]
    assert len({each["name"] for each in functions}) == 20
    for kind in ("bugs", "clean"):
        assert [len(each[kind]) for each in functions] == [3] * 20
