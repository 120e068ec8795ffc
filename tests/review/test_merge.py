"""Findings in, findings out: what is the same is told once."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from inglenook.review.merge import merged
from inglenook.review.values import Finding, Severity

RULES = {"o": "correctness/off-by-one", "i": "security/injection"}


def drawn(text: str) -> list[Finding]:
    """One finding from each ``rule first-last reviewer`` or, as an error, ``... reviewer!``."""
    return [_finding(*each.split()) for each in text.split(",")]


def _finding(rule: str, lines: str, by: str) -> Finding:
    first, _, last = lines.partition("-")
    severity = Severity.ERROR if by.endswith("!") else Severity.WARNING
    start, stop = int(first), int(last or first)
    quote = "\n".join(f"line {number}" for number in range(start, stop + 1))
    name = by.rstrip("!")
    return Finding(RULES[rule], severity, f"Says {name}.", "a.py", start, stop, quote, by=(name,))


def drawing(findings: tuple[Finding, ...]) -> str:
    names = {name: short for short, name in RULES.items()}
    return ", ".join(
        f"{names[each.rule]} {each.line}-{each.end_line} {'+'.join(sorted(each.by))}"
        f"{'!' if each.severity is Severity.ERROR else ''}"
        for each in sorted(findings, key=lambda each: (each.rule, each.line))
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("o 3 a, o 3 b", "o 3-3 a+b"),
        ("o 3 a, o 3-4 b", "o 3-3 a+b"),  # the line to look at
        ("o 3-4 a, o 4-5 b", "o 3-4 a+b"),
        ("o 3 a, o 3-4 b!", "o 3-3 a+b!"),  # as grave as the graver
        ("o 3 a, o 4 b", "o 3-3 a, o 4-4 b"),
        ("o 3 a, i 3 b", "o 3-3 a, i 3-3 b"),  # two rules are two findings
        ("o 3 a, o 40 b, o 1-50 c", "o 3-3 a+c, o 40-40 b"),  # neither is lost in what spans both
        ("o 1-2 a, o 2-3 b, o 3-4 c", "o 1-2 a+b, o 3-4 c"),
        ("o 5-9 a, o 1-6 b, o 8-12 c, o 7 d", "o 1-6 b, o 7-7 a+d, o 8-12 c"),
    ],
)
def test_overlapping_lines_of_a_rule_are_one_finding(said: str, told: str) -> None:
    found = drawn(said)
    expected = merged(found)
    assert drawing(expected) == told
    for order in permutations(found):
        assert merged(order) == expected


def test_other_files_are_other_findings() -> None:
    [one] = drawn("o 3 a")
    assert len(merged([one, replace(one, path="b.py")])) == 2


def test_of_two_places_the_narrow_one_keeps_its_words_and_a_judges() -> None:
    narrow, wide = drawn("o 3 a, o 2-4 b")
    [found] = merged([replace(wide, judged=True), narrow])
    assert (found.quote, found.message, found.judged) == ("line 3", "Says a.", True)
    assert found.confidence == 0.875


def test_thousands_of_findings_are_merged() -> None:
    """Ten thousand lines, each with what has the one below it too."""
    one = drawn("o 3 a")[0]
    found = [
        replace(one, line=number, end_line=number + size)
        for number in range(0, 30_000, 3)
        for size in (0, 1)
    ]
    assert [each.line for each in merged(found)] == list(range(0, 30_000, 3))
