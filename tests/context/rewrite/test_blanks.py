"""The header of a function with blanks where types are missing, and what is written into them."""

from __future__ import annotations

import pytest

from inglenook_context.document import Document
from inglenook_context.rewrite.annotations import untyped
from inglenook_context.rewrite.blanks import Header, header_of, types_in
from inglenook_context.text import Text
from tests.support.parsed import parsed


def header(drawing: str, language: str = "python") -> Header:
    offset = drawing.index("█")
    text = Text.of(drawing.replace("█", ""))
    document = Document("file:///case", language, 1, text)
    syntax = parsed(text, language)
    found = untyped(document, syntax, offset)
    assert found is not None
    got = header_of(document, syntax, found)
    assert got is not None
    return got


def drawn(found: Header) -> str:
    pieces = [
        piece + f"⟨{label}⟩" for piece, label in zip(found.pieces, found.labels, strict=False)
    ]
    return "".join([*pieces, found.pieces[-1]])


@pytest.mark.parametrize(
    ("drawing", "blanks", "language"),
    [
        (
            "def f(a, b=1, *c, **d):\n    return █a\n",
            "def f(a: ⟨a⟩, b: ⟨b⟩ = 1, *c: ⟨*c⟩, **d: ⟨**d⟩) -> ⟨return⟩:",
            "python",
        ),
        (
            "class A:\n    async def f(self, a: int, b) -> str:\n        return █b\n",
            "async def f(self, a: int, b: ⟨b⟩) -> str:",
            "python",
        ),
        (
            "def f(\n    a,\n    b,\n):\n    return █a\n",
            "def f(\n    a: ⟨a⟩,\n    b: ⟨b⟩,\n) -> ⟨return⟩:",
            "python",
        ),
        (
            "function f(a, b?) { return █a }\n",
            "function f(a: ⟨a⟩, b?: ⟨b⟩): ⟨return⟩",
            "typescript",
        ),
        ("const f = x => █x\n", "(x: ⟨x⟩): ⟨return⟩ =>", "typescript"),
    ],
)
def test_the_blanks(drawing: str, blanks: str, language: str) -> None:
    assert drawn(header(drawing, language)) == blanks


@pytest.mark.parametrize(
    ("answer", "types"),
    [
        (
            "def f(a: int, b: str = 'x') -> list[str]:",
            {"a": "int", "b": "str", "return": "list[str]"},
        ),
        (
            "```python\ndef f(a: dict[str, int] | None, b: Callable[[int], str]) -> None:\n```",
            {"a": "dict[str, int] | None", "b": "Callable[[int], str]", "return": "None"},
        ),
        (
            "def f(\n    a: int,\n    b: str,\n) -> tuple[int, str]:\n    return a, b",
            {"a": "int", "b": "str", "return": "tuple[int, str]"},
        ),
        ("def f(a, b: str):\n    x: int = 1", {"b": "str"}),
        (
            "function f(a: number, b?: (x: string) => void): Promise<void> {",
            {"a": "number", "b": "(x: string) => void", "return": "Promise<void>"},
        ),
        (
            "const f = (a: number[], b: { c: string }): string => a",
            {"a": "number[]", "b": "{ c: string }", "return": "string"},
        ),
        ("function f(a: A): { b: string } {", {"a": "A", "return": "{ b: string }"}),
        ("", {}),
        ("f(a: ", {}),
        ("I cannot.", {}),
    ],
)
def test_what_a_model_wrote(answer: str, types: dict[str, str]) -> None:
    blanks = Header(("def f(a: ", ", b: ", ") -> ", ":"), ("a", "b", "return"))
    assert types_in(answer, blanks) == types
