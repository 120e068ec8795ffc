from __future__ import annotations

import random
from dataclasses import replace

import pytest

from inglenook_context.grammar import GRAMMARS, Grammar, grammar_of, load, query
from inglenook_context.parse import Parse, hull
from inglenook_context.text import Edit, Text
from tests.support.parsed import nodes, parsed

SOURCES = {
    "python": 'def f(a, b):\n    """D."""\n    return [a, {b: "ü"}]\nclass B:\r\n    x = f"{1}"\n',
    "typescript": "class A<T> {\n  m(a: T): void { return `x${a}`; }\n}\nconst ü = (a) => [a];\n",
    "typescriptreact": "const a = <b c={1}>text{d}</b>;\nfunction f() {}\n",
    "javascript": "function f(a) {\n  if (a) { return /x/; } else { g([1, 2]); }\n}\n",
    "javascriptreact": "const a = () => <b>{c}</b>;\n",
}
PIECES = [
    "(",
    ")",
    '"',
    '"""',
    "\n",
    "\r\n",
    "\r",
    "    ",
    "x",
    "def g():\n",
    "{",
    "}",
    "`",
    "ü😀",
    "#",
    "",
]


class Ticks:
    """A clock that moves on by one second each time somebody looks at it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.mark.parametrize("language", SOURCES)
@pytest.mark.parametrize("seed", range(8))
def test_an_incremental_tree_is_a_fresh_tree(language: str, seed: int) -> None:
    chance = random.Random(seed)
    text = Text.of(SOURCES[language] * 4)
    parse = Parse(language, text)
    for _ in range(30):
        edits = []
        for _ in range(chance.choice((1, 1, 1, 3))):
            start = chance.randrange(len(text) + 1)
            stop = min(len(text), start + chance.choice((0, 0, 1, 2, 12)))
            new = chance.choice(PIECES)
            text = text.replace(start, stop, new)
            edits.append(Edit(start, stop, start + len(new)))
        parse.update(text, tuple(edits))
        if chance.random() < 0.7:
            assert parse.advance(10_000)
            syntax, fresh = parse.tree(), parsed(text, language)
            assert syntax is not None
            assert fresh is not None
            assert syntax.exact
            assert syntax.text is text
            assert nodes(syntax) == nodes(fresh)


def test_a_long_parse_goes_on_where_it_stopped() -> None:
    text = Text.of("x = f(a, b)\n" * 3_000)
    parse = Parse("python", text, Ticks())
    turns = 1
    while not parse.advance(20_000):  # twenty looks at the clock
        assert parse.tree() is None
        turns += 1
    assert 5 < turns < 200
    syntax, fresh = parse.tree(), parsed(text)
    assert syntax is not None
    assert fresh is not None
    assert nodes(syntax) == nodes(fresh)


def test_an_edit_shifts_the_tree_and_drops_the_unfinished_parse() -> None:
    source = "def f():\n    pass\n" * 1_000
    text = Text.of(source)
    ticks = Ticks()
    parse = Parse("python", text, ticks)
    assert parse.advance(1e9)
    exact = parse.tree()
    quoted = text.replace(0, 0, '"""')
    parse.update(quoted, (Edit(0, 0, 3),))
    assert not parse.advance(5_000)  # stops in the middle of the long string
    shifted = parse.tree()
    assert shifted is not None
    assert not shifted.exact
    assert shifted.text is quoted
    assert [node.start_byte for node in shifted.tree.root_node.named_children[1:3]] == [21, 39]
    parse.update(text, (Edit(0, 3, 0),))
    assert parse.advance(1e9)
    again = parse.tree()
    assert again is not None
    assert exact is not None
    assert again.exact
    assert nodes(again) == nodes(exact)


def test_an_update_asks_no_clock_and_reads_nothing_far_away() -> None:
    ticks = Ticks()
    text = Text.of("x = 1\n" * 20_000)
    parse = Parse("python", text, ticks)
    parse.advance(1e9)
    before = ticks.now
    parse.update(text.replace(600, 600, "y"), (Edit(600, 600, 601),))
    assert ticks.now == before


