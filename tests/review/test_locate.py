"""Where a quote stands: drawn changes and what a model quotes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inglenook.review.locate import locate, quotable
from inglenook.review.values import Unit
from tests.review.test_units import units
from tests.support.drawn_change import changed

DRAWN = """
      def f(a, b):
          if a:
              return 1
    +     x = compute(a,  b)
          if b:
              return 1
    +         return 2
          y = compute(a, b) + 1
          return 1
"""


@pytest.fixture
def unit() -> Unit:
    [found] = units(changed(DRAWN))
    return found


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("    x = compute(a,  b)", 4),
        ("x = compute(a, b)", 4),  # layout does not count
        ("+    x = compute(a,  b)", 4),
        ("4 | x = compute(a, b)", 4),
        ("```python\nx = compute(a, b)\n```", 4),
        ("if b:\n    return 1", 5),
        ("    if a:\n\n        return 1\n", 2),
        ("compute(a, b) + 1", 8),
        ("return 1", 3),  # stands thrice, and nowhere is it new
        ("return 2", 7),
    ],
)
def test_a_quote_is_found(unit: Unit, quote: str, line: int) -> None:
    place = locate(quote, unit)
    assert place is not None
    assert place.line == line


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "return",
        "turn 2",
        "x = compute(a, c)",
        "if b:\n    return 3",  # the second line is made up
        "...",
        "line 4",
    ],
)
def test_what_could_be_anywhere_is_nowhere(unit: Unit, quote: str) -> None:
    assert locate(quote, unit) is None


def test_of_two_lines_that_have_it_the_new_one_is_meant(unit: Unit) -> None:
    place = locate("compute(a,", unit)
    assert place is not None
    assert place.line == 4


NEW = """
      def f(a):
    +     x = a  +  1
    -     x = a
    +
    +     x = a + 1
    +     )
          return x
"""
GONE = """
      def f(a):
          x = 1
    -     check(x)
          return x
"""


@pytest.mark.parametrize(
    ("drawn", "lines"),
    [
        (NEW, ("x = a + 1",)),  # once, and nothing without a word
        (GONE, ("x = 1", "return x")),  # those beside what is gone
        ("\n    + def f():\n    +     return 1\n", ("def f():", "return 1")),
        (f"\n      def f():\n    +     {'x' * 201} = 1\n", ()),
        ("\n" + "".join(f"    + a{number} = 1\n" for number in range(61)), ()),
    ],
)
def test_the_lines_of_a_change_that_a_model_may_quote(drawn: str, lines: tuple[str, ...]) -> None:
    [unit] = units(changed(drawn))
    assert quotable(unit) == lines
    assert quotable(replace(unit, whole=True)) == ()
    for each in lines:
        place = locate(each, unit)
        assert place is not None
        assert place.text.split() == each.split()
