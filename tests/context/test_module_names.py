"""Whether a module can have a name, as Python's own compiler sees it."""

from __future__ import annotations

import ast
import importlib.util
import symtable
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook_context.module_names import (
    binds,
    declares,
    exports,
    is_made,
    mentions,
    reexported,
    stars,
)
from inglenook_context.parse import Parse
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

MODULES: Final = """
argparse bdb calendar cmd codeop configparser contextlib copy csv dataclasses difflib enum
fractions functools heapq json.decoder locale mimetypes optparse platform pprint
shutil smtplib statistics string tempfile textwrap threading tokenize uuid warnings
""".split()


def parsed(text: str) -> Syntax:
    parse = Parse("python", Text.of(text))
    while not parse.done:
        parse.advance(1_000)
    syntax = parse.tree()
    assert syntax is not None
    return syntax


def bound(table: symtable.SymbolTable) -> Iterator[str]:
    """The names that a module binds, in functions too where these say that they are global."""
    for symbol in table.get_symbols():
        is_bound = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
        if is_bound and (table.get_type() == "module" or symbol.is_declared_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from bound(inner)


def comprehended(text: str) -> set[str]:
    """The variables of comprehensions, which 3.12's symtable says are the module's (PEP 709)."""
    comprehensions = (
        each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.comprehension)
    )
    names = (name for each in comprehensions for name in ast.walk(each.target))
    return {name.id for name in names if isinstance(name, ast.Name)}


@pytest.mark.parametrize("module", MODULES)
def test_no_name_is_denied_that_the_compiler_binds(module: str) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text("utf-8")
    syntax = parsed(text)
    table = symtable.symtable(text, module, "exec")
    there = {name for name in bound(table) if mentions(text, name)}  # some are mangled
    there -= comprehended(text)
    assert len(there) > 2
    assert {name for name in there if binds(syntax, name) is False} == set()
    inner = {name for child in table.get_children() for name in child.get_identifiers()}
    inner = {name for name in inner - set(table.get_identifiers()) - there if mentions(text, name)}
    denied = {name for name in inner if binds(syntax, name) is False}
    assert len(denied) >= 0.75 * len(inner)


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "a, b = 1, 2",
        "(x, [a, *y]) = 1",
        "a: int",
        "a += 1",
        "for a in x: pass",
        "with x as a: pass",
        "with x as (a, b): pass",
        "try: pass\nexcept E as a: pass",
        "import a",
        "import a.b",
        "import x as a",
        "from x import a",
        "from x import y as a",
        "from x import (b,\n  a,\n)",
        "def a(): pass",
        "async def a(): pass",
        "class a: pass",
        "@d\ndef a(): pass",
        "if x:\n  if y:\n    a = 1",
        "def f():\n  global a\n  a = 1",
        "class C:\n  global a\n  a = 1",
        "print(a := 1)",
        "[a := x for x in y]",
        "def f(x=(a := 1)): pass",
        "@d(a := 1)\nclass C: pass",
        "match x:\n  case [a, *b]: pass",
        "match x:\n  case {'k': a}: pass",
        "match x:\n  case C() as a: pass",
        "type a = int",
        "__all__ = ['b', 'a']",
        "x = 1; a = 2",
        "\ta = 1" if False else "while a: pass",
    ],
)
def test_what_may_bind_a_name(text: str) -> None:
    assert binds(parsed(text + "\n"), "a") is not False


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a'",
        "# a",
        "x.a = 1",
        "f(a=1)",
        "def f(a): pass",
        "def f(x: a = 1): pass",
        "def f():\n  a = 1",
        "class C:\n  a = 1\n  def a(self): pass",
        "lambda a: a",
        "[a for a in x]",
        "{a: 1 for a in x}",
        "class C(a): pass",
        "import a as x",
        "from a import x",
        "from a.b import x",
        "from .a import x",
        "from x import a as y",
        "import x.a",
        "def f():\n  import a",
        'x = """\na = 1\n"""',
        "ab = ba = 1",
    ],
)
def test_what_does_not(text: str) -> None:
    assert binds(parsed(text + "\n"), "a") is False


def test_a_broken_text_tells_nothing() -> None:
    assert binds(parsed("def (:\n  a = 1\n"), "a") is None


def test_the_first_word_of_a_text_counts() -> None:
    assert mentions("a = 1", "a")
    assert not mentions("ab = 1; b$a", "a")


def test_names_that_are_made() -> None:
    assert is_made("def __getattr__(name): ...")
    assert not is_made("log = logging.getLogger(__name__)\nif __name__ == '__main__': main()")
    assert is_made("log = logging.getLogger(__name__)\nlazy(__name__)")
    assert stars("from a.b import *\n  from . import (*)\nfrom c import d\n") == ("a.b", ".")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export const a = 1", None),
        ("const a = 1\nexport { a as b }", None),
        ("const a = 1\nexport const b = 2", False),
        ("export const b = 1", False),
        ("module.exports = { b }", None),
        ("exports.b = 1", None),
        ("export = b", None),
        ("const b = 1", None),
        ("export * from './x'", False),
    ],
)
def test_what_a_script_exports(text: str, expected: bool | None) -> None:
    assert exports(text, "a") is expected


def test_other_words_of_scripts() -> None:
    text = "export * from './a'\nexport * as b from './b'\nexport*from \"c\""
    assert reexported(text) == ("./a", "c")
    assert declares("declare const A: 1", "A")
    assert not declares("declare const AB: 1", "A")


@given(st.text(max_size=200), st.text(max_size=5))
def test_no_text_raises(text: str, name: str) -> None:
    mentions(text, name)
    is_made(text)
    stars(text)
    exports(text, name)
    reexported(text)
    declares(text, name)
