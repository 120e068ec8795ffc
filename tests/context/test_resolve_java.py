"""Where names lead in Java: classes have files, packages are directories below a root."""

from __future__ import annotations

import pytest

from inglenook_context.modules import module_paths
from tests.support.drawn_files import DrawnFiles

SHOP = DrawnFiles.of("""
== src/main/java/com/acme/web/Page.java
package com.acme.web;
import com.acme.shop.Store;
import com.acme.shop.Store.Mode;
import com.acme.rows.*;
import static com.acme.shop.Store.open;
import static com.acme.shop.Limits.*;
import java.util.List;
import com.acme.gone.Gone;
class Page extends Base {
  private final List<Row> rows;
  Store store = new Store("x");
  Header header() { return null; }
  static class Header { Row row; }
}
== src/main/java/com/acme/web/Base.java
package com.acme.web;
import com.acme.shop.Store;
abstract class Base { protected Store owner; void close() {} }
== src/main/java/com/acme/shop/Store.java
package com.acme.shop;
import com.acme.rows.Row;
public class Store extends Shelf<Row> implements Sized {
  public enum Mode { FAST, SLOW; Mode other() { return SLOW; } }
  public Store(String name) {}
  public static Store open(String name) { return null; }
  public Optional<Row> first() { return null; }
  public Map<String, List<Row>> all;
}
== src/main/java/com/acme/shop/Shelf.java
package com.acme.shop;
class Shelf<T> { int size; Store back() { return null; } }
== src/main/java/com/acme/shop/Sized.java
package com.acme.shop;
interface Sized { double area(); }
== src/main/java/com/acme/shop/Limits.java
package com.acme.shop;
public final class Limits {
  public static final Store LARGEST = Store.open("");
  static int most() {}
}
== src/main/java/com/acme/rows/Row.java
package com.acme.rows;
public class Row { public Row next; public String text() { return ""; } }
== src/test/java/com/acme/web/PageTest.java
package com.acme.web;
class PageTest { Page page; }
""")
PAGE = "src/main/java/com/acme/web/Page.java"
ROW = "src/main/java/com/acme/rows/Row.java"
STORE = "src/main/java/com/acme/shop/Store.java"


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("Store", f"{STORE}:Store"),
        ("Store.open", f"{STORE}:Store.open"),
        ("Store.open().first().get().text", f"{ROW}:Row.text"),
        ("Store.size", "src/main/java/com/acme/shop/Shelf.java:Shelf.size"),
        ("Store.area", "src/main/java/com/acme/shop/Sized.java:Sized.area"),
        ("Store.back().all.get().next", f"{ROW}:Row.next"),
        ("Mode", f"{STORE}:Store.Mode"),
        ("Mode.other().FAST", f"{STORE}:Mode.FAST"),
        ("Row.text", f"{ROW}:Row.text"),
        ("open", f"{STORE}:Store.open"),
        ("LARGEST", "src/main/java/com/acme/shop/Limits.java:Limits.LARGEST"),
        ("LARGEST.first", f"{STORE}:Store.first"),
        ("Base.close", "src/main/java/com/acme/web/Base.java:Base.close"),
        ("Page.rows.get().text", f"{ROW}:Row.text"),
        ("Page.store.first", f"{STORE}:Store.first"),
        ("Page.header().row", f"{PAGE}:Header.row"),
        ("Page.owner.first", f"{STORE}:Store.first"),
        ("Page.close", "src/main/java/com/acme/web/Base.java:Base.close"),
        ("Header", f"{PAGE}:Page.Header"),
        ("List", "?"),
        ("Gone", "?"),
        ("Shelf", "?"),
        ("Store.none.more", "?"),
    ],
)
def test_where_an_expression_leads(expression: str, place: str) -> None:
    assert SHOP.name(SHOP.resolver.expression(PAGE, expression)) == place


@pytest.mark.parametrize(
    ("type_", "place"),
    [
        ("List<Row>", f"{ROW}:Row"),
        ("Map<String, List<Row>>", f"{ROW}:Row"),
        ("Row[]", f"{ROW}:Row"),
        ("final Optional<? extends Row>", f"{ROW}:Row"),
        ("@Nullable Row", f"{ROW}:Row"),
        ("Store.Mode", f"{STORE}:Store.Mode"),
        ("Store()", f"{STORE}:Store"),
        ("Store.open().first()", f"{ROW}:Row"),
        ("int", "?"),
        ("List<", "?"),
        ("", "?"),
    ],
)
def test_the_class_that_a_type_means(type_: str, place: str) -> None:
    assert SHOP.name(SHOP.resolver.type_class(PAGE, type_)) == place


def test_a_test_sees_the_package_that_it_tests() -> None:
    test = "src/test/java/com/acme/web/PageTest.java"
    assert SHOP.name(SHOP.resolver.expression(test, "PageTest.page.store")) == f"{PAGE}:Page.store"
    assert SHOP.resolver.expression(PAGE, "PageTest") is not None


@pytest.mark.parametrize(
    ("path", "module", "first"),
    [
        ("src/main/java/a/b/C.java", "a.x.D", "src/main/java/a/x/D.java src/test/java/a/x/D.java"),
        ("m/src/main/java/a/C.java", "x.D", "m/src/main/java/x/D.java m/src/test/java/x/D.java"),
        ("odd/a/b/C.java", "a.x.D", "odd/a/x/D.java src/main/java/a/x/D.java"),
        ("C.java", "a.x", "src/main/java/a/x/"),
        ("C.java", "java.util.Map", ""),
        ("C.java", "a..B", ""),
        ("C.java", "", ""),
    ],
)
def test_the_files_that_a_name_can_be(path: str, module: str, first: str) -> None:
    assert " ".join(module_paths(path, module)[: len(first.split()) or 99]) == first


def test_circles_and_long_ways_end() -> None:
    chain = "".join(f"class C{n} extends C{n + 1} {{ C{n + 1} next; }}\n" for n in range(300))
    files = DrawnFiles.of(
        f"== a/A.java\npackage a;\nimport b.*;\nimport static a.A.*;\nimport static b.B.*;\n"
        f"import a.A.A.A.A;\nclass A extends B {{ A a; B b; }}\n{chain}"
        "== b/B.java\npackage b;\nimport a.*;\nimport static a.A.*;\n"
        "class B extends A { A other; }\n"
        "== b/X.java\n"
    )
    resolver = files.resolver
    deep = "import " + ".".join(["A"] * 300)
    for name in ("A.x", "B.other.b.other.x", "C0.x", "C0.next.next.next.x", "none", deep):
        assert resolver.expression("a/A.java", name) is None, name
    assert resolver.expression("a/A.java", "A.b.other.a.b") is not None
