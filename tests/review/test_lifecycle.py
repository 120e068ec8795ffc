"""Fingerprints, suppressions, merging and exit codes, as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inglenook.review.exit_code import exit_code
from inglenook.review.fingerprints import fingerprinted, former, hint_of
from inglenook.review.merge import merged
from inglenook.review.scope import Scope
from inglenook.review.suppressions import applied, in_file, in_text
from inglenook.review.values import Coverage, Finding, Report, Severity

FOUND = Finding(
    "correctness/off-by-one",
    Severity.ERROR,
    "One too high.",
    "a.py",
    3,
    3,
    "x[len(x)]",
    "f",
    by=("correctness",),
)
TODAY = date(2026, 6, 1)
ALL = Scope(below=("",))


def prints(*findings: Finding) -> list[str]:
    return [each.fingerprint for each in fingerprinted(findings)]


def test_a_fingerprint_is_that_of_the_code_not_of_its_place() -> None:
    moved = replace(FOUND, line=30, end_line=30, quote="  x[ len(x) ]", message="Other words.")
    assert prints(FOUND) == prints(moved)
    for other in (
        replace(FOUND, rule="correctness/wrong-result"),
        replace(FOUND, path="b.py"),
        replace(FOUND, symbol="g"),
        replace(FOUND, quote="y[len(y)]"),
    ):
        assert prints(FOUND) != prints(other)


def test_equal_lines_are_told_apart_by_their_order() -> None:
    second = replace(FOUND, line=9, end_line=9)
    one, two = prints(FOUND, second)
    assert one != two
    assert prints(second) == [one]


def test_the_letters_of_a_placeholder_do_not_count() -> None:
    mine = replace(FOUND, quote='key = "REDACTED_GITHUB_abcde"')
    assert prints(mine) == prints(replace(mine, quote='key = "REDACTED_GITHUB_zzzzz"'))


def test_the_same_rule_at_the_same_place_is_said_once() -> None:
    other = replace(FOUND, rule="security/injection", by=("security",))
    [one, two] = merged([FOUND, replace(FOUND, message="Again."), other])
    assert {one.rule, two.rule} == {FOUND.rule, other.rule}


@pytest.mark.parametrize(
    ("comment", "remark"),
    [
        ("# inglenook: ignore", "a.py:1: a suppression names its rules"),
        ("# inglenook: ignore[]", "a.py:1: a suppression names its rules"),
        ("# inglenook: ignore[api]", "a.py:1: a suppression needs a reason"),
        ("# inglenook: ignore[api] until=2030-01-01", "a.py:1: a suppression needs a reason"),
        ("# inglenook: ignore[api] x until=soon", "a.py:1: until='soon' is no date"),
        ("# inglenook: ignore[API] x", "a.py:1: 'API' is no rule."),
        ("# inglenook: ignore[review] x", "a.py:1: review guards the review"),
        ("// inglenook: ignore[api, review/injection] x", "a.py:1: review/injection guards"),
    ],
)
def test_a_suppression_that_is_none_is_remarked(comment: str, remark: str) -> None:
    found, remarks = in_text("a.py", f"{comment}\nx = 1\n")
    assert found == []
    assert remarks[0].startswith(remark)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\ny = 2\nz = 3  # inglenook: ignore[correctness] why\n", 3),
        ("x = 1\n# inglenook: ignore[correctness/off-by-one] why\n# more\n\nz = 3\n", 5),
        ("/* inglenook: ignore[correctness] why */\nz = 3;\n", 2),
        ("<!-- inglenook: ignore[correctness] why until=2026-06-01 -->\n<b>\n", 2),
    ],
)
def test_which_line_a_suppression_means(text: str, line: int) -> None:
    [each], remarks = in_text("a.py", text)
    assert (each.line, each.reason, remarks) == (line, "why", [])
    finding = replace(FOUND, line=line, end_line=line)
    assert applied([finding], [each], TODAY, ALL)[1][0].reason == "why"
    left, hidden, unused = applied([replace(finding, path="b.py")], [each], TODAY, ALL)
    assert (len(left), hidden, len(unused)) == (1, (), 1)


@pytest.mark.parametrize(
    ("scope", "pattern", "is_told"),
    [
        (Scope(below=("",)), "*", True),
        (Scope(below=("src",)), "*", False),
        (Scope(below=("src",)), "src/*.py", True),
        (Scope(below=("src",)), "src*.py", False),
        (Scope(below=("src",)), "srcs/a.py", False),
        (Scope(whole=frozenset({"src/a.py"})), "src/a.py", True),
        (Scope(whole=frozenset({"src/a.py"})), "src/*.py", False),
        (Scope(deleted=frozenset({"src/a.py"})), "src/a.py", True),
        (Scope(below=("",), skipped=frozenset({"src/a.py"})), "src/a.py", False),
        (Scope(below=("",), unasked=frozenset({"api"})), "*", False),
        (Scope(below=("",), unasked=frozenset({"correctness"})), "*", True),
        (Scope(), "src/a.py", False),
        (None, "*", False),
    ],
)
def test_a_suppression_is_unused_if_all_that_it_means_was_looked_at(
    scope: Scope | None, pattern: str, is_told: bool
) -> None:
    [each], _ = in_file(f"- {{rules: [api/wrong-call], paths: ['{pattern}'], reason: x}}")
    _, _, remarks = applied([], [each], TODAY, scope)
    assert bool(remarks) == is_told


def test_another_secret_at_the_same_place_is_another_finding() -> None:
    """No quote shows a secret, so all of them would look alike."""
    mine = replace(FOUND, rule="code/secret", quote='key = "…')
    other = replace(mine, hint=hint_of("other"))
    assert len({*prints(mine), *prints(other)}) == 2
    assert prints(other) == prints(replace(other, line=9, end_line=9))


def test_a_finding_is_known_by_what_its_file_was_called_before() -> None:
    second = replace(FOUND, line=9, end_line=9)
    before = prints(FOUND, second)
    now = fingerprinted([replace(each, path="new.py") for each in (second, FOUND)])
    told = former(now, {"new.py": "a.py"})
    assert [told[each.fingerprint] for each in now] == before
    assert former(now, {"other.py": "a.py"}) == {}


def test_what_guards_the_review_is_never_suppressed() -> None:
    text = "- {rules: [correctness], paths: ['*'], reason: all of it}\n"
    [each], _ = in_file(text)
    guard = replace(FOUND, rule="review/injection")
    left, hidden, _ = applied([FOUND, guard], [each], TODAY, ALL)
    assert (left, len(hidden)) == ((guard,), 1)


@pytest.mark.parametrize("text", ["a: [", "- 1", "- {rules: api}", "x: y", "!!python/none x"])
def test_a_file_of_suppressions_that_is_none(text: str) -> None:
    found, remarks = in_file(text)
    assert found == []
    assert remarks or text == "x: y"


@pytest.mark.parametrize(
    ("findings", "coverage", "fail_on", "code"),
    [
        ((), Coverage(units=1, reviewed=1), Severity.WARNING, 0),
        ((FOUND,), Coverage(units=1, reviewed=1), Severity.ERROR, 1),
        ((FOUND,), Coverage(units=2, reviewed=1), Severity.ERROR, 1),
        ((replace(FOUND, severity=Severity.NOTE),), Coverage(), Severity.WARNING, 0),
        ((), Coverage(units=2, reviewed=1), Severity.WARNING, 3),
        ((), Coverage(units=1, reviewed=1, unparsed=1), Severity.WARNING, 3),
        ((), Coverage(stopped="No model was found."), Severity.WARNING, 3),
        ((FOUND,), Coverage(), None, 0),
        ((FOUND,), Coverage(units=1), None, 3),
    ],
)
def test_exit_codes(
    findings: tuple[Finding, ...], coverage: Coverage, fail_on: Severity | None, code: int
) -> None:
    assert exit_code(Report("/r", "x", findings, coverage), fail_on) == code
