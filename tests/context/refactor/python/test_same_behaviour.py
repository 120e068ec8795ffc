"""Generated functions do the same before and after each refactor that is offered.

They print, raise, yield, share variables with inner functions, and leave names unbound. What is
offered with something to confirm is not compared: that is what is to be confirmed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook_context.refactor.edits import Refactoring, Refusal, applied
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.refactor.python.inline_variable import inline_variable
from inglenook_context.refactor.python.rename_local import rename_local
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.context.refactor.python.generated import function, outcome
from tests.context.refactor.python.spans import Spans
from tests.support.parsed import parsed

SOME = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def offered(kind: str, syntax: Syntax, seed: int) -> Iterator[Refactoring | Refusal]:
    source = str(syntax.text)
    chance = random.Random(seed)
    spans = Spans(source)
    for node in spans.functions():
        if kind == "function":
            for start, stop in spans.runs(node, 3, chance):
                yield extract_function(syntax, start, stop)
        elif kind != "inline" and kind != "rename":
            for start, stop in spans.expressions(node, 3, chance):
                if kind == "expression":
                    yield extract_function(syntax, start, stop)
                else:
                    everywhere = chance.random() < 0.3
                    yield extract_variable(syntax, start, stop, everywhere=everywhere)
    for name, offset in spans.names(30, chance):
        if kind == "inline" and name.startswith("t"):
            yield inline_variable(syntax, offset)
        elif kind == "rename" and chance.random() < 0.2:
            yield rename_local(syntax, offset, "renamed")


@pytest.mark.parametrize("kind", ["function", "expression", "variable", "inline", "rename"])
@SOME
@given(st.integers(0, 10**9))
def test_the_same_happens(kind: str, seed: int) -> None:
    source = function(seed)
    try:
        compile(source, "<generated>", "exec", dont_inherit=True)
    except SyntaxError:  # a name that is a parameter and nonlocal
        return
    syntax = parsed(Text.of(source))
    assert syntax is not None
    # An expression that only reads may be moved over another one; which of two errors comes
    # first is then another.
    errors = kind not in ("variable", "inline")
    before: list[object] = []
    for result in offered(kind, syntax, seed):
        if isinstance(result, Refactoring) and not result.confirm:
            before = before or outcome(source, errors=errors)
            after = applied(source, result.changes)
            assert outcome(after, errors=errors) == before, f"{source}\n->\n{after}"


def test_much_is_offered() -> None:
    """The comparison is one of many refactors, of each kind."""
    counts: dict[str, int] = {}
    for seed in range(60):
        syntax = parsed(Text.of(function(seed)))
        assert syntax is not None
        for kind in ("function", "expression", "variable", "inline", "rename"):
            try:
                results = list(offered(kind, syntax, seed))
            except SyntaxError:
                continue
            good = [each for each in results if isinstance(each, Refactoring)]
            counts[kind] = counts.get(kind, 0) + len(good)
    assert min(counts.values()) > 20, counts
