"""What is likely to be wanted in Go, Rust and Java: drawn packages with a cursor in."""

from __future__ import annotations

import pytest

from inglenook_context.nearby import without_imports
from tests.context.test_resolve_go import SHOP as GO
from tests.context.test_resolve_java import SHOP as JAVA
from tests.context.test_resolve_rust import SHOP as RUST
from tests.support.drawn_files import DrawnFiles

STORE = "crates/shop/src/store/mod.rs"
WEB = "src/main/java/com/acme/web"


def ranked(base: DrawnFiles, path: str, text: str) -> list[str]:
    return DrawnFiles({**base.texts, path: text}).ranked()


@pytest.mark.parametrize(
    ("path", "text", "first"),
    [
        (
            "cmd/shop/run.go",
            'package main\nimport "x.org/shop/internal/store"\n'
            'func run() {\n\ts, err := store.Open("x")\n\ts.█\n}\n',
            {"internal/store/load.go:Store.Load", "internal/store/load.go:Store.All"},
        ),
        (
            "cmd/shop/run.go",
            'package main\nimport "x.org/shop/internal/store"\nfunc run() {\n\tstore.Op█\n}\n',
            {"internal/store/store.go:Open"},
        ),
        (
            "internal/store/more.go",
            "package store\nfunc (s *Store) More() {\n\trow, _ := s.Load(1)\n\trow.Te█\n}\n",
            {"internal/row/row.go:Row.Text"},
        ),
        (
            "internal/store/more.go",
            "package store\nfunc more() {\n\tshape := Squ█\n}\n",
            {"internal/store/load.go:Square"},
        ),
        (
            "internal/store/more.go",
            "package store\nfunc more() {\n\thidden(█\n}\n",
            {"internal/store/store.go:hidden"},
        ),
    ],
)
def test_go(path: str, text: str, first: set[str]) -> None:
    assert ranked(GO, path, text)[0] in first


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "let row = Store::new(1).load(2).unwrap();\n    row.te█",
            "crates/shop/src/row.rs:Row.text",
        ),
        ("let s = Store::n█", f"{STORE}:Store.new"),
        ("let s = store::op█", f"{STORE}:open"),
        ("store::open(█", f"{STORE}:open"),
        ("match x { Kind::W█", "crates/shop/src/row.rs:Kind.Wide"),
    ],
)
def test_rust(text: str, first: str) -> None:
    head = "use shop::store::{self, Store};\nuse shop::RowKind as Kind;\nfn main() {\n    "
    assert ranked(RUST, "crates/web-app/src/main.rs", f"{head}{text}\n}}\n")[0] == first


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("store.fi█", "src/main/java/com/acme/shop/Store.java:Store.first"),
        (
            "var row = owner.first().get();\n    row.te█",
            "src/main/java/com/acme/rows/Row.java:Row.text",
        ),
        ("owner.fi█", "src/main/java/com/acme/shop/Store.java:Store.first"),
        ("Page page = new Pa█", f"{WEB}/Page.java:Page"),
        ("super.cl█", f"{WEB}/Base.java:Base.close"),
        ("Store.op█", "src/main/java/com/acme/shop/Store.java:Store.open"),
    ],
)
def test_java(text: str, first: str) -> None:
    head = "package com.acme.web;\nimport com.acme.shop.Store;\nclass New extends Base {\n"
    head += "  private final Store store;\n  void run() {\n    "
    assert ranked(JAVA, f"{WEB}/New.java", f"{head}{text}\n  }}\n}}\n")[0] == first


def test_methods_in_go_stand_beside_their_class() -> None:
    text = 'package main\nimport "x.org/shop/internal/store"\nfunc f(s *store.Store) {\n\ts.█\n}\n'
    shown = DrawnFiles({**GO.texts, "cmd/shop/run.go": text}).shown()
    assert "\nfunc (s *Store) All() []*Row\n" in shown
    assert "class" not in shown


def test_imports_are_no_use_of_what_they_name() -> None:
    text = 'import (\n\t"a/b"\n)\nx = b\npub use a::{\n  c,\n  d,\n};\nuse e::f;\nused = 1\n'
    assert without_imports(text).split() == ["x", "=", "b", "used", "=", "1"]
