from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook_context.bindings_script import script_bindings, script_calls, script_scope
from inglenook_context.chains import chain_at, script_receiver
from inglenook_context.imports import imports_of
from tests.support.drawn import cursor_of

SERVICE = """
export class Service extends Base {
  private cache: Cache;

  constructor(private readonly http: Http) {
    super();
  }

  find(id: string): void {
    const other: Other = make();
    if (id) {
      const gone: Gone = make();
    }
  }

  async load(
    id: string,
    { retry, signal: stop }: Options<Row>,
    ...rest: Row[]
  ): Promise<Row> {
    const row = await this.cache.find(id)!.row;
    const { name, owner: by } = row;
    for (const each of rest) {
      this.http.get(id).then((answer: Answer) => {
        █
"""


def bound(drawing: str, language: str = "typescript") -> str:
    cursor = cursor_of(drawing if "█" in drawing else drawing + "█", language)
    return " ".join(f"{name}:{type_}" for name, type_ in script_bindings(cursor).items())


def test_what_a_method_binds_round_the_cursor() -> None:
    assert bound(SERVICE).split() == [
        "id:string",
        "retry:Options.retry",
        "stop:Options.signal",
        "rest:Row[]",
        "row:this.cache.find().row",
        "name:this.cache.find().row.name",
        "by:this.cache.find().row.owner",
        "each:Row[]",
        "answer:Answer",
    ]


@pytest.mark.parametrize(
    ("line", "types"),
    [
        ("const a: Foo = b;", "a:Foo"),
        ("let a: Map<string, Foo[]> = new Map();", "a:Map<string, Foo[]>"),
        ("const a = new Foo<Bar>(1, ')');", "a:Foo()"),
        ("const a = new lib.Foo;", "a:lib.Foo()"),
        ("const a = make<Foo>(b)(c).d?.e!.f();", "a:make().d.e.f()"),
        ("export const a = await load(b)", "a:load()"),
        ("const a = b as unknown as Foo;", "a:Foo"),
        ("const a = (b as Foo).c;", "a:Foo.c"),
        ("const a = <Foo>b;", "a:b"),
        ("const a = b ?? c;", "a:b"),
        ("const a = b.c + 1;", ""),
        ("const a = 'new Foo()';", ""),
        ("const a = true;", ""),
        ("const a: (b) => void = c;", ""),
        ("const a: Foo = new Bar();\nconst b = a.c();", "a:Foo b:Foo.c()"),
        ("const a = load()\n  .then(b)\n  .first;", "a:load().then().first"),
        ("const a = new Foo({\n  next: () => a.█", "a:Foo()"),
        ("const {\n  a,\n  b: c = 1, // one\n} = use();", "a:use().a c:use().b"),
        ("const [a, setA] = use(b);", "a:use()"),
        ("a = new Foo();", "a:Foo()"),
        ("if (a instanceof lib.Foo) {\n  █", "a:lib.Foo"),
        ("for (const [k, v] of map) {\n  █", "v:map"),
        ("for (const a of b) {\n}\n█", ""),
        ("foos.filter((foo) => foo.█", "foo:foos"),
        ("this.foos().forEach(async function (foo) {\n  █", "foo:this.foos()"),
        ("const f = (a: Foo, b?: Bar): void => a.█", "a:Foo b:Bar"),
        ("const f = async ({ a, b }: Props) => {\n  █", "a:Props.a b:Props.b"),
        ("function f<T extends Foo>(a: T, b: Foo<T> = c) {\n  █", "a:T b:Foo<T>"),
        ("function f(\n  a: Foo,\n  b:\n    | Bar\n    | null,\n) {\n  █", "a:Foo b:Bar | null"),
        ("describe('a', () => {\n  const a = new Foo();\n  it('b', () => {\n    █", "a:Foo()"),
    ],
)
def test_a_binding(line: str, types: str) -> None:
    assert bound(line) == types


def test_a_comment_tells_the_types_of_parameters() -> None:
    source = """
/**
 * @param {Foo} a
 * @param {?Bar} [b]
 */
function f(a, b) {
  █
"""
    assert bound(source, "javascript") == "a:Foo b:Bar"


def test_a_parameter_hides_what_is_further_out_and_a_sibling_nothing() -> None:
    source = """
function outer(a: Outer) {
  const sibling = (a: Sibling) => {
    const b = new Sibling();
  };
  const inner = (a: Inner) => {
    █
"""
    assert bound(source) == "a:Inner"


