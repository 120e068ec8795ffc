"""What other files see of a script, and edits of it that they do not notice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.context.verify.drawn import checks, judged

_CASES: Final = Path(__file__).parent / "cases"


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
