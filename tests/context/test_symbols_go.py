from __future__ import annotations

from tests.support.outline import names, outline

GO = """\
package p

import "io"

// A is a thing.
// It has more lines.
type A struct {
	*B
	c.D
	X, Y int // both
	// Z is documented.
	Z map[string]*A `json:"z"`
}

type (
	// I does it.
	I interface {
		io.Reader
		M(a int) error
	}
	F = func()
	G func(a int) error
)

const (
	One = iota
	Two
)

var a, b = New(), 1

/* M does it, too.
   Really. */
func (r *A) M(xs ...int) (int, error) {
	local := 1
	return local, nil
}

//go:noinline
func (r Box[T]) Get() T { return r.x }

func Make[T any](x T) *A { return nil }
"""
GO_SHOWN = """\
class A (B, c.D) | type A struct | A is a thing.
field A.B: B | *B
field A.D: c.D | c.D
field A.X: int | X, Y int
field A.Y: int | X, Y int
field A.Z: map[string]*A | Z map[string]*A `json:"z"` | Z is documented.
interface I (io.Reader) | type I interface | I does it.
method I.M: error | M(a int) error
type F: func() | type F = func()
type G: func(a int) error | type G func(a int) error
variable One | const One = iota
variable Two | const Two
variable a: New() | var a, b = New(), 1
variable b: New() | var a, b = New(), 1
method A.M: (int, error) | func (r *A) M(xs ...int) (int, error) {} | M does it, too.
method Box.Get: T | func (r Box[T]) Get() T
function Make: *A | func Make[T any](x T) *A
"""


def test_what_a_file_of_go_defines() -> None:
    assert outline(GO, "go") == GO_SHOWN


def test_a_directive_is_no_documentation_and_a_comment_further_up_neither() -> None:
    assert outline("package p\n\n// far\n\n//go:noinline\nfunc f() {}\n", "go") == (
        "function f | func f()\n"
    )


def test_a_long_header_keeps_its_parameters() -> None:
    parameter = "aVeryLongParameterName pkg.AndItsType"
    shown = outline(f"package p\nfunc f({parameter}, {parameter}, {parameter}) {{}}\n", "go")
    assert shown.count(parameter) == 3


def test_what_is_being_typed_leaves_the_rest() -> None:
    source = "package p\n\nfunc A() {}\n\nfunc B() {\n\tx.\n}\n\nfunc C() {}\n"
    assert names(source, "go") == ["A", "B", "C"]
