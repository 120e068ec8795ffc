"""What each check finds, and what it must let pass."""

from __future__ import annotations

import pytest

from inglenook_context.verify.check import verify
from inglenook_context.verify.imports import imports_of
from inglenook_context.verify.task import Answers, Purpose, Task, Wanted
from tests.context.verify.drawn import checks, judged

_F = "def f(a, b=1):\n    total = a + b\n    return total\n"
_TS = "export function f(a: number, b = 1): number {\n  const c = a + b;\n  return c;\n}\n"


@pytest.mark.parametrize(
    ("new", "check"),
    [
        ("def f(a, b=1):\n    total = a + b\n    return totals\n", "undefined"),
        ("def f(a, b=1):\n    total += a + b\n    return total\n", "undefined"),
        ("def f(a, b=1):\n    total = total + b\n    return total\n", "undefined"),
        ("def f(a, b=1):\n    [n for n in a]\n    total = n\n    return total\n", "undefined"),
        ("def f(a, b=1):\n    total = a + b\n    return total\n  x = 1\n", "parses"),
        ("def f(a, b=1):\n    total = f(b=1, 2)\n    return total\n", "parses"),
        ("def f(a, b=1):\n    total = await a\n    return total\n", "parses"),
        ("def f(a):\n    total = a\n    return total\n", "signature"),
        ("def f(a, b):\n    total = a + b\n    return total\n", "signature"),
        ("def f(a, b=2):\n    total = a + b\n    return total\n", "signature"),
        ("def f(a, b=None):\n    total = a + (b or 1)\n    return total\n", "signature"),
        ("async def f(a, b=1):\n    total = a + b\n    return total\n", "signature"),
        ("def f(a, b=1):\n    total = a + b\n    yield total\n", "signature"),
        ("def g(a, b=1):\n    total = a + b\n    return total\n", "signature"),
        ("def f(a, b=1):\n    total = a + b\n", "truncated"),
        ("def f(a, b=1):\n    pass\n", "truncated"),
        ("def f(a, b=1):\n    ...\n", "truncated"),
        ("", "truncated"),
        ("def f(a, b=1):\n    # ... rest of the code\n    return total(a)\n", "elided"),
        (
            "def f(a, b=1):\n    total = a - b\n    return total\n# Here is the fixed code\n",
            "prose",
        ),
        ("Sure, here it is:\n" + _F.replace("+", "-"), "prose"),
        ("```python\n" + _F + "```\n", "fence"),
        (_F.replace("+", "-") + "# ```\n", "fence"),
        (_F.replace("+", "-").rstrip() + "  # sum ```\n", "fence"),
        (_F.replace("+", "-") + "<|im_end|>\n", "fence"),
        (_F.replace("+", "-") + "# <|fim_middle|>\n", "fence"),
        (_F.replace("    ", "\t"), "indentation"),
        (_F.replace("\n", "\r\n").replace("+", "-"), "line-ends"),
        (_F.replace("+", "-").rstrip("\n"), "line-ends"),
        (_F.replace("total\n", "total  # \u202e\n"), "invisible"),
        (_F, "unchanged"),
        (_F + "\n\n" + _F, "outside"),
    ],
)
def test_a_broken_edit_of_python(new: str, check: str) -> None:
    assert check in checks(judged(_F, new))


@pytest.mark.parametrize(
    ("new", "check"),
    [
        (_TS.replace("return c", "return d"), "undefined"),
        (_TS.replace("const c = a + b;\n  ", ""), "undefined"),
        (_TS.replace("a + b;", "a + ;"), "parses"),
        (_TS.replace("= a + b", ""), "parses"),
        (_TS.replace("const c = a", "const c = await a"), "parses"),
        (_TS.replace("  return c;", "  const c = 1;\n  return c;"), "parses"),
        (_TS.replace(", b = 1", "").replace(" + b", ""), "signature"),
        (_TS.replace("b = 1", "b?: number"), "signature"),
        (_TS.replace("b = 1", "b = 2"), "signature"),
        (_TS.replace("a: number", "a: string"), "signature"),
        (_TS.replace("export ", ""), "signature"),
        (_TS.replace("f(", "g("), "signature"),
        (_TS.replace("  return c;\n", ""), "truncated"),
        (_TS.replace("  return c;\n}\n", ""), "truncated"),
        ("export function f(a: number, b = 1): number {\n  // existing code\n}\n", "elided"),
        ("Here is the code:\n" + _TS.replace("+", "-"), "prose"),
        ("```typescript\n" + _TS + "```\n", "fence"),
        (_TS.replace("  const", "\tconst"), "indentation"),
    ],
)
def test_a_broken_edit_of_typescript(new: str, check: str) -> None:
    assert check in checks(judged(_TS, new, language="typescript"))


