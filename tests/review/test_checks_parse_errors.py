"""What does not parse and is no mistake, and what is one: drawn files in, rules and lines out."""

from __future__ import annotations

import pytest

from inglenook.review.checks.dialects import readings
from inglenook.review.values import Changed, Finding, Hunk, Severity
from tests.support.drawn_change import changed, whole
from tests.support.drawn_checks import found, said

PARSE_ERROR = "code/parse-error"
NEW_SYNTAX = {
    "python": [
        "class A[T = int]: ...",
        "def f[T, U = list[T]](x: T) -> U: ...",
        "type Y[T = int, *Ts = *tuple[int]] = list[T]",
        "lazy import json",
        "lazy from json import dumps",
        "x = {**each for each in all_of_them}",
        "try:\n    pass\nexcept ValueError, TypeError:\n    pass",
        "x = t'hello {name!r:>{width}}'",
        "type X[T] = list[T]",
    ],
    "typescript": [
        'export type * from "x"',
        'export type * as ns from "x"',
        'export { a } from "b" with { type: "json" }',
        'import a from "b" assert { type: "json" }',
        'import defer * as x from "y"',
        'import source x from "y"',
        "class A { accessor x = 1; static accessor y = 2 }",
        "abstract class A { abstract accessor y: string }",
        "class A<in T, out U, in out V> {}",
        'let x: import("x").B<C>[]',
        "for (using x of y) {}",
        'declare module "x" {\n  global {\n    var y: string;\n  }\n}',
        "export default function (): string;",
        "interface P {\n  name: string\n  in: 'query' | 'path'\n  instanceof?: boolean\n}",
        "interface A<\n  /** Cast. */\n  out T extends U = V,\n> { abstract?: boolean }",
        "abstract = 4; using.x(); accessor(1)",
        "const x = { a: 1 } satisfies Foo; function f<const T>() {} using z = x",
    ],
    "typescriptreact": ['x = <a title="a & b" href="/x?a=1&b=2">AT&T</a>'],
    "javascriptreact": ["x = <p>a & b</p>", "x = <p>a && b</p>", "class A { accessor x = 1 }"],
    "javascript": [
        'import type {X} from "y"',
        "function f<T: Object>(x: ?string): void {}",
        "// @flow strict\ntype A = {| +a: string |}; opaque type B = (string) => void",
    ],
    "rust": [
        'unsafe extern "C" { safe fn f(); unsafe fn g(); pub safe static X: i32; }',
        "gen fn f() -> i32 { yield 1 }",
        "fn f() -> Result<A, B> { Ok(try!(g())) }",
        "impl<T> const A for B<T> {}",
        "const trait A {}\nfn f<T: ~const A>() {}",
        "unsafe auto trait A {}",
        "default impl A for B { default fn f() {} }",
        "fn f() { let x: A<-1>; do yeet x; }",
        "fn f() { if let Some(x) = y && x > 1 { become f(); } }",
        "fn f() -> impl Sized + use<'a, T> {}",
    ],
    "go": [
        "package a\nvar y = new(123)\nvar z = new(f(1))",
        "package a\nfunc f() { for i := range 10 { _ = i } }\ntype A[T any] = B[T]",
    ],
    "java": [
        "import module java.base;\nclass A {}",
        "class A extends B { A(int x) { if (x < 0) throw new E(); super(x); } }",
        "class A { void f() { switch (x) { case A(_), B(_) -> {} case C _, D _ -> {} } } }",
        "class A { int f(Object o) { return o instanceof P(int x, var _) ? x : 1; } }",
        "value record A(int x) { }",
    ],
}
BROKEN = {
    "python": "class A[T = int]: ...\ndef f(:\n    pass",
    "typescript": 'export type * from "x"\nfunction f( {',
    "typescriptreact": "x = <p>a & b</p>;\nf((1);",
    "javascript": 'import type {X} from "y"\nf((1);',
    "rust": "unsafe extern { safe fn f(); }\nfn g( {}",
    "go": "package a\nvar y = new(123)\nfunc f( {}",
    "java": "import module java.base;\nclass A { void f( { } }",
    "json": '{"a": 1,}',
}


