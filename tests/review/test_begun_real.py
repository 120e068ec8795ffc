"""A real answer that is cut again and again: the real engine goes on with it, in its form."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from inglenook.models.chatting import ChatRequest, Message, chat, continues, holds
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import connect
from inglenook.models.spec import Sampling
from inglenook.review.answers import claims_of, review_schema
from inglenook.review.begun import Begun
from inglenook.review.reviewers import chosen, reviewers
from tests.support.real_engine import real_engine

pytestmark = pytest.mark.model

PIECES = 9  # after which an answer is cut
QUOTES = ("    total = 0", "    for value in values[1:]:", "    return total / len(values)")
ASKED = f"""
Report two findings about this code:

def mean(values):
{QUOTES[0]}
{QUOTES[1]}
        total += value
{QUOTES[2]}

Each has a quote, a message of some words, a rule and a severity. The rule is off-by-one.
"""


async def test_an_answer_that_is_cut_again_and_again_is_whole() -> None:
    [reviewer] = chosen(reviewers(), ["correctness"])
    request = ChatRequest(
        (Message("user", ASKED),),
        400,
        Sampling(temperature=0.0),
        json_schema=review_schema(reviewer, QUOTES),
        seed=0,
    )
    client, cuts, is_cut = HttpClient(), 0, True
    with real_engine() as engine:
        model = await connect(client, engine.server(client))
        assert continues(model)
        assert holds(model)
        begun = Begun(continues=True, holds=True, never_cuts=False)
        while is_cut:
            is_cut, pieces = False, 0
            async with aclosing(chat(model, begun.next(request))) as chunks:
                async for chunk in chunks:
                    if not begun.take(chunk):
                        break
                    pieces += bool(chunk.text)
                    if pieces == PIECES:
                        cuts, is_cut = cuts + 1, True
                        break
        await client.close()
    claims = claims_of(begun.text, reviewer)
    assert cuts > 2
    assert claims.made, begun.text
    assert not claims.wrong, begun.text
    assert {each.quote for each in claims.made} <= set(QUOTES)
