"""What resembles the lines above a cursor: drawn files in, passages out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook_context.nearby import names_in, without_imports
from inglenook_context.passages import Seen
from inglenook_context.similar import Shape, shaping, similar, wanted
from inglenook_context.text import Text
from tests.support.drawn import cursor_of
from tests.support.drawn_open import shape_of

NOWHERE = Seen("", 0, 0, 0)


def filler(name: str, count: int = 12) -> str:
    """Functions that have nothing to do with anything."""
    return "\n".join(
        f"def {name}_{n}(left_{n}):\n    right_{n} = left_{n}\n    return right_{n}\n"
        for n in range(count)
    )


ADMIN = """
def register_customer(admin, site):
    panel = admin.panel("customers")
    panel.columns = ["name", "city"]
    panel.searchable = True
    site.mount(panel, permission="sales")
    site.audit("customers")
    return panel

"""

DRAWING = """
from shop import admin
def register_orders(admin, site):
    panel = admin.panel("orders")
    panel.columns = ["number", "total"]
    panel.searchable = True
    █
"""


def found(drawing: str, window: Seen = NOWHERE, most: int = 600, **texts: str) -> list[str]:
    shapes = [shape_of(name, Text.of(text)) for name, text in texts.items()]
    what = wanted(cursor_of(drawing), shapes)
    return [each.text for each in similar(what, shapes, window, most)]


def test_what_resembles_is_shown_with_what_follows_it() -> None:
    other = filler("a") + ADMIN + filler("b")
    [shown] = found(DRAWING, other=other)
    assert shown.startswith("def register_customer(admin, site):\n")
    assert 'site.mount(panel, permission="sales")\n    site.audit("customers")\n' in shown


def test_it_is_not_the_head_of_the_file() -> None:
    [shown] = found(DRAWING, other="from shop import admin, panel\n" + filler("a") + ADMIN)
    assert "import" not in shown
    assert "def a_0" not in shown


def test_what_has_no_name_in_common_is_not_shown() -> None:
    assert found(DRAWING, other=filler("a"), more=filler("b")) == []


def test_names_that_stand_everywhere_tell_nothing() -> None:
    everywhere = "\n".join(
        f"def register_{n}(admin, site):\n    panel.columns = searchable(orders)\n    x{n} = 1\n"
        for n in range(60)
    )
    assert found(DRAWING, other=everywhere) == []


def test_of_two_the_more_alike_comes_first() -> None:
    less = ADMIN.replace("searchable", "hidden").replace("columns", "rows")
    shown = found(DRAWING, less=filler("a") + less, more=filler("b") + ADMIN)
    assert "searchable" in shown[0]


def test_the_window_of_the_own_file_is_not_shown() -> None:
    own = filler("a") + DRAWING.replace("█", "")
    count = own.count("\n") + 1
    assert found(DRAWING, own=own)
    assert found(DRAWING, Seen("own", count - 12, count, count), own=own) == []


def test_a_far_place_of_the_own_file_is() -> None:
    own = ADMIN + filler("a", 20) + DRAWING.replace("█", "")
    count = own.count("\n") + 1
    [shown] = found(DRAWING, Seen("own", count - 30, count, count), own=own)
    assert shown.startswith("def register_customer")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_line_end(end: str) -> None:
    drawing = DRAWING.replace("\n", end)
    other = (filler("a") + ADMIN + filler("b")).replace("\n", end)
    # nearby.py knows a mere CR no more than any grammar does: there such a file is one line.
    shown = found(drawing, other=other)
    assert len(shown) == (end == "\r\n")
    assert not any("\r" in each for each in shown)


def test_without_any_text_nothing_is_known() -> None:
    assert found(DRAWING) == []
    assert found("█", other=ADMIN) == []


def test_a_long_text_is_gone_through_in_small_steps() -> None:
    text = Text.of("value = other\n" * 30_000 + "x" * 1_000_000)
    steps = list(shaping("long.py", text))
    assert steps[:-1] == [None] * (len(steps) - 1)
    assert len(steps) > 1_000
    assert isinstance(steps[-1], Shape)
    assert steps[-1].windows <= 2_000


def test_a_digest_is_of_all_of_a_text_and_its_path() -> None:
    text = Text.of("value = other\n" * 30_000)
    again, changed = Text.of(str(text)), text.replace(len(text), len(text), "x")
    digest = shape_of("a.py", text).digest
    assert shape_of("a.py", again).digest == digest
    assert digest not in (shape_of("b.py", text).digest, shape_of("a.py", changed).digest)


def expected(text: Text, number: int) -> set[str]:
    """The names in a window, by the letter of the docstring."""

    def names() -> Iterator[str]:
        for first in (number * 10, number * 10 + 10):
            part = [text.line(n) + "\n" for n in range(first, min(first + 10, text.line_count))]
            yield from names_in(without_imports("".join(part)))

    return set(names())


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["a b", "c", "import d", "", "e(f)", "b"]), max_size=75))
def test_a_shape_holds_the_names_of_every_window(lines: list[str]) -> None:
    text = Text.of("\n".join(lines))
    shape = shape_of("any.py", text)
    assert shape.windows == max(-(-text.line_count // 10) - 1, 1)
    for number in range(shape.windows):
        held = {name for name, numbers in shape.holders.items() if number in numbers}
        assert held == expected(text, number)
    for numbers in shape.holders.values():
        assert list(numbers) == sorted(set(numbers))


@settings(deadline=None, max_examples=100)
@given(
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.integers(0, 300),
)
def test_nothing_raises(one: str, other: str, at: int) -> None:
    one, other = one.replace("█", ""), other.replace("█", "")
    at = min(at, len(one))
    found(one[:at] + "█" + one[at:], one=one, other=other)
