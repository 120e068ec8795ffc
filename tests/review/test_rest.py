"""The grammar of what is left of an answer: at each place of an answer its rest is allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from inglenook.review.answers import JUDGE_SCHEMA, MOST, review_schema
from inglenook.review.rest import grammar_of_rest, whole_signs
from inglenook.review.values import Reviewer, Rule, Severity

RULES = tuple(Rule(f"c/{name}", "d", Severity.ERROR) for name in ("wrong", "wrong-result"))
REVIEWER = Reviewer("c", "t", "p", RULES)
LINES = ('x = "\\\\n"  # é 𝄞', "y = 1", "x = 1\ny = 1")
FREE, HELD = review_schema(REVIEWER), review_schema(REVIEWER, LINES)
BLANK = r'blank ::= | " " | "\n" gap'
GAP = r"gap ::= [ \t]{0,20}"
CHAR = r'char ::= [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt/] | "u" [0-9a-fA-F]{4})'


NAMED = {
    "blank": r"(?: |\n[ \t]{0,20})?",
    "gap": r"[ \t]{0,20}",
    "char": r'(?:[^"\\\x7f\x00-\x1f]|\\(?:["\\bfnrt/]|u[0-9a-fA-F]{4}))',
}
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|blank|gap|char|[()|?*{},0-9]+|(\s+)')


def allows(grammar: str | None) -> Callable[[str], bool]:
    """The grammar as a regular expression: it has no recursion."""
    assert grammar is not None
    root, *rules = grammar.rstrip().split("\n")
    assert rules == [BLANK, GAP, CHAR]
    pattern, at = "", len("root ::= ")
    while at < len(root):
        found = TOKEN.match(root, at)
        assert found is not None, root[at:]
        word, at = found[0], found.end()
        if word.startswith('"'):
            pattern += re.escape(json.loads(word, strict=False))
        elif word.strip():
            pattern += NAMED.get(word, word.replace("(", "(?:"))
    whole = re.compile(pattern)
    return lambda text: whole.fullmatch(text) is not None


def entry(**changed: str) -> dict[str, str]:
    said = {"quote": LINES[0], "message": 'say "a\\b"\n\t', "rule": "wrong", "severity": "error"}
    return said | changed


def answer(*entries: dict[str, str], indent: int | None = 2) -> str:
    return json.dumps({"findings": list(entries)}, indent=indent, ensure_ascii=False)


ANSWERS = {
    "none": answer(),
    "spread": '{\n  "findings" :\n   [ ]\n}',
    "one": answer(entry()),
    "two": answer(entry(), entry(rule="wrong-result", quote=LINES[2])),
    "tight": answer(entry(), entry(quote=LINES[1]), indent=None),
    "full": answer(*[entry()] * MOST, indent=None),
}


@pytest.mark.parametrize("schema", [FREE, HELD], ids=["any quote", "given quotes"])
@pytest.mark.parametrize("whole", ANSWERS.values(), ids=ANSWERS)
def test_behind_each_beginning_of_an_answer_its_rest_may_stand(
    whole: str, schema: dict[str, object]
) -> None:
    for at in range(len(whole)):
        begun = whole_signs(whole[:at])
        may = allows(grammar_of_rest(schema, begun))
        assert may(whole[len(begun) :]), begun
        assert not may(f"{whole[len(begun) :]} "), begun


BEGUN = '{"findings": ['
QUOTED = '{"quote": "y = 1", "message": "m"'
ENDED = ', "message": "m", "rule": "wrong", "severity": "note"}]}'


@pytest.mark.parametrize(
    ("begun", "rest", "is_allowed"),
    [
        ('{"quote": "y', f' = 1"{ENDED}', True),
        ('{"quote": "y', f' = 2"{ENDED}', False),
        ('{"quote": "x = 1', f'\\ny = 1"{ENDED}', True),
        (f'{QUOTED}, "rule": "wro', 'ng", "severity": "note"}]}', True),
        (f'{QUOTED}, "rule": "wro', 'ng-result", "severity": "note"}]}', True),
        (f'{QUOTED}, "rule": "wro', 'ng-other", "severity": "note"}]}', False),
        (f'{QUOTED}, "rule": "wrong"', ', "severity": "bad"}]}', False),
        (f'{QUOTED}, "rule": "wrong"', "}]}", False),
        ("", "]}", True),
        ("", ", ]}", False),
        (answer(*[entry()] * MOST, indent=None)[len(BEGUN) : -2], f", {QUOTED}{ENDED}", False),
        (answer(*[entry()] * MOST, indent=None)[len(BEGUN) : -2], "]}", True),
    ],
)
def test_what_the_schema_forbids_is_no_rest(begun: str, rest: str, is_allowed: bool) -> None:
    assert allows(grammar_of_rest(HELD, f"{BEGUN}{begun}"))(rest) == is_allowed


def test_a_verdict_is_gone_on_with() -> None:
    whole = '{"reason": "It is \\u00e9.", "verdict": "refuted"}'
    for at in range(len(whole)):
        begun = whole_signs(whole[:at])
        assert allows(grammar_of_rest(JUDGE_SCHEMA, begun))(whole[len(begun) :]), begun


@pytest.mark.parametrize(
    "begun",
    [
        "Here is",
        "[",
        '{"issues": ',
        '{"findings": [{"message": ',
        '{"findings": [{"quote": "z',
        '{"findings": [{"quote": "y = 1", "message": "m", "rule": "other"',
        answer(entry()),
        f"{answer()} and more",
        '{"findings": [{"quote": "\\',
    ],
)
def test_behind_what_is_no_beginning_nothing_may_stand(begun: str) -> None:
    assert grammar_of_rest(HELD, begun) is None


HALVES = {
    "a": "a",
    "a\\": "a",
    "a\\\\": "a\\\\",
    "a\\\\\\": "a\\\\",
    "a\\u00e": "a",
    "\\u00e9": "\\u00e9",
}


@pytest.mark.parametrize(("text", "whole"), HALVES.items())
def test_an_escape_that_is_only_begun_is_not_given_back(text: str, whole: str) -> None:
    assert whole_signs(text) == whole
