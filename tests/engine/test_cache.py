"""Drawn: an answer is kept at one cursor (█) and asked for at another."""

from __future__ import annotations

import pytest

from inglenook.engine.cache import Asked, Kept, MemoryCache, Typed, TypeThrough
from inglenook.engine.recipe import recipe, surroundings
from tests.support.drawn import cursor_of

ASKED = Asked("m", "a.py", "1")


def kept_at(drawing: str, *texts: str) -> TypeThrough:
    cursor = cursor_of(drawing)
    recent = TypeThrough()
    typed = Typed(ASKED, "python", cursor.offset, surroundings(cursor), Kept(texts, complete=False))
    recent.put("uri", typed)
    return recent


def asked_at(recent: TypeThrough, drawing: str, asked: Asked = ASKED) -> tuple[str, ...] | None:
    cursor = cursor_of(drawing)
    kept = recent.get("uri", asked, "python", cursor.offset, surroundings(cursor))
    return kept.texts if kept else None


@pytest.mark.parametrize(
    ("drawing", "left"),
    [
        ("x = foo█\ny = 1\n", ("(bar)",)),
        ("x = foo(█\ny = 1\n", ("bar)",)),
        ("x = foo(bar█\ny = 1\n", (")",)),
        ("x = foo(bar)█\ny = 1\n", None),  # typed out: nothing of it is left
        ("x = foo[█\ny = 1\n", None),  # a wrong character
        ("x = fo█\ny = 1\n", None),  # before the place it was made for
        ("x = foo█\ny = 2\n", None),  # the text below changed
        ("z = foo█\ny = 1\n", None),  # the text above changed
        ("\nx = foo█\ny = 1\n", None),
    ],
)
def test_typing_an_answer_out_asks_nobody(drawing: str, left: tuple[str, ...] | None) -> None:
    recent = kept_at("x = foo█\ny = 1\n", "(bar)")
    assert asked_at(recent, drawing) == left


def test_other_files_may_change_while_an_answer_is_typed_out() -> None:
    recent = kept_at("x = foo█\n", "(bar)")
    later = ASKED._replace(others="2")
    assert asked_at(recent, "x = foo(█\n", later) == ("bar)",)
    assert asked_at(recent, "x = foo█\n", later) is None
    assert asked_at(recent, "x = foo(█\n", ASKED._replace(model="other")) is None


def test_backspacing_over_typed_characters_finds_the_answer_again() -> None:
    recent = kept_at("x = foo█\n", "(bar)")
    assert asked_at(recent, "x = foo(b█\n") == ("ar)",)
    assert asked_at(recent, "x = foo(█\n") == ("bar)",)
    assert asked_at(recent, "x = foo█\n") == ("(bar)",)


def test_alternatives_that_do_not_fit_what_was_typed_are_left_out() -> None:
    recent = kept_at("x = █\n", "foo()", "far()", "bar()")
    assert asked_at(recent, "x = f█\n") == ("oo()", "ar()")


def test_a_place_with_nothing_to_say_is_remembered_only_for_itself() -> None:
    recent = kept_at("x = █\n")
    assert asked_at(recent, "x = █\n") == ()
    assert asked_at(recent, "x = f█\n") is None


def test_a_window_that_moved_with_typing_still_fits() -> None:
    above = "".join(f"line_{number} = {number}\n" for number in range(2000))
    recent = kept_at(above + "x = foo█\n", "(bar)")
    assert asked_at(recent, above + "x = foo(█\n") == ("bar)",)
    assert asked_at(recent, above.replace("line_1990", "line_199x") + "x = foo(█\n") is None


def test_the_same_recipe_for_the_same_place_and_no_other() -> None:
    def key(drawing: str, model: str = "m", language: str = "python", line: bool = False) -> bytes:
        return recipe(model, language, line, surroundings(cursor_of(drawing)))

    base = key("a█b")
    assert key("a█b") == base
    others = [key("ab█"), key("█ab"), key("a█b", "n"), key("a█b", "m", "go"), key("a█b", line=True)]
    assert len({base, *others}) == 1 + len(others)


def test_the_least_recently_used_answers_go_first() -> None:
    cache = MemoryCache()
    for number in range(1500):
        cache.put(number.to_bytes(4), Kept(("x",), complete=True))
        cache.get((0).to_bytes(4))
    assert len(cache) == 1000
    assert cache.get((0).to_bytes(4)) is not None
    assert cache.get((1).to_bytes(4)) is None


def test_memory_is_bounded_in_characters_too() -> None:
    cache = MemoryCache()
    for number in range(100):
        cache.put(number.to_bytes(4), Kept(("x" * 100_000,), complete=True))
    assert len(cache) < 11
