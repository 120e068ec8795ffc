"""No text makes the verifier raise, run anything, or write the user's code to a log."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook_context.verify.check import verify
from inglenook_context.verify.imports import imports_of
from inglenook_context.verify.task import Purpose, Task

_WORDS = """def f(a): return a + class import from x * ( ) [ ] { } : , = . # ... ` ``` ' " \\ async
await for in if else try except as lambda not None function => const let < > ; / |
super yield break #a static get new export catch switch case default ?? ** ?. ... delete var
this constructor a: [a] <|im_end|> é 😀 \0 \ud800"""
_PIECES = st.lists(
    st.sampled_from([*_WORDS.split(), "\n", "\n    ", "\r\n", "\t"]), max_size=30
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    _PIECES,
    _PIECES,
    st.sampled_from(["python", "typescript", "typescriptreact", "go", "yaml", "none"]),
    st.sampled_from(Purpose),
    st.integers(0, 40),
    st.integers(-3, 60),
)
def test_it_never_raises(
    before: str, after: str, language: str, purpose: Purpose, start: int, stop: int
) -> None:
    task = Task(language, (start, stop), purpose)
    imports_of(before, after, task)
    for failure in verify(before, after, task).failures:
        assert failure.reason.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000,
        "x = " + "(" * 300 + ")" * 300 + "\n",
        "x = " + "-" * 50_000 + "1\n",
        "x = a" + ".b" * 50_000 + "\n",
        "x = " + "not " * 5_000 + "a\n",
        "x = " + "1 + " * 5_000 + "1\n",
        "".join(" " * n + "if x:\n" for n in range(150)),
        "x = 'a\0b'\n",
        "x = " + "9" * 10_000 + "\n",
        "[" * 200 + "]" * 200,
    ],
)
@pytest.mark.parametrize("language", ["python", "typescript"])
def test_deep_and_strange_texts(text: str, language: str) -> None:
    for before, after in (("x = 1\n", text), (text, "x = 1\n"), (text, text + "y = 1\n")):
        verify(before, after, Task(language, (0, len(before))))


def test_warnings_of_the_parser_reach_no_log(capfd: pytest.CaptureFixture[str]) -> None:
    after = "x = '\\d'\ny = 1 is 1\nassert (x, 'secret')\n"
    assert verify("x = 1\n", after, Task("python", (0, 6)))
    assert capfd.readouterr() == ("", "")
