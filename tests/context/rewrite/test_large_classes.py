"""Of a class only the members are read that are asked about, and what is found is the same."""

from __future__ import annotations

import configparser
import textwrap
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from inglenook_context.document import Document
from inglenook_context.rewrite import structure as structures
from inglenook_context.rewrite.annotations import untyped
from inglenook_context.rewrite.docstring import documentable
from inglenook_context.rewrite.structure import structure_of
from inglenook_context.rewrite.unit import unit_at
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose
from tests.support.parsed import parsed

_SCRIPT = """\
export class Shop extends Base {
  static open = 1;
  @logged()
  @cached
  total(items) {
    return items.map((each) => {
      return `${each}
none`;
    });
  }
  // each
  private count = () => {
    return 1;
  };
  inner() {
    class Local {
      text() {
        return `
none`;
      }
    }
    return new Local();
  } other() { return 2; }
}
"""
_PYTHON = '''\
class Shop(Base):
    class Shelf:
        """Holds."""

        def text(self):
            return """
none
"""

    open = 1
    @logged()
    @cached
    def total(self, items):
        class Local:
            def text(self):
                return """
none
"""
        return Local

    if open:
        def count(self): return 1

    async def last(self, a: int) -> None:
        return None
'''
_RUST = """\
impl Shop {
    #[inline]
    #[must_use]
    fn total(&self) -> i32 {
        1
    }

    fn count(&self) -> i32 { 2 }
}
#[test]
fn free() -> i32 {
    3
}
"""
_SOURCES = [
    ("python", _PYTHON),
    ("python", textwrap.indent(_PYTHON, "    ").join(("if True:\n", ""))),
    ("python", Path(configparser.__file__).read_text(encoding="utf-8")[:24_000]),
    ("typescript", _SCRIPT),
    ("rust", _RUST),
]


def _found(document: Document, syntax: Syntax | None) -> list[Any]:
    """What there is at each line, and at each pair of lines."""
    text = document.text
    places = [text.line_start(line) for line in range(text.line_count)]
    found: list[Any] = []
    for purpose in (Purpose.EDIT, Purpose.FIX, Purpose.SIMPLIFY):
        found += [unit_at(document, syntax, each, each, purpose) for each in places]
        found += [unit_at(document, syntax, *each, purpose) for each in pairwise(places)]
    found += [untyped(document, syntax, each) for each in places]
    return found + [documentable(document, syntax, each) for each in places]


@pytest.mark.parametrize(("language", "source"), _SOURCES)
def test_the_same_is_found(language: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Text.of(source)
    document = Document("file:///drawn/case", language, 1, text)
    syntax = parsed(text, language)
    found = _found(document, syntax)
    read = structures._structure

    def all_members(*place: Any) -> Any:
        return read(*place[:4], True)

    monkeypatch.setattr(structures, "_structure", all_members)
    assert found == _found(document, syntax)


def test_a_method_of_a_large_class_costs_no_more_than_the_method() -> None:
    method = "    def m(self, items):\n        return [each.price for each in items]\n\n"
    text = Text.of(f"class Big:\n{method * 300}")
    document = Document("file:///drawn/case", "python", 1, text)
    syntax = parsed(text)
    place = text.line_start(301)
    structure = structure_of(document, syntax, place, place)
    assert structure is not None
    assert sum(1 for _ in structure.root.walk()) < 500
    whole = structure_of(document, syntax, place, place, members=True)
    assert whole is not None
    assert sum(1 for _ in whole.root.walk()) > 5_000
    unit = unit_at(document, syntax, place, place, Purpose.EDIT)
    assert unit is not None
    assert (unit.kind, unit.name) == ("function", "m")
