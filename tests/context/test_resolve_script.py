from __future__ import annotations

from collections.abc import Mapping

import pytest

from inglenook_context.facts import Facts, dump, facts_of, load
from inglenook_context.modules import module_paths
from inglenook_context.modules_script import Aliases
from inglenook_context.resolve import Place, Resolver
from inglenook_context.tsconfig import aliases_of

SHOP = {
    "src/index.ts": """
export * from './store';
export { Row as Line, default as Box } from './row';
export * as lists from './list';
export type { Shown } from './types';
""",
    "src/store.ts": """
import { Base } from './base.js';
import Box, { Row } from './row';
import * as types from './types';
import { helper } from '@lib/helper';
export class Store<T> extends Base<Row> implements types.Shown {
  static of(): Store<any> {}
  box = new Box();
  rows: Row[] = [];
  byName = new Map<string, Row>();
  constructor(private readonly shown: types.Shown, name: string) {
    this.made = helper();
  }
  get first(): Row | undefined {}
  async load(): Promise<Row> {}
  self(): this {}
}
export function open(): Store<Row> {}
export const shared = open();
""",
    "src/base.ts": """
import type { Store } from './store';
export abstract class Base<T> {
  size = 0;
  owner: Store<T>;
  count(): number {}
}
""",
    "src/row.tsx": """
export interface Row extends Omit<Cell, 'id'> { next?: Row; }
interface Cell { id: string; text: Text }
type Both = Cell & { more: Row };
export type Wide = Partial<Both>;
export type Only = Wide['more'];
export class Text { trim(): Text {} }
class Inner { put() {} }
export { Inner as default };
""",
    "src/list/index.ts": """
import { Row } from '../row';
export const all = { get(id: string): Row {} };
""",
    "src/types.d.ts": """
export declare namespace util { function make(): Shown }
export interface Shown { show(): void }
""",
    "src/old/a.js": """
const B = require('./b');
const { c } = require('./c');
module.exports = { B, c };
""",
    "src/old/b.js": "class B { run() {} }\nmodule.exports = B;",
    "src/old/c.js": "exports.c = function (a) {};\nexports.d = require('./b');",
    "src/old/d.js": "module.exports = function make(options) {};",
    "lib/helper.ts": """
export function helper(): Help {}
export class Help { me(): Help {} }
""",
    "src/deep/own.ts": """
import { Line, Box, lists, Store, Shown, open, shared, Base, c } from '..';
import Old from '../old/b';
import * as whole from '../old/b';
import { B } from '../old/a';
import make from '../old/d';
import { helper } from '@lib/helper';
import { util } from '../types';
import { Only, Wide } from '../row';
class Typed {}
class Settings {}
""",
}
ALIASES = (Aliases("", ".", (("@lib/*", ("lib/*",)),)),)


class Files:
    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.known: dict[str, Facts] = {}

    def exists(self, path: str) -> bool:
        return path in self.files

    def facts(self, path: str) -> Facts | None:
        if path not in self.known and path in self.files:
            language = "javascript" if path.endswith(".js") else "typescriptreact"
            made = load(path, dump(facts_of(path, language, self.files[path])))
            assert made is not None
            self.known[path] = made
        return self.known.get(path)


def resolver(files: Mapping[str, str] = SHOP) -> Resolver:
    return Resolver(Files(files), ALIASES)


