"""Nothing in the syntax half raises, whatever the text, the place and the language."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook_context.brackets import closers_of, open_brackets
from inglenook_context.check import breaks_parse
from inglenook_context.document import Cursor, Document
from inglenook_context.imports import imports_of
from inglenook_context.languages import FAMILIES
from inglenook_context.parse import Parse
from inglenook_context.scope import enclosing, wants_block
from inglenook_context.symbols import definitions_of
from inglenook_context.text import Edit, Text
from tests.support.parsed import nodes, parsed

_TOKENS = (
    "def f(a): |class A:|    |if x:|async |return |, |= |: |@|import a from 'b'|from a import (b|"
    'export const x = |=>|<a>|</a>|"|\'|`|f"|${|{|}|(|)|[|]|#|//|/*|*/|😀|ü'
).split("|")
_ENDS = ["\n", "\r\n", "\r", "\0", "\ud83d", "\udc00", "\u2028", '"""', "\\"]
TEXTS = st.one_of(
    st.lists(st.sampled_from(_TOKENS + _ENDS), max_size=40).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=200),
)
LANGUAGES = st.sampled_from([*FAMILIES, ""])
ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ANY
@given(TEXTS, TEXTS, LANGUAGES, st.integers(0, 300), st.integers(0, 20))
def test_nothing_raises(source: str, new: str, language: str, place: int, size: int) -> None:
    text = Text.of(source)
    offset = min(place, len(source))
    stop = min(offset + size, len(source))
    parse = Parse(language, text)
    parse.advance(1_000)
    edited = text.replace(offset, stop, new)
    parse.update(edited, (Edit(offset, stop, offset + len(new)),))
    for _ in range(2):
        cursor = Cursor(Document("untitled:x", language, 2, edited), offset)
        syntax = parse.tree()
        wants_block(cursor, syntax)
        imports_of(edited, language)
        if syntax is not None:
            for scope in enclosing(syntax, offset):
                assert 0 <= scope.start <= scope.stop <= len(edited)
            for definition in definitions_of(syntax):
                assert 0 <= definition.start <= definition.stop <= len(edited)
            breaks_parse(syntax, cursor, new, 50)
        assert parse.advance(10_000)
    exact, fresh = parse.tree(), parsed(edited, language)
    assert (exact is None) == (fresh is None)
    if exact is not None and fresh is not None:
        assert nodes(exact) == nodes(fresh)


@ANY
@given(TEXTS)
def test_closing_what_is_open_leaves_nothing_open(source: str) -> None:
    brackets = "".join(c for c in source if c in "()[]{}")
    assert open_brackets(brackets + closers_of(brackets)) == ""


@pytest.mark.parametrize(
    ("text", "opened"),
    [("f(a, [1", "(["), ("f('(')", ""), ("x = {  # (", "{"), ('"""(', ""), ("a // (", "")],
)
def test_brackets_in_quotes_and_comments_do_not_count(text: str, opened: str) -> None:
    assert open_brackets(text) == opened


def test_a_private_name_is_no_comment_and_a_floor_division_neither() -> None:
    assert open_brackets("this.#x(", "//") == "("
    assert open_brackets("a // f(", "#") == "("
