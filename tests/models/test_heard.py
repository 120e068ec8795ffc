"""How much is taken of a streamed answer, and what is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.models.errors import BackendGarbled
from inglenook.models.heard import Form, Room
from inglenook.models.render import HEAL_TOKENS

TOKENS = 32
WHERE = "http://127.0.0.1:9"


@given(st.lists(st.text("x", min_size=1, max_size=9), max_size=TOKENS + HEAL_TOKENS))
def test_an_answer_of_as_many_tokens_as_were_asked_for_is_whole(pieces: list[str]) -> None:
    room = Room(TOKENS)
    for piece in pieces:
        assert room.take(piece) == piece
        assert not room.full


def test_a_server_that_cuts_into_characters_may_say_as_much() -> None:
    room = Room(TOKENS)
    for _ in range(TOKENS * 4):
        assert room.take("x") == "x"
        assert not room.full


@given(st.sampled_from(["", "x", "word ", "x" * 10_000]))
def test_whatever_is_sent_there_is_an_end(piece: str) -> None:
    room, said = Room(TOKENS), ""
    for _ in range((TOKENS + HEAL_TOKENS) * 12):
        said += room.take(piece)
    assert room.full
    assert len(said) <= (TOKENS + HEAL_TOKENS) * 12


def test_strange_events_are_passed_over_for_a_while() -> None:
    form = Form(WHERE)
    for _ in range(3):
        for _ in range(100):
            form.strange()
        form.known()
    form.check()
    for _ in range(100):
        form.strange()
    with pytest.raises(BackendGarbled, match=WHERE):
        form.strange()


def test_an_empty_stream_is_not_strange() -> None:
    form = Form(WHERE)
    form.check()
    form.strange()
    with pytest.raises(BackendGarbled, match=WHERE):
        form.check()
