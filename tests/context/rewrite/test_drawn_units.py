from __future__ import annotations

from dataclasses import replace

import pytest

from inglenook_context.rewrite.unit import Unit, unit_at
from inglenook_context.verify.task import Purpose
from tests.context.rewrite.drawn import Case, cases

_DRAWN = [(name, case) for name in ("edit", "fix") for case in cases(f"unit_{name}")]


def _unit(name: str, case: Case) -> Unit | None:
    return unit_at(case.document, case.syntax, case.start, case.stop, Purpose(name))


def _shown(case: Case, unit: Unit | None) -> str:
    if unit is None:
        return "nothing"
    return f"{unit.kind} {unit.name}".strip() + "\n" + case.source[unit.start : unit.stop]


@pytest.mark.parametrize(("name", "case"), _DRAWN)
def test_drawn(name: str, case: Case) -> None:
    assert _shown(case, _unit(name, case)) == case.after


@pytest.mark.parametrize(("name", "case"), _DRAWN)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(name: str, case: Case, end: str) -> None:
    plain, other = _unit(name, case), case.with_ends(end)
    found = _unit(name, other)
    shown = _shown(other, found).replace(end, "\n")
    assert shown == case.after
    assert (found and found.indent) == (plain and plain.indent)


@pytest.mark.parametrize(("name", "case"), _DRAWN)
def test_without_a_tree_lines_are_lines(name: str, case: Case) -> None:
    unit = unit_at(case.document, None, case.start, case.stop, Purpose(name))
    if unit is None:
        assert not case.source[case.start :].partition("\n")[0].strip()
        return
    assert unit.kind == "lines"
    first = case.source.rfind("\n", 0, case.start) + 1
    if case.source[case.start : case.stop].strip():
        assert unit.start == first
        assert unit.stop == len(case.source[: case.stop]) + len(
            case.source[case.stop :].partition("\n")[0]
        )


def test_the_indent_is_that_of_the_least_indented_line_outside_of_strings() -> None:
    case = replace(cases("unit_edit")[17])
    unit = _unit("edit", case)
    assert unit is not None
    assert unit.indent == "    "


def test_a_tree_of_another_text_is_not_believed() -> None:
    case = cases("unit_edit")[1]
    unit = unit_at(case.document, cases("unit_edit")[0].syntax, case.start, case.stop, Purpose.EDIT)
    assert unit is not None
    assert unit.kind == "lines"
