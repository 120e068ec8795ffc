"""Where a quote stands: drawn changes and what a model quotes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook.review.lines import Lines
from inglenook.review.locate import QUOTE, places, quotable
from inglenook.review.numbering import Numbering
from inglenook.review.values import Unit
from tests.review.test_units import units
from tests.support.drawn_change import changed, whole

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
        ("return 2", 7),
    ],
)
def test_a_quote_is_found(unit: Unit, quote: str, line: int) -> None:
    [place] = places(quote, unit)
    assert place.line == line


def test_what_is_new_goes_before_what_was_there() -> None:
    """Where only a part of the new line is quoted and all of an old one, both may be meant."""
    [unit] = units(
        changed("""
              def f():
                  value = 1
                  go()
        +         value = 1  # again
        """)
    )
    assert [each.line for each in places("value = 1", unit)] == [2, 4]
    [place] = places("value = 1  # again", unit)
    assert place.line == 4


def test_what_is_gone_is_not_what_still_stands_elsewhere() -> None:
    [unit] = units(
        changed("""
              def f():
                  value = 1
                  go()
        -         value = 1
        +         other = 2
        """)
    )
    assert places("value = 1", unit) == ()


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
    assert places(quote, unit) == ()


def test_of_two_lines_that_have_it_the_new_one_is_meant(unit: Unit) -> None:
    [place] = places("compute(a,", unit)
    assert place.line == 4


TWINS = """
def a(x):
    if x < 0:
        return None
    return x + 1


def b(x):
    if x > 9:
        return None
    return x + 1
"""


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        ("        return None", [3, 9]),  # whoever is meant, nobody can tell
        ("return None\nreturn x + 1", [3, 9]),
        ("x + 1 ", []),
        ("return x", [4, 10]),  # a part of two lines
        ("if x > 9:\n    return None", [8]),
        ("def b(x):", [7]),
    ],
)
def test_equal_lines_are_each_a_place(quote: str, lines: list[int]) -> None:
    [unit] = units(whole(TWINS))
    assert [each.line for each in places(quote, unit)] == lines


LONG = "compute(" + ", ".join(f"name_{number}" for number in range(60))


@pytest.mark.parametrize(
    ("code", "quote", "lines"),
    [
        (f"a = 1\n{LONG}, 1)\nb = 2\n", f"{LONG}, 1)", [2]),
        (f"a = 1\n{LONG}, 1)\nb = 2\n", LONG[:QUOTE], [2]),  # in the middle of a word
        (f"{LONG}, 1)\n{LONG}, 2)\n", LONG[:QUOTE], [1, 2]),
        (f"{LONG[:QUOTE]})\n{LONG})\n", LONG[:QUOTE], [1, 2]),  # it may have gone on
        (f"{LONG})\na = 1\n{LONG})\n", f"a = 1\n{LONG}"[:QUOTE], [2]),
        (f"{LONG})\n", LONG[: QUOTE - 2], []),  # nobody cut this one
    ],
)
def test_a_quote_that_was_cut_is_the_beginning(code: str, quote: str, lines: list[int]) -> None:
    [unit] = units(whole(code))
    assert [each.line for each in places(quote, unit)] == lines


NEW = """
      def f(a):
    +     x = a  +  1
    -     x = a
    +
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
    ("drawn", "quotes"),
    [
        (NEW, ("x = a + 1",)),  # nothing without a word
        (GONE, ("x = 1", "return x")),  # those beside what is gone
        ("\n    + def f():\n    +     return 1\n", ("def f():", "return 1")),
        (f"\n      def f():\n    +     {'x' * 201} = 1\n", ()),
        ("\n" + "".join(f"    + a{number} = 1\n" for number in range(61)), ()),
    ],
)
def test_the_lines_of_a_change_that_a_model_may_quote(drawn: str, quotes: tuple[str, ...]) -> None:
    [unit] = units(changed(drawn))
    assert tuple(each.quote for each in quotable(unit)) == quotes
    assert quotable(replace(unit, whole=True)) == ()
    for quote, place in quotable(unit):
        assert place is not None
        assert (place,) == places(quote, unit)
        assert place.text.split() == quote.split() == place.shown.split()


