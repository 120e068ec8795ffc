"""No refactor raises, whatever the text and the place."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook_context.refactor.edits import Refactoring, applied
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.refactor.python.inline_variable import inline_variable
from inglenook_context.refactor.python.rename_local import rename_local
from inglenook_context.text import Text
from tests.support.parsed import parsed

_PIECES = (
    "def f(a):|class A[T]:|\n    |\n        |\n|if a:|elif b:|else:|for x in y:|while a:|try:|"
    "except E as e:|finally:|with a as b:|match a:|case [x, *_]:|case {'k': v, **r}:|a|b = a|a.b|"
    "a[0]|f(a, b=1)|*a|**b|lambda a: a|[x for x in a]|(x for x in a)|(a := b)|yield|await a|"
    "return a|del a|global a|nonlocal a|import a.b|from a import b as c|from a import *|f'{a=}'|"
    "'a' 'b'|@a|, |: |; |= |# c|\\|print a|type A = b|async |😀|ä|\t|\r\n|\f|__x|super()|None"
)
TEXTS = st.one_of(
    st.lists(st.sampled_from(_PIECES.split("|")), max_size=30).map(" ".join),
    st.lists(st.sampled_from(_PIECES.split("|")), max_size=30).map("".join),
    st.lists(st.sampled_from(_PIECES.split("|")), max_size=8).map(
        lambda pieces: "def f(a):\n    " + "\n    ".join(each.strip() for each in pieces)
    ),
    st.text(st.characters(exclude_categories=()), max_size=100),
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.integers(-3, 300), st.integers(-3, 80), st.sampled_from(["", "new", "1"]))
def test_nothing_raises(source: str, start: int, size: int, name: str) -> None:
    syntax = parsed(Text.of(source))
    if syntax is None:
        return
    for result in (
        extract_function(syntax, start, start + size, name),
        extract_variable(syntax, start, start + size, name),
        extract_variable(syntax, start, start + size, everywhere=True),
        inline_variable(syntax, start),
        rename_local(syntax, start, name),
    ):
        if isinstance(result, Refactoring):
            at = 0
            for change in result.changes:
                assert at <= change.start <= change.stop <= len(source)
                at = change.stop
            again = parsed(Text.of(applied(source, result.changes)))
            assert again is None or not again.tree.root_node.has_error
