from __future__ import annotations

from tests.support.outline import names, outline

CSHARP = """\
using System;
namespace Shop.Data {
/// <summary>
/// Keeps things.
/// </summary>
[Serializable]
public class Store<T> : Base<T>, IKept where T : new() {
    /// <summary>How many.</summary>
    public int Size { get; private set; }
    private readonly int first = 1, second;
    public event Action Changed;
    public Store(int size) : base(size) { var local = 1; }
    public T Find(string key) => default;
    [Obsolete("no")] public abstract Task<T> SaveAsync(T row);
    delegate void Handler(int code);
    enum Colour { Red, Green = 2 }
    struct Inner { public int Deep; }
}
public interface IKept { void Keep(); }
public record Point(int X, int Y);
}
"""
CSHARP_SHOWN = """\
namespace Shop.Data | namespace Shop.Data
class Store (Base, IKept) | public class Store<T> : Base<T>, IKept where T : new() | Keeps things.
field Store.Size: int | public int Size | How many.
field Store.first: int | private readonly int first = 1, second
field Store.second: int | private readonly int first = 1, second
field Store.Changed: Action | public event Action Changed
method Store.Store | public Store(int size) : base(size) {}
method Store.Find: T | public T Find(string key) {}
method Store.SaveAsync: Task<T> | public abstract Task<T> SaveAsync(T row) {}
type Store.Handler: void | delegate void Handler(int code)
enum Store.Colour | enum Colour
field Colour.Red | Red
field Colour.Green | Green = 2
class Store.Inner | struct Inner
field Inner.Deep: int | public int Deep
interface IKept | public interface IKept
method IKept.Keep: void | void Keep() {}
class Point | public record Point(int X, int Y)
field Point.X: int | int X
field Point.Y: int | int Y
"""


def test_what_a_file_of_csharp_defines() -> None:
    assert outline(CSHARP, "csharp") == CSHARP_SHOWN


def test_a_namespace_for_the_whole_file_is_no_parent() -> None:
    assert names("namespace A.B;\nclass C { int d; }\n", "csharp") == ["A.B", "C", "C.d"]