def shown(found: Resolver, place: Place | None) -> str:
    if place is None or place.is_module:
        return place.path if place else ""
    definition = found.definition(place)
    assert definition is not None
    owner = f"{definition.parent}." if definition.parent else ""
    return f"{place.path} {owner}{definition.name}"


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("Store", "src/store.ts Store"),
        ("Line", "src/row.tsx Row"),
        ("Box", "src/row.tsx Inner"),
        ("lists", "src/list/index.ts"),
        ("lists.all", "src/list/index.ts all"),
        ("lists.all.get", "src/list/index.ts all.get"),
        ("lists.all.get().next", "src/row.tsx Row.next"),
        ("Shown.show", "src/types.d.ts Shown.show"),
        ("open().load", "src/store.ts Store.load"),
        ("open().load().text.trim", "src/row.tsx Text.trim"),
        ("shared.self().first.text", "src/row.tsx Cell.text"),
        ("shared.count", "src/base.ts Base.count"),
        ("shared.show", "src/types.d.ts Shown.show"),
        ("shared.shown.show", "src/types.d.ts Shown.show"),
        ("shared.box.put", "src/row.tsx Inner.put"),
        ("shared.made.me", "lib/helper.ts Help.me"),
        ("shared.rows.find().next", "src/row.tsx Row.next"),
        ("shared.owner.rows.next", "src/row.tsx Row.next"),
        ("Store.of().rows", "src/store.ts Store.rows"),
        ("helper().me", "lib/helper.ts Help.me"),
        ("util.make().show", "src/types.d.ts Shown.show"),
        ("Wide.text", "src/row.tsx Cell.text"),
        ("Only.next", "src/row.tsx Row.next"),
        ("Old.run", "src/old/b.js B.run"),
        ("whole.run", "src/old/b.js B.run"),
        ("B.run", "src/old/b.js B.run"),
        ("make", "src/old/d.js export="),
        ("Base", ""),
        ("c", ""),
        ("shared.none.more", ""),
    ],
)
def test_where_an_expression_leads(expression: str, place: str) -> None:
    found = resolver()
    assert shown(found, found.expression("src/deep/own.ts", expression)) == place


@pytest.mark.parametrize(
    ("type_", "place"),
    [
        ("Store<Line>", "src/store.ts Store"),
        ("Promise<Store<any>>", "src/store.ts Store"),
        ("readonly Line[] | null", "src/row.tsx Row"),
        ("Map<string, Line>", "src/row.tsx Row"),
        ("Record<string, Store>", "src/store.ts Store"),
        ("ReadonlyArray<Readonly<Line>>", "src/row.tsx Row"),
        ("undefined | Store", "src/store.ts Store"),
        ("typeof shared", "src/store.ts Store"),
        ("ReturnType<typeof open>", "src/store.ts Store"),
        ("Store[rows]", "src/row.tsx Row"),
        ("open().load()", "src/row.tsx Row"),
        ("Only", "src/row.tsx Row"),
        ("Typed | Settings", "src/deep/own.ts Typed"),
        ("Settings", "src/deep/own.ts Settings"),
        ("string", ""),
        ("", ""),
    ],
)
def test_the_class_that_a_type_means(type_: str, place: str) -> None:
    found = resolver()
    assert shown(found, found.type_class("src/deep/own.ts", type_)) == place


def test_an_import_is_no_export() -> None:
    found = resolver()
    assert found.export("src/store.ts", "Base") is not None
    assert found.export("src/store.ts", "Base", outside=True) is None


def test_the_order_of_the_questions_does_not_matter() -> None:
    files = {
        "a.ts": "import { b } from './all';\nexport class A { b = b }",
        "b.ts": "import { A } from './all';\nexport const b = new A();",
        "all.ts": "export * from './a';\nexport * from './b';",
        "use.ts": "import { A, b } from './all';",
    }
    for names in (["A", "b"], ["b", "A"]):
        found = resolver(files)
        for name in names:
            assert shown(found, found.export("use.ts", name)).endswith(f" {name}")
            assert found.expression("b.ts", "A") is not None
            assert found.expression("a.ts", "b") is not None


def test_circles_and_long_ways_end() -> None:
    fields = "".join(f"  f{n} = this.f{n + 1}.f{n}();\n" for n in range(400))
    classes = "".join(f"class C{n} extends C{n + 1} {{}}\n" for n in range(400))
    types = "".join(f"type T{n} = T{n + 1};\n" for n in range(400))
    circle = "class L extends M { l = this.l.l() }\nclass M extends L { m: L['l'] }\ntype T = T;\n"
    files = {"a.ts": f"class A {{\n{fields}}}\n{classes}{types}{circle}export * from './a';"}
    found = resolver(files)
    for name in ("A.f0.x", "C0.x", "T0.x", "L.l.x", "M.m.x", "T.x", "no"):
        assert found.expression("a.ts", name) is None


