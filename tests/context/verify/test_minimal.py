"""Minimal edits make the one text of the other, and cut nothing in two."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inglenook_context.refactor.edits import Change, applied
from inglenook_context.verify.minimal import minimal

_LINES = st.lists(
    st.sampled_from(["a = 1", "b", "é😀x", "e\u0301", "", "f(a, b)", "\t", "x\ud83d\ude00y"]),
    max_size=8,
)
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(_LINES, _LINES, _ENDS, _ENDS)
def test_applied_it_gives_the_other_text(
    one: list[str], other: list[str], end: str, other_end: str
) -> None:
    before, after = end.join(one), other_end.join(other)
    changes = minimal(before, after)
    assert applied(before, changes) == after
    for change in changes:
        for text, at in ((before, change.start), (before, change.stop)):
            assert text[at - 1 : at + 1] != "\r\n" or at == 0
            assert not "\udc00" <= text[at : at + 1] <= "\udfff" or at == 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts(before: str, after: str) -> None:
    assert applied(before, minimal(before, after)) == after


def test_only_what_differs_is_changed() -> None:
    before = "one = 1\ntwo = call(a, b)\nthree = 3\n"
    after = "one = 1\ntwo = call(a, c)\nthree = 3\n"
    assert minimal(before, after) == (Change(22, 23, "c"),)
    assert minimal(before, before) == ()
    assert minimal("a\r\nb\r\n", "a\r\nc\r\n") == (Change(3, 4, "c"),)
    assert minimal("a\n", "a\nb\n") == (Change(2, 2, "b\n"),)


def test_a_big_file_costs_its_middle_only() -> None:
    lines = [f"line {n}\n" for n in range(60_000)]
    changed = [*lines[:30_000], "new\n", *lines[30_001:]]
    (change,) = minimal("".join(lines), "".join(changed))
    assert len(change.new) < 20
