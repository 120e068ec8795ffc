"""What other files see of a script, and edits of it that they do not notice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from inglenook_context.verify.task import Purpose
from tests.context.verify.drawn import checks, judged

_CASES: Final = Path(__file__).parent / "cases"
_AROUND: Final = "declare const g: any, b: any, c: any;\ntype A = any;\ntype Promised<T> = T;\n"


def _drawn() -> list[tuple[str, str, str]]:
    """A first line that tells the language and the verdict; before and after."""
    text = (_CASES / "script_signatures.txt").read_text("utf-8").removesuffix("\n")
    cases = [case.partition("\n") for case in text.split("\n------\n")]
    edits = [(head, edit.partition("\n->\n")) for head, _, edit in cases]
    return [(head, before, after) for head, (before, _, after) in edits]


@pytest.mark.parametrize(("head", "before", "after"), _drawn())
def test_what_other_files_see_stays(head: str, before: str, after: str) -> None:
    language, _, wanted = head.partition(": ")
    verdict = judged(f"{before}\n", f"{after}\n", language=language)
    assert verdict.good is (wanted == "good")
    assert verdict.good or "signature" in checks(verdict)


def test_a_member_of_an_exported_object_that_is_gone_is_named() -> None:
    before, after = "exports.a = 1;\nexports.b = 2;\n", "exports.a = 1;\n"
    verdict = judged(before, after, language="javascript")
    assert "The variable exports.b is gone." in [each.reason for each in verdict.failures]


@pytest.mark.parametrize("purpose", [Purpose.SIMPLIFY, Purpose.EDIT])
@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("f(a): Promise<A> {\n  return g(a).then((b) => b);\n}\n", True),
        ("f(a) {\n  return new Promise((done) => { done(a); });\n}\n", True),
        ("f(a) {\n  return Promise.all([a, b]);\n}\n", True),
        ("f(a) {\n  return g(a).then((b) => b).catch(c);\n}\n", True),
        ("f(a): A {\n  return g(a);\n}\n", False),
        ("f(a): Promised<A> {\n  return g(a);\n}\n", False),
        ("f(a) {\n  return g(a);\n}\n", False),
        ("f(a) {\n  if (a) {\n    return 1;\n  }\n  return Promise.all(a);\n}\n", False),
        ("f(a) {\n  if (a) {\n    return Promise.all(a);\n  }\n  g();\n}\n", False),
    ],
)
def test_what_gives_a_promise_may_be_async(purpose: Purpose, code: str, good: bool) -> None:
    """And what is async may give a promise without that word."""
    head, _, _ = code.partition("{")
    plain = f"export function {code}"
    waits = f"export async function {head}{{\n  const d = await g(a);\n  return d;\n}}\n"
    for old, new in ((plain, waits), (waits, plain)):
        verdict = judged(f"«{old}»{_AROUND}", new, purpose, language="typescript")
        assert ("signature" not in checks(verdict)) is good
