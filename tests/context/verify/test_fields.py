"""What is a signature without being a `def`: fields, members, lambdas."""

from __future__ import annotations

import pytest

from inglenook_context.verify.task import Purpose
from tests.context.verify.drawn import checks, judged

_DATA = "@dataclass(frozen=True)\nclass A:\n    x: int\n    y: int = 0\n"
_NAMED = "class A(NamedTuple):\n    x: int\n    y: int\n"
_TYPED = "class A(typing.TypedDict):\n    x: int\n    y: int\n"
_ENUM = "class A(enum.Enum):\n    X = 1\n    Y = 2\n"
_TUPLE = "A = namedtuple('A', 'x y')\n"
_LAMBDA = "f = lambda a, b=1: a + b\n"
_HEAD = (
    "import enum\nimport typing\nfrom collections import namedtuple\n"
    "from dataclasses import dataclass\nfrom typing import NamedTuple\n\n\n"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_DATA, _DATA.replace("    x: int\n", "")),
        (_DATA, _DATA.replace("    y: int = 0", "    y: int")),
        (_DATA, _DATA.replace("    y: int = 0\n", "    z: int = 0\n")),
        (_DATA, _DATA.replace("x: int\n", "x: int = 0\n    w: int = 0\n")),
        (_NAMED, "class A(NamedTuple):\n    y: int\n    x: int\n"),
        (_TYPED, _TYPED.replace("y:", "z:")),
        (_ENUM, _ENUM.replace("2", "3")),
        (_ENUM, _ENUM.replace("    X = 1\n", "")),
        (_ENUM, "class A(enum.Enum):\n    Y = 2\n    X = 1\n"),
        (_TUPLE, _TUPLE.replace("x y", "y x")),
        (_TUPLE, _TUPLE.replace("x y", "x")),
        (_LAMBDA, _LAMBDA.replace("a, b=1", "b, a=1")),
        (_LAMBDA, _LAMBDA.replace(", b=1: a + b", ": a")),
    ],
)
def test_a_signature_changed(before: str, after: str) -> None:
    assert "signature" in checks(judged(f"{_HEAD}«{before}»", after))
    assert judged(f"{_HEAD}«{before}»", after, signature_may_change=True, may_remove=True).good


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_DATA, _DATA.replace("    x: int\n", "    x: int  # of a row\n")),
        (_DATA, _DATA + "\n    def z(self):\n        return self.x\n"),
        (_ENUM, _ENUM + "\n    def z(self):\n        return self.value\n"),
        (_DATA, _DATA + "    z: int = 1\n"),
        (_ENUM, _ENUM + "    Z = 3\n"),
        (_LAMBDA, _LAMBDA.replace("a + b", "b + a")),
        (_LAMBDA, "def f(a, b=1):\n    return a + b\n"),
        ("class A:\n    X = 1\n    Y = 2\n", "class A:\n    Y = 2\n    X = 1\n"),
    ],
)
def test_a_signature_stayed(before: str, after: str) -> None:
    assert judged(f"{_HEAD}«{before}»", after, Purpose.EDIT).good
