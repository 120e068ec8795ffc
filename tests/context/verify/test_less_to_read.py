"""Edits at the end of a function that lose lines and nothing that those did."""

from __future__ import annotations

import pytest

from inglenook_context.verify.task import Purpose
from tests.context.verify.drawn import checks, judged

_GUARDED = "import contextlib\nimport os\n\n\ndef f(a):\n"
_FEWER = [
    (
        _GUARDED + "    try:\n        os.remove(a)\n    except OSError:\n        pass\n",
        _GUARDED + "    with contextlib.suppress(OSError):\n        os.remove(a)\n",
    ),
    (
        "def f(a):\n    g = open(a)\n    b = g.read()\n    g.close()\n    return b\n",
        "def f(a):\n    with open(a) as g:\n        return g.read()\n",
    ),
    (
        "def f(a):\n    g = open(a)\n    g.write('x')\n    g.close()\n",
        "def f(a):\n    with open(a) as g:\n        g.write('x')\n",
    ),
    (
        "def f(a):\n    if a:\n        a.g()\n    else:\n        pass\n",
        "def f(a):\n    if a:\n        a.g()\n",
    ),
    (
        "def f(a):\n    if a:\n        return 1\n    else:\n        return 2\n",
        "def f(a):\n    if a:\n        return 1\n    return 2\n",
    ),
    (
        "def f(a):\n    if a:\n        a.g()\n    else:\n        return\n",
        "def f(a):\n    if a:\n        a.g()\n",
    ),
    (
        "def f(a):\n    for x in a:\n        x.g()\n    else:\n        pass\n",
        "def f(a):\n    for x in a:\n        x.g()\n",
    ),
    ("def f(a):\n    try:\n        a.g()\n    finally:\n        pass\n", "def f(a):\n    a.g()\n"),
]


@pytest.mark.parametrize("purpose", [Purpose.SIMPLIFY, Purpose.EDIT])
@pytest.mark.parametrize(("before", "after"), _FEWER)
def test_fewer_lines_that_do_the_same(before: str, after: str, purpose: Purpose) -> None:
    assert judged(before, after, purpose).good


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def f(a):\n    if a:\n        a.g()\n    else:\n        a.h()\n",
            "def f(a):\n    if a:\n        a.g()\n",
        ),
        (
            "def f(a):\n    try:\n        a.g()\n    except A:\n        a.h()\n    except B:\n"
            "        pass\n",
            "def f(a):\n    try:\n        a.g()\n    except A:\n        a.h()\n",
        ),
        (
            "def f(a):\n    a.g()\n    a.close()\n",
            "def f(a):\n    a.g()\n",
        ),
    ],
)
def test_fewer_lines_that_do_less(before: str, after: str) -> None:
    assert "truncated" in checks(judged(before, after))
