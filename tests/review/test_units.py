"""Changes in, units out: what of a file a model is shown at once."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook.review.checks.parse_errors import parsed
from inglenook.review.lines import Lines
from inglenook.review.units import units_of
from inglenook.review.values import Changed, Hunk, Unit
from inglenook_context.symbols import definitions_of
from tests.support.drawn_change import changed, drawing, whole

ROOM = 4_000


def units(change: Changed, room: int = ROOM, language: str = "python") -> tuple[Unit, ...]:
    syntax = parsed(language, change.text)
    return units_of(change, language, definitions_of(syntax) if syntax else (), room)


def shown(change: Changed, room: int = ROOM, language: str = "python") -> str:
    return drawing(units(change, room, language))


def drawn(text: str) -> str:
    return dedent(text).strip("\n")


def test_a_changed_function_is_a_unit_with_what_went() -> None:
    change = changed("""
          import os

          def one():
              return 1

          def two(a):
        -     return a
        +     b = a + 1
        +     return b

          def three():
              return 3
    """)
    assert shown(change) == drawn("""
        -- two 6-8 --
          def two(a):
        -     return a
        +     b = a + 1
        +     return b
    """)


def test_of_a_class_the_method_with_the_headers_round_it() -> None:
    change = changed("""
          class Cart:
              # What it costs.
              @property
              def total(self):
        +         log()
                  return self.sum

              def other(self):
                  return 1
    """)
    assert shown(change) == drawn("""
        -- Cart.total 2-6 --
          class Cart:
              # What it costs.
              @property
              def total(self):
        +         log()
                  return self.sum
    """)


def test_what_stands_in_no_function_comes_with_its_neighbourhood() -> None:
    lines = "\n".join(f"  A{number} = {number}" for number in range(40))
    change = changed(f"{lines}\n+ NEW = 1\n" + lines.replace("A", "B"))
    (unit,) = units(change)
    assert (unit.start, unit.stop, unit.symbol, unit.changed) == (31, 51, "", frozenset({41}))


def test_two_changes_near_each_other_are_one_unit_of_code() -> None:
    change = changed("""
          A = 1
        + B = 2
          C = 3
        - D = 4
          E = 5
    """)
    assert len(units(change)) == 1


def test_a_function_that_went_is_told_where_it_stood() -> None:
    change = changed("""
          def one():
              return 1

        - def two():
        -     return 2
        -
          def three():
              return 3
    """)
    assert shown(change) == drawn("""
        -- three 4-5 --
        - def two():
        -     return 2
        -
          def three():
              return 3
    """)


def test_lines_that_went_at_the_end_belong_to_the_last_piece() -> None:
    change = changed("""
          def one():
              return 1
        - def two(): pass
    """)
    (unit,) = units(change)
    assert (unit.symbol, unit.removed) == ("one", ((3, "def two(): pass"),))


def test_a_whole_file_is_packed_and_never_cut_in_a_function() -> None:
    functions = "\n".join(f"def f{n}():\n    a = {n}\n    return a\n" for n in range(9))
    change = whole(functions)
    found = units(change, room=100)
    assert [each.symbol for each in found] == ["", "", "", "f8"] or len(found) > 3
    assert all(each.code.startswith("def ") for each in found)
    assert all(len(each.code) <= 100 for each in found)
    assert all(each.code.rstrip().endswith("return a") for each in found)


def test_a_function_that_is_too_large_is_cut_between_its_statements() -> None:
    body = "\n".join(f"    if a{n}:\n        call(\n            {n})" for n in range(20))
    found = units(whole(f"def large():\n{body}\n"), room=200)
    assert len(found) > 3
    assert {each.symbol for each in found} == {"large"}
    assert all(each.code.lstrip().startswith(("if", "def")) for each in found)


def test_a_language_without_a_grammar_is_cut_too() -> None:
    text = "first\n" * 30 + "\n" + "second\n" * 30
    assert len(units(whole(text, "notes.txt"), room=200, language="plaintext")) > 1


def test_of_a_partial_text_what_is_known_is_shown() -> None:
    text = "\n" * 9 + "a = 1\nb = 2\n" + "\n" * 20 + "if c:\n    go()\n"
    hunks = (Hunk(10, 1), Hunk(33, 0, ("    check()",)))
    known = ((10, 11), (32, 33))
    change = Changed("x.py", text, hunks, old_path="x.py", partial=True, known=known)
    assert shown(change) == (
        "-- (code) 10-11 --\n+ a = 1\n  b = 2\n"
        "-- (code) 32-33 --\n  if c:\n-     check()\n      go()"
    )


def test_where_a_line_stands_is_the_same_however_the_file_is_cut() -> None:
    drawing = """
      class Cart:
          limit = 1

          def total(self):
              return self.a

          def last(self):
    +         return self.a
    """
    change = changed(drawing)
    ways = [units(change), units(whole(change.text)), units(whole(change.text), room=60)]
    assert len({len(each) for each in ways}) > 1
    for found in ways:
        unit = found[-1]
        assert [unit.file.symbol_at(line) for line in (2, 5, 8)] == [
            "Cart",
            "Cart.total",
            "Cart.last",
        ]
        assert (unit.file.nth(5, 5, "Cart.total"), unit.file.nth(8, 8, "Cart.last")) == (1, 1)


@pytest.mark.parametrize("text", ["", "\n\n", "  \n"])
def test_nothing_to_read_is_no_unit(text: str) -> None:
    assert units(whole(text)) == ()


def test_a_deleted_file_is_no_unit() -> None:
    assert units_of(Changed("x.py", "", (), old_path="x.py", deleted=True), "python", (), 9) == ()


STATEMENTS = st.sampled_from(
    [
        "import os",
        "",
        "    ",
        "def f():",
        "    return 1",
        "class C(D):",
        "    def m(self):",
        "        return 2",
        "    @p",
        "# a comment",
        "x = [",
        "]",
        "é = 1\r",
        '"""',
        "a" * 90,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, max_size=40), st.data(), st.integers(60, 400))