def test_what_was_broken_before_is_not_held_against_an_edit() -> None:
    before = "def broken(:\n    pass\n\n\n«def f(a):\n    return unknown + a\n»"
    assert judged(before, "def f(a):\n    return unknown - a\n").good
    assert not judged(before, "def f(a):\n    return unknown - (a\n").good


def test_a_syntax_error_may_be_mended() -> None:
    assert judged("def f(a)\n    return a\n", "def f(a):\n    return a\n", Purpose.FIX).good


def test_nothing_outside_may_change() -> None:
    before = "x = 1\n\n\ndef f():\n    return x\n"
    task = Task("python", (7, len(before)))
    verdict = verify(before, before.replace("x = 1", "x = 2"), task)
    assert checks(verdict) == ["outside"]


def test_a_name_that_others_use_may_not_vanish() -> None:
    before = "«_a = 1\n_b = 2\n»\n\ndef f():\n    return _b\n"
    assert checks(judged(before, "_a = 1\n", may_remove=True)) == ["undefined"]


def test_names_that_cannot_be_told_are_no_failure() -> None:
    before = "from os.path import *\n\n\n«def f(a):\n    return a\n»"
    assert judged(before, "def f(a):\n    return join(a)\n").good
    world = Answers({Wanted("os.path", "joined"): False})
    assert not judged(before, "def f(a):\n    return joined(a)\n", world=world).good


def test_a_local_that_hid_a_builtin_may_not_fall_back_on_it() -> None:
    before = "def f(a):\n    min = a.low()\n    print(min)\n    return min, max(a)\n"
    after = "def f(a):\n    print(min)\n    return min, max(a)\n"
    assert checks(judged(before, after)) == ["undefined"]
    script = "function f(a) {\n  const name = a.x;\n  return name + a;\n}\n"
    lost = "function f(a) {\n  return name + a;\n}\n"
    assert checks(judged(script, lost, language="typescript")) == ["undefined"]


def test_a_star_import_is_asked_for_its_names() -> None:
    before = "from .names import *\n\n\ndef f(a):\n    return a\n"
    after = before.replace("return a", "return g(a)")
    task = Task("python", (0, len(before)))
    assert imports_of(before, after, task) == (Wanted(".names", "g"),)


@pytest.mark.parametrize(
    ("code", "wanted", "said"),
    [
        (
            "import importlib\nimportlib.import_module('no_such')",
            Wanted("no_such"),
            "There is no module no_such.",
        ),
        ("__import__('no_such.b')", Wanted("no_such.b"), "There is no module no_such.b."),
        ("import no_such", Wanted("no_such"), "There is no module no_such."),
        ("from json import lods", Wanted("json", "lods"), "The module json has no lods."),
        ("from ..a import b", Wanted("..a"), "There is no module ..a."),
        ("import json\njson.lods", Wanted("json", "lods"), "The module json has no lods."),
    ],
)
def test_what_is_imported_must_be_there(code: str, wanted: Wanted, said: str) -> None:
    before, after = "x = 1\n", f"{code}\nx = 1\n"
    task = Task("python", (0, len(before)))
    assert wanted in imports_of(before, after, task)
    verdict = verify(before, after, task, Answers({wanted: False}))
    assert [failure.reason for failure in verdict.failures] == [said]
    assert verify(before, after, task, Answers({wanted: None})).good


def test_an_import_that_may_fail_is_guarded() -> None:
    after = "try:\n    import no_such\nexcept ImportError:\n    no_such = None\nx = 1\n"
    assert judged("x = 1\n", after, world=Answers({Wanted("no_such"): False})).good


def test_a_submodule_is_a_name_of_its_package() -> None:
    known = {Wanted("a", "b"): False, Wanted("a.b"): True, Wanted("a"): True}
    assert judged("x = 1\n", "from a import b\n\nx = b\n", world=Answers(known)).good


