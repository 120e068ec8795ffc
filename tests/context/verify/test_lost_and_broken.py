"""What parses and is broken all the same: values that are lost, tags that do not match."""

from __future__ import annotations

import pytest

from inglenook_context.verify.check import verify
from inglenook_context.verify.task import Purpose, Task


def checks(
    before: str, after: str, language: str, purpose: Purpose, *, may: bool = False
) -> set[str]:
    task = Task(language, (0, len(before)), purpose, signature_may_change=may)
    return {each.check for each in verify(before, after, task).failures}


LOST = [
    ("def f(a):\n    return a + 1\n", "def f(a):\n    a + 1\n", "python"),
    ("def f(a):\n    b = a\n    return b\n", "def f(a):\n    b = a\n", "python"),
    (
        "class A:\n    def f(self, a):\n        return [x for x in a]\n",
        "class A:\n    def f(self, a):\n        [x for x in a]\n",
        "python",
    ),
    ("function f(a) {\n  return a + 1;\n}\n", "function f(a) {\n  a + 1;\n}\n", "javascript"),
    ("const f = (a: number) => {\n  const b = a;\n  return b;\n};\n",
     "const f = (a: number) => {\n  const b = a;\n};\n", "typescript"),
    ("const f = (a) => a + 1;\n", "const f = (a) => {\n  a + 1;\n};\n", "javascript"),
]  # fmt: skip
KEPT = [
    ("def f(a):\n    return a + 1\n", "def f(a):\n    return 1 + a\n", "python"),
    ("def f(a):\n    return g(a)\n", "def f(a):\n    with a:\n        return a\n", "python"),
    ("def f(a):\n    return a\n", "def f(a):\n    raise ValueError(a)\n", "python"),
    ("def f(a):\n    return None\n", "def f(a):\n    a = 1\n", "python"),
    ("def f(a):\n    a = 1\n", "def f(a):\n    a = 2\n", "python"),
    ("def f(a):\n    return exit(a)\n", "def f(a):\n    exit(a)\n", "python"),  # or never returns
    ("function f(a) {\n  return a;\n}\n", "function f(a) {\n  throw a;\n}\n", "javascript"),
    ("function f(a) {\n  return a;\n}\n", "function f(a) {\n  if (a) return 1;\n  return a;\n}\n",
     "javascript"),
    ("const f = (a) => a + 1;\n", "const f = (a) => 1 + a;\n", "javascript"),
]  # fmt: skip


@pytest.mark.parametrize("purpose", [Purpose.EDIT, Purpose.FIX, Purpose.SIMPLIFY])
@pytest.mark.parametrize(("before", "after", "language"), LOST)
def test_a_lost_value_is_a_failure(
    before: str, after: str, language: str, purpose: Purpose
) -> None:
    assert "results" in checks(before, after, language, purpose)
    assert "results" not in checks(before, after, language, purpose, may=True)


@pytest.mark.parametrize(("before", "after", "language"), KEPT)
def test_what_is_kept_or_cannot_be_told(before: str, after: str, language: str) -> None:
    assert "results" not in checks(before, after, language, Purpose.EDIT)


@pytest.mark.parametrize(
    ("after", "same"),
    [
        ("function f(a) {\n  return (a);\n}\n", False),
        ("function f(a) {\n  return a;\n}\n", True),
        ("function f(a) { return a }\n", True),
        ("// it is\nfunction f(a) {\n  return a\n}\n", True),
    ],
)
def test_another_layout_is_no_simplification(after: str, same: bool) -> None:
    before = "function f(a) {\n    return a\n}\n"
    assert ("purpose" in checks(before, after, "javascript", Purpose.SIMPLIFY)) is same


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_what_is_too_long_to_be_checked_is_not_offered(language: str) -> None:
    before = "x = 1\n" * 200_000
    assert "parses" in checks(before, "def (((\n" + before, language, Purpose.EDIT)


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ("<ul><li>b</li></ul>", True),
        ("<><X.Y>b</X.Y><br /></>", True),
        ("<ul><li>b</li></ol>", False),
        ("<ul><li>b</div></ul>", False),
        ("<><li>b</li></ul>", False),
    ],
)
def test_tags_of_jsx_are_closed_by_their_own_name(body: str, good: bool) -> None:
    before = "const A = () => {\n  return <ul><li>a</li></ul>;\n};\n"
    after = before.replace("<ul><li>a</li></ul>", body)
    assert ("parses" not in checks(before, after, "typescriptreact", Purpose.EDIT)) is good
