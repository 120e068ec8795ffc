"""Nothing raises, whatever the text, the place and the answer."""

from __future__ import annotations

import ast
import re
import warnings

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change, Refusal, applied
from inglenook_context.rewrite.annotations import annotated, untyped
from inglenook_context.rewrite.docstring import documentable, documented
from inglenook_context.rewrite.fit import fitted
from inglenook_context.rewrite.unit import unit_at
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose
from tests.context.refactor.python.test_any_refactor import TEXTS as PYTHON
from tests.support.parsed import parsed

_SCRIPTS = (
    "function f(a, b?: string) {|class A {|m() {|}|};|const f = |(x) => |{|=> {|export |default |"
    "async |<p>|</p>|`|`a\n${b}|/** a */|// c|/*|@d()|@d |switch (a) {|case 1:|default:|return a;|"
    "if (a) {|else {|a: 1,|[|(|)|]|'a'|\n|\n  |\n    |\n\t|\r\n|\r|\u2028|\f|😀|interface I {|x;"
)
_PIECES = st.lists(st.sampled_from(_SCRIPTS.split("|")), max_size=30)
_TEXTS = st.one_of(PYTHON, _PIECES.map(" ".join), _PIECES.map("".join))
_ANSWERS = st.one_of(
    _TEXTS,
    st.text(st.sampled_from(" \t\n\r`~#:{}()'\"\\/*def x"), max_size=80),
    st.text(st.characters(exclude_categories=()), max_size=60),
)
_LANGUAGES = st.sampled_from(
    "python python python typescript javascript typescriptreact go rust c ruby php shellscript "
    "json markdown lua".split()
)
_PURPOSES = st.sampled_from(list(Purpose))
_PLACES = st.integers(-3, 300)
_MANY = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_ENDS = re.compile(r"\r\n|\r|\n")


@_MANY
@given(
    _TEXTS, _PLACES, _PLACES, _LANGUAGES, st.sampled_from(list(Purpose)), _ANSWERS, st.booleans()
)
def test_units_are_whole_lines_and_answers_fit(
    source: str, start: int, stop: int, language: str, purpose: Purpose, answer: str, tree: bool
) -> None:
    document = Document("file:///any", language, 1, Text.of(source))
    text = document.text
    unit = unit_at(document, parsed(text, language) if tree else None, start, stop, purpose)
    if unit is None:
        return
    first, last = text.line_at(unit.start), text.line_at(unit.stop)
    assert unit.start == text.line_start(first)
    assert unit.stop == text.line_start(last) + len(text.line(last))
    assert source[unit.start : unit.stop].strip()
    assert not unit.indent.strip(" \t")
    low, high = sorted(min(max(each, 0), len(source)) for each in (start, stop))
    if source[low:high].strip():
        selected = source[low:high]
        begin = low + len(selected) - len(selected.lstrip())
        assert unit.start <= begin
        assert begin + len(selected.strip()) <= unit.stop
    own = source[unit.start : unit.stop]
    assert fitted(own, unit, source) == own
    new = fitted(answer, unit, source)
    assert set(_ENDS.findall(new)) <= (set(_ENDS.findall(source)) or {"\n"})


@_MANY
@given(_TEXTS, _PLACES, _LANGUAGES, _ANSWERS, st.sampled_from(["int", "A | None", "List[a]"]))
def test_words_and_types_are_put_or_refused(
    source: str, offset: int, language: str, written: str, type_: str
) -> None:
    document = Document("file:///any", language, 1, Text.of(source))
    syntax = parsed(document.text, language)
    found = documentable(document, syntax, offset)
    if found is not None:
        assert 0 <= found.start <= found.stop <= len(source)
        _check(source, language, documented(document, syntax, found, written))
    bare = untyped(document, syntax, offset)
    if bare is not None:
        types = dict.fromkeys(bare.parameters, type_) | {"return": written}
        _check(source, language, annotated(document, syntax, bare, types))


def _check(source: str, language: str, result: tuple[Change, ...] | Refusal) -> None:
    if isinstance(result, Refusal):
        return
    at = 0
    for change in result:
        assert at <= change.start <= change.stop <= len(source)
        at = change.stop
    if language == "python" and _parses(source):
        assert _parses(applied(source, result))


def _parses(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source.encode("utf-8", "replace"))
        except (SyntaxError, ValueError):
            return False
    return True