def test_every_change_is_in_a_unit_and_every_line_is_as_it_stands(
    rows: list[str], data: st.DataObject, room: int
) -> None:
    text = "".join(f"{row}\n" for row in rows)
    lines = Lines.of(text)
    hunks = tuple(
        Hunk(start, min(count, lines.count + 1 - start), ("gone",))
        for start in sorted(
            data.draw(st.sets(st.integers(1, lines.count + 1), max_size=4), label="starts")
        )
        for count in [data.draw(st.integers(0, 3), label="count")]
    )
    change = Changed("x.py", text, hunks, old_path="x.py")
    found = units(change, room)
    for unit in found:
        assert unit.code == lines.slice(unit.start, unit.stop)
        assert len(unit.code) <= room or unit.start == unit.stop
    covered = {line for unit in found for line in range(unit.start, unit.stop + 1)}
    new = {line for each in hunks for line in range(each.start, each.start + each.count)}
    assert {line for line in new if not lines.is_blank(line)} <= covered
    if text.strip():
        assert bool(found) == bool(hunks)
        told = {line for unit in found for line, _ in unit.removed}
        assert told == {each.start for each in hunks}


@settings(max_examples=100, deadline=None)
@given(st.lists(STATEMENTS, max_size=60), st.integers(60, 400))
def test_a_whole_file_is_covered_once(rows: list[str], room: int) -> None:
    text = "".join(f"{row}\n" for row in rows)
    lines = Lines.of(text)
    found = units(whole_of(text), room)
    covered = [line for unit in found for line in range(unit.start, unit.stop + 1)]
    assert len(covered) == len(set(covered))
    assert {line for line in range(1, lines.count + 1) if not lines.is_blank(line)} <= set(covered)


def whole_of(text: str) -> Changed:
    return Changed("x.py", text, (Hunk(1, text.count("\n")),), whole=True)
