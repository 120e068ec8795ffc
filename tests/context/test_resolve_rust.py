"""Where names lead in Rust: paths are walked through modules, crates and what these re-export."""

from __future__ import annotations

import pytest

from inglenook_context.modules import module_paths
from inglenook_context.modules_script import Aliases
from inglenook_context.resolve import Resolver
from tests.support.drawn_files import DrawnFiles

SHOP = DrawnFiles.of("""
== crates/shop/src/lib.rs
pub mod store;
mod row;
pub mod money { pub struct Cents { pub n: i64 } impl Cents { pub fn add(&self) -> Cents {} } }
pub use row::{Row, Kind as RowKind};
pub use crate::store::*;
== crates/shop/src/store/mod.rs
pub mod disk;
use super::row::Row;
use crate::money::Cents;
pub struct Store<T> { pub rows: Vec<Row>, next: Option<Box<Store<T>>>, pub price: Cents }
impl<T> Store<T> {
    pub fn new(n: usize) -> Self { todo!() }
    pub fn load(&self, id: &str) -> Result<Row, Error> { todo!() }
}
pub trait Shape { fn area(&self) -> Square; }
pub struct Square;
impl Square { fn root(&self) -> Square { todo!() } }
pub fn open(path: &str) -> std::io::Result<Store<u8>> { todo!() }
== crates/shop/src/store/disk.rs
use super::{Store, Shape};
use self::inner::Deep;
pub(crate) struct Disk { store: super::Store<u8>, shape: Box<dyn Shape + Send> }
mod inner { pub struct Deep { pub d: Disk } }
== crates/shop/src/row.rs
#[derive(Clone)]
pub struct Row { pub id: String, pub next: Option<Box<Row>> }
impl Row { pub fn text(&self) -> String { todo!() } }
pub enum Kind { Plain, Wide(Row) }
== crates/shop/tests/all.rs
use shop::Store;
mod common;
== crates/shop/tests/common.rs
pub fn help() -> u8 { 1 }
== crates/web-app/src/main.rs
use shop::store::{self, disk::Disk, Store as Shop};
use shop::{RowKind::{self, Plain}, money};
use shop::store::Shape as _;
mod pages;
static SHARED: Shop<u8> = store::open("x").unwrap();
fn main() {}
== crates/web-app/src/pages.rs
use super::*;
pub struct Page;
== crates/web-app/src/pages/one.rs
use super::Page;
use crate::pages;
""")
MAIN = "crates/web-app/src/main.rs"
STORE = "crates/shop/src/store/mod.rs"


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("store", STORE),
        ("Shop", f"{STORE}:Store"),
        ("Disk", "crates/shop/src/store/disk.rs:Disk"),
        ("Disk.store.load", f"{STORE}:Store.load"),
        ("Disk.shape.area().root", f"{STORE}:Square.root"),
        ("store.open", f"{STORE}:open"),
        ("store.open().unwrap().load", f"{STORE}:Store.load"),
        ("store.disk.Disk", "crates/shop/src/store/disk.rs:Disk"),
        ("Shop.new().load().unwrap().text", "crates/shop/src/row.rs:Row.text"),
        ("Shop.new().rows.iter().next().unwrap().id", "crates/shop/src/row.rs:Row.id"),
        ("Shop.new().next.unwrap().price.add", "crates/shop/src/lib.rs:Cents.add"),
        ("RowKind.Wide", "crates/shop/src/row.rs:Kind.Wide"),
        ("Plain", "crates/shop/src/row.rs:Kind.Plain"),
        ("money.Cents.add", "crates/shop/src/lib.rs:Cents.add"),
        ("pages.Page", "crates/web-app/src/pages.rs:Page"),
        ("crate.pages.Page", "crates/web-app/src/pages.rs:Page"),
        ("self.pages", "crates/web-app/src/pages.rs"),
        ("super", "?"),
        ("String", "?"),
        ("Shop.none.more", "?"),
    ],
)
def test_where_an_expression_leads(expression: str, place: str) -> None:
    assert SHOP.name(SHOP.resolver.expression(MAIN, expression)) == place


@pytest.mark.parametrize(
    ("path", "expression", "place"),
    [
        ("crates/shop/src/lib.rs", "Store", f"{STORE}:Store"),
        ("crates/shop/src/lib.rs", "Row", "crates/shop/src/row.rs:Row"),
        ("crates/shop/src/store/disk.rs", "Deep.d.store.load", f"{STORE}:Store.load"),
        ("crates/shop/tests/all.rs", "Store.load", f"{STORE}:Store.load"),
        ("crates/shop/tests/all.rs", "common.help", "crates/shop/tests/common.rs:help"),
        ("crates/web-app/src/pages.rs", "Shop", f"{STORE}:Store"),
        ("crates/web-app/src/pages/one.rs", "pages", "crates/web-app/src/pages.rs"),
        ("crates/web-app/src/pages/one.rs", "Page", "crates/web-app/src/pages.rs:Page"),
        ("crates/web-app/src/pages/one.rs", "super.super.Shop", f"{STORE}:Store"),
    ],
)
def test_where_it_leads_from_other_files(path: str, expression: str, place: str) -> None:
    assert SHOP.name(SHOP.resolver.expression(path, expression)) == place


