"""Which instructions want another signature; all others must leave it as it is."""

from __future__ import annotations

import pytest

from inglenook.engine.refactor.code_form import _SIGNATURE


@pytest.mark.parametrize(
    "instruction",
    [
        "Add a parameter for the rate.",
        "rename count to number",
        "make it async",
        "Remove the second argument.",
        "give rate a default",
        "change the signature so that it takes a list",
        "Add a method that empties the cart.",
        "add type hints",
        "turn this into a property",
    ],
)
def test_these_do(instruction: str) -> None:
    assert _SIGNATURE.search(instruction)


@pytest.mark.parametrize(
    "instruction",
    [
        "Make this function clearer.",
        "Explain the arguments in a comment.",
        "Use a list comprehension.",
        "Raise a ValueError if the amount is negative.",
        "log a warning for each file that fails",
        "return early",
        "Sort by key.",
    ],
)
def test_these_do_not(instruction: str) -> None:
    assert not _SIGNATURE.search(instruction)
