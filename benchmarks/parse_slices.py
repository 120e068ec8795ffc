"""How long one turn of `Parse.advance` holds the event loop, for code and for hostile text.

    python benchmarks/parse_slices.py [--json] [--budget MS]

Each text is parsed from nothing in slices; `max` is the CPU time of the longest slice. The last
lines are keystrokes in large files: the cost of `Parse.update`, and of the first slice after it.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from inglenook_context.parse import Parse
from inglenook_context.symbols import Extraction
from inglenook_context.text import Edit, Text

_FUNCTION = '''def name_{n}(self, first, second=None, *rest):
    """Return what {n} stands for."""
    if first in self.known and not second:
        value = [item.upper() for item in rest if item is not None]
        return self.lookup({{"first": first, "n": {n}}}, *value)
    return f"{{first}} {{second!r}}".format(first, key=second)

'''
_SCRIPT = """export async function name{n}(first: string, second?: number): Promise<string[]> {{
  if (first in known && !second) {{
    const value = rest.filter((item) => item !== null).map((item) => item.upper());
    return lookup({{ first, n: {n} }}, ...value);
  }}
  return `${{first}} ${{second}}`.split(" ");
}}
"""


class Row(NamedTuple):
    case: str
    characters: int
    tree: bool
    slices: int
    max_ms: float
    total_ms: float


def python(lines: int) -> str:
    return "".join(_FUNCTION.format(n=n) for n in range(lines // 7))


def script(lines: int) -> str:
    return "".join(_SCRIPT.format(n=n) for n in range(lines // 7))


def cases() -> Iterator[tuple[str, str, str]]:
    """Name, language and source of each text."""
    large, half = python(21_600), python(10_800)
    soup = random.Random(1)
    yield "code, 2,700 lines", "python", python(2_700)
    yield "code, 21,600 lines", "python", large
    yield "TypeScript, 21,600 lines", "typescript", script(21_600)
    yield 'unclosed """ at the top', "python", '"""\n' + large
    yield "unclosed ( at the top", "python", "foo(\n" + large
    yield "unclosed ( in the middle", "python", half + "foo(\n" + half
    yield 'unclosed f" at the top', "python", 'x = f"{a\n' + large
    yield 'unclosed f""" at the top', "python", 'x = f"""{a\n' + large
    yield "unclosed ` at the top", "typescript", "x = `${\n" + script(21_600)
    yield "20,000 nested (", "python", "x = " + "(" * 20_000 + ")" * 20_000
    yield "900 nested (", "python", "x = " + "(" * 900 + ")" * 900
    yield "attribute chain, 100,000", "python", "x = a" + ".b" * 100_000
    yield "attribute chain on lines", "javascript", "x = a" + "\n.b" * 300_000
    yield "operators, 100,000", "python", "x = 1" + " + 1" * 100_000
    yield "operators on lines", "python", "x = (1" + "\n + 1" * 100_000 + ")"
    yield "if ladder", "python", "if a:\n  pass\n" + "elif a:\n  pass\n" * 40_000
    yield "else if ladder", "javascript", "if (a) {}\n" + "else if (a) {}\n" * 60_000
    yield "nested ifs", "python", "".join(" " * n + "if a:\n" for n in range(1_000))
    yield "500,000 statements", "python", "x = 1\n" * 500_000
    yield "160,000 statements", "python", "x = 1\n" * 160_000
    yield "one line of 10 MB", "python", "x = " + "a + " * 2_500_000
    yield "closing brackets", "python", ")" * 200_000
    yield "closing brackets on lines", "python", (")" * 50 + "\n") * 15_000
    yield "nested ? on lines", "javascript", "x = " + "a ?\n" * 100_000
    yield "nested tags on lines", "typescriptreact", "x = " + "<a>\n" * 100_000
    yield "keyword soup", "typescriptreact", "if function class ( [ ) ] => @ async < >\n" * 20_000
    yield "random signs", "python", "".join(soup.choices("()[]{}\"'\n :=a.,#\\f", k=600_000))


def measure(name: str, language: str, source: str, budget: float) -> Row:
    parse = Parse(language, Text.of(source))
    spent: list[float] = []
    done = False
    while not done:
        start = time.process_time()
        done = parse.advance(budget)
        spent.append((time.process_time() - start) * 1_000)
    found = parse.tree() is not None
    return Row(name, len(source), found, len(spent), max(spent), sum(spent))


def extract(name: str, language: str, source: str, budget: float) -> Row:
    parse = Parse(language, Text.of(source))
    while not parse.advance(1_000):
        pass
    syntax = parse.tree()
    assert syntax is not None
    extraction = Extraction(syntax)
    spent: list[float] = []
    done = False
    while not done:
        start = time.process_time()
        done = extraction.advance(budget)
        spent.append((time.process_time() - start) * 1_000)
    return Row(name, len(source), True, len(spent), max(spent), sum(spent))


def keystrokes(lines: int, budget: float) -> dict[str, float]:
    """Medians and maxima in milliseconds over typing a name at 200 places."""
    chance = random.Random(2)
    text = Text.of(python(lines))
    parse = Parse("python", text)
    while not parse.advance(1_000):
        pass
    updates: list[float] = []
    slices: list[float] = []
    for _ in range(200):
        line = 7 * chance.randrange(lines // 7) + 4
        at = text.line_start(line) + len("        return self.look")
        text = text.replace(at, at, "x")
        start = time.process_time()
        parse.update(text, (Edit(at, at, at + 1),))
        middle = time.process_time()
        parse.advance(budget)
        slices.append((time.process_time() - middle) * 1_000)
        updates.append((middle - start) * 1_000)
        while not parse.advance(1_000):
            pass
    return {
        "lines": lines,
        "update_median_ms": statistics.median(updates),
        "update_max_ms": max(updates),
        "slice_median_ms": statistics.median(slices),
        "slice_max_ms": max(slices),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--budget", type=float, default=3.0, help="milliseconds a slice")
    given = options.parse_args()
    rows = [measure(*case, given.budget) for case in cases()]
    rows.append(extract("symbols, 21,600 lines", "python", python(21_600), given.budget))
    keys = [keystrokes(lines, given.budget) for lines in (2_700, 21_600)]
    if given.json:
        json.dump({"slices": [row._asdict() for row in rows], "keystrokes": keys}, sys.stdout)
        return
    print(f"{'text':28}{'characters':>12}{'tree':>7}{'slices':>8}{'max ms':>9}{'total ms':>10}")
    for row in rows:
        tree = "yes" if row.tree else "plain"
        head = f"{row.case:28}{row.characters:12,}{tree:>7}{row.slices:8,}"
        print(f"{head}{row.max_ms:9.2f}{row.total_ms:10.1f}")
    for key in keys:
        print("a key:", ", ".join(f"{name} {value:.3g}" for name, value in key.items()))


if __name__ == "__main__":
    main()
