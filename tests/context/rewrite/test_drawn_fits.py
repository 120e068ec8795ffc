from __future__ import annotations

import pytest

from inglenook_context.rewrite.fit import fitted
from inglenook_context.rewrite.unit import Unit, unit_at
from inglenook_context.verify.task import Purpose
from tests.context.rewrite.drawn import Case, cases

_DRAWN = cases("fit")


def _unit(case: Case) -> Unit:
    unit = unit_at(case.document, case.syntax, case.start, case.stop, Purpose.EDIT)
    assert unit is not None
    return unit


def _after(case: Case, answer: str) -> str:
    unit = _unit(case)
    new = fitted(answer, unit, case.source)
    return case.source[: unit.start] + new + case.source[unit.stop :]


@pytest.mark.parametrize("case", _DRAWN)
def test_drawn(case: Case) -> None:
    assert _after(case, case.written) == case.after


@pytest.mark.parametrize("case", _DRAWN)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_in_the_file(case: Case, end: str) -> None:
    other = case.with_ends(end)
    assert _after(other, case.written) == other.after
    assert _after(other, case.written.replace("\n", "\r\n")) == other.after


@pytest.mark.parametrize("case", _DRAWN)
def test_what_fits_already_stays(case: Case) -> None:
    unit = _unit(case)
    own = case.source[unit.start : unit.stop]
    assert fitted(own, unit, case.source) == own
    assert fitted(f"\n{own}\n\n", unit, case.source) == own


def test_a_line_that_stays_keeps_its_end_in_a_file_of_two_sorts() -> None:
    source = "def f():\r\n    a\n    b\r\n    return c\r\n"
    unit = Unit(0, len(source) - 2, "", "function", "f", "python")
    new = fitted("def f():\n    a\n    x\n    return c", unit, source)
    assert new == "def f():\r\n    a\n    x\r\n    return c"


def test_the_end_of_a_file_without_a_line_end() -> None:
    source = "def f():\n    return 1"
    unit = Unit(0, len(source), "", "function", "f", "python")
    assert fitted("def f():\n    return 2\n", unit, source) == "def f():\n    return 2"
    assert fitted("\n\n", unit, source) == ""
