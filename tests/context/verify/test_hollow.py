"""Bodies that were left out, and such as became short for a reason."""

from __future__ import annotations

import pytest

from inglenook_context.verify.task import Purpose
from tests.context.verify.drawn import checks, judged

_SAVE = (
    'def save(path, rows):\n    """Write the rows."""\n    for row in rows:\n'
    "        path.write(row)\n    path.flush()\n"
)
_HEAD = 'def save(path, rows):\n    """Write the rows."""\n'
_SUM = "def total(rows):\n    found = [row.price for row in rows]\n    return sum(found)\n"
_TS = (
    "export function total(rows: Row[]): number {\n  const found = rows.map(price);\n"
    "  return sum(found);\n}\n"
)
_TS_HEAD = "export function total(rows: Row[]): number {\n"


@pytest.mark.parametrize("may_remove", [False, True])
@pytest.mark.parametrize("purpose", [Purpose.EDIT, Purpose.FIX, Purpose.SIMPLIFY])
@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        (_SAVE, _HEAD, "python"),
        (_SAVE, _HEAD + "    pass\n", "python"),
        (_SAVE, _HEAD + "    ...\n", "python"),
        (_SAVE, _HEAD + "    return None\n", "python"),
        (_SAVE, _HEAD + "    return\n", "python"),
        (_SAVE, _HEAD + "    raise NotImplementedError\n", "python"),
        (_SAVE, _HEAD + "    raise Exception('not implemented yet')\n", "python"),
        (
            _SAVE,
            _HEAD + "    for row in rows:\n        raise NotImplementedError('TODO')\n",
            "python",
        ),
        (_SUM, _SUM.replace("return sum(found)", "raise NotImplementedError()"), "python"),
        (_SUM, "def total(rows):\n    return NotImplemented\n", "python"),
        (
            "def keep(self, value):\n    self.value = value\n",
            'def keep(self, value):\n    """Keep it."""\n',
            "python",
        ),
        (_TS, _TS_HEAD + "}\n", "typescript"),
        (_TS, _TS_HEAD + '  throw new Error("not implemented");\n}\n', "typescript"),
        (
            _TS,
            _TS.replace("return sum(found)", "throw new Error('Method not implemented.')"),
            "typescript",
        ),
        (_TS, _TS_HEAD + "  return undefined;\n}\n", "typescript"),
        (_TS, _TS_HEAD + "  return undefined as any;\n}\n", "typescript"),
        (_TS, _TS_HEAD + "  return null as unknown as Map<string, Row[]>;\n}\n", "typescript"),
        (_TS, _TS_HEAD + "  return null!;\n}\n", "typescript"),
    ],
)
def test_a_body_that_was_left_out(
    before: str, after: str, language: str, purpose: Purpose, may_remove: bool
) -> None:
    verdict = judged(before, after, purpose, language, may_remove=may_remove)
    assert "truncated" in checks(verdict)


@pytest.mark.parametrize("end", ["pass", "return", "return None", "raise NotImplementedError"])
def test_an_end_that_was_left_out(end: str) -> None:
    before = "def f(a):\n    a.open()\n    a.read()\n    a.close()\n    a.forget()\n"
    after = f"def f(a):\n    a.open()\n    a.read()\n    {end}\n"
    assert checks(judged(before, after)) == ["truncated"]


@pytest.mark.parametrize("value", ["0", "None", "[]", "''", "False", "list()"])
def test_what_must_behave_as_it_did_does_not_give_one_value_always(value: str) -> None:
    after = f"def total(rows):\n    return {value}\n"
    assert "truncated" in checks(judged(_SUM, after, Purpose.SIMPLIFY))
    assert "truncated" in checks(judged(_SUM, after, Purpose.FIX))


def test_a_stub_where_one_is_asked_for() -> None:
    after = _HEAD + "    raise NotImplementedError\n"
    assert judged(_SAVE, after, may_remove=True, may_empty=True).good


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(a):\n    b = 1\n    return None\n", "def f(a):\n    return None\n"),
        ("def f(a):\n    b = []\n    return b\n", "def f(a):\n    return []\n"),
        ("def f(a):\n    if a:\n        return False\n    return False\n",
         "def f(a):\n    return False\n"),
        ("def f(a):\n    if a > 1:\n        return a\n    return 0\n",
         "def f(a):\n    if a > 1:\n        return a\n    raise NotImplementedError('below 1')\n"),
        ("def f(a):\n    raise ValueError('no such thing as a')\n",
         "def f(a):\n    raise NotImplementedError\n"),
        ("def f(a):\n    raise Exception('not implemented')\n",
         "def f(a):\n    raise NotImplementedError\n"),
        ("def f(a):\n    return a.b()\n",
         "def f(a):\n    if a is None:\n        raise NotImplementedError\n    return a.b()\n"),
        ("def f(a):\n    print(a)\n    return None\n", "def f(a):\n    print(a)\n"),
        ("def f(a):\n    a.b()\n    return None\n", "def f(a):\n    a.b()\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("purpose", [Purpose.EDIT, Purpose.SIMPLIFY])
def test_a_body_that_became_short_for_a_reason(before: str, after: str, purpose: Purpose) -> None:
    assert judged(before, after, purpose).good


def test_an_arrow_that_became_an_expression() -> None:
    before = "const f = (a: number) => {\n  return g(a);\n};\n"
    after = "const f = (a: number) => g(a);\n"
    assert judged(before, after, Purpose.SIMPLIFY, "typescript").good
