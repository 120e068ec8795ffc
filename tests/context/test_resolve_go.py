"""Where names lead in Go: packages are directories, and only capitals are seen from outside."""

from __future__ import annotations

import pytest

from inglenook_context.modules import module_paths
from inglenook_context.modules_script import Aliases
from inglenook_context.resolve import Resolver
from tests.support.drawn_files import DrawnFiles

SHOP = DrawnFiles.of("""
== cmd/shop/main.go
package main
import (
	"fmt"
	"github.com/acme/shop/internal/store"
	money "github.com/acme/shop/pkg/go-money/v2"
	. "github.com/acme/shop/pkg/dot"
	_ "github.com/acme/shop/pkg/side"
)
var shared = store.Open("x")
var price money.Cents
func main() {}
== cmd/shop/flags.go
package main
type Flags struct { Out *store.Row }
== cmd/shop/flags_test.go
package main
type OnlyTest struct {}
func helper() OnlyTest {}
== internal/store/store.go
package store
import "github.com/acme/shop/internal/row"
type Row = row.Row
type base struct { Size int }
type Store struct {
	base
	rows map[string][]*row.Row
	next *Store
	shape Shape
}
func Open(name string) (*Store, error) { return nil, nil }
func hidden() *Store { return nil }
== internal/store/load.go
package store
func (s *Store) Load(id string) (*Row, error) { return nil, nil }
func (s *Store) All() []*Row { return nil }
type Shape interface { Area() Square }
type Square float64
func (q Square) Root() Square { return q }
== internal/store/load_test.go
package store
func Fake() *Store { return nil }
== internal/row/row.go
package row
type Row struct { ID string; Next *Row }
func (r Row) Text() string { return "" }
== pkg/go-money/v2/money.go
package money
type Cents int64
func (c Cents) Add(other Cents) Cents { return c }
== pkg/dot/dot.go
package dot
type Dotted struct { X int }
func Dot() Dotted { return Dotted{} }
func inner() Dotted { return Dotted{} }
== local/fmt/fmt.go
package fmt
func Println() {}
""")
MAIN = "cmd/shop/main.go"


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("store", "internal/store/"),
        ("store.Store", "internal/store/store.go:Store"),
        ("store.Shape", "internal/store/load.go:Shape"),
        ("store.Open", "internal/store/store.go:Open"),
        ("store.hidden", "?"),
        ("store.Fake", "?"),
        ("shared.Load", "internal/store/load.go:Store.Load"),
        ("shared.Load().Next.Text", "internal/row/row.go:Row.Text"),
        ("shared.rows.ID", "internal/row/row.go:Row.ID"),
        ("shared.next.next.Size", "internal/store/store.go:base.Size"),
        ("shared.shape.Area().Root", "internal/store/load.go:Square.Root"),
        ("price.Add", "pkg/go-money/v2/money.go:Cents.Add"),
        ("Flags.Out", "cmd/shop/flags.go:Flags.Out"),
        ("Dot().X", "pkg/dot/dot.go:Dotted.X"),
        ("inner", "?"),
        ("OnlyTest", "?"),
        ("side", "?"),
        ("fmt", "?"),
        ("shared.none.more", "?"),
    ],
)
def test_where_an_expression_leads(expression: str, place: str) -> None:
    assert SHOP.name(SHOP.resolver.expression(MAIN, expression)) == place


@pytest.mark.parametrize(
    ("type_", "place"),
    [
        ("*store.Store", "internal/store/store.go:Store"),
        ("[]*store.Store", "internal/store/store.go:Store"),
        ("map[string][]store.Store", "internal/store/store.go:Store"),
        ("(*store.Store, error)", "internal/store/store.go:Store"),
        ("<-chan store.Store", "internal/store/store.go:Store"),
        ("...*store.Store", "internal/store/store.go:Store"),
        ("store.Open()", "internal/store/store.go:Store"),
        ("*Flags", "cmd/shop/flags.go:Flags"),
        ("store.Row", "internal/row/row.go:Row"),
        ("string", "?"),
        ("", "?"),
    ],
)
def test_the_class_that_a_type_means(type_: str, place: str) -> None:
    assert SHOP.name(SHOP.resolver.type_class(MAIN, type_)) == place


