"""Where several lines make sense, and what stands round a cursor, in other languages."""

from __future__ import annotations

import pytest

from inglenook_context.check import breaks_parse
from inglenook_context.scope import enclosing, wants_block
from inglenook_context.style import style_at
from tests.support.drawn import cursor_of
from tests.support.parsed import syntax_of

GO = [
    ("func f(a int) error {█", True),
    ("func f(a int) (int, error) {█}\n", True),
    ("func f() {\n\t█\n}\n", True),
    ("func f() {\n\tfor i := range xs {█", True),
    ("func f() {\n\tif x := g(); x == y {█", True),
    ("type A struct {█", True),
    ("type A struct {\n\t█\n}\n", True),
    ("var f = func() {█", True),
    ("go func() {█}\n", True),
    ("switch x := y.(type) {█", True),
    ("const (\n\tA = 1\n)\n\n█\n", True),
    ("x := Foo{█", False),
    ("return &pkg.Foo{█", False),
    ("xs = append(xs, []string{█", False),
    ("foo(\n\ta,\n\t█\n)\n", False),
    ("x := █", False),
    ('x := "a█b"\n', False),
    ("// note█", False),
]
RUST = [
    ("fn f(a: i32) -> Result<A, B> {█", True),
    ("pub(crate) async fn f<T>(a: T)\nwhere\n    T: Copy,\n{\n    █\n}\n", True),
    ("impl<T> Shape for Square<T> {█", True),
    ("impl A {\n    █\n}\n", True),
    ("pub enum A {█", True),
    ("let x = match y {█", True),
    ("let x = unsafe {█", True),
    ("xs.iter().map(|x| {█})\n", True),
    ("if let Some(x) = y {█", True),
    ("    Some(x) => {█", True),
    ("let x = Foo {█", False),
    ("foo(Foo {█", False),
    ("vec![\n    1,\n    █\n]", False),
    ('let x = r#"a█b"#;\n', False),
    ("/// doc█", False),
]
JAVA = [
    ("class A extends B implements C, D {█", True),
    ("class A {\n  █\n}\n", True),
    ("class A {\n  void f(int a) throws X, Y {█}\n}\n", True),
    ("class A {\n  A() {█", True),
    ("class A {\n  void f() {\n    xs.forEach(x -> {█});\n  }\n}\n", True),
    ("class A {\n  void f() {\n    for (int x : xs) {█", True),
    ("class A {\n  int[] a = {█", False),
    ("class A {\n  int[] a = new int[] {█", False),
    ("class A {\n  void f() {\n    foo(\n      █\n    );\n  }\n}\n", False),
    ('class A {\n  String a = "█";\n}\n', False),
]
C = [
    ("int f(int a) {█", True),
    ("int f(int a)\n{█", True),
    ("int f(int a)\n{\n    █\n}\n", True),
    ("struct a {█", True),
    ("enum {█", True),
    ("int f(void) {\n    if (a == b) {█", True),
    ("int a[] = {█", False),
    ("int f(void) {\n    g(\n        █\n    );\n}\n", False),
    ("/* note █ */\n", False),
]
CPP = [
    ("class A : public B {█", True),
    ("A::A(int a) : a_(a) {█", True),
    ("auto f = [&](int x) -> int {█", True),
    ("namespace a::b {█", True),
    ("Foo x{█", True),  # what no line alone tells from `int f() const {`
    ("std::vector<int> xs = {█", False),
]
OTHER = [
    ("function f(int $a): ?int {█", "php", True),
    ("<?php\n$x = foo(█);\n", "php", False),
    ("public int X {█", "csharp", True),
    ("var x = new Foo {█", "csharp", False),
    ("def f(a)\n  █\nend\n", "ruby", True),
    ("f() {█", "shellscript", True),
    ("f() {\n  █\n}\n", "shellscript", True),
    (".card > a {█", "css", True),
    ('{"a": {█', "json", False),
]


@pytest.mark.parametrize(
    ("drawing", "language", "block"),
    [
        *((drawing, "go", block) for drawing, block in GO),
        *((drawing, "rust", block) for drawing, block in RUST),
        *((drawing, "java", block) for drawing, block in JAVA),
        *((drawing, "c", block) for drawing, block in C),
        *((drawing, "cpp", block) for drawing, block in CPP),
        *OTHER,
    ],
)
def test_where_several_lines_make_sense(drawing: str, language: str, block: bool) -> None:
    cursor = cursor_of(drawing, language)
    assert wants_block(cursor, syntax_of(cursor)) is block


@pytest.mark.parametrize(
    ("drawing", "language", "shown"),
    [
        ("func (a *A) Go() {\n\tif x {\n\t\t█\n\t}\n}\n", "go", "block function Go"),
        ("func (a *A) Go() {\n\tx.█\n", "go", "function Go"),
        ("impl A {\n    pub fn go(&self) {\n        █\n    }\n}\n", "rust", "function go class A"),
        ("class A {\n  void go() {\n    █\n  }\n}\n", "java", "function go class A"),
        ("class A\n  def go?\n    █\n", "ruby", "function go? class A"),
        ("int go(int a) {\n    █\n}\n", "c", "function go"),
    ],
)
def test_what_stands_round_a_cursor(drawing: str, language: str, shown: str) -> None:
    cursor = cursor_of(drawing, language)
    scopes = enclosing(syntax_of(cursor), cursor.offset)
    assert " ".join(f"{scope.kind} {scope.name}".strip() for scope in scopes) == shown


@pytest.mark.parametrize(
    ("drawing", "language", "candidate", "breaks"),
    [
        ("func f() {\n\t█\n}\n", "go", "return a.b(", False),
        ("func f() {\n\t█\n}\n", "go", "x := 1", False),
        ("func f() {\n\t█\n}\n", "go", "x := ) 1", True),
        ("impl A {\n    fn f() {\n        █\n    }\n}\n", "rust", "let x = 1;", False),
        ("impl A {\n    fn f() {\n        █\n    }\n}\n", "rust", "let = ] x;", True),
        ("class A {\n  void f() {\n    █\n  }\n}\n", "java", "int x = 1;", False),
        ("class A {\n  void f() {\n    █\n  }\n}\n", "java", "int ) x = = 1;", True),
        ("int f(void) {\n    █\n}\n", "c", "return g(a);", False),
        ("int f(void) {\n    █\n}\n", "c", "return ) g(;", True),
    ],
)
def test_what_would_break_the_syntax(
    drawing: str, language: str, candidate: str, breaks: bool
) -> None:
    cursor = cursor_of(drawing, language)
    assert breaks_parse(syntax_of(cursor), cursor, candidate, 1_000) is breaks


@pytest.mark.parametrize(
    ("language", "indent"), [("go", "\t"), ("rust", "    "), ("ruby", "  "), ("css", "  ")]
)
def test_an_empty_file_is_written_as_its_language_is(language: str, indent: str) -> None:
    assert style_at(cursor_of("█", language)).indent == indent
