from __future__ import annotations

from tests.support.outline import names, outline

JAVA = """\
package p;

import java.util.List;

/**
 * Keeps.
 * And more.
 */
@Service(name = "store")
abstract class Store<T> extends Base<T> implements Kept {
  /** None of them. */
  private static final int NONE = 0, rest[];
  protected final List<Row> rows = new ArrayList<>();
  static { int local = 1; }
  /* No documentation. */
  Store(int size) { super(size); }
  @Override
  public <K> Row find(K key) throws NotFound { Row row = null; return row; }
  abstract void save(Row row);
  enum Colour implements Named { RED, GREEN(1) { void shine() {} }; private int code; }
  static class Inner { void run() {} }
}
interface Shape extends Drawn { int SIDES = 4; double area(); default void show() {} }
record Point(int x, int y) implements Shape {
  Point { }
  static Point zero() { return null; }
}
@interface Named { String value() default ""; }
"""
JAVA_SHOWN = """\
class Store (Base, Kept) | abstract class Store<T> extends Base<T> implements Kept | Keeps.
field Store.NONE: int | private static final int NONE = 0, rest[] | None of them.
field Store.rest: int | private static final int NONE = 0, rest[] | None of them.
field Store.rows: List<Row> | protected final List<Row> rows = new ArrayList<>()
method Store.Store | Store(int size) {}
method Store.find: Row | public <K> Row find(K key) throws NotFound
method Store.save: void | abstract void save(Row row) {}
enum Store.Colour (Named) | enum Colour implements Named
field Colour.RED | RED
field Colour.GREEN | GREEN(1)
field Colour.code: int | private int code
class Store.Inner | static class Inner
method Inner.run: void | void run() {}
interface Shape (Drawn) | interface Shape extends Drawn
field Shape.SIDES: int | int SIDES = 4
method Shape.area: double | double area() {}
method Shape.show: void | default void show() {}
class Point (Shape) | record Point(int x, int y) implements Shape
field Point.x: int | int x
field Point.y: int | int y
method Point.Point | Point
method Point.zero: Point | static Point zero() {}
interface Named | @interface Named
method Named.value: String | String value() default ""
"""


def test_what_a_file_of_java_defines() -> None:
    assert outline(JAVA, "java") == JAVA_SHOWN


def test_annotations_do_not_stand_in_a_signature() -> None:
    source = """
class A {
  @Deprecated @Named(value = "b()")
  public int f(
    @Nullable String c
  ) {}
}
"""
    assert outline(source, "java").splitlines()[1] == (
        "method A.f: int | public int f(@Nullable String c) {}"
    )


def test_what_is_being_typed_leaves_the_rest() -> None:
    source = "class A {\n  void a() {}\n  void b() { foo(1, }\n  void c() {}\n}\n"
    assert names(source, "java") == ["A", "A.a", "A.b", "A.c"]
