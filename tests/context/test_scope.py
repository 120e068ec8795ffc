from __future__ import annotations

import pytest

from inglenook_context.scope import enclosing, wants_block
from tests.support.drawn import cursor_of
from tests.support.parsed import syntax_of

PYTHON = [
    ("def f(a):\n    █", True),
    ("def f(a):█", True),
    ("def f(a):\n    pass\n\n    █\n    return a\n", True),
    ('def f(a):\n    """Add one."""\n    █', True),
    ("def f(a):\n    # go through the list\n    █", True),
    ("class A:\n    x: int\n\n    █\n", True),
    ("def f(\n    a,\n    b,\n) -> int:█", True),
    ("if a:\n    █\nelse:\n    pass\n", True),
    ("for x in y:\n    █\n\ndef other():\n    return foo(\n", True),
    ("import os\n\n█\n", True),
    ("x = █", False),
    ("def f(a):\n    ret█", False),
    ("def f(a):\n    return a.█", False),
    ("foo(█)", False),
    ("foo(\n    a,\n    █\n)\n", False),
    ("x = [\n    1,\n    █\n]\n", False),
    ("x = {\n    █\n}\n", False),
    ("def f(█):\n    pass\n", False),
    ('x = "abc█def"\n', False),
    ('def f():\n    """Doc.\n    █\n    """\n', False),
    ("x = 1  # note█", False),
    ("x = {1:█", False),
    ("y = x[1:█]", False),
    ("f = lambda a:█", False),
    ("a█ = b + c\n", False),
    ("    █x = 1\n", False),
]
SCRIPT = [
    ("function f(a) {\n  █\n}\n", True),
    ("function f(a) {█}\n", True),
    ("function f(a) {█", True),
    ("const f = (a) => {\n  █\n};\n", True),
    ("const f = (a) => {█};\n", True),
    ("xs.map((x) => {█});\n", True),
    ("call({█});\n", False),
    ("class A {\n  █\n}\n", True),
    ("if (a) {█", True),
    ("xs.map((x) => {\n  █\n});\n", True),
    ("foo(█);\n", False),
    ("foo(\n  a,\n  █\n);\n", False),
    ("const x = `a ${b} █ c`;\n", False),
    ("const x = {█", False),
    ("const x = █", False),
    ("/** doc █ */\n", False),
]


@pytest.mark.parametrize(("drawing", "block"), PYTHON)
def test_where_several_lines_make_sense_in_python(drawing: str, block: bool) -> None:
    cursor = cursor_of(drawing)
    assert wants_block(cursor, syntax_of(cursor)) is block


@pytest.mark.parametrize(("drawing", "block"), SCRIPT)
@pytest.mark.parametrize("language", ["typescript", "typescriptreact", "javascript"])
def test_where_several_lines_make_sense_in_scripts(
    drawing: str, block: bool, language: str
) -> None:
    cursor = cursor_of(drawing, language)
    assert wants_block(cursor, syntax_of(cursor)) is block


@pytest.mark.parametrize(
    ("drawing", "block"),
    [
        ("fn f(a: i32) {\n    █\n}\n", True),
        ("fn f(a: i32) {█", True),
        ("let x = foo(█)", False),
        ("let x = foo(\n    █\n);\n", False),
        ("let x = █", False),
        ("for x in y:█", True),
    ],
)
def test_without_a_grammar_the_lines_decide(drawing: str, block: bool) -> None:
    assert wants_block(cursor_of(drawing, "rust"), None) is block


@pytest.mark.parametrize(
    ("drawing", "language", "shown"),
    [
        (
            "class A:\n    def f(self):\n        if x:\n            y█\n",
            "python",
            "block function f class A",
        ),
        ("class A:\n    def f(self):\n        █", "python", "function f class A"),
        ("class A:\n    def f(self):█", "python", "function f class A"),
        ("def f():\n    foo(\ndef g():\n    bar(█", "python", "function g"),
        ("def f():\n    pass\n\n█", "python", ""),
        (
            "class A {\n  m(a) {\n    if (a) {\n      █\n    }\n  }\n}\n",
            "typescript",
            "block function m class A",
        ),
        ("export async function f() {\n  █", "javascript", "function f"),
    ],
)
def test_what_stands_round_a_cursor(drawing: str, language: str, shown: str) -> None:
    cursor = cursor_of(drawing, language)
    scopes = enclosing(syntax_of(cursor), cursor.offset)
    assert " ".join(f"{scope.kind} {scope.name}".strip() for scope in scopes) == shown


def test_a_scope_has_its_place_and_indent() -> None:
    cursor = cursor_of("class A:\n    def f(self):\n        return █1\n\nx = 2\n")
    function, klass = enclosing(syntax_of(cursor), cursor.offset)
    text = cursor.document.text
    assert text.slice(function.start, function.stop) == "def f(self):\n        return 1"
    assert (function.indent, klass.indent) == ("    ", "")
    assert text.slice(klass.start, klass.stop).startswith("class A:")
