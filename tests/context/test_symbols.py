from __future__ import annotations

import pytest

from inglenook_context.compact import header
from inglenook_context.symbols import Extraction, definitions_of
from inglenook_context.text import Text
from tests.support.parsed import parsed

PYTHON = '''
LIMIT: int = 3

@decorated
def area(
    width: int,
    height: int = 1,
) -> int:
    """The area.

    More.
    """
    def local(): ...
    inner = 1
    return width * height

class Box(Base):
    """A box."""
    def __init__(self, side: int) -> None:
        self.side = side
    async def grow(self, by): ...

@dataclass
class Point:
    x: int
    y: int = 0

try:
    import fast
except ImportError:
    def fast(): pass
'''
TYPESCRIPT = """
/** Adds two numbers. */
export const add = async (a: number, b: number): Promise<number> => {
  const local = 1;
  return a + b;
};
export interface Shape { area(): number }
type Name = string | null;
export enum Colour { Red, Green }
/**
 * A box.
 */
export default class Box<T> extends Base {
  constructor(private side: number) { super(); }
  static async grow(by?: string): Promise<void> {}
  shrink = (by: number) => by;
}
export function main(): void {}
const LIMIT = 5, OTHER = 6;
"""


def shown(source: str, language: str = "python") -> str:
    syntax = parsed(Text.of(source), language)
    assert syntax is not None
    return "\n".join(
        f"{one.kind} {one.parent + '.' if one.parent else ''}{one.name}\n{one.signature}"
        for one in definitions_of(syntax)
    )


def test_what_a_python_file_defines() -> None:
    assert shown(PYTHON) == (
        "variable LIMIT\nLIMIT: int = 3\n"
        "function area\ndef area(\n    width: int,\n    height: int = 1,\n) -> int:\n"
        '    """The area."""\n'
        'class Box\nclass Box(Base):\n    """A box."""\n'
        "    def __init__(self, side: int) -> None: ...\n"
        "method Box.__init__\ndef __init__(self, side: int) -> None: ...\n"
        "field Box.side\nside: int\n"
        "method Box.grow\nasync def grow(self, by): ...\n"
        "class Point\nclass Point:\n    x: int\n    y: int = 0\n"
        "field Point.x\nx: int\n"
        "field Point.y\ny: int = 0\n"
        "function fast\ndef fast(): ..."
    )


def test_what_a_typescript_file_defines() -> None:
    assert shown(TYPESCRIPT, "typescript") == (
        "function add\n/** Adds two numbers. */\n"
        "const add = async (a: number, b: number): Promise<number> =>\n"
        "interface Shape\ninterface Shape { area(): number }\n"
        "method Shape.area\narea(): number\n"
        "type Name\ntype Name = string | null;\n"
        "enum Colour\nenum Colour { Red, Green }\n"
        "field Colour.Red\nRed\nfield Colour.Green\nGreen\n"
        "class Box\n/** A box. */\nclass Box<T> extends Base {\n"
        "  constructor(private side: number);\n}\n"
        "method Box.constructor\nconstructor(private side: number)\n"
        "field Box.side\nside: number\n"
        "method Box.grow\nstatic async grow(by?: string): Promise<void>\n"
        "method Box.shrink\nshrink = (by: number) =>\n"
        "function main\nfunction main(): void\n"
        "variable LIMIT\nconst LIMIT = 5, OTHER = 6;\n"
        "variable OTHER\nconst LIMIT = 5, OTHER = 6;"
    )


def test_a_definition_stands_where_it_says() -> None:
    text = Text.of("ü = '😀'\n@cached\ndef f(a):\r\n    return a\r\n")
    syntax = parsed(text)
    assert syntax is not None
    variable, function = definitions_of(syntax)
    assert text.slice(variable.start, variable.stop) == "ü = '😀'"
    assert text.slice(function.start, function.stop) == "def f(a):\r\n    return a"
    assert (function.signature, function.doc) == ("def f(a): ...", "")


def test_code_that_is_being_typed_still_defines_what_is_whole() -> None:
    assert "function good" in shown("def good(a): pass\n\ndef bad(\n\ndef worse(a: pass\n")


def test_a_big_file_is_read_in_slices() -> None:
    syntax = parsed(Text.of("def f(a): pass\n" * 500))
    assert syntax is not None
    seconds = iter(range(1_000_000))
    extraction = Extraction(syntax, lambda: float(next(seconds)))
    turns = 1
    while not extraction.advance(50_000):  # fifty looks at the clock
        turns += 1
    assert 10 < turns < 100
    assert len(extraction.definitions) == 500
    assert extraction.definitions == definitions_of(syntax)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("def f(a='#x', b=[1, 2], *, c=1): ...", "def f(a='#x', b=[1, 2], *, c=1)"),
        ("def g(u='http://a//b', v=1): ...  # why", "def g(u='http://a//b', v=1)"),
        ("def h(\n    a=10 // 2,  # half\n    b=3,\n): ...", "def h(a=10 // 2, b=3)"),
        ("@property\ndef p(self) -> int: ...", "p: int"),
        ('@property\ndef d(self) -> int:\n    """Doc: it."""\n    return 1', "d: int"),
        ("@staticmethod\ndef s(q): ...", "def s(q)  # staticmethod"),
        ("@cached_property\ndef p(self): ...", "p = property(...)"),
        ("@wraps(f)\ndef w(q): ...", "def w(q)"),
    ],
)
def test_a_header_in_one_line(source: str, shown: str) -> None:
    syntax = parsed(Text.of(source + "\n"))
    assert syntax is not None
    (definition,) = definitions_of(syntax)
    assert header(definition) == shown