@pytest.mark.parametrize(
    ("path", "module", "first"),
    [
        ("src/a.ts", "./b", "src/b.ts src/b.tsx src/b.d.ts"),
        ("src/a.ts", "./b.js", "src/b.ts src/b.tsx src/b.d.ts"),
        ("src/a.ts", "../b.service", "b.service.ts b.service.tsx b.service.d.ts"),
        ("src/a.tsx", ".", "src.ts src.tsx src.d.ts"),
        ("a.ts", "..", ""),
        ("src/a.ts", "react", "react.ts react.tsx react.d.ts"),
        ("src/a.ts", "@lib/x", "lib/x.ts lib/x.tsx lib/x.d.ts"),
        ("src/a.ts", "./b.svg?raw", "src/b.svg.ts src/b.svg.tsx src/b.svg.d.ts"),
    ],
)
def test_the_files_that_a_module_can_be(path: str, module: str, first: str) -> None:
    assert " ".join(module_paths(path, module, ALIASES)[:3]) == first


def test_an_index_and_every_ending_are_looked_for() -> None:
    paths = module_paths("src/a.ts", "./b")
    for each in ("src/b.d.ts", "src/b.jsx", "src/b.mjs", "src/b/index.ts", "src/b/index.js"):
        assert each in paths
    assert module_paths("src/a.ts", "react") == ()


def test_a_package_of_the_workspace_is_found_by_its_name() -> None:
    aliases = (Aliases(packages=(("@shop/core", "packages/core"),)),)
    paths = module_paths("apps/web/a.ts", "@shop/core", aliases)
    assert paths[0] == "packages/core/src/index.ts"
    below = module_paths("apps/web/a.ts", "@shop/core/row", aliases)
    assert {"packages/core/row.ts", "packages/core/src/row.ts"} < set(below)
    assert module_paths("apps/web/a.ts", "@shop/corex", aliases) == ()


def test_the_nearest_and_the_longest_alias_goes_first() -> None:
    aliases = (
        Aliases(
            "", None, (("@/*", ("src/*",)), ("@/ui/*", ("ui/*", "old/*")), ("@/ui/one", ("1",)))
        ),
        Aliases("apps/web", "apps/web", (("@/*", ("apps/web/lib/*",)),)),
    )
    assert module_paths("a.ts", "@/ui/b", aliases)[0] == "ui/b.ts"
    assert "old/b.ts" in module_paths("a.ts", "@/ui/b", aliases)
    assert module_paths("a.ts", "@/ui/one", aliases)[0] == "1.ts"
    near = module_paths("apps/web/a.ts", "@/b", aliases)
    assert near.index("apps/web/lib/b.ts") < near.index("src/b.ts")
    assert "apps/web/lib/b.ts" not in module_paths("apps/website/a.ts", "@/b", aliases)


CONFIGS = {
    "tsconfig.json": """{
  // the options
  "compilerOptions": { /* all */
    "baseUrl": "./src",
    "paths": { "@/*": ["*", "../gen/*",], "//": ["x"] },
  },
}""",
    "app/tsconfig.json": '{ "extends": "../tsconfig", "compilerOptions": { "strict": true } }',
    "lib/tsconfig.json": '{ "extends": ["@tsconfig/node", "../../outside", "../tsconfig.json"],'
    ' "compilerOptions": { "paths": { "~/*": ["./*"], "a*b*": ["c"], "out": ["../../x"] } } }',
    "loop.json": '{ "extends": "./loop.json" }',
    "odd.json": '{ "compilerOptions": { "baseUrl": "/etc", "paths": 3 } }',
    "bad.json": "{",
    "list.json": "[1]",
    "deep.json": "[" * 100_000,
}


@pytest.mark.parametrize(
    ("path", "aliases"),
    [
        (
            "tsconfig.json",
            Aliases("", "src", (("@/*", ("src/*", "gen/*")), ("//", ("src/x",)))),
        ),
        (
            "app/tsconfig.json",
            Aliases("app", "src", (("@/*", ("src/*", "gen/*")), ("//", ("src/x",)))),
        ),
        ("lib/tsconfig.json", Aliases("lib", "src", (("~/*", ("lib/*",)),))),
        ("loop.json", None),
        ("odd.json", None),
        ("bad.json", None),
        ("list.json", None),
        ("deep.json", None),
        ("missing.json", None),
    ],
)
def test_what_a_tsconfig_says_of_modules(path: str, aliases: Aliases | None) -> None:
    asked: list[str] = []

    def read(file: str) -> str | None:
        asked.append(file)
        return CONFIGS.get(file)

    assert aliases_of(path, read) == aliases
    assert len(asked) <= 6
    assert not any(file.startswith(("/", "..", "@")) for file in asked)
