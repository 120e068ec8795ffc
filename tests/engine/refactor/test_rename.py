"""Which name a cursor (█) stands at, and whether it can be renamed at all."""

from __future__ import annotations

import pytest

from inglenook.engine.refactor.rename import can_rename, name_at
from inglenook_context.parse import Parse
from inglenook_context.refactor.edits import Refusal
from inglenook_context.syntax import Syntax
from tests.support.drawn import cursor_of


def at(drawing: str, language: str) -> tuple[Syntax, int]:
    cursor = cursor_of(drawing, language)
    parse = Parse(language, cursor.document.text)
    while not parse.done:
        parse.advance(1_000)
    tree = parse.tree()
    assert tree is not None
    return tree, cursor.offset


@pytest.mark.parametrize(
    ("language", "drawing", "expected"),
    [
        ("python", "█net = 0\n", "█net█ = 0\n"),
        ("python", "n█et = 0\n", "█net█ = 0\n"),
        ("python", "ne█t = 0\n", "█net█ = 0\n"),
        ("python", "net█ = 0\n", "█net█ = 0\n"),
        ("python", "net █= 0\n", ""),
        ("python", "net =█ 0\n", ""),
        ("python", "net = █0\n", ""),
        ("python", "█ü = ß\n", "█ü█ = ß\n"),
        ("python", "a█=b\n", "█a█=b\n"),
        ("python", "a=█b\n", "a=█b█\n"),
        ("python", "f(█)\n", ""),
        ("python", "f█()\n", "█f█()\n"),
        ("python", "a █ b\n", ""),
        ("python", "'net█'\n", ""),
        ("python", "█", ""),
        ("python", "a = b█", "a = █b█"),
        ("typescript", "f<█T>(a)\n", "f<█T█>(a)\n"),
        ("typescript", "f█<T>(a)\n", "█f█<T>(a)\n"),
        ("typescript", "({ █a })\n", "({ █a█ })\n"),
        ("typescript", "this.█#a\n", "this.█#a█\n"),
        ("typescript", "a: for (;;) break a█;\n", "a: for (;;) break █a█;\n"),
        ("typescript", "const x: █A = a\n", "const x: █A█ = a\n"),
    ],
)
def test_the_name_at_a_cursor(language: str, drawing: str, expected: str) -> None:
    tree, offset = at(drawing, language)
    text = str(tree.text)
    found = name_at(tree, offset)
    drawn = found and f"{text[: found[0]]}█{text[slice(*found)]}█{text[found[1] :]}"
    assert (drawn or "") == expected


@pytest.mark.parametrize(
    ("language", "drawing"),
    [
        ("python", "def f():\n    █a = 1\n    return a\n"),
        ("python", "def f():\n    █a = Tried_name = 1\n    return a\n"),
        ("python", "def f():\n    █a = Tried_name = Tried_name1 = 1\n    return a, Tried_name\n"),
        ("typescript", "export const f = (█Tried_name, a) => a\n"),
        ("typescript", "export const f = (█a, Tried_name, Tried_name1) => a\n"),
    ],
)
def test_the_name_that_is_tried_is_not_one_of_the_file(language: str, drawing: str) -> None:
    tree, offset = at(drawing, language)
    assert can_rename(tree, language, offset) is None


def test_what_stands_in_the_way_is_not_the_new_name() -> None:
    tree, offset = at("class A:\n    def █f(self):\n        return 1\n", "python")
    assert isinstance(can_rename(tree, "python", offset), Refusal)
