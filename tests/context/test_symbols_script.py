from __future__ import annotations

import pytest

from inglenook_context.compact import header
from inglenook_context.grammar import GRAMMARS, patterns, query
from inglenook_context.symbols import Definition, definitions_of
from inglenook_context.text import Text
from tests.support.parsed import parsed

CLASS = """
/** Keeps things. */
export default abstract class Store<T> extends Base<T> implements Kept, lib.Shown<T> {
  static readonly none = new Store<never>();
  #rows: Row[] = [];
  size?: number;
  constructor(private readonly db: Db, name: string, readonly at = 1) {
    this.log = db.log;
    this.name = new Name(name);
  }
  get first(): Row { return this.#rows[0]; }
  find(id: string): Row;
  find(id: any) {}
  abstract save(row: Row): Promise<void>;
  load = async <K>(key: K): Promise<K> => { };
}
"""
TYPES = """
interface Shape extends Drawn<X>, lib.Moved { area: Area; scale?(by: number): Shape }
type Options = Omit<Base, 'a'> & Other<B> & {
  retry: Retry;
};
type Name = string | null;
enum Colour { Red, Green = 'g' }
declare namespace util { function make(a: A): Made; const none: Made; }
declare module 'lib' { export function outside(): void; }
declare function plain(a: number): Plain;
declare const held: Held, other: Other;
"""
VALUES = """
export const make = async (a: A): Promise<B> => { const local = 1; };
const made = await make(a), store = new lib.Store<T>();
const said = a as unknown as Said, kept = b ?? new Kept();
const Local = class extends Base { run() {} };
export const { reducer, actions: acts } = slice;
export const api = {
  get(id: string): Row {},
  post: async (row: Row): Promise<void> => {},
  limit: 3,
  inner: { deep() {} },
} as const;
if (x) { var late = 1; }
"""
COMMONJS = """
module.exports = { made, make: function (a) {}, run() {}, limit: 1, as: made };
exports.find = function (id) {};
exports.Store = class extends Base { save() {} };
module.exports = (options) => {};
foo.bar = { no() {} };
class Box { size = new Size(); static of() {} #run() {} }
"""
DEFAULTS = """
export default (a: A): B => {};
"""


def found(source: str, language: str = "typescript") -> tuple[Definition, ...]:
    syntax = parsed(Text.of(source), language)
    assert syntax is not None
    return definitions_of(syntax)


def named(source: str, language: str = "typescript") -> list[str]:
    """``kind Parent.name < bases : type`` of each definition."""
    return [
        f"{one.kind} {one.parent + '.' if one.parent else ''}{one.name}"
        + (f" < {', '.join(one.bases)}" if one.bases else "")
        + (f" : {one.type}" if one.type else "")
        for one in found(source, language)
    ]


@pytest.mark.parametrize("language", ["typescript", "typescriptreact"])
def test_the_members_of_a_class(language: str) -> None:
    assert named(CLASS, language) == [
        "class Store < Base, Kept, lib.Shown",
        "field Store.none : Store()",
        "field Store.#rows : Row[]",
        "field Store.size : number",
        "method Store.constructor",
        "field Store.db : Db",
        "field Store.at",
        "field Store.log : Db.log",
        "field Store.name : Name()",
        "method Store.first : Row",
        "method Store.find : Row",
        "method Store.find",
        "method Store.save : Promise<void>",
        "method Store.load : Promise<K>",
    ]


def test_types_and_what_is_in_them() -> None:
    assert named(TYPES) == [
        "interface Shape < Drawn, lib.Moved",
        "field Shape.area : Area",
        "method Shape.scale : Shape",
        "type Options < Base, Other",
        "field Options.retry : Retry",
        "type Name",
        "enum Colour",
        "field Colour.Red",
        "field Colour.Green",
        "namespace util",
        "function util.make : Made",
        "field util.none : Made",
        "function outside : void",
        "function plain : Plain",
        "variable held : Held",
        "variable other : Other",
    ]


