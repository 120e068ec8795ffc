"""Names that lost the assignment that gave them a value on every way."""

from __future__ import annotations

import pytest

from inglenook_context.verify.task import Purpose
from tests.context.verify.drawn import checks, judged

_SUM = "def f(a):\n    t = 0\n    for x in a:\n        t += x\n    return t\n"
_IF = "def f(a):\n    t = 0\n    if a:\n        t = 1\n    return t\n"
_TRY = (
    "def f(a):\n    t = None\n    try:\n        t = a.g()\n    except OSError:\n        h()\n"
    "    return t\n"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_SUM, _SUM.replace("    t = 0\n", "")),
        (_SUM, _SUM.replace("    t = 0\n", "").replace("t += x", "t = x")),
        (_IF, _IF.replace("    t = 0\n", "")),
        (_TRY, _TRY.replace("    t = None\n", "")),
        ("def f(a):\n    b = a.g()\n    return b\n",
         "def f(a):\n    b = a.g()\n    del b\n    return b\n"),
        ("def f(a):\n    b = 1\n    while a():\n        b = 2\n    return b\n",
         "def f(a):\n    while a():\n        b = 2\n    return b\n"),
    ],
)  # fmt: skip
def test_a_lost_assignment(before: str, after: str) -> None:
    assert checks(judged(before, after, Purpose.EDIT)) == ["undefined"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_SUM, "def f(a):\n    return sum(a)\n"),
        (_SUM, "def f(a):\n    t = sum(x for x in a)\n    return t\n"),
        (_IF,
         _IF.replace("    t = 0\n", "").replace("    return", "    else:\n        t = 0\n"
                                            "    return")),
        (_IF, "def f(a):\n    if not a:\n        return 0\n    t = 1\n    return t\n"),
        (_TRY, _TRY.replace("    t = None\n", "").replace("h()", "t = h()")),
        (_TRY, _TRY.replace("    t = None\n", "").replace("h()", "raise")),
        (_IF, "def f(a):\n    match a:\n        case 1:\n            t = 0\n        case _:\n"
         "            t = 1\n    return t\n"),
        (_IF, "def f(a):\n    while True:\n        t = a.g()\n        if t:\n            break\n"
         "    return t\n"),
        (_IF, "def f(a):\n    if (t := a.g()) and t > 1:\n        return 1\n    return t\n"),
        (_IF, "def f(a):\n    with a.g() as t:\n        return t\n"),
        ("def f(a):\n    if a:\n        t = 1\n    return t\n",
         "def f(a):\n    if a:\n        t = 2\n    return t\n"),
    ],
)  # fmt: skip
def test_a_value_on_every_way(before: str, after: str) -> None:
    assert judged(before, after, Purpose.EDIT).good