def judged(text: str, language: str, path: str = "a/file") -> list[Finding]:
    return found(whole(text + "\n", path), language)


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in NEW_SYNTAX.items() for text in texts]
)
def test_syntax_that_is_newer_than_a_grammar_is_no_mistake(language: str, text: str) -> None:
    assert judged(text, language) == []


@pytest.mark.parametrize(("language", "text"), BROKEN.items())
def test_a_mistake_beside_it_is_found(language: str, text: str) -> None:
    assert [each.rule for each in judged(text, language)] == [PARSE_ERROR]


@pytest.mark.parametrize(
    "path",
    [
        "tsconfig.json",
        "packages/a/tsconfig.build.json",
        "jsconfig.json",
        ".vscode/settings.json",
        ".devcontainer/devcontainer.json",
        ".devcontainer.json",
        ".eslintrc.json",
        "api-extractor.json",
        "babel.config.json",
        "angular.json",
        "src/appsettings.Development.json",
    ],
)
def test_settings_may_have_a_comma_too_many(path: str) -> None:
    assert judged('{"a": [1, 2,],}', "json", path) == []


def test_json_with_comments_is_not_plain_json() -> None:
    assert judged('{\n  // What it is.\n  "a": 1,\n}', "json", "a.json") == []
    assert judged('{"a": "http://x",}', "json", "a.json") != []


@pytest.mark.parametrize(
    ("language", "text", "path"),
    [
        ("python", "def {{ cookiecutter.name }}():\n    pass", "a.py"),
        ("python", "def f(:", "{{cookiecutter.slug}}/a.py"),
        ("python", "{% if x %}\nimport a\n{% endif %}", "a.py"),
        ("python", "import {{ name }}.b", "a.py"),
        ("javascript", "const a = <%= b.to_json %>;", "a.js"),
        ("javascript", "<% if (x) { %>\nf();\n<% } %>", "a.js"),
        ("javascript", "var a = <?= $b ?>;", "a.js"),
        ("go", "package {{ .Name }}\n{{- range .Types }}\ntype {{ . }} int\n{{- end }}", "a.go"),
        ("typescript", "{{#if x}}\nf();\n{{/if}}", "a.ts"),
        ("javascript", "---\ntitle: x\n---\nf();", "a.js"),
        ("java", "package ${package};\nclass A {}", "A.java"),
        ("json", '{"a": {{ number }}}', "a.json"),
        ("rust", "mod {{crate_name}};", "a.rs"),
    ],
)
def test_a_template_is_not_yet_the_language_of_its_name(
    language: str, text: str, path: str
) -> None:
    assert judged(text, language, path) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", 'x = "{% if a %}"\ndef f(:'),
        ("python", "x = {{1}, {2}}\ndef f(:"),
        ("javascriptreact", "const a = <b style={{ color: c }}/>;\nf((1);"),
        ("javascriptreact", "const a = <b style={{...c}}/>;\nf((1);"),
        ("javascript", 'x = "<%= y %>";\nf((1);'),
    ],
)
def test_code_that_speaks_of_templates_is_none(language: str, text: str) -> None:
    assert [each.rule for each in judged(text, language)] == [PARSE_ERROR]


def test_what_parsed_before_is_an_error_and_what_is_new_a_warning() -> None:
    (worse,) = found(changed("  a = 1\n- b = 1\n+ b = (1\n"))
    (new,) = found(changed("+ b = (1\n", is_new=True))
    (asked,) = found(whole("b = (1\n"))
    (filled,) = found(Changed("a.py", "b = (1\n", (Hunk(1, 1),), "a.py", old_text=""))
    assert worse.severity is Severity.ERROR
    assert [each.severity for each in (new, asked, filled)] == [Severity.WARNING] * 3


def test_a_file_with_new_syntax_parsed_before() -> None:
    change = changed("""
          class A[T = int]: ...
        - b = 1
        + b = (1
    """)
    assert said(change) == [(PARSE_ERROR, 2)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "\n" * 50_000),
        ("python", "class A[" + "[=" * 50_000),
        ("java", "case _" * 50_000),
        ("typescript", 'from "a" with {' * 20_000),
        ("rust", "const a<" * 50_000),
        ("json", "/" * 100_000),
    ],
)
def test_no_line_is_lost_in_another_reading(language: str, text: str) -> None:
    for _, reading in readings(language, text):
        assert reading.count("\n") == text.count("\n")
