"""Selections of which no function or variable can be made, and what each would have broken."""

from __future__ import annotations

import pytest

from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.text import Text
from tests.context.refactor.python.drawn import selection
from tests.support.parsed import parsed

NO_FUNCTION = {
    "a clause is no statement": """\
def m(p):
    match p:
        «case 1:
            return 2»
        case _:
            return 3
""",
    "y is not bound before the comprehension binds it": """\
def w(xs):
    «ys = [y for x in xs if (y := x)]»
    return ys, y
""",
    "nor before the generator does": """\
def w(xs):
    «ys = list(y for x in xs if (y := x))»
    return ys, y
""",
    "X would be bound in the new function": """\
«type X = int»
print(X)
""",
    "what is printed is the expression's text": """\
def f(a):
    return f"{len([«a + 1»])=}"
""",
}


@pytest.mark.parametrize("why", NO_FUNCTION)
def test_no_function_is_made(why: str) -> None:
    source, start, stop = selection(NO_FUNCTION[why])
    assert isinstance(extract_function(parsed(Text.of(source)), start, stop), Refusal)


def test_a_type_that_is_used_afterwards_is_given_back() -> None:
    source, start, stop = selection("def f():\n    «type X = int»\n    return X\n")
    found = extract_function(parsed(Text.of(source)), start, stop)
    assert isinstance(found, Refusal) or "X = _" in found.changes[-1].new


def test_no_variable_of_what_an_f_string_prints_with_its_text() -> None:
    source, start, stop = selection('def f(a):\n    return f"{len([«a + 1»])=}"\n')
    assert isinstance(extract_variable(parsed(Text.of(source)), start, stop), Refusal)


@pytest.mark.parametrize(
    ("drawing", "asks"),
    [
        ("def f(n):\n    a = «n.p»\n    b = n.p\n    return a, b\n", True),
        ("def f(n):\n    a = «n + 1»\n    b = n + 1\n    return a, b\n", False),
    ],
)
def test_a_property_is_read_as_often_as_before_unless_the_user_agrees(
    drawing: str, *, asks: bool
) -> None:
    source, start, stop = selection(drawing)
    found = extract_variable(parsed(Text.of(source)), start, stop, everywhere=True)
    assert isinstance(found, Refactoring)
    assert bool(found.confirm) == asks


def test_a_method_of_a_class_in_a_function_sees_its_variables() -> None:
    source, start, stop = selection("""\
def f(x):
    class In:
        def g(self):
            return x

        def h(self):
            «r = In»
            return r

    return In
""")
    found = extract_function(parsed(Text.of(source)), start, stop)
    assert isinstance(found, Refactoring)
    assert found.changes[-1].new == "r = _r(In)"