def test_tests_see_what_is_in_tests() -> None:
    found = SHOP.resolver.expression("cmd/shop/flags_test.go", "OnlyTest")
    assert SHOP.name(found) == "cmd/shop/flags_test.go:OnlyTest"
    found = SHOP.resolver.expression("cmd/shop/flags_test.go", "Flags")
    assert SHOP.name(found) == "cmd/shop/flags.go:Flags"


@pytest.mark.parametrize(
    ("path", "module", "aliases", "first"),
    [
        ("a.go", "github.com/x/y/p/b", (), "vendor/github.com/x/y/p/b/ p/b/ b/"),
        ("cmd/a.go", "github.com/acme/shop", (), "vendor/github.com/acme/shop/"),
        ("cmd/a.go", "net/http", (), "vendor/net/http/"),
        ("a.go", "shop/pkg/b", (), "vendor/shop/pkg/b/ pkg/b/ b/"),
        ("back/a.go", "github.com/x/y/b", (), "vendor/github.com/x/y/b/ back/b/ b/"),
        ("a.go", "../b", (), ""),
        ("a.go", "a//b", (), ""),
        ("a.go", "x.org/m/b", (("x.org/m", "sub"),), "sub/b/ vendor/x.org/m/b/"),
        ("a.go", "x.org/m", (("x.org/m", ""),), "./ vendor/x.org/m/"),
        ("a.go", "y.org/b/c", (("x.org/m", ""),), "vendor/y.org/b/c/"),
        ("a.go", "y.org/b/c", (("@web/b", "b"),), "vendor/y.org/b/c/ c/"),
    ],
)
def test_the_directories_that_a_package_can_be(
    path: str, module: str, aliases: tuple[tuple[str, str], ...], first: str
) -> None:
    said = (Aliases(packages=aliases),) if aliases else ()
    paths = " ".join(module_paths(path, module, said))
    assert f"{paths} ".startswith(f"{first} ".lstrip())
    if len(first.split()) == 1:
        assert paths == first  # nothing else is guessed


def test_a_package_at_the_top_is_the_directory_of_the_workspace() -> None:
    files = DrawnFiles.of("""
== cmd/main.go
package main
import "x.org/shop"
== shop.go
package shop
type Shop struct {}
""")
    resolver = Resolver(files, (Aliases(packages=(("x.org/shop", ""),)),))
    assert files.name(resolver.expression("cmd/main.go", "shop.Shop")) == "shop.go:Shop"


def test_circles_long_ways_and_many_files_end() -> None:
    fields = "".join(f"type T{n} struct {{ T{n + 1}; f *T{n + 1} }}\n" for n in range(300))
    aliases = "".join(f"type A{n} = A{n + 1}\n" for n in range(300))
    many = "".join(f"== many/f{n}.go\npackage many\nfunc F{n}() {{}}\n" for n in range(300))
    files = DrawnFiles.of(
        '== a/a.go\npackage a\nimport "x/b"\nimport . "x/a"\nimport . "x/many"\n'
        f"type L = b.L\ntype M struct {{ M }}\n{fields}{aliases}"
        '== b/b.go\npackage b\nimport "x/a"\nimport . "x/a"\ntype L = a.L\n' + many
    )
    resolver = files.resolver
    for name in ("L.x", "M.x", "M.M.M.x", "T0.x", "T0.f.f.f.x", "A0.x", "none", "b.none"):
        assert resolver.expression("a/a.go", name) is None, name
    assert resolver.expression("a/a.go", "F0") is not None
    assert len(resolver.files("many/")) < 100
    assert files.name(resolver.expression("a/a.go", "F299")) == "many/f299.go:F299"
