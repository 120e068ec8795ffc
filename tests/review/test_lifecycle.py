"""Fingerprints, suppressions, merging and exit codes, as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inglenook.review import suppressions
from inglenook.review.exit_code import exit_code
from inglenook.review.fingerprints import fingerprinted, hint_of
from inglenook.review.merge import merged
from inglenook.review.numbering import nth
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
API: dict[str, frozenset[str]] = {"api": frozenset()}
OTHER = {"api": frozenset({"go"})}
ALL = Scope(below=("",), asked={"correctness": frozenset()})


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


def test_equal_places_are_told_apart_by_their_order() -> None:
    """Also where only one of them is a finding, or only one is looked at."""
    assert prints(FOUND) != prints(replace(FOUND, nth=2))
    lines = ["if a:", "  go( )", "if b:", " go()", "go()", "stop()"]
    assert [nth(lines, at, at, range(6)) for at in (1, 3, 4)] == [1, 2, 3]
    assert [nth(lines, at, at, range(2, 6)) for at in (3, 4)] == [1, 2]
    assert nth(lines, 4, 5, range(6)) == 1


def test_a_finding_is_the_same_in_a_file_that_was_renamed() -> None:
    [one] = fingerprinted([FOUND])
    [two] = fingerprinted([replace(FOUND, path="b.py")])
    assert one.fingerprint != two.fingerprint
    assert one.anywhere == two.anywhere


@pytest.mark.parametrize("secret", ["hunter2", "Winter482", "correct horse battery staple"])
def test_what_could_be_guessed_is_not_confirmed(secret: str) -> None:
    """Of a list of guesses one in 256 fits."""
    assert len(hint_of(secret)) == 2


@pytest.mark.parametrize("secret", ["AKIA" + "Z7KQ4MPW2XTRV9BD", "ghp_" + "a1B2c3D4e5" * 3])
def test_what_nobody_guesses_is_told_apart_for_sure(secret: str) -> None:
    assert len(hint_of(secret)) == 16


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
        ("# inglenook: ignore[api] x until=soon", "a.py:1: what stands behind until= is no date"),
        ("# inglenook: ignore[API] x", "a.py:1: what stands between [ and ] is no list of rules."),
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
        ("# inglenook: ignore[correctness] why\n*a, b = f()\n", 2),
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
    ("path", "code"),
    [
        ("a.rs", "*x = 1 / y;"),
        ("a.c", "--n;"),
        ("a.c", "#define N 0"),
        ("a.py", "% b"),
        ("a.go", "*p"),
    ],
)
def test_what_begins_like_a_comment_of_another_language_is_code(path: str, code: str) -> None:
    sign = "#" if path.endswith(".py") else "//"
    [each], _ = in_text(path, f"{sign} inglenook: ignore[api] why\n{sign} more\n{code}\nnext\n")
    assert each.line == 3


@pytest.mark.parametrize(
    ("scope", "pattern", "is_told"),
    [
        (Scope(below=("",), asked=API), "*.py", True),
        (Scope(below=("",), asked=API), "*", False),  # of which not all is source text
        (Scope(below=("src",), asked=API), "*.py", False),
        (Scope(below=("src",), asked=API), "src/*.py", True),
        (Scope(below=("src",), asked=API), "src*.py", False),
        (Scope(whole=frozenset({"src/a.py"}), asked=API), "src/a.py", True),
        (Scope(whole=frozenset({"src/a.py"}), asked=API), "src/*.py", False),
        (Scope(deleted=frozenset({"src/a.py"}), asked=API), "src/a.py", True),
        (Scope(below=("",), asked=API), "src/a.py", False),  # there, and was not looked at
        (Scope(below=("",), asked=API, is_there=lambda _path: False), "src/a.py", True),
        (Scope(below=("",)), "*.py", False),
        (Scope(below=("",), asked=OTHER), "*.py", False),
        (Scope(below=("",), asked=OTHER), "*.go", True),
        (Scope(below=("",), asked=API, off=frozenset({"api/wrong-call"})), "*.py", False),
        (Scope(asked=API), "src/a.py", False),
        (None, "*.py", False),
    ],
)
def test_a_suppression_is_unused_if_all_that_it_means_was_looked_at(
    scope: Scope | None, pattern: str, is_told: bool
) -> None:
    text = f"- {{rules: [api/wrong-call], paths: ['{pattern}'], reason: x}}"
    [each], _ = in_file(text.encode())
    _, _, remarks = applied([], [each], TODAY, scope)
    assert bool(remarks) == is_told


def test_another_secret_at_the_same_place_is_another_finding() -> None:
    """No quote shows a secret, so all of them would look alike."""
    mine = replace(FOUND, rule="code/secret", quote='key = "…')
    other = replace(mine, hint=hint_of("other"))
    assert len({*prints(mine), *prints(other)}) == 2
    assert prints(other) == prints(replace(other, line=9, end_line=9))


def test_what_guards_the_review_is_never_suppressed() -> None:
    text = "- {rules: [correctness], paths: ['*'], reason: all of it}\n"
    [each], _ = in_file(text.encode())
    guard = replace(FOUND, rule="review/injection")
    left, hidden, _ = applied([FOUND, guard], [each], TODAY, ALL)
    assert (left, len(hidden)) == ((guard,), 1)


def bomb(entry: str) -> str:
    """A few lines that are 9 ** 12 texts where somebody writes them out."""
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join([*levels, "suppressions:", entry])


@pytest.mark.parametrize(
    "text",
    [
        "- {rules: [api], paths: [a.py]}",
        "- {rules: [api], paths: [a.py], until: 2030-01-01 10:00:00}",
        "- {rules: [api], paths: [a.py], reason: [so]}",
        "- {rules: [api], paths: [a.py], reason: so, until: [2030-01-01]}",
        bomb("- {rules: [api], paths: [a.py], reason: *a11}"),
        bomb("- {rules: [api], paths: [a.py], reason: so, until: *a11}"),
        "all: &all [" + "a, " * 400 + "]\nsuppressions:\n"
        + "- {rules: [api], paths: *all, reason: x}\n" * 30,
        "- {rules: [api], paths: [a.py], reason: x}" + " " * (256 << 10),
    ],
)  # fmt: skip
def test_entries_that_do_not_count(text: str) -> None:
    found, remarks = in_file(text.encode())
    assert (found, len(remarks)) == ([], 1)


def test_many_suppressions_take_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each looks for the next line of code, of which there is none."""
    looked: list[str] = []
    monkeypatch.setattr(suppressions, "_is_code", lambda line, _signs: bool(looked.append(line)))
    in_text("a.py", "# inglenook: ignore[api] x\n" * 2_000)
    assert len(looked) <= 2_001


@pytest.mark.parametrize("text", ["a: [", "- 1", "- {rules: api}", "x: y", "!!python/none x"])
def test_a_file_of_suppressions_that_is_none(text: str) -> None:
    found, remarks = in_file(text.encode())
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
