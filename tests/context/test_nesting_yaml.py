"""YAML whose columns nest so deep that its grammar would end the process is not parsed."""

from __future__ import annotations

import pytest

from inglenook_context.parse import Parse
from inglenook_context.text import Edit, Text
from tests.support.parsed import parsed

DEEP = {
    "marks": "- " * 1_500,
    "questions": "a:\n  " + "? " * 300,
    "both": " " * 150 + "- " * 150 + "x\n",
    "keys": "".join(" " * level + "a:\n" for level in range(300)),
    "returns": "".join(" " * level + "-\r" for level in range(300)),
    "across a step": "x: y\n" * 6_552 + "- " * 400,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_it_is_not_parsed(text: str) -> None:
    assert parsed(Text.of(text), "yaml") is None
    assert parsed(Text.of(text), "json") is not None


@pytest.mark.parametrize("count", [1, 60, 190])
def test_what_is_deep_and_no_deeper_is_parsed(count: int) -> None:
    keys = "".join(" " * level + "a:\n" for level in range(count))
    for text in (keys, "- " * count, "a: " + "long words " * 300, "b: [" + "1, " * 300 + "]"):
        assert parsed(Text.of(text), "yaml") is not None


def test_it_is_found_when_it_is_typed_and_forgotten_when_it_is_taken_away() -> None:
    text = Text.of("a:\n  - b\n")
    parse = Parse("yaml", text)
    assert parse.advance(1_000)
    assert parse.tree() is not None
    deep = text.replace(5, 5, "- " * 400)
    parse.update(deep, (Edit(5, 5, 805),))
    assert parse.advance(1_000)
    assert parse.tree() is None
    parse.update(text, (Edit(5, 805, 5),))
    assert parse.advance(1_000)
    assert parse.tree() is not None