def test_what_a_script_imports_must_be_there() -> None:
    after = "import { a } from './none';\n" + _TS
    task = Task("typescript", (0, len(_TS)))
    assert imports_of(_TS, after, task) == (Wanted("./none"), Wanted("./none", "a"))
    verdict = verify(_TS, after, task, Answers({Wanted("./none"): False}))
    assert checks(verdict) == ["import"]


def test_a_default_that_calls_share_may_become_none() -> None:
    before = "def f(a=[]):\n    return a\n"
    after = "def f(a=None):\n    return [] if a is None else a\n"
    assert judged(before, after, Purpose.FIX).good
    assert judged(before.replace("[]", "set()"), after, Purpose.FIX).good
    assert not judged(before.replace("[]", "3"), after, Purpose.FIX).good


def test_a_default_is_the_same_however_it_is_written() -> None:
    before = "def f(a='x', b=1000):\n    return a\n"
    after = 'def f(a=("x"), b=1_000):\n    return a + b\n'
    assert judged(before, after).good
    script = "function f(a = 'x') {\n  return a;\n}\n"
    assert judged(
        script, script.replace("'", '"').replace("a;", "a + 1;"), language="typescript"
    ).good


def test_a_default_changes_where_that_was_asked_for() -> None:
    before, after = "def f(a=1):\n    return a\n", "def f(a=2):\n    return a\n"
    for may in (False, True):
        task = Task("python", (0, len(before)), Purpose.FIX, defaults_may_change=may)
        assert verify(before, after, task).good is may


def test_of_equal_comments_each_must_stay() -> None:
    before = "def f(a):\n    # ---\n    b = a\n    # ---\n    return b\n"
    after = "def f(a):\n    # ---\n    b = a\n    return b\n"
    assert judged(before, after, Purpose.SIMPLIFY).notes == ("The comment # --- is gone.",)
    assert not judged(before, after.replace("(a)", "(a: int)"), Purpose.TYPES).good


def test_what_vanishes_is_said_or_forbidden() -> None:
    before = "def f(a):\n    # why\n    print('x')\n    return a\n"
    after = "def f(a):\n    return a\n"
    verdict = judged(before, after, Purpose.SIMPLIFY)
    assert verdict.good
    assert verdict.notes == (
        "The comment # why is gone.",
        "The string 'x' is gone.",
        "1 expression statement is gone.",
    )
    for purpose in (Purpose.EXTRACT, Purpose.INLINE, Purpose.DOCSTRING, Purpose.TYPES):
        assert not judged(before, after, purpose).good


@pytest.mark.parametrize(
    ("new", "purpose"),
    [
        (
            'def f(a, b=1):\n    """Doc."""\n    total = a - b\n    return total\n',
            Purpose.DOCSTRING,
        ),
        ("def f(a: int, b=1):\n    total = b + a\n    return total\n", Purpose.TYPES),
        ("def f(a, b=1):\n    sum_ = a - b\n    return sum_\n", Purpose.RENAME),
        ("def f(a, b=1):\n    sum_ = a + b\n    return total\n", Purpose.RENAME),
        ("def f(a, b=1):\n    c = b\n    return c\n", Purpose.EXTRACT),
        ("def f(a, b=1):\n    return a\n", Purpose.INLINE),
    ],
)
def test_a_purpose_allows_nothing_else(new: str, purpose: Purpose) -> None:
    assert not judged(_F, new, purpose).good


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("python", ()),
        (
            "go",
            ("Only its syntax was checked: names and signatures of go are not looked at.",),
        ),
        ("cobol", ("What it does was not checked: cobol is not known here.",)),
    ],
)
def test_what_was_not_looked_at_is_said(language: str, note: tuple[str, ...]) -> None:
    before = "print(1)\n" if language == "python" else "a = 1;\n"
    assert judged(before, before.replace("1", "2"), language=language).notes == note


@pytest.mark.parametrize("language", ["go", "rust", "java", "c", "ruby", "php", "yaml", "sql"])
def test_other_languages_are_looked_at_as_texts(language: str) -> None:
    before = "a: 1\nb: 2\n" if language in ("yaml", "sql") else "f(1);\ng(2);\n"
    assert judged(before, before.replace("2", "3"), language=language).good
    for new in ("Sure, here is the updated code:\n" + before, f"```\n{before}```\n", ""):
        assert not judged(before, new, language=language).good
