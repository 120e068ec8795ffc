"""Edits of TypeScript as small models break them, by class; as `broken_python`."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

from tests.context.verify.broken_python import UNKNOWN
from tests.context.verify.places import Place

Shape = Callable[[Place, random.Random], str | None]

NAMES: Final = tuple(
    re.sub(r"_(\w)", lambda match: match[1].upper(), name.lower()) for name in UNKNOWN
)
NO_MODULES: Final = (
    "./helpers-missing ./utils lodash-extra @acme/toolkit node:filesystem ../shared/none "
    "fast-parse-kit ./types/none axios-lite vscode-helpers"
).split()


def _statement(place: Place, chance: random.Random, pattern: str = r".*;$") -> int | None:
    """The number of a line of the body that is a whole statement."""
    rows = [row.strip() for row in place.lines]
    found = [
        at
        for at, row in enumerate(rows[:-1])
        if at
        and re.fullmatch(pattern, row)
        and row.endswith(";")
        and not row.startswith(("}", ")", ".", "//", "*", "?", ":"))
        and rows[at - 1].endswith((";", "{", "}"))
        and row.count("(") == row.count(")")
    ]
    return chance.choice(found) if found else None


def _changed(change: Callable[[str, random.Random], str | None], pattern: str = r".*;$") -> Shape:
    def shape(place: Place, chance: random.Random) -> str | None:
        at = _statement(place, chance, pattern)
        if at is None:
            return None
        lines = place.lines
        new = change(lines[at].rstrip("\n"), chance)
        if new is None or new == lines[at].rstrip("\n"):
            return None
        lines[at] = new + "\n"
        return "".join(lines)

    return shape


def added(*texts: str) -> Shape:
    def shape(place: Place, chance: random.Random) -> str | None:
        at = _statement(place, chance)
        if at is None:
            return None
        lines = place.lines
        own = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        text = chance.choice(texts).replace("UNKNOWN", chance.choice(NAMES))
        text = text.replace("MODULE", chance.choice(NO_MODULES))
        lines.insert(at, "".join(f"{own}{row}\n" for row in text.split("\n")))
        return "".join(lines)

    return shape


def _without(sign: str) -> Callable[[str, random.Random], str | None]:
    def change(line: str, chance: random.Random) -> str | None:
        if re.search(r"['`/]", line) or sign not in line:
            return None
        at = line.rfind(sign)
        return line[:at] + line[at + 1 :]

    return change


# Wrong by rules that the grammar does not know, so tree-sitter is no oracle.
BY_RULE: Final = added(
    "let q1 = 1;\nlet q1 = 2;",
    "const z1 = 1;\nconst z1 = 2;",
    "const x1;",
    "const f1 = () => {\n  await Promise.resolve();\n};",
    "[1].forEach(() => {\n  break;\n});",
    "[1].forEach(() => {\n  continue;\n});",
    "const g1 = () => {\n  yield 1;\n};",
)

DOES_NOT_PARSE: Final[tuple[Shape, ...]] = (
    _changed(_without(")")),
    _changed(_without("(")),
    _changed(lambda line, _: line + "'"),
    _changed(lambda line, _: line + " }"),
    _changed(lambda line, _: line + ")"),
    _changed(lambda line, _: line.replace("const ", "const const ", 1), r"const .*"),
    _changed(lambda line, _: line.replace(" = ", " = = ", 1), r"(?:const|let) .*"),
    _changed(lambda line, _: line.replace("return ", "return return ", 1), r"return .*"),
    added("if (x {\n}", "if x) {\n}", "for (const a of) {\n}", "while () {\n}"),
    added("def helper(x):\n    return x", "elif (a) {\n}", "x = 1 if y else 2;", "pass:"),
    added("const a = [1, 2;", "const b = { c: 1;", "const d = (1;", "const e = `open;"),
    added("let 1a = 2;", "const = 3;", "const x;", "let const = 1;", "var function = 1;"),
    added("else {\n}", "catch (e) {\n}", "case 1:\n  break;", "} else {"),
    added("const f = (a, b => a;", "const g = a => => b;", "function () {}", "const h = ;"),
    added("type A = ;", "interface {\n}", "class {\n}", "enum {\n}", "type = string;"),
    BY_RULE,
    added("foo(1, 2", "foo(, );", "foo(...);", "new;", "throw;", "a ? b;", "import x;"),
    lambda place, chance: "".join(place.lines[:-1]),
    lambda place, chance: place.target + "}\n",
    lambda place, chance: place.target.replace(" {\n", "\n", 1),
    lambda place, chance: place.target.replace("(", "", 1),
    lambda place, chance: place.target.replace(" {\n", ":\n", 1),
)


def _locals(place: Place) -> list[str]:
    return re.findall(r"\b(?:const|let)\s+(\w+)\s*[=:;]", place.target)


def _renamed_use(place: Place, chance: random.Random) -> str | None:
    names = _locals(place)
    if not names:
        return None
    name = chance.choice(names)
    uses = [
        match
        for match in re.finditer(rf"(?<![\w.'`$-]){name}\b(?!\s*:)", place.target)
        if not re.search(r"(?:const|let)\s+$", place.target[: match.start()])
        and not re.search(r"['`/{,]", place.target[: match.start()].rsplit("\n", 1)[-1])
    ]
    if not uses:
        return None
    match = chance.choice(uses)
    new = chance.choice([f"{name}s2", f"new{name.title()}", f"{name}Value", *NAMES])
    return place.target[: match.start()] + new + place.target[match.end() :]


def _removed(place: Place, chance: random.Random) -> str | None:
    """A declaration of one line is gone."""
    at = _statement(place, chance, r"(?:const|let) \w+ ?[=:].*")
    if at is None:
        return None
    lines = place.lines
    name = re.split(r"\W+", lines[at].strip())[1]
    rest = "".join(lines[:at] + lines[at + 1 :])
    if not re.search(rf"(?<![\w.'$]){name}\b(?!['\s]*:)", rest):
        return None
    if re.search(
        rf"(?:const|let|function|import)\b.*\b{name}\b", place.text.replace(lines[at], "")
    ):
        return None
    return rest


UNDEFINED: Final[tuple[Shape, ...]] = (
    _renamed_use,
    _renamed_use,
    _removed,
    _removed,
    added("UNKNOWN();", "UNKNOWN(1, 2);"),
    added("if (UNKNOWN) {\n  void 0;\n}", "while (UNKNOWN) {\n  break;\n}"),
    added("const copy_ = [...UNKNOWN];", "const text_ = `${UNKNOWN}`;", "const { a_ } = UNKNOWN;"),
    added(
        "const x_: UnknownType = null as never;", "let y_: Map<string, MissingKind> | null = null;"
    ),
    added("throw new UnknownError('no');", "console.log(new UnknownThing());"),
    added("for (const i_ of UNKNOWN) {\n  void i_;\n}", "for (const i_ of []) {\n}\nvoid i_;"),
    added("UNKNOWN.push(1);", "UNKNOWN = 1;", "UNKNOWN += 1;", "UNKNOWN[0] = 2;"),
    added("try {\n} catch (e_) {\n}\nconsole.log(e_);", "{\n  let z_ = 1;\n}\nvoid z_;"),
    added("const f_ = (a_: number) => b_;", "[1].map((q_) => q_);\nvoid q_;"),
    added("logger.info('x');", "lodash.map([1]);", "axios.get('x');", "None;", "True;", "nil;"),
    added("const o_ = { UNKNOWN };", "const o_ = { k: UNKNOWN };", "void [UNKNOWN];"),
    added("await UNKNOWN;", "void (typeof UNKNOWN2 === UNKNOWN);")
    if False
    else added("void UNKNOWN;"),
)


def _header(change: Callable[[str, random.Random], str | None]) -> Shape:
    def shape(place: Place, chance: random.Random) -> str | None:
        openers = (n for n, row in enumerate(place.lines) if row.rstrip().endswith("{"))
        at = next(openers, None)
        if at is None:
            return None
        head = "".join(place.lines[: at + 1])
        private = "private" in head or not re.search(r"export|^  \S", head)
        if private or "constructor" in head or re.match(r"\s*(get|set) ", head):
            return None
        new = change(head, chance)
        return None if new is None or new == head else new + "".join(place.lines[at + 1 :])

    return shape


def _parameters(head: str) -> list[str] | None:
    match = re.search(r"\w[<>\w ,\[\]]*\(([^(){}\[\]]*)\)(?=[:\s])", head)
    return match[1].split(", ") if match and match[1].strip() else None


def _with_parameters(head: str, new: list[str]) -> str:
    old = _parameters(head) or []
    return head.replace(", ".join(old), ", ".join(new), 1)


def _rename_function(head: str, chance: random.Random) -> str | None:
    match = re.search(r"(\w+)(?=\s*(?:<[^(]*>)?\()", head)
    return head[: match.end()] + "New" + head[match.end() :] if match else None


def _drop(head: str, chance: random.Random) -> str | None:
    old = _parameters(head)
    return _with_parameters(head, old[:-1]) if old else None


def _more(head: str, chance: random.Random) -> str | None:
    old = _parameters(head)
    new = chance.choice(["extra: number", "options?: object", "strict = false"])
    if not old:
        return head.replace("()", f"({new})", 1)
    return _with_parameters(head, [*old, new])


def _swap(head: str, chance: random.Random) -> str | None:
    old = _parameters(head)
    return _with_parameters(head, [old[1], old[0], *old[2:]]) if old and len(old) > 1 else None


def _optional(head: str, chance: random.Random) -> str | None:
    old = _parameters(head)
    if not old or ":" not in old[-1]:
        return None
    last = old[-1].replace("?:", ":", 1) if "?:" in old[-1] else old[-1].replace(":", "?:", 1)
    return None if "=" in last else _with_parameters(head, [*old[:-1], last])


def _type(head: str, chance: random.Random) -> str | None:
    old = _parameters(head)
    if not old or ":" not in old[0]:
        return None
    name = old[0].partition(":")[0]
    return _with_parameters(head, [f"{name}: {chance.choice(['any', 'Date', 'symbol'])}", *old[1:]])


def _returns(head: str, chance: random.Random) -> str | None:
    return re.sub(
        r"\): [^()]+ \{\n\Z", f"): {chance.choice(['any', 'bigint', 'symbol'])} {{\n", head
    )


def _asynchronous(head: str, chance: random.Random) -> str | None:
    if "async " in head:
        return None
    if "function" in head:
        return head.replace("function", "async function", 1) if "function*" not in head else None
    own = re.match(r"\s*", head)
    return f"{own[0]}async {head.lstrip()}" if own else None


CHANGED_SIGNATURE: Final[tuple[Shape, ...]] = (
    _header(_rename_function),
    _header(_drop),
    _header(_more),
    _header(_swap),
    _header(_optional),
    _header(_type),
    _header(_returns),
    _header(_asynchronous),
    _header(lambda head, _: head.replace("export ", "", 1)),
    _header(lambda head, _: head.replace("export ", "export default ", 1)),
    _header(lambda head, _: re.sub(r"^  (?=\w)", "  private ", head)),
    _header(lambda head, _: re.sub(r"^  (?=\w)(?!async)", "  static ", head)),
    _header(
        lambda head, _: re.sub(r"(\w)\(", r"\1<K2>(", head, count=1) if "<" not in head else None
    ),
)


def _on_top(text: str) -> Shape:
    def shape(place: Place, chance: random.Random) -> str | None:
        if place.lines[0].startswith(" "):
            return None
        return text.replace("MODULE", chance.choice(NO_MODULES)) + "\n" + place.target

    return shape


INVENTED_IMPORT: Final[tuple[Shape, ...]] = (
    _on_top("import { helper_ } from 'MODULE';\n"),
    _on_top("import helper_ from 'MODULE';\n"),
    _on_top("import * as helper_ from 'MODULE';\n"),
    _on_top("import 'MODULE';\n"),
    _on_top("import type { Helper_ } from 'MODULE';\n"),
    _on_top("export { helper_ } from 'MODULE';\n"),
    added("const mod_ = require('MODULE');"),
    added("void import('MODULE');"),
    added("const { a_, b_ } = require('MODULE');"),
    added("import('MODULE').then((m_) => m_);"),
)
