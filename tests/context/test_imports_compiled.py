"""What Go, Rust and Java import, read without a parser: source in, names out."""

from __future__ import annotations

import pytest

from inglenook_context.imports import Import, imports_of
from inglenook_context.imports_go import package_name
from inglenook_context.text import Text


def found(source: str, language: str) -> list[str]:
    """Each import as ``name = module > original``, with a ``+`` before what is exported."""
    return [shown(each) for each in imports_of(Text.of(source), language)]


def shown(each: Import) -> str:
    return f"{'+' * each.exported}{each.name} = {each.module} > {each.original}"


GO = """package a // import "no/comment"
import "fmt"
import x "a/b"
import (
	"net/http" // the server
	y "a/go-foo/v2" ; z "q"
	. "dot/t"
	_ "side/effect"

	/* "not/this" */
	`raw/foo-go`
)
import ("one/line"; two "two/line")

func a() {
	"no/import"
}
"""


def test_go() -> None:
    assert found(GO, "go") == [
        "fmt = fmt > *",
        "x = a/b > *",
        "http = net/http > *",
        "y = a/go-foo/v2 > *",
        "z = q > *",
        "* = dot/t > *",
        "foo = raw/foo-go > *",
        "line = one/line > *",
        "two = two/line > *",
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b/c", "c"),
        ("example.org/c/v2", "c"),
        ("v2", "v2"),
        ("gopkg.in/yaml.v3", "yaml"),
        ("a/go-foo", "foo"),
        ("a/foo-go", "foo"),
        ("a/foo.go", "foo"),
        ("a/go", "go"),
        ("a/go-sql-driver", "sqldriver"),
        ("a/", "a"),
    ],
)
def test_the_name_of_a_package_as_its_path_says(path: str, name: str) -> None:
    assert package_name(path) == name


RUST = """pub use a::b::{c, d as e, self, f::*};
use crate::x; // use no::comment;
use super::{self, y};
mod foo;
pub(crate) mod bar;
mod inline { use hidden::z; }
extern crate one as two;
pub extern crate three;
use a::{
    b::{c::{D /* use no::other */}, E},
    F, // , G
};
use std::fmt::Display as _;
use r#type::r#match as r#fn;
use ::std::io;
use {a::b, c::*};
use alone;
pub(in crate::a) use self::foo::Foo;
"""


def test_rust() -> None:
    assert found(RUST, "rust") == [
        "+c = a::b > c",
        "+e = a::b > d",
        "+b = a > b",
        "+* = a::b::f > *",
        "x = crate > x",
        "super = super > *",
        "y = super > y",
        "+foo = self > foo",
        "+bar = self > bar",
        "two = one > *",
        "+three = three > *",
        "D = a::b::c > D",
        "E = a::b > E",
        "F = a > F",
        "fn = type > match",
        "io = std > io",
        "b = a > b",
        "* = c > *",
        "alone = alone > *",
        "+Foo = self::foo > Foo",
    ]


JAVA = """package a.b;
import a.b.C;
import a.b.*;
 import static a.b.C.most ; // import no.Comment;
import static a.b.C.*;
import a.b.Outer.Inner;
import Alone;
importer.run();
"""


def test_java() -> None:
    assert found(JAVA, "java") == [
        "C = a.b > C",
        "* = a.b > *",
        "most = a.b.C > most",
        "* = a.b.C > *",
        "Inner = a.b.Outer > Inner",
    ]


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("go", 'import (\n\t"a/b"\n\t"c/\nfunc f() {\n\t"d"\n}\n', ["b = a/b > *"]),
        ("go", 'import "a/b\nimport "c/d"', ["d = c/d > *"]),
        ("go", 'import\nimport (\n\nimport x "c/d"', ["x = c/d > *"]),
        ("go", 'import "c/d"\r\nimport (\r\n\t"e"\r\n)\r\n"f"', ["d = c/d > *", "e = e > *"]),
        ("rust", "use a::b::\nuse c::d;", ["b = a > b", "d = c > d"]),
        ("rust", "use a::{b, c\nfn f() {}\nuse d::e;", ["b = a > b", "c = a > c", "e = d > e"]),
        ("rust", "use\nuse a::b", ["b = a > b"]),
        ("rust", "use a::{b, c};\r\nmod x;\r\n", ["b = a > b", "c = a > c", "+x = self > x"]),
        ("java", "import a.b.\nimport c.D;", ["D = c > D"]),
        ("java", "import a.b.C\nimport static\nimport c.D", ["C = a.b > C", "D = c > D"]),
        ("java", "import a.B;\r\nimport c.D;\r\n", ["B = a > B", "D = c > D"]),
    ],
)
def test_an_import_that_is_being_written_hides_no_other(
    language: str, source: str, expected: list[str]
) -> None:
    assert found(source, language) == expected


@pytest.mark.parametrize("language", ["go", "rust", "java"])
@pytest.mark.parametrize(
    "piece",
    [
        "import (\n",
        'import "a',
        "use a::{\n",
        "use a::{/*",
        "use a,{{}",
        "pub(pub use ",
        "import a.",
    ],
)
def test_hostile_text_is_bounded(language: str, piece: str) -> None:
    assert len(imports_of(Text.of(piece * 20_000), language, 1 << 20)) <= 400
    assert imports_of(Text.of("use a::" + "{b::" * 5_000), "rust", 1 << 20) == ()