@pytest.mark.parametrize(
    ("type_", "place"),
    [
        ("&'a mut Shop<u8>", f"{STORE}:Store"),
        ("Option<Box<dyn store::Shape + Send>>", f"{STORE}:Shape"),
        ("std::sync::Arc<Mutex<Shop<u8>>>", f"{STORE}:Store"),
        ("HashMap<String, Vec<RowKind>>", "crates/shop/src/row.rs:Kind"),
        ("impl Iterator<Item = RowKind>", "crates/shop/src/row.rs:Kind"),
        ("&[RowKind]", "crates/shop/src/row.rs:Kind"),
        ("crate::pages::Page", "crates/web-app/src/pages.rs:Page"),
        ("Shop.new()", f"{STORE}:Store"),
        ("SHARED", f"{STORE}:Store"),
        ("&str", "?"),
        ("Vec<", "?"),
        ("", "?"),
    ],
)
def test_the_class_that_a_type_means(type_: str, place: str) -> None:
    assert SHOP.name(SHOP.resolver.type_class(MAIN, type_)) == place


@pytest.mark.parametrize(
    ("path", "module", "first"),
    [
        ("src/a.rs", "b", "src/a/b.rs src/a/b/mod.rs"),
        ("src/lib.rs", "b", "src/b.rs src/b/mod.rs"),
        ("src/a/mod.rs", "b", "src/a/b.rs src/a/b/mod.rs"),
        ("tests/a.rs", "b", "tests/b.rs tests/b/mod.rs"),
        ("src/bin/a.rs", "b", "src/bin/b.rs src/bin/b/mod.rs"),
        ("src/a/b.rs", "super", "src/a/lib.rs src/a/main.rs src/a/mod.rs src/a.rs"),
        ("src/a/mod.rs", "super", "src/lib.rs src/main.rs src/mod.rs src.rs"),
        ("lib.rs", "super", ""),
        ("src/a/b.rs", "crate", "src/a/lib.rs src/a/main.rs src/lib.rs src/main.rs lib.rs main.rs"),
        ("x/tests/a.rs", "crate", "x/tests/a.rs"),
        ("src/main.rs", "crate", "src/main.rs src/lib.rs lib.rs main.rs"),
        ("src/a.rs", "::std", ""),
        ("src/a.rs", "../x", ""),
        ("src/a.rs", "::../x", ""),
    ],
)
def test_the_files_that_a_module_can_be(path: str, module: str, first: str) -> None:
    assert " ".join(module_paths(path, module)) == first


def test_a_crate_is_found_by_its_directory_or_by_what_its_manifest_says() -> None:
    assert "crates/foo-bar/src/lib.rs" in module_paths("crates/app/src/a.rs", "::foo_bar")
    assert "foo_bar/src/lib.rs" in module_paths("app/src/a.rs", "::foo_bar")
    said = (Aliases(packages=(("foo-bar", "odd/place"),)),)
    assert module_paths("a.rs", "::foo_bar", said)[0] == "odd/place/src/lib.rs"


def test_circles_and_long_ways_end() -> None:
    chain = "".join(f"pub use self::n{n + 1} as n{n};\n" for n in range(300))
    chain += "".join(f"pub use crate::m{n + 1}::x as m{n};\n" for n in range(300))
    types = "".join(f"type T{n} = T{n + 1};\nstruct S{n} {{ s: S{n + 1} }}\n" for n in range(300))
    files = DrawnFiles.of(
        "== src/lib.rs\npub mod a;\npub mod b;\npub use a::*;\npub use b::*;\npub use self::*;\n"
        f"pub use crate::A;\npub use super::super::x;\n{chain}{types}type L = crate::a::L;\n"
        "== src/a.rs\npub use crate::b::{A, self};\npub use super::*;\npub use crate::L;\n"
        "use crate as all;\nuse self as me;\n"
        "== src/b.rs\npub use super::a::*;\npub use crate::a::A;\npub struct B { b: Box<B> }\n"
    )
    resolver = files.resolver
    long = "self." * 400 + "x"
    for name in ("A", "n0", "m0", "T0.x", "S0.s.s.s.x", "L.x", "x", "crate.crate.x", "B.b.x", long):
        assert resolver.expression("src/lib.rs", name) is None, name
    for path in ("src/a.rs", "src/lib.rs"):
        assert files.name(Resolver(files).expression(path, "B")) == "src/b.rs:B"
    for name in ("all.all.me.A", "me.me.B.b.b.none", "b.a.b.a.A"):
        assert resolver.expression("src/a.rs", name) is None, name
