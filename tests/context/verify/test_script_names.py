"""Names of a script that are read before they are there, or as what they are not; what it wants
of other files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from inglenook_context.verify.imports import imports_of
from inglenook_context.verify.task import Answers, Task, Wanted
from tests.context.verify.drawn import checks, judged

_CASES: Final = Path(__file__).parent / "cases"
_USES: Final = "import * as dep from './dep';\nexport function f(a) {\n  return a;\n}\n"
_LOADS: Final = "const dep = require('./dep');\nfunction f(a) {\n  return a;\n}\n"


def _drawn() -> list[tuple[str, str, str]]:
    """A first line that tells the language and the verdict; before and after."""
    text = (_CASES / "script_names.txt").read_text("utf-8").removesuffix("\n")
    cases = [case.partition("\n") for case in text.split("\n------\n")]
    edits = [(head, edit.partition("\n->\n")) for head, _, edit in cases]
    return [(head, before, after) for head, (before, _, after) in edits]


@pytest.mark.parametrize(("head", "before", "after"), _drawn())
def test_a_name_is_read_as_what_it_is(head: str, before: str, after: str) -> None:
    language, _, wanted = head.partition(": ")
    verdict = judged(f"{before}\n", f"{after}\n", language=language)
    assert verdict.good is (wanted == "good")
    assert verdict.good or {"parses", "undefined"} & set(checks(verdict))


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("const b = c;\n  const c = a;\n  return b;", "c is used before it is declared (line 3)."),
        ("interface B {}\n  return B;", "B is a type and is used as a value (line 4)."),
        ("const b: a = 1;\n  return b;", "a is a value and is used as a type (line 3)."),
    ],
)
def test_what_is_amiss_is_said(new: str, reason: str) -> None:
    verdict = judged(_USES, _USES.replace("return a;", new), language="typescript")
    assert [each.reason for each in verdict.failures] == [f"The edit does not compile: {reason}"]


def test_a_member_of_an_enum_hides_no_global() -> None:
    before = "enum Level {\n  Error,\n  Info,\n}\nfunction f(a: Level) {\n  return a;\n}\n"
    after = before.replace("return a;", "throw new Error(`${a}`);")
    assert judged(before, after, language="typescript").good


@pytest.mark.parametrize(
    ("before", "new", "wanted"),
    [
        (_USES, "return dep.no(a);", Wanted("./dep", "no")),
        (_USES, "const b: dep.No = a;\n  return b;", Wanted("./dep", "No")),
        (_LOADS, "return dep.no(a);", Wanted("./dep", "no")),
        (_LOADS, "const { no } = require('./dep');\n  return no;", Wanted("./dep", "no")),
        (
            _USES,
            "(async () => {\n    const { no: b } = await import('./c');\n    b();\n  })();",
            Wanted("./c", "no"),
        ),
        (_USES, "return import(`./none`);", Wanted("./none")),
        (_USES, "return import('none', { with: { type: 'json' } });", Wanted("none")),
        (_USES, "return require.resolve('./none');", Wanted("./none")),
        (_USES, "const b: import('./none').X = a;\n  return b;", Wanted("./none")),
    ],
)
def test_what_is_read_of_a_module_must_be_there(before: str, new: str, wanted: Wanted) -> None:
    after = before.replace("return a;", new)
    task = Task("typescript", (0, len(before)))
    assert wanted in imports_of(before, after, task)
    for has in (True, False):
        verdict = judged(before, after, language="typescript", world=Answers({wanted: has}))
        assert ("import" in checks(verdict)) is not has


@pytest.mark.parametrize(
    "new",
    [
        "const dep = a;\n  return dep.no;",
        "dep.no = a;\n  return a;",
        "return import(`./${a}`);",
        "return dep.default;",
    ],
)
def test_what_is_no_member_of_a_module_is_not_asked_for(new: str) -> None:
    after = _LOADS.replace("return a;", new)
    assert imports_of(_LOADS, after, Task("javascript", (0, len(_LOADS)))) == ()
