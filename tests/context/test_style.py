"""The style of a file, and text made to look like it."""

from __future__ import annotations

import pytest

from inglenook_context.style import Style, fit, style_at, to_model
from tests.support.drawn import cursor_of


@pytest.mark.parametrize(
    ("drawing", "language", "line_end", "indent"),
    [
        ("█", "python", "\n", "    "),
        ("█", "typescript", "\n", "  "),
        ("█", "go", "\n", "\t"),
        ("x = 1█", "python", "\n", "    "),
        ("def f():\n    a\n    if b:\n        c\n█", "python", "\n", "    "),
        ("def f():\n  a\n  if b:\n    c\n█", "python", "\n", "  "),
        ("def f():\n\ta\n\tif b:\n\t\tc\n█", "python", "\n", "\t"),
        ("function f() {\n\ta();\n█}\n", "typescript", "\n", "\t"),
        ("function f() {\n    a();\n█}\n", "typescript", "\n", "    "),
        ("/**\n * a\n * b\n */\nfunction f() {\n  a();\n}\n█", "typescript", "\n", "  "),
        ("a\r\nb\r\n█c\n", "python", "\r\n", "    "),
        ("if a:\r\n  b\r\n█", "python", "\r\n", "  "),
        ("a\rb\r█", "python", "\r", "    "),
        ("if a:\r   b\r█", "python", "\r", "   "),
        ("a\nb\n█c\r\n", "python", "\n", "    "),
        # One line of spaces in a file of tabs is an accident.
        ("if a:\n\tb\n\tc\n    d\n█", "python", "\n", "\t"),
        # A long alignment is not a level.
        ("def f(a,\n      b):\n    c\n    if d:\n        e\n█", "python", "\n", "    "),
        # Only what is near the cursor counts.
        ("if a:\n\tb\n" * 2000 + "if a:\n  b\n" * 2000 + "█", "python", "\n", "  "),
    ],
)
def test_style_of_a_file(drawing: str, language: str, line_end: str, indent: str) -> None:
    style = style_at(cursor_of(drawing, language))
    assert (style.line_end, style.indent) == (line_end, indent)


def test_line_before_is_kept() -> None:
    assert style_at(cursor_of("a\r\n\tx = █1\r\n")).line_before == "\tx = "


def test_to_model() -> None:
    assert to_model("a\r\nb\rc\n\r\n\x0b\u2028") == "a\nb\nc\n\n\x0b\u2028"


FOUR, TWO, TAB = "    ", "  ", "\t"


@pytest.mark.parametrize(
    ("line_before", "indent", "candidate", "fitted"),
    [
        # What fits already stays.
        (
            "",
            FOUR,
            "def f():\n    a\n    if b:\n        c",
            "def f():\n    a\n    if b:\n        c",
        ),
        (TAB, TAB, "if b:\n\t\tc\n\td", "if b:\n\t\tc\n\td"),
        ("    x = ", FOUR, "f(a,\n          b)", "f(a,\n          b)"),
        # Four spaces a level in a file of tabs, from the margin or from the cursor's tab.
        ("", TAB, "def f():\n    if a:\n        b", "def f():\n\tif a:\n\t\tb"),
        (TAB, TAB, "if a:\n        b\n    c", "if a:\n\t\tb\n\tc"),
        (TAB, TAB, "if a:\n\t    b\n\tc", "if a:\n\t\tb\n\tc"),
        ("def f():", TAB, "\n    a\n    b", "\n\ta\n\tb"),
        # Two spaces a level in a file of tabs.
        ("", TAB, "if (a) {\n  b();\n  if (c) {\n    d();\n  }\n}", None),
        (TAB, TAB, "if (a) {\n    b();\n  }", "if (a) {\n\t\tb();\n\t}"),
        # Two in a file of fours, counted from the cursor's line.
        ("    ", FOUR, "if a:\n      b\n    c", "if a:\n        b\n    c"),
        ("def f():", FOUR, "\n  if a:\n    b\n", "\n    if a:\n        b\n"),
        (
            "    ",
            FOUR,
            "if a:\n      if b:\n        c\n    d",
            "if a:\n        if b:\n            c\n    d",
        ),
        # Four in a file of twos.
        ("  ", TWO, "if (a) {\n      b();\n  }", "if (a) {\n    b();\n  }"),
        # Tabs in a file of spaces.
        ("", FOUR, "if a:\n\tb\n\tif c:\n\t\td", "if a:\n    b\n    if c:\n        d"),
        ("  ", TWO, "if (a) {\n\t\tb();\n\t}", "if (a) {\n    b();\n  }"),
        # Tabs and spaces that are not at the start of a line.
        (TAB, TAB, "x = 1    # one\n    y", "x = 1    # one\n\ty"),
        ("", FOUR, "x = '\t'", "x = '\t'"),
        # The first line goes deeper than the cursor.
        ("", TAB, "    a\n    b", "\ta\n\tb"),
        (TAB, TAB, "    a", "\ta"),
        ("", FOUR, "", ""),
    ],
)
def test_fit(line_before: str, indent: str, candidate: str, fitted: str | None) -> None:
    if fitted is None:
        fitted = candidate.replace("  ", TAB)
    assert fit(candidate, Style("\n", indent, line_before)) == fitted


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_fit_gives_the_line_ends_of_the_file(line_end: str) -> None:
    assert fit("a\nb\r\n\n", Style(line_end)) == line_end.join(["a", "b", "", ""])
