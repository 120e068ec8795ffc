from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from inglenook_context.rewrite.docstring import Undocumented, documentable, documented
from inglenook_context.verify.check import verify
from inglenook_context.verify.task import Purpose, Task
from tests.context.rewrite.drawn import Case, cases, outcome

_DRAWN = [*cases("docstring"), *cases("jsdoc")]


def _outcome(case: Case) -> str:
    found = documentable(case.document, case.syntax, case.start)
    if found is None:
        return "nothing"
    return outcome(case.source, documented(case.document, case.syntax, found, case.written))


@pytest.mark.parametrize("case", _DRAWN)
def test_drawn(case: Case) -> None:
    assert _outcome(case) == case.after


@pytest.mark.parametrize("case", _DRAWN)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_in_the_file(case: Case, end: str) -> None:
    if "\\\n" in case.source and end == "\r":
        return  # no Python goes on behind such a line
    if "\n" in case.source:
        assert _outcome(case.with_ends(end)) == case.after.replace("\n", end)


_TO_VERIFY = [
    case for case in _DRAWN if case.written.strip() and case.after[:1] != "!"
]  # the verifier takes an f-string for a docstring


@pytest.mark.parametrize("case", _TO_VERIFY)
def test_it_passes_the_verifier(case: Case) -> None:
    found = documentable(case.document, case.syntax, case.start)
    assert found is not None
    task = Task(case.language, (found.start, found.stop), Purpose.DOCSTRING)
    assert verify(case.source, case.after, task).failures == ()


def test_what_is_told_of_a_method() -> None:
    case = cases("docstring")[0]
    assert documentable(case.document, case.syntax, case.start) == Undocumented(
        "f",
        "method",
        case.source.index("    @d"),
        len(case.source),
        "def f(self, a, *b, c=1, **d)",
        ("a", "*b", "c", "**d"),
    )


def test_what_is_told_of_a_function_of_typescript() -> None:
    case = cases("jsdoc")[2]
    assert documentable(case.document, case.syntax, case.start) == Undocumented(
        "f", "function", 0, len(case.source), "const f = async (x: number)", ("x",)
    )


def test_the_file_decides_how_long_lines_are() -> None:
    long = "x = " + "1" * 96 + "\n\n\n"
    words = "Do " + "what is said and " * 7 + "no more."
    case = Case("python", f"{long}def f():\n    return 1\n", len(long), len(long), words, "")
    assert max(map(len, _outcome(case).split("\n"))) in range(90, 101)
    assert max(
        map(len, _outcome(replace(case, source=case.source[len(long) :], start=0)).split("\n"))
    ) in range(78, 89)


@pytest.mark.parametrize(
    "prose",
    [
        'a """ b',
        "'''",
        'ends with "',
        'ends with """',
        "ends with \\",
        "\\",
        '\\"""',
        '"' * 7 + "x" + '"' * 7,
        "x" * 5_000,
        "word " * 1_000,
        "\ud800 \0 \u202e \ufeff bidi",
        "line\x85two\u2028three\x0cfour\x1cfive",
        "日本語 and 😀 and é",
        "{braces} %s {0}",
        "*/ and /* and //",
        "\\N{DASH} \\x \\u12",
        "- item\n- " + "long " * 60 + "\n\n1. one\n>>> f()\n1\n",
        "~~~\ncode\n",
        "x\n" * 300,
        "\tTabbed\n\t\tdeeper",
    ],
)
@pytest.mark.parametrize("quote", ['"""', "'''"])
def test_no_words_end_the_docstring(prose: str, quote: str) -> None:
    source = f"def f():\n    {quote}Old.{quote}\n    return 1\n"
    case = Case("python", source, 0, 0, prose, "")
    after = _outcome(case)
    assert not after.startswith("!") or not any(map(str.isalnum, prose))
    if not after.startswith("!"):
        function = ast.parse(after).body[0]
        assert isinstance(function, ast.FunctionDef)
        assert ast.get_docstring(function)
        assert len(ast.parse(after).body) == 1
        assert len(function.body) == 2
    script = replace(case, language="typescript", source="function f() {\n  return 1;\n}\n")
    commented = _outcome(script)
    if not commented.startswith("!"):
        comment, _, rest = commented.partition("*/")
        assert comment.startswith("/**")
        assert rest == "\nfunction f() {\n  return 1;\n}\n"


def test_a_backslash_is_read_as_it_was_written() -> None:
    for prose in ('Match "\\d+\\\\" or """.', "Match \\d+.\n\nMore."):
        after = _outcome(Case("python", "def f():\n    return 1\n", 0, 0, prose, ""))
        function = ast.parse(after).body[0]
        assert isinstance(function, ast.FunctionDef)
        assert ast.get_docstring(function) == prose


def test_a_definition_that_is_gone_is_refused() -> None:
    case, other = cases("docstring")[0], cases("docstring")[1]
    found = documentable(case.document, case.syntax, case.start)
    assert found is not None
    assert outcome("", documented(other.document, other.syntax, found, "Do it.")).startswith("! ")
    assert outcome("", documented(case.document, None, found, "Do it.")).startswith("! ")
    assert documentable(case.document, None, case.start) is None
