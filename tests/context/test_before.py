"""What stood near a cursor before: the old text and the new one with its cursor, drawn."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook_context.before import LIMIT, replaced
from inglenook_context.excerpt import lines_of
from inglenook_context.text import Text
from tests.support.drawn import cursor_of

OLD = """
def price(cart):
    total = 0
    for line in cart:
        total += line.units * line.each
    return total


def names(cart):
    found = []
    for line in cart:
        found.append(line.name)
    return found


def close(cart):
    cart.clear()
"""


NAMES = OLD[OLD.index("def names") : OLD.index("\n\ndef close")]
BODY = NAMES.partition("\n")[2]


def before(now: str, old: str = OLD, most: int = 1_000) -> str:
    cursor = cursor_of(now)
    found = replaced(Text.of(old), cursor.document.text, cursor.line, most)
    return found.text if found else ""


def test_the_body_of_a_function_that_is_written_anew() -> None:
    now = OLD.replace(
        BODY,
        "    return █\n",
    )
    assert before(now) == NAMES


def test_what_was_changed_elsewhere_is_not_shown() -> None:
    now = OLD.replace("    total = 0\n", "    total = Money(0)\n")
    now = now.replace(
        BODY,
        "    return [█]\n",
    )
    assert before(now) == NAMES


def test_a_cursor_far_from_what_changed() -> None:
    long = "\n".join(f"x{n} = {n}" for n in range(100)) + "\n"
    old = OLD + long + "end = 0\n"
    now = (OLD[: OLD.index("    total = 0")] + "    pass\n" + long).replace("x90 =", "█x90 =")
    assert before(now + "end = 0\n", old) == ""


@pytest.mark.parametrize(
    ("gone", "new"),
    [
        pytest.param("", "    tax = █\n", id="something was added"),
        pytest.param("    total = 0\n", "    total = 10█\n", id="a line is being changed"),
        pytest.param("    return total\n", "█", id="a line is gone"),
    ],
)
def test_what_is_no_rewriting(gone: str, new: str) -> None:
    at = OLD.index(gone or "    total")
    assert before(OLD[:at] + new + OLD[at + len(gone) :]) == ""


def test_what_was_only_moved_is_not_gone() -> None:
    moved = OLD[OLD.index("def price") : OLD.index("def names")]
    assert before(OLD.replace(moved, "█") + "\n\n" + moved) == ""


def test_what_is_long_is_cut_at_a_line() -> None:
    body = "".join(f"    step_{n}(cart)\n" for n in range(60))
    old = OLD.replace("    cart.clear()\n", body)
    shown = before(OLD.replace("    cart.clear()\n", "    cart.█\n"), old, 200)
    assert shown.startswith("def close(cart):\n    step_0(cart)\n")
    assert len(shown) <= 200


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_line_end(end: str) -> None:
    now = OLD.replace(NAMES, "def names(cart):\n    return █\n")
    assert before(now.replace("\n", end), OLD.replace("\n", end)) == NAMES


def test_the_same_text_and_long_texts_are_not_compared() -> None:
    text = Text.of(OLD)
    assert replaced(text, text, 3, 1_000) is None
    long = Text.of("x = 1\n" * (LIMIT // 6 + 1))
    assert replaced(long, text, 3, 1_000) is None


WORDS = st.lists(st.sampled_from(["", "a", "bcde", "  fghi", "jklm(", "\tnopq", "rstu"]))


@settings(deadline=None)
@given(WORDS, WORDS, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(0, 60), st.integers(0, 99))
def test_any_answer_is_lines_of_the_old_text(
    old: list[str], now: list[str], end: str, line: int, most: int
) -> None:
    before, after = Text.of(end.join(old)), Text.of(end.join(now))
    found = replaced(before, after, min(line, after.line_count - 1), most)
    if found is not None:
        assert found.text == lines_of(before, found.first, found.stop)
        assert len(found.text) <= most


@pytest.mark.parametrize("seed", range(20))
def test_a_function_that_was_emptied_among_other_changes_is_found(seed: int) -> None:
    chance = random.Random(seed)
    functions = [
        f"def f{n}(a):\n    b{n} = a\n    c{n} = b{n}\n    d{n} = c{n}\n    return d{n}\n\n"
        for n in range(30)
    ]
    old = "".join(functions)
    at = chance.randrange(2, 28)
    changed = list(functions)
    for other in chance.sample([n for n in range(30) if abs(n - at) > 1], 5):
        changed[other] = changed[other].replace("= a", "= a + 1")
    changed[at] = f"def f{at}(a):\n    █\n\n"
    assert before("".join(changed), old) == functions[at].removesuffix("\n")
