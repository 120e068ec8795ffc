"""However the stream was cut into chunks, the answer is the same."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inglenook.engine.trim import CUTS, Site, Trimmed, trim
from tests.support.drawn_trim import Case, cases_of

CASES: list[Case] = [
    case
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.name != Path(__file__).name
    for case in cases_of(getattr(import_module(f"tests.engine.trim.{path.stem}"), "DRAWING", ""))
]
PIECES = [
    *("\n", "\n\n", "    ", "  ", "\t", " ", "\r\n", "a", "x = 1", "return None", "return total;"),
    *("(", ")", "[", "]", "{", "}", "};", "} else {", '"', "'", "`", '"""', "/*", "*/", "#", "//"),
    *("```", "```python\n", "<", "<|", "<|endoftext|>", "<PRE>", "[", "[SUFFIX]", "</s>", "Sure"),
    *("Here is the code:\n", "def f(a):", "class A:", "@x", "function f() {", "f(a) {", ",", ";"),
    *("=> {", "else:", "/[(]/", "<U+202E>", "\u202e", "é", "👩\u200d💻", "0, 0, 0, ", "print(a)\n"),
]


def streamed(text: str, chunks: list[str], site: Site) -> str:
    """What a reader of the stream ends with; it stops reading when there is enough."""
    for whole in accumulate(chunks):
        trimmed = trim(whole, site, False)
        if trimmed.enough:
            return trimmed.text
    return trim(text, site, True).text


def chunked(text: str, sizes: list[int]) -> list[str]:
    chunks = []
    while text:
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(text[:size])
        text = text[size:]
    return chunks


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_drawn_cases_character_by_character(case: Case) -> None:
    for site in (case.site, as_one_line(case.site)):
        whole = trim(case.candidate, site, True).text
        assert streamed(case.candidate, list(case.candidate), site) == whole


@settings(max_examples=300, deadline=None)
@given(
    case=st.sampled_from(CASES),
    others=st.lists(st.sampled_from([*CASES, *PIECES]), max_size=6),
    sizes=st.lists(st.integers(1, 20), min_size=1, max_size=8),
)
def test_random_candidates_in_random_chunks(
    case: Case, others: list[Case | str], sizes: list[int]
) -> None:
    text = "".join([other if isinstance(other, str) else other.candidate for other in others])
    assert streamed(text, chunked(text, sizes), case.site) == trim(text, case.site, True).text


@settings(max_examples=300, deadline=None)
@given(
    case=st.sampled_from(CASES),
    pieces=st.lists(st.sampled_from(PIECES), max_size=30),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=8),
)
def test_torn_pieces_in_random_chunks(case: Case, pieces: list[str], sizes: list[int]) -> None:
    text = "".join(pieces)
    assert streamed(text, chunked(text, sizes), case.site) == trim(text, case.site, True).text


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_no_cut_takes_back_what_it_gave(case: Case) -> None:
    for cut in CUTS[:-1]:  # `invisible` may drop everything, and stands last
        assert_holds_back(cut, case.candidate, case.site)


@settings(max_examples=200, deadline=None)
@given(case=st.sampled_from(CASES), pieces=st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_cut_takes_back_what_it_gave_of_torn_pieces(case: Case, pieces: list[str]) -> None:
    for cut in CUTS[:-1]:
        assert_holds_back(cut, "".join(pieces), case.site)


def assert_holds_back(cut: Callable[[str, Site, bool], Trimmed], text: str, site: Site) -> None:
    """``cut`` only ever adds to what it gave, and enough is enough."""
    was = ""
    for size in range(len(text) + 1):
        now = cut(text[:size], site, False)
        assert now.text.startswith(was), cut
        was = now.text
        if now.enough:
            assert cut(text, site, True) == now, cut
            return
    assert cut(text, site, True).text.startswith(was), cut


def as_one_line(site: Site) -> Site:
    return Site(site.before, site.after, site.language, multiline=False)