@pytest.mark.parametrize(
    ("edits", "spanned"),
    [
        ([(5, 5, 6)], (5, 5, 6)),
        ([(5, 5, 6), (6, 6, 7)], (5, 5, 7)),
        ([(5, 7, 5), (0, 0, 2)], (0, 7, 7)),
        ([(0, 0, 2), (9, 10, 9)], (0, 8, 9)),
        ([(0, 4, 8), (2, 3, 2)], (0, 4, 7)),
    ],
)
def test_several_edits_are_spanned_by_one(
    edits: list[tuple[int, int, int]], spanned: tuple[int, int, int]
) -> None:
    assert hull(tuple(Edit(*edit) for edit in edits)) == spanned


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 20_000 + ")" * 20_000,
        "x = " + "(\n" * 5_000,
        "x = a" + ".b" * 100_000,
        "x = 1" + " + 1" * 100_000,
        "x = 1\n" * 500_000,
        "x = '" + "a" * 2_000_000 + "'",
        ")" * 200_000,
    ],
    ids=["parens", "open", "attributes", "operators", "statements", "line", "closers"],
)
def test_text_that_could_stall_a_parser_has_no_tree(source: str) -> None:
    parse = Parse("python", Text.of(source))
    while not parse.advance(100):
        pass
    assert parse.done
    assert parse.tree() is None


def test_a_document_gets_its_tree_back_when_it_is_tame_again() -> None:
    text = Text.of("x = 1\n")
    parse = Parse("python", text)
    wild = text.replace(0, 0, "(" * 2_000)
    parse.update(wild, (Edit(0, 0, 2_000),))
    assert parse.advance(1_000)
    assert parse.tree() is None
    parse.update(text, (Edit(0, 2_000, 0),))
    assert parse.advance(1_000)
    syntax = parse.tree()
    assert syntax is not None
    assert syntax.tree.root_node.type == "module"


def test_a_text_without_edits_is_all_new() -> None:
    parse = Parse("python", Text.of("x = 1\n"))
    assert parse.advance(1_000)
    text = Text.of("def f(): pass\n")
    parse.update(text, ())
    assert parse.advance(1_000)
    syntax, fresh = parse.tree(), parsed(text)
    assert syntax is not None
    assert fresh is not None
    assert nodes(syntax) == nodes(fresh)


def test_brackets_typed_one_by_one_are_noticed() -> None:
    text = Text.of("x = 1\n")
    parse = Parse("python", text)
    for _ in range(1_010):
        text = text.replace(0, 0, "[")
        parse.update(text, (Edit(0, 0, 1),))
    assert parse.advance(10_000)
    assert parse.tree() is None


def test_closing_brackets_taken_away_are_noticed() -> None:
    text = Text.of("f()\n" * 1_500)
    parse = Parse("python", text)
    assert parse.advance(10_000)
    for number in range(1_500):
        at = 3 * number + 2
        text = text.replace(at, at + 1, "")
        parse.update(text, (Edit(at, at + 1, at),))
    assert parse.advance(10_000)
    assert parse.tree() is None


def test_a_line_joined_from_short_ones_is_noticed() -> None:
    text = Text.of("# " + "a" * 15_000 + "\n" + "a" * 15_000)
    parse = Parse("python", text)
    assert parse.advance(10_000)
    assert parse.tree() is not None
    parse.update(text.replace(15_002, 15_003, ""), (Edit(15_002, 15_003, 15_002),))
    assert parse.advance(10_000)
    assert parse.tree() is None


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=GRAMMARS)
def test_every_grammar_loads_with_its_queries(grammar: Grammar) -> None:
    assert load(grammar) is not None
    assert query(grammar, "symbols") is not None


def test_a_language_without_a_grammar_has_no_tree() -> None:
    assert grammar_of("cobol") is None
    parse = Parse("cobol", Text.of("MOVE A TO B."))
    assert parse.advance(1)
    assert parse.tree() is None


def test_a_missing_wheel_is_no_grammar() -> None:
    absent = replace(GRAMMARS["python"], module="tree_sitter_absent")
    assert load(absent) is None
    assert query(absent, "symbols") is None
