"""Thoughts are parted from the answer, wherever the stream is cut."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.models.chat_thoughts import Thoughts, always_thinks

# What a model writes, what of it is the answer, and what it thought.
WRITTEN = [
    ("Hello.", "Hello.", ""),
    ("  def f():", "  def f():", ""),
    ("<think>hm</think>\n\nYes.", "Yes.", "hm"),
    ("\n<think>\na\nb\n</think>\n\nYes.", "Yes.", "\na\nb\n"),
    ("<think>\n\n</think>\n\nYes.", "Yes.", "\n\n"),
    ("[THINK]hm[/THINK]Yes.", "Yes.", "hm"),
    ("<think>1 < 2</th</think>Yes.", "Yes.", "1 < 2</th"),
    ("<think>a</think><think>b</think>Yes.", "Yes.", "ab"),
    ("<think>never ends", "", "never ends"),
    ("<think>almost ends</thin", "", "almost ends</thin"),
    ("<thin ice>", "<thin ice>", ""),
    ("<", "<", ""),
    ("The tag <think> and </think>.", "The tag <think> and </think>.", ""),
    ("<think>x</think>Use `<think>`.", "Use `<think>`.", "x"),
    ("", "", ""),
    (" \n", " \n", ""),
]
# The same of a model whose template opened the tag before it began to write.
OPENED = [
    ("hm\n</think>\n\nYes.", "Yes.", "hm\n"),
    ("<think>hm</think>Yes.", "Yes.", "hm"),
    ("hm</think>Yes </think>.", "Yes </think>.", "hm"),
]


def _fed(pieces: list[str], opened: bool, limited: bool = False) -> tuple[str, str]:
    thoughts, told = Thoughts(opened), []
    for piece in pieces:
        told.append(thoughts.feed(piece))
    told.append(thoughts.feed("", done=True, limited=limited))
    return "".join(said for said, _ in told), "".join(thought for _, thought in told)


@pytest.mark.parametrize(
    ("written", "said", "thought", "opened"),
    [(*case, False) for case in WRITTEN] + [(*case, True) for case in OPENED],
)
def test_wherever_it_is_cut(written: str, said: str, thought: str, opened: bool) -> None:
    assert _fed(list(written), opened) == (said, thought)
    for one, other in combinations(range(len(written) + 1), 2):
        pieces = [written[:one], written[one:other], written[other:]]
        assert _fed(pieces, opened) == (said, thought), pieces


BITS = st.sampled_from(
    ["<think>", "</think>", "[THINK]", "[/THINK]", "<", "</", "<thi", "[/TH", "k>", " ", "\n", "é"]
)


@given(st.lists(BITS, max_size=12).map("".join), st.booleans(), st.booleans(), st.data())
def test_no_cut_matters(written: str, opened: bool, limited: bool, data: st.DataObject) -> None:
    """Whatever is written, in whatever pieces, is parted as it is in one."""
    places = data.draw(st.sets(st.integers(0, len(written)))) if written else set()
    ends = sorted({0, len(written)} | places)
    whole = _fed([written], opened, limited)
    assert _fed([written[one:other] for one, other in pairwise(ends)], opened, limited) == whole
    said, thought = whole
    assert said in written
    assert len(thought) <= len(written)
    if not opened and not written.lstrip().startswith(("<think>", "[THINK]")):
        assert whole == (written, "")


def test_the_last_piece_may_be_the_end() -> None:
    for written, said, thought in WRITTEN:
        assert Thoughts().feed(written, done=True) == (said, thought)


def test_the_answer_streams_as_soon_as_it_has_begun() -> None:
    thoughts = Thoughts()
    assert thoughts.feed("<think>a") == ("", "a")
    assert thoughts.feed("b</think>\n") == ("", "b")
    assert thoughts.feed("Y") == ("Y", "")
    assert thoughts.feed("<") == ("<", "")


def test_an_answer_that_was_no_thought_after_all() -> None:
    """A server that parts thoughts itself, or a model that did not think this time."""
    assert _fed(["Ye", "s."], opened=True) == ("Yes.", "Yes.")
    # Cut in the middle of what must have been a thought: nothing of it is an answer.
    assert _fed(["Ye", "s."], opened=True, limited=True) == ("", "Yes.")
    thoughts = Thoughts(opened=True)
    thoughts.parted()
    assert thoughts.feed("Yes.") == ("Yes.", "")


@pytest.mark.parametrize(
    ("name", "always"),
    [
        ("deepseek-r1:7b", True),
        ("DeepSeek-R1-Distill-Qwen-7B", True),
        ("qwq:32b", True),
        ("Qwen/Qwen3-4B-Thinking-2507", True),
        ("qwen3:8b", False),
        ("qwen2.5-coder:0.5b", False),
        ("tr1bute", False),
    ],
)
def test_names_of_models_that_always_think(name: str, always: bool) -> None:
    assert always_thinks(name) is always