def test_values_and_what_is_in_them() -> None:
    assert named(VALUES) == [
        "function make : Promise<B>",
        "variable made : make()",
        "variable store : lib.Store()",
        "variable said : Said",
        "variable kept : Kept()",
        "class Local < Base",
        "method Local.run",
        "variable reducer",
        "variable acts",
        "variable api",
        "method api.get : Row",
        "method api.post : Promise<void>",
        "field api.limit",
        "field api.inner",
        "variable late",
    ]


@pytest.mark.parametrize("language", ["javascript", "javascriptreact"])
def test_what_commonjs_exports(language: str) -> None:
    assert named(COMMONJS, language) == [
        "function make",
        "function run",
        "variable limit",
        "function find",
        "class Store < Base",
        "method Store.save",
        "function export=",
        "class Box",
        "field Box.size : Size()",
        "method Box.of",
        "method Box.#run",
    ]


def test_a_comment_tells_a_type_where_there_are_none() -> None:
    source = "/** @returns {Promise<Row>} */\nfunction f() {}\n/** @type {Row} */\nlet a;\nlet b;"
    assert named(source, "javascript") == [
        "function f : Promise<Row>",
        "variable a : Row",
        "variable b",
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("export default (a: A): B => {};", "function default"),
        ("export default function (a) {}", "function default"),
        ("export default class extends A { b() {} }", "class default < A|method default.b"),
        ("export default { data() {} };", "variable default|method default.data"),
        ("export default create(a);", "variable default : create()"),
        ("export default function named() {}", "function named"),
        ("export default named;", ""),
    ],
)
def test_a_default_export(source: str, name: str) -> None:
    assert "|".join(named(source)) == name


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            "/** Adds. */\nexport function add(\n  a: A, // one\n  b = 1,\n): B {}",
            "function add(a: A, b = 1): B",
        ),
        ("const add = (a: A) => a;", "const add = (a: A) =>"),
        ("interface Shape extends Drawn { area: Area }", "interface Shape extends Drawn"),
        ("type Opts = Base & {\n  a: A;\n};", "interface Opts extends Base"),
        ("type Name<T> =\n  | string\n  | T;", "type Name<T> = | string | T"),
        ("enum Colour {\n  Red,\n}", "enum Colour"),
        (
            "class Box<T extends {}> extends Base<T> {\n  constructor(a: A) {}\n}",
            "class Box<T extends {}> extends Base<T>",
        ),
    ],
)
def test_a_definition_in_one_line(source: str, line: str) -> None:
    assert header(found(source)[0]) == line


def test_a_long_header_keeps_its_parameters() -> None:
    types = "T extends Record<string, unknown> = Record<string, unknown>"
    parameters = "one: Array<T>, two: Map<string, T>, { three }: T, four = {}"
    source = f"export function f<{types}>({parameters}) {{}}"
    assert header(found(source)[0]) == "function f(one, two, { three }, four={})"


def test_a_method_does_not_look_like_a_call() -> None:
    box = found("class Box {\n  open(a) {}\n  #shut(): void {}\n  private size = 1; // x\n}")
    assert [header(one) for one in box[1:]] == ["open(a) {}", "#shut(): void", "private size = 1"]


def test_no_beginning_of_a_file_raises() -> None:
    for source in (CLASS, TYPES, VALUES, COMMONJS):
        for end in range(0, len(source), 7):
            for definition in found(source[:end], "typescriptreact"):
                assert definition.name
                assert header(definition) is not None


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_every_grammar_knows_every_pattern(language: str) -> None:
    grammar = GRAMMARS[language]
    assert len(patterns(grammar.queries, "symbols")) > 1
    for name in ("symbols", "members"):
        roots = patterns(grammar.queries, name)
        assert [root for root in roots if query(grammar, name, root) is None] == []
