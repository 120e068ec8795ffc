from __future__ import annotations

from tests.support.outline import names, outline

RUST = """\
/// A shape.
///
/// It has more lines.
pub trait Shape<T>: Draw + fmt::Debug {
    type Unit;
    const SIDES: u8 = 1;
    fn area(&self) -> Self::Unit;
    fn scale(&mut self, by: f64) {}
}

/// A box.
#[derive(Debug)]
pub struct Square<T>
where
    T: Copy,
{
    /// How wide.
    pub side: T,
    r#type: Kind,
}
pub struct Point(pub u8, u8);
struct Nothing;

impl<T> Square<T> {
    pub const NONE: usize = 0;
    /// Makes.
    #[inline]
    pub(crate) fn new(side: T, at: Path) -> Result<Self> {
        fn local() {}
        let inner = 1;
    }
}
impl<T> Shape<T> for shapes::Square<T> {
    fn area(&self) -> T {}
}

pub enum Kind { Plain, Named { name: String }, Numbered(u8) }
union Bits { whole: u32 }
// No documentation.
pub type Shared<T> = std::sync::Arc<T>;
static mut COUNT: usize = 0;
macro_rules! square { ($x:expr) => { $x * $x }; }
extern "C" { fn outside(a: u8) -> u8; }
pub mod inner { pub fn deep() {} struct In; }
"""
RUST_SHOWN = """\
interface Shape (Draw, fmt::Debug) | pub trait Shape<T>: Draw + fmt::Debug | A shape.
type Shape.Unit | type Unit
field Shape.SIDES: u8 | const SIDES: u8 = 1
method Shape.area: Self::Unit | fn area(&self) -> Self::Unit
method Shape.scale | fn scale(&mut self, by: f64) {}
class Square (Shape) | pub struct Square<T> where T: Copy | A box.
field Square.side: T | pub side: T | How wide.
field Square.r#type: Kind | r#type: Kind
class Point | pub struct Point(pub u8, u8)
class Nothing | struct Nothing
field Square.NONE: usize | pub const NONE: usize = 0
method Square.new: Result<Self> | pub(crate) fn new(side: T, at: Path) -> Result<Self> | Makes.
method Square.area: T | fn area(&self) -> T
enum Kind | pub enum Kind
field Kind.Plain | Plain
field Kind.Named | Named { name: String }
field Kind.Numbered | Numbered(u8)
class Bits | union Bits
field Bits.whole: u32 | whole: u32
type Shared: std::sync::Arc<T> | pub type Shared<T> = std::sync::Arc<T>
variable COUNT: usize | static mut COUNT: usize = 0
function square | macro_rules! square
function outside: u8 | fn outside(a: u8) -> u8
namespace inner | pub mod inner
function inner.deep | pub fn deep()
class inner.In | struct In
"""


def test_what_a_file_of_rust_defines() -> None:
    assert outline(RUST, "rust") == RUST_SHOWN


def test_every_trait_that_a_type_has_is_a_base_of_it() -> None:
    source = "struct A;\nimpl Debug for A {}\nimpl<T> fmt::Display for A {}\nimpl From<B> for A {}"
    assert outline(source, "rust") == "class A (Debug, fmt::Display, From) | struct A\n"


def test_the_comment_of_the_line_above_belongs_to_that_line() -> None:
    source = "/// One.\npub fn one() {}\n#[derive(Debug)]\npub struct Two;\n"
    assert outline(source, "rust") == (
        "function one | pub fn one() | One.\nclass Two | pub struct Two\n"
    )


def test_what_is_being_typed_leaves_the_rest() -> None:
    assert names("fn a() {}\n\nfn b() {\n    x.\n}\n\nfn c() {}\n", "rust") == ["a", "b", "c"]
