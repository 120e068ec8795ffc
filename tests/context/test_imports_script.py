from __future__ import annotations

import pytest

from inglenook_context.imports import imports_of
from inglenook_context.text import Text


def taken(source: str, language: str = "typescript") -> str:
    """``name=module.original``, with ``+`` before what the file exports."""
    found = imports_of(Text.of(source), language)
    return " ".join(
        f"{'+' if each.exported else ''}{each.name}={each.module}:{each.original}" for each in found
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import a from './m';", "a=./m:default"),
        ("import a, { b as c, type D } from './m'", "a=./m:default c=./m:b D=./m:D"),
        ("import {\n  a, // one\n  b,\n} from 'm';", "a=m:a b=m:b"),
        ("import {a}from'm'", "a=m:a"),
        ("import a, * as b from './m';", "a=./m:default b=./m:*"),
        ("import type A, { B } from './m';", "A=./m:default B=./m:B"),
        ("import { default as a } from './m';", "a=./m:default"),
        ("import { from } from 'rxjs';", "from=rxjs:from"),
        ("import './m';\nimport a from 'm'", "a=m:default"),
        ("import a = require('./m');", "a=./m:*"),
        ("import A = Outer.Inner;", "A=:Outer.Inner"),
        ("const a = require('./m').b;", "a=./m:b"),
        ("const { a, b: c } = require('./m')", "a=./m:a c=./m:b"),
        ("  const { a } = await import('./m');", "a=./m:a"),
        ("const a = __importStar(require('./m'));", "a=./m:*"),
        ("// import a from 'm'", ""),
        ("important from 'm'", ""),
    ],
)
def test_what_a_script_imports(source: str, found: str) -> None:
    assert taken(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("export { a, b as c } from './m';", "+a=./m:a +c=./m:b"),
        ("export type { A } from './m';", "+A=./m:A"),
        ("export * from './m';", "+*=./m:*"),
        ("export * as ns from './m';", "+ns=./m:*"),
        ("export { a as b, c };", "+b=:a +c=:c"),
        ("export default Box;", "+default=:Box"),
        ("export default memo(Box)", "+default=:Box"),
        ("export default class Box {}", "+default=:Box"),
        ("export default abstract class Box<T> extends A {}", "+default=:Box"),
        ("export default class extends A {}", ""),
        ("export default async function* made() {}", "+default=:made"),
        ("export default function () {}", ""),
        ("export default async (a) => b;", ""),
        ("export = Box;", "+export==:Box"),
        ("module.exports = Box;", "+export==:Box"),
        ("module.exports = { a, b: c, d() {} };", "+a=:a +b=:c"),
        ("module.exports = require('./m')", "+*=./m:*"),
        ("exports.a = b;", "+a=:b"),
        ("exports.a = require('./m').b;", "+a=./m:b"),
        ("module.exports.a = function () {}", ""),
        ('__exportStar(require("./m"), exports);', "+*=./m:*"),
        ("export const a = 1;", ""),
    ],
)
def test_what_a_script_exports_from_elsewhere(source: str, found: str) -> None:
    assert taken(source, "javascript") == found


def test_text_that_looks_like_many_imports_is_read_in_a_moment() -> None:
    for line in ("import a\n", "export {\n", "import " + " " * 300 + "\n", "const {\n"):
        assert imports_of(Text.of(line * 2_000), "typescript") == ()
