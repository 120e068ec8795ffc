"""What a model could be asked to do at a place, drawn with its cursor (█)."""

from __future__ import annotations

import pytest

from inglenook.engine.refactor import suggested as module
from inglenook.engine.refactor.suggested import MOST, fix, is_wanted, lacking, suggested
from inglenook_context.document import Document
from inglenook_context.parse import Parse
from inglenook_context.syntax import Syntax
from inglenook_context.text import Edit
from inglenook_context.verify.task import Purpose
from tests.support.drawn import cursor_of


def tree_of(document: Document) -> Syntax:
    parse = Parse(document.language, document.text)
    while not parse.done:
        parse.advance(1_000)
    tree = parse.tree()
    assert tree is not None
    return tree


def titles(drawing: str, language: str = "python", *only: str, selected: int = 0) -> list[str]:
    cursor = cursor_of(drawing, language)
    found = suggested(
        cursor.document,
        tree_of(cursor.document),
        cursor.offset,
        cursor.offset + selected,
        only,
    )
    return [each.title for each in found]


TYPES, DOCSTRINGS = (
    "Add the missing types in this file",
    "Write the missing docstrings in this file",
)


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        (
            "def f(x):\n    return █x\n",
            ["Add types to f", "Write the docstring of f", "Simplify f"],
        ),
        ("def f(x: int) -> int:\n    return █x\n", ["Write the docstring of f", "Simplify f"]),
        ("class A:\n    b = █1\n", ["Write the docstring of A"]),
        ("x = █1\n", []),
        ("█", []),
        ("█\n\n\ndef f(x):\n    return x\n", []),
        (
            "def f(x):\n  █  def g(y):\n        return y\n    return g\n",
            ["Add types to g", "Write the docstring of g", "Simplify g"],
        ),
    ],
)
def test_at_a_cursor(drawing: str, expected: list[str]) -> None:
    assert titles(drawing, "python", "refactor.rewrite") == expected


def test_of_a_selection_nothing_is_said_of_the_file() -> None:
    drawing = "def f(x):\n    █y = x\n    return y\n"
    assert TYPES in titles(drawing)
    of_selection = titles(drawing, selected=5)
    assert "Simplify the selection" in of_selection
    assert TYPES not in of_selection
    assert titles(drawing, "python", "source.inglenook.types", selected=5) == [TYPES]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(x):\n    return x\n", [TYPES, DOCSTRINGS]),
        ('def f(x):\n    """F."""\n    return x\n', [TYPES]),
        ("def f(x: int) -> int:\n    return x\n", [DOCSTRINGS]),
        ('def f(x: int) -> int:\n    """F."""\n    return x\n', []),
        ("x = 1\n", []),
        ("class A:\n    pass\n", [DOCSTRINGS]),
    ],
)
def test_of_a_whole_file(text: str, expected: list[str]) -> None:
    assert titles(f"█{text}", "python", "source") == expected


def test_what_lacks_something_is_named_in_the_order_of_the_file() -> None:
    text = (
        "@cache\ndef f(x):\n    return x\n\n\nclass A:\n    '''A.'''\n\n"
        "    def g(self, y) -> int:\n        return y\n\n"
        "    def h(self) -> int:\n        return 1\n"
    )
    document = cursor_of(f"█{text}").document
    tree = tree_of(document)
    types = lacking(document, tree, Purpose.TYPES)
    assert [(text[at : at + 5], name) for at, name in types] == [("def f", "f"), ("def g", "g")]
    docs = lacking(document, tree, Purpose.DOCSTRING)
    assert [name for _, name in docs] == ["f", "g", "h"]


def test_at_most_so_many() -> None:
    text = "".join(f"def f{number}(x):\n    return x\n\n\n" for number in range(MOST + 5))
    document = cursor_of(f"█{text}").document
    names = [name for _, name in lacking(document, tree_of(document), Purpose.TYPES)]
    assert names == [f"f{number}" for number in range(MOST)]


def test_other_languages() -> None:
    drawing = "function f(a) {\n  return █a;\n}\n"
    assert "Write the docstring of f" in titles(drawing, "javascript")
    assert "Add types to f" not in titles(drawing, "javascript")
    assert titles("func f(a int) int {\n\treturn █a\n}\n", "go") == ["Simplify f"]


def test_a_tree_of_another_text_tells_nothing() -> None:
    document = cursor_of("def f(x):\n    return █x\n").document
    assert suggested(document, None, 0, 0) == ()
    parse = Parse("python", document.text)
    while not parse.done:
        parse.advance(1_000)
    longer = document.text.replace(0, 0, '"""' * 3)
    parse.update(longer, (Edit(0, 0, 9),))
    shifted = parse.tree()
    assert shifted is not None
    assert not shifted.exact
    assert suggested(Document(document.uri, "python", 2, longer), shifted, 0, 0) == ()


def test_a_diagnostic_is_named_by_its_first_words() -> None:
    assert fix("It is\n  wrong.", 3, 5).title == "Fix: It is wrong."
    long = fix("x" * 100, 0, 1)
    assert long.title == f"Fix: {'x' * 59}…"
    assert long.trouble == "x" * 100
    assert "\u202e" not in fix("\u202eabc", 0, 1).title


def test_kinds_are_wanted_with_all_below_them() -> None:
    assert is_wanted("source.inglenook.types", [])
    assert is_wanted("source.inglenook.types", ["quickfix", "source"])
    assert not is_wanted("source.inglenook.types", ["source.inglenook.docstrings", "sourc", ""])


def test_a_long_file_is_not_gone_through_for_an_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '█def f(x: int) -> int:\n    """F."""\n    return x\n\n\ndef g(y):\n    return y\n'
    assert titles(text, "python", "source") == [TYPES, DOCSTRINGS]
    monkeypatch.setattr(module, "_LOOKING", 0.0)
    assert titles(text, "python", "source") == []


def test_in_a_file_that_is_too_long_nothing_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "def f(x):\n    return █x\n"
    monkeypatch.setattr(module, "_LONGEST", len(text) - 1)  # the cursor is no character of it
    assert TYPES in titles(text)
    monkeypatch.setattr(module, "_LONGEST", len(text) - 2)
    assert titles(text) == []


def test_of_the_file_nothing_is_said_unless_it_is_wanted() -> None:
    cursor = cursor_of("def f(x):\n    return █x\n")
    document, tree, at = cursor.document, tree_of(cursor.document), cursor.offset
    here = [each.title for each in suggested(document, tree, at, at, everywhere=False)]
    assert here == ["Add types to f", "Write the docstring of f", "Simplify f"]
    only = ("source.inglenook.docstrings",)
    [asked] = suggested(document, tree, at, at, only, everywhere=False)
    assert asked.title == DOCSTRINGS