@pytest.mark.parametrize(
    ("drawing", "class_name", "function"),
    [
        (SERVICE, "Service", "load"),
        ("class A {\n  get b() {\n    █", "A", "b"),
        ("class A<\n  T,\n> extends B<T> {\n  c = () => {\n    █", "A", "c"),
        ("export default class extends B {\n  d() {\n    █", "", "d"),
        ("const A = class {\n  b() {\n    █", "A", "b"),
        (
            "abstract class A\n  implements B {\n  c() {\n    if (d) {\n    } else {\n      █",
            "A",
            "c",
        ),
        ("function f()\n{\n    █", "", "f"),
        ("export async function* f<T>(\n  a: T,\n): X {\n  █", "", "f"),
        ("const f = useCallback(async (a) => {\n  █", "", "f"),
        ("class A {\n  b() {\n    c.then(() => {\n      █", "A", "b"),
        ("class A {\n  b() {}\n\n█", "A", ""),
        ("class A {\n  b() {}\n}\n█", "", ""),
        ("class A {\n  b() {\n█", "A", "b"),
        ("class A {\n// far left\n  b() {\n    s = `\ntext of a string\n`;\n    █", "A", "b"),
        ("if (a) {\n  █", "", ""),
    ],
)
def test_what_is_round_a_cursor(drawing: str, class_name: str, function: str) -> None:
    scope = script_scope(cursor_of(drawing, "typescript"))
    assert (scope.class_name, scope.function) == (class_name, function)


@pytest.mark.parametrize(
    ("before", "received"),
    [
        ("  this.cache.fi", ("this.cache", "fi")),
        ("a?.b!.c", ("a.b", "c")),
        ("await a.b(c, (d) => d.e())\n  .filter(f)\n  .ge", ("a.b().filter()", "ge")),
        ("new Foo<Bar>(1).", ("Foo()", "")),
        ("super.ru", ("super()", "ru")),
        ("(a as Foo).b", ("Foo", "b")),
        ("(await load(1)).b", ("load()", "b")),
        ("a[0].b", ("a", "b")),
        ("make()().b", ("make()", "b")),
        ("this.#cache.#f", ("this.#cache", "#f")),
        ("{ ...a.b", ("a", "b")),
        ("$.aj", ("$", "aj")),
        ("a", None),
        ("'text'.le", None),
        ("...re", None),
        ("1.", None),
    ],
)
def test_what_stands_before_the_dot(before: str, received: tuple[str, str] | None) -> None:
    assert script_receiver(before) == received


@pytest.mark.parametrize(
    ("before", "calls"),
    [
        ("foo(a, ", "foo"),
        ("a.b?.c(d, e(f), { g: [", "a.b.c"),
        ("return new Foo<Bar>(", "Foo"),
        ("outer(inner(')', `(`, ", "inner outer"),
        ("super(", "super"),
        ("describe('x', () => { foo(", "foo"),
        ("function foo(", ""),
        ("  private async foo(", ""),
        ("if (", ""),
        ("if (foo(", "foo"),
        ("foo(a)", ""),
    ],
)
def test_what_is_being_called(before: str, calls: str) -> None:
    assert " ".join(script_calls(before)) == calls


@pytest.mark.parametrize(
    ("before", "calls"),
    [
        ("return <Foo bar={1} ", "Foo"),
        ("<a.Foo ", ""),
        ("<Lib.Foo onClick={() => call(", "Lib.Foo call"),
        ("<Foo bar={1}>", ""),
        ("a < Foo", ""),
    ],
)
def test_a_component_is_called_with_its_attributes(before: str, calls: str) -> None:
    assert " ".join(script_calls(before, jsx=True)) == calls


def test_a_value_ends_where_it_ends() -> None:
    text = "x = a.b(c).d, e"
    assert text[chain_at(text, 4)[1] :] == ", e"


@pytest.mark.parametrize("end", range(0, len(SERVICE), 3))
def test_no_beginning_of_a_file_raises(end: int) -> None:
    source = SERVICE.replace("█", "")[:end]
    cursor = cursor_of(source + "█", "typescriptreact")
    script_scope(cursor)
    script_calls(source, jsx=True)
    script_receiver(source)


TOKENS = st.sampled_from(
    "( ) { } [ ] < > => . ?. ! , ; : = \n \n\n   ' \" ` ${ // /* */ \\ a b1 $ # 1 ü \ud83d".split(
        " "
    )
    + "new await as of in const let for if class extends function return super this import".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TOKENS, max_size=60).map(" ".join) | st.lists(TOKENS, max_size=60).map("".join))
def test_nothing_raises(source: str) -> None:
    cursor = cursor_of(source + "█", "typescriptreact")
    script_scope(cursor)
    script_calls(source, jsx=True)
    script_receiver(source)
    chain_at(source, 0)
    imports_of(cursor.document.text, "typescript")
