"""No refactor raises, whatever the text and the place; and a rename binds every name as before."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook_context.refactor.edits import Refactoring, Refused, applied
from inglenook_context.refactor.typescript.branch import file_of
from inglenook_context.refactor.typescript.extract_variable import extract_variable
from inglenook_context.refactor.typescript.inline_variable import inline_variable
from inglenook_context.refactor.typescript.names import Names
from inglenook_context.refactor.typescript.rename_local import rename_local
from inglenook_context.refactor.typescript.scopes import Scope
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.context.refactor.typescript.drawn import cases
from tests.support.parsed import parsed

LANGUAGES = st.sampled_from(["typescript", "typescriptreact", "javascript", "javascriptreact"])
_PIECES = (
    "function f(a) {|class A<T> {|constructor(private a) {|}|(|)|[|]|{ a }|{ a: b = a }|if (a)|"
    "else|for (let a of b)|for (var a = 0; a < b; a++)|while (a)|try {|} catch (a) {|finally {|"
    "switch (a) { case b: |a|b|a = b;|a.b|a?.b|a[0]|a(b)|...a|(a) => a|async a => await a|let a;|"
    "var { a, b: c } = d|const [a] = b;|type A = a;|interface A { a: A }|enum E { A, B = A }|"
    "namespace N {|export |import { a } from 'a';|import a from 'a';|export { a };|: a|as a|!|"
    "`${a}`|"
    "<a>|<A b={a} />|</a>|yield a|return a|delete a.b|typeof a|new a()|eval(a)|with (a)|@a |//c\n|"
    "/** @param a */|😀|ä|\t|\r\n|\n|;|,|infer U|A extends B ? C : D|declare |#a|super()|this.a"
)
_LISTS = st.lists(st.sampled_from(_PIECES.split("|")), max_size=25)
TEXTS = st.one_of(
    _LISTS.map(" ".join),
    _LISTS.map("".join),
    _LISTS.map(lambda pieces: "function f(a, b) {\n  " + "\n  ".join(pieces) + "\n}\n"),
    st.text(st.characters(exclude_categories=()), max_size=100),
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, LANGUAGES, st.integers(-3, 300), st.integers(-3, 80), st.sampled_from(["", "x", "1"]))
def test_nothing_raises(source: str, language: str, start: int, size: int, name: str) -> None:
    syntax = parsed(Text.of(source), language)
    if syntax is None:
        return
    for result in (
        extract_variable(syntax, start, start + size, name),
        extract_variable(syntax, start, start + size, everywhere=True),
        rename_local(syntax, start, name),
        inline_variable(syntax, start),
    ):
        if isinstance(result, Refactoring):
            at = 0
            for change in result.changes:
                assert at <= change.start <= change.stop <= len(source)
                at = change.stop
            again = parsed(Text.of(applied(source, result.changes)), language)
            broken = syntax.tree.root_node.has_error  # somewhere else: a statement does for some
            assert broken or again is None or not again.tree.root_node.has_error


def _bindings(syntax: Syntax) -> list[tuple[str, int | None]]:
    """What each name of a file is, and which of the scopes has its variable."""
    names = Names(file_of(syntax), strict=True)
    numbers: dict[Scope | None, int] = {scope: at for at, scope in enumerate(names.scopes)}
    return [(each.kind, numbers.get(each.owner)) for each in names.occurrences]


def _classes(syntax: Syntax) -> list[int]:
    """For each name of a file the first name that means the same variable."""
    names = Names(file_of(syntax), strict=True)
    first: dict[tuple[Scope | None, str], int] = {}
    return [first.setdefault(each.variable, at) for at, each in enumerate(names.occurrences)]


_DRAWN = [
    (language, before.replace("█", "").replace("«", "").replace("»", ""))
    for _, language, before, _ in cases()
]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(_DRAWN), st.integers(0, 200), st.sampled_from(["a", "b", "x", "y", "T", "U"])
)
def test_a_rename_binds_every_name_as_before(
    drawing: tuple[str, str], offset: int, name: str
) -> None:
    """Of every drawing, every variable, to names that are used round it or not."""
    language, source = drawing
    before = parsed(Text.of(source), language)
    assert before is not None
    result = rename_local(before, offset % (len(source) + 1), name)
    if not isinstance(result, Refactoring):
        return
    after = parsed(Text.of(applied(source, result.changes)), language)
    assert after is not None
    assert _bindings(after) == _bindings(before)
    assert _classes(after) == _classes(before)


def test_every_variable_of_every_drawing_has_an_answer() -> None:
    """At each offset of each drawing: a rename that keeps the bindings, or a refusal."""
    done = 0
    for language, source in _DRAWN:
        before = parsed(Text.of(source), language)
        assert before is not None
        try:
            classes = _classes(before)
        except Refused:
            continue
        for offset in range(len(source) + 1):
            result = rename_local(before, offset, "Quite_new")
            if isinstance(result, Refactoring):
                after = parsed(Text.of(applied(source, result.changes)), language)
                assert after is not None
                assert _classes(after) == classes
                done += 1
    assert done > 1_000