NEW_TWINS = """
      def f(a, b):
    +     if a:
    +         return None
          if b:

    +         return None
    +     c = a
          return c
"""
GONE_TWINS = """
      def f(a):
          if a:
              x = 1
    -         check(x)
          else:
              x = 1
          return x
"""
ROW = """
    + def f(a):
    +     go(a)
    +     go(a)
    +     go(a)
    +     return a
"""
SHARED = """
      def f(a):
          up(a)
    +     go(a)
    +     say(a)
          down(a)
          up(a)
    +     go(a)
          stay(a)
    +     say(a)
          down(a)
"""
CYCLE = """
      def f(a):
          up(a)
    +     go(a)
    +     say(a)
          up(a)
    +     go(a)
    +     say(a)
          up(a)
"""
ALIKE = "\n    + def f(a):\n" + "    +     go(a)\n" * 12
MANY = "\n    + def f(a):\n" + "".join(
    f"    +     if a == {number}:\n    +         go(a)\n" for number in range(40)
)


@pytest.mark.parametrize(
    ("drawn", "meant"),
    [
        (
            NEW_TWINS,
            {
                "if a:": [2],
                "if a:\nreturn None": [3],
                "if b:\nreturn None": [6],  # blank lines do not count
                "c = a": [7],
            },
        ),
        (GONE_TWINS, {"if a:\nx = 1": [3], "else:": [4]}),
        (
            ROW,
            {
                "def f(a):": [1],
                "def f(a):\ngo(a)": [2],
                "go(a)": [],  # the one in the middle, which nobody can tell
                "go(a)\nreturn a": [4],
                "return a": [5],
            },
        ),
        (
            SHARED,
            {
                "def f(a):\nup(a)\ngo(a)": [3],  # without the other that stands twice
                "say(a)\ndown(a)\nup(a)": [4],
                "go(a)\nstay(a)": [7],
                "stay(a)\nsay(a)": [9],
            },
        ),
        (
            CYCLE,
            {
                "def f(a):\nup(a)\ngo(a)": [3],
                "say(a)\nup(a)\ngo(a)": [4, 5, 6],  # who means one of both can say no more
                "say(a)": [],
            },
        ),
        (ALIKE, {"def f(a):": [1], "def f(a):\ngo(a)": [2], "go(a)": []}),
    ],
)
def test_a_line_that_stands_several_times_is_quoted_with_others(
    drawn: str, meant: dict[str, list[int]]
) -> None:
    [unit] = units(changed(drawn))
    said = {
        quote: list(range(place.line, place.end_line + 1)) if place else []
        for quote, place in quotable(unit)
    }
    assert said == meant


def test_where_others_beside_them_make_too_many_quotes_each_line_is_one() -> None:
    [unit] = units(changed(MANY))
    found = dict(quotable(unit))
    assert len(found) == 42
    assert [quote for quote, place in found.items() if place is None] == ["go(a)"]


_ROWS = st.lists(
    st.tuples(st.sampled_from("+ "), st.sampled_from(["go(a)", "go(b)", "if a:", "x = 1", ""])),
    min_size=1,
    max_size=24,
)


@settings(deadline=None)
@given(_ROWS)
def test_no_quote_of_a_change_means_two_things(rows: list[tuple[str, str]]) -> None:
    """Each means a line that is new, and stands there once or was told apart."""
    code = "\n".join(text for _, text in rows)
    new = frozenset(at for at, (sign, _) in enumerate(rows, 1) if sign == "+")
    file = Numbering(Lines.of(code), ())
    unit = Unit("a.py", "python", "f", 1, len(rows), code, new, file=file)
    found = quotable(unit)
    assert len({each.quote for each in found}) == len(found)
    for quote, place in found:
        if place is not None:
            assert {place.line, place.end_line} <= new
            [around] = places(quote, unit)
            assert around.line <= place.line <= place.end_line <= around.end_line
        else:
            assert len(places(quote, unit)) > 1
