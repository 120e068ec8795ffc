"""Whichever adapter a model is reached through, it is asked the same and answers the same."""

from __future__ import annotations

from itertools import combinations

import pytest

from inglenook.models.render import Layout
from tests.support.positions import COUNT, positions
from tests.support.real_engine import Plan, real_engine
from tests.support.same_everywhere import SHARING, Answer, answers, by_embedded, same

pytestmark = pytest.mark.model

TOKENS = 5  # `benchmarks/same_everywhere.py` asks for more


def _sampling(answer: Answer) -> dict[str, object]:
    """What decides over an answer, in one spelling."""
    (body,) = answer.sent
    return {
        "tokens": body.get("n_predict", body.get("max_tokens")),
        "temperature": body["temperature"],
        "seed": body["seed"],
        "stop": set(body["stop"]),
        "grammar": body.get("grammar", ""),
        "penalty": body.get("repeat_penalty", 1.0),
    }


async def test_fifty_places_through_every_adapter() -> None:
    """Floating-point sums depend on how a prompt is cut into batches, and that on what the engine
    keeps of the prompt before. So every adapter asks in the same order, and the engine that they
    share remembers no more than the last prompt.
    """
    places = positions()
    assert len({place.prompt for place in places}) == COUNT
    given: dict[str, tuple[Answer, ...]] = {}
    async with by_embedded() as adapter:
        given["embedded"] = await answers(adapter, places, TOKENS, Layout.PSM)
    with real_engine(Plan(cache_mib=0)) as engine:
        for name, adapter_of in SHARING.items():
            async with adapter_of(engine) as adapter:
                given[name] = await answers(adapter, places, TOKENS, Layout.PSM)
    for (one, these), (other, those) in combinations(given.items(), 2):
        for this, that in zip(these, those, strict=True):
            assert this.prompt == that.prompt, (this.name, one, other)
            assert _sampling(this) == _sampling(that), (this.name, one, other)
        differing = [
            this.name for this, that in zip(these, those, strict=True) if this.text != that.text
        ]
        assert same(these, those) >= COUNT - 2, (one, other, differing)
    # The places ask for something: hardly any answer is empty.
    assert sum(bool(answer.text) for answer in given["llama.cpp"]) >= COUNT // 2
