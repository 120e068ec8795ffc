"""Which lines are a passage, and which passages are shown: drawn lines in, chosen lines out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook_context.excerpt import excerpt, lines_of
from inglenook_context.passages import Passage, Seen, digest, fill, room, seen, still
from inglenook_context.text import Text
from inglenook_context.window import LARGE, SMALL, Budget
from tests.support.drawn import MARK, cursor_of

ELSEWHERE = Seen("own.py", 0, 0, 0)


def cut(drawing: str, most: int = 1_000, lines: int = 30) -> str:
    """The excerpt round the line with the mark."""
    cursor = cursor_of(drawing)
    found = excerpt(cursor.document.text, cursor.line, cursor.line + lines, most)
    return found.text if found else ""


FUNCTIONS = """
import os

def first(a):
    return a

def second(b):
    for each in b:
        yield each█
        print(each)
    return None

def third(c):
    return c
"""


def test_it_begins_where_a_function_begins() -> None:
    assert cut(FUNCTIONS).startswith("def second(b):\n    for each in b:\n")


def test_it_ends_where_a_block_ends_if_it_must_be_cut() -> None:
    assert cut(FUNCTIONS, 100) == (
        "def second(b):\n    for each in b:\n        yield each\n        print(each)\n"
        "    return None\n"
    )


def test_it_is_not_the_head_of_the_file() -> None:
    drawing = "# licence\nimport a\n" + "\n".join(f"x{n} = {n}" for n in range(40))
    shown = cut(drawing.replace("x30 = 30", "x30 = 30█"), lines=4)
    assert "licence" not in shown
    assert "x30 = 30\n" in shown


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param("█", id="an empty text"),
        pytest.param("\n\n█\n\n", id="blank lines"),
        pytest.param("one = 1█\n", id="one line"),
        pytest.param("x = '" + "y" * 500 + "'█\nz = 1\n", id="a long line"),
    ],
)
def test_what_is_no_passage(drawing: str) -> None:
    assert cut(drawing) == ""


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["", " ", "a", "  bc(", "\td:", "e" * 30, "\x0b", "\ud800"])),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(0, 200),
)
def test_any_excerpt_is_whole_lines_within_the_limit(
    lines: list[str], end: str, place: int, size: int, most: int
) -> None:
    text = Text.of(end.join(lines))
    found = excerpt(text, place, place + size, most)
    if found is not None:
        assert len(found.text) <= most
        assert lines_of(text, found.first, found.stop) == found.text
        assert found.stop <= place + size


@pytest.mark.parametrize("budget", [LARGE, SMALL])
def test_what_the_window_shows(budget: Budget) -> None:
    lines = [f"line_{n} = {n}" for n in range(2_000)]
    drawing = "\n".join(lines).replace("line_1000 ", f"{MARK}line_1000 ")
    cursor = cursor_of(drawing)
    shown = seen(cursor, "own.py", budget)
    assert shown.first < 1_000 < shown.stop
    assert shown.count == 2_000
    assert shown.shows("own.py", 1_000, 1_001)
    assert not shown.shows("own.py", 0, shown.first)
    assert not shown.shows("own.py", shown.stop, 2_000)
    assert not shown.shows("other.py", 1_000, 1_001)


def test_lines_of_an_older_text_may_have_moved_into_the_window() -> None:
    shown = Seen("own.py", 100, 120, 510)
    assert shown.shows("own.py", 92, 95, 500)  # ten lines were added, perhaps above
    assert not shown.shows("own.py", 80, 85, 500)


def test_passages_take_less_than_a_third_and_nothing_of_little() -> None:
    assert room(LARGE) <= 0.3 * LARGE.snippets
    assert room(Budget(300, 1, 1, 1)) == 0


SOURCE = Text.of("".join(f"line {n}\n" for n in range(100)))


def passage(first: int, score: float, path: str = "a.py", lines: int = 3) -> Passage:
    text = lines_of(SOURCE, first, first + lines)
    return Passage(path, text, first, score, "similar", SOURCE)


def chosen(
    found: list[Passage], kept: list[Passage], most: int = 90, own: Seen = ELSEWHERE
) -> list[int]:
    return [each.first_line for each in fill(found, own, most, kept)]


@pytest.mark.parametrize(
    ("found", "kept", "shown"),
    [
        pytest.param([(0, 0.5), (10, 0.9)], [], [10, 0], id="the best first"),
        pytest.param([(10, 0.9)], [(0, 0.5)], [0, 10], id="a newcomer comes behind what is shown"),
        pytest.param([(0, 0.3)], [], [], id="a newcomer must be worth it"),
        pytest.param([], [(0, 0.3)], [0], id="what is shown may be worth less"),
        pytest.param([], [(0, 0.1)], [], id="but not nothing"),
        pytest.param([(1, 0.9)], [(0, 0.5)], [0], id="what overlaps what is shown is not shown"),
        pytest.param([(0, 0.5), (1, 0.9)], [], [1], id="of two that overlap the better"),
        pytest.param(
            [(20, 0.55)], [(0, 0.5), (10, 0.5)], [0, 10], id="a little better is not enough"
        ),
        pytest.param([(20, 0.9)], [(0, 0.6), (10, 0.5)], [0, 20], id="the worst is driven out"),
        pytest.param([(20, 9.0)], [(0, 0.6), (10, 0.5)], [0, 20], id="and no more than need be"),
    ],
)
def test_the_choice_stays_put(
    found: list[tuple[int, float]], kept: list[tuple[int, float]], shown: list[int]
) -> None:
    assert chosen([passage(*each) for each in found], [passage(*each) for each in kept]) == shown


def test_a_text_is_shown_once() -> None:
    assert chosen([passage(0, 0.9), passage(0, 0.8, "copy.py")], []) == [0]


def test_what_the_window_shows_is_not_shown_again() -> None:
    own = Seen("a.py", 8, 30, 101)
    assert chosen([passage(0, 0.9), passage(10, 0.9)], [passage(20, 0.9)], own=own) == [0]


@given(
    st.lists(st.tuples(st.integers(0, 90), st.floats(0, 1)), max_size=8),
    st.lists(st.tuples(st.integers(0, 90), st.floats(0, 1)), max_size=3),
    st.integers(0, 120),
)
def test_any_choice_fits_and_settles(
    found: list[tuple[int, float]], kept: list[tuple[int, float]], most: int
) -> None:
    offered = [passage(*each) for each in found]
    shown = fill(offered, ELSEWHERE, most, [passage(*each) for each in kept])
    assert sum(len(each.text) + len(each.path) for each in shown) <= most
    rounds = 0
    while (again := fill(offered, ELSEWHERE, most, shown)) != shown:
        shown, rounds = again, rounds + 1  # what was driven out has left room
    assert rounds <= 2


def test_a_passage_follows_what_changed_above_it_and_ends_with_its_lines() -> None:
    each = passage(50, 0.5)
    assert still(each, SOURCE) is each
    moved = still(each, SOURCE.replace(0, 0, "new\n" * 4))
    assert moved is not None
    assert (moved.first_line, moved.text) == (54, each.text)
    at = SOURCE.line_start(51)
    assert still(each, SOURCE.replace(at, at, "changed ")) is None


def test_a_digest_tells_what_is_shown() -> None:
    one, other = passage(0, 0.5), passage(10, 0.5)
    assert digest([]) == ""
    assert digest([one]) == digest([passage(0, 0.9)])
    assert len({digest([one]), digest([other]), digest([one, other]), digest([other, one])}) == 4
