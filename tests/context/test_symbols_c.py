from __future__ import annotations

from tests.support.outline import names, outline

C = """\
#ifndef BOX_H
#define BOX_H
#include <stdio.h>
/* The most. */
#define MOST 10
#define AREA(w, h) ((w) * (h))

/** A box.
 *  More. */
struct box {
    int width, *heights;
    struct { int deep; } inner;
    int (*draw)(struct box *self);
};
typedef struct { int x; } Point, *PointRef;
typedef struct node { struct node *next; } Node;
typedef int (*callback)(int);
typedef enum { LEFT, RIGHT = 4 } Side;
enum colour { RED };
union bits { int whole; };
// Makes one.
extern struct box *make_box(int width);
static inline char *
copy_name(const char *name)
{
    int local = 1;
    return 0;
}
int table[3], count = 0;
#ifdef __cplusplus
extern "C" {
#endif
int plain(void);
#ifdef __cplusplus
}
#endif
#endif
"""
C_SHOWN = """\
variable BOX_H | #define BOX_H
variable MOST | #define MOST 10 | The most.
function AREA | #define AREA(w, h)
class box | struct box | A box.
field box.width: int | int width, *heights
field box.heights: int | int width, *heights
field box.inner | struct { int deep; } inner
field box.deep: int | int deep
field box.draw: int | int (*draw)(struct box *self)
class Point | typedef struct Point
class PointRef | typedef struct PointRef
field Point.x: int | int x
type Node | typedef struct node { struct node *next; } Node
class node | struct node
field node.next: struct node | struct node *next
type callback | typedef int (*callback)(int)
enum Side | typedef enum Side
field Side.LEFT | LEFT
field Side.RIGHT | RIGHT = 4
enum colour | enum colour
field colour.RED | RED
class bits | union bits
field bits.whole: int | int whole
function make_box: struct box | extern struct box *make_box(int width) | Makes one.
function copy_name: char | static inline char * copy_name(const char *name)
variable table: int | int table[3], count = 0
variable count: int | int table[3], count = 0
function plain: int | int plain(void)
"""
CPP = """\
namespace shapes::flat {
/// A square.
template <class T>
class Square : public Shape<T>, private lib::Drawn {
public:
    Square();
    explicit Square(int side) : side_(side) {}
    virtual ~Square() = default;
    int area() const;
    virtual void draw(const std::string& where) = 0;
    bool operator==(const Square&) const;
    operator bool() const;
    template <class U> void scale(U by);
    using Unit = int;
    enum class Kind { Plain };
    enum { Left, Right };
private:
    int side_, *rest_;
    static int count_;
    std::function<void(int)> run_;
    friend class Other;
};
struct Declared;
}
template <class T>
int Square<T>::area() const { return 0; }
shapes::flat::Square::~Square() {}
bool Square::operator==(const Square& other) const { return true; }
template <> struct Traits<int> { int size; };
using Pair = std::pair<int, int>;
auto later() -> int { return [] { return 1; }(); }
int& shared();
struct Named { int z; } named;
"""
CPP_SHOWN = """\
namespace shapes::flat | namespace shapes::flat
class Square (Shape, lib::Drawn) | class Square : public Shape<T>, private lib::Drawn | A square.
method Square.Square | Square() {}
method Square.Square | explicit Square(int side) {}
method Square.~Square | virtual ~Square() = default
method Square.area: int | int area() const
method Square.draw: void | virtual void draw(const std::string& where) = 0
method Square.operator==: bool | bool operator==(const Square&) const
method Square.operator bool | operator bool() const
method Square.scale: void | void scale(U by) {}
type Square.Unit: int | using Unit = int
enum Square.Kind | enum class Kind
field Kind.Plain | Plain
field Square.Left | Left
field Square.Right | Right
field Square.side_: int | int side_, *rest_
field Square.rest_: int | int side_, *rest_
field Square.count_: int | static int count_
field Square.run_: std::function<void(int)> | std::function<void(int)> run_
method Square.area: int | int Square<T>::area() const
method Square.~Square | shapes::flat::Square::~Square() {}
method Square.operator==: bool | bool Square::operator==(const Square& other) const
class Traits | struct Traits<int>
field Traits.size: int | int size
type Pair: std::pair<int, int> | using Pair = std::pair<int, int>
function later: auto | auto later() -> int
function shared: int | int& shared()
variable named | struct Named { int z; } named
class Named | struct Named
field Named.z: int | int z
"""


def test_what_a_file_of_c_defines() -> None:
    assert outline(C, "c") == C_SHOWN


def test_what_a_file_of_cpp_defines() -> None:
    assert outline(CPP, "cpp") == CPP_SHOWN


def test_a_pointer_to_a_function_is_a_variable() -> None:
    assert outline("int (*run)(int);\nint *(*find(int a))[3];\n", "c") == (
        "variable run: int | int (*run)(int)\nfunction find: int | int *(*find(int a))[3]\n"
    )


def test_parameters_of_a_long_header_keep_their_names() -> None:
    parameter = "const std::vector<std::string>& names"
    shown = outline(f"int f({parameter}, {parameter}, {parameter}, {parameter}) {{}}\n", "cpp")
    assert shown.count("names") == 4


def test_what_is_being_typed_leaves_the_rest() -> None:
    assert names("int a(void) {}\n\nint b(void) { x->\n}\n\nint c(void) {}\n", "c") == list("abc")
