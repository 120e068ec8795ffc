"""What a script's grammar takes and its language refuses, and right code that looks like it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from inglenook_context.verify.script_early import early_errors
from inglenook_context.verify.sides import Side
from tests.context.verify.drawn import checks, judged

_CASES: Final = Path(__file__).parent / "cases"


def _drawn(name: str) -> list[tuple[str, str]]:
    """A first line that tells the language and more, and a script."""
    text = (_CASES / f"{name}.txt").read_text("utf-8").removesuffix("\n")
    parts = [case.partition("\n") for case in text.split("\n------\n")]
    return [(head, code) for head, _, code in parts]


def _said(code: str, language: str) -> list[str]:
    side = Side(code, language, 0, len(code))
    assert side.tree is not None
    assert not any(node.error or node.missing for node in side.tree.walk()), "it does not parse"
    return [each.message for each in early_errors(side, side.tree)]


@pytest.mark.parametrize(("head", "code"), _drawn("early_errors"))
@pytest.mark.parametrize("around", ["", "// é\nvar before_ = 1;\n"])
def test_an_early_error_does_not_compile(around: str, head: str, code: str) -> None:
    language, _, message = head.partition(": ")
    verdict = judged("var before_ = 2;\n", f"{around}{code}\n", language=language)
    reasons = [failure.reason for failure in verdict.failures if failure.check == "parses"]
    assert [each for each in reasons if each.startswith(f"The edit does not compile: {message} (")]


@pytest.mark.parametrize(("language", "code"), _drawn("right_scripts"))
def test_right_code_has_no_early_error(language: str, code: str) -> None:
    assert _said(code, language) == []


@pytest.mark.parametrize(("language", "code"), _drawn("right_scripts"))
def test_no_part_of_a_script_makes_it_raise(language: str, code: str) -> None:
    for stop in range(0, len(code), 5):
        side = Side(code[:stop], language, 0, stop)
        if side.tree is not None:
            early_errors(side, side.tree)


def test_what_is_wrong_has_a_line() -> None:
    before = "const a = 1;\n\n«let b = a;\n»"
    verdict = judged(before, "let b = a;\na = b;\n", language="typescript")
    assert [failure.reason for failure in verdict.failures] == [
        "The edit does not compile: a is a const and is assigned (line 4)."
    ]


def test_what_was_wrong_before_is_not_held_against_an_edit() -> None:
    before = "const a = 1;\na = 2;\n«let b = a;\n»"
    assert judged(before, "let b = a + 1;\n", language="typescript").good
    assert not judged(before, "let b = a + 1;\na = 3;\n", language="typescript").good


def test_what_a_broken_file_hid_is_not_held_against_its_mending() -> None:
    before = "const a = 1;\nfunction f() {\n  a = 2;\n«  let b = (a;\n»}\n"
    assert judged(before, "  let b = (a);\n", language="typescript").good
    assert not judged(before, "  let b = (a = 3);\n", language="typescript").good


def test_a_statement_that_the_grammar_cannot_read_is_not_looked_at() -> None:
    """What its tree says of the rest of it may be wrong, and would refuse what is right."""
    before = "const f = () => {\n  g(;\n«  let b = 1;\n»};\n"
    assert judged(before, "  const b;\n", language="typescript").good


@pytest.mark.parametrize(
    "drawing",
    [
        "export function f(a: string): void;\n«export class A {\n  m(): void;\n}\n»",
        "declare const a: number;\n«export class A {\n  m(): void;\n}\n»",
        "export const a: string;\n«export class A {\n  m(): void;\n}\n»",
        "type F = import('x').F;\n«export default class A {\n  m(): void;\n}\nexport class B {\n"
        "  m(): void;\n}\n»",
    ],
)
def test_a_file_of_declarations_has_no_bodies(drawing: str) -> None:
    new = drawing.partition("«")[2].rstrip("»").replace("m(): void;", "m(): void;\n  n(): void;")
    assert "parses" not in checks(judged(drawing, new, language="typescript"))


def test_a_script_with_bodies_has_signatures_before_them() -> None:
    before = "export const a = f();\n«class A {\n  m(): void {}\n}\n»"
    new = "class A {\n  m(): void;\n}\n"
    assert "parses" in checks(judged(before, new, language="typescript"))
