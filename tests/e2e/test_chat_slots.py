"""Several alternatives beside a chat: a llama.cpp server may have a slot for each or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.house import INVOKED, house

FILE = "def total(items):\n    █\n"
CHAT = {"textDocument": {"uri": "file:///house/case.py"}, "partialResultToken": "chat"}


def answered(number: int, request: dict[str, Any]) -> str:
    """A chat goes on for longer than a test; each completion is another."""
    return "It adds. " * 500 if "messages" in request else f"return {number}"


@pytest.mark.parametrize(("slots", "together"), [(2, None), (3, None), (4, 3)])
async def test_alternatives_ask_for_no_more_slots_than_a_chat_leaves(
    tmp_path: Path, slots: int, together: int | None
) -> None:
    """llama.cpp begins none of ``n_cmpl`` answers before there is a slot for each of them."""
    async with house(tmp_path, slots=slots, answer=answered, chunk=9, token_ms=20) as home:
        home.open(FILE)
        asked = home.client.begin("inglenook/chat", CHAT | {"question": "What is it?"})
        await home.client.until(lambda: bool(home.client.seen("$/progress")))
        items = await home.items(INVOKED)
        assert not home.client.answers.get(asked)
        fills = [each.json for each in home.backend.generations if "messages" not in each.json]
        assert fills[0].get("n_cmpl") == together
        assert items
        home.client.cancel(asked)
        await home.client.answer(asked)


async def test_a_chat_that_has_ended_has_no_slot(tmp_path: Path) -> None:
    async with house(tmp_path, slots=3) as home:
        home.open(FILE)
        await home.client.request("inglenook/chat", CHAT | {"question": "What is it?"})
        await home.items(INVOKED)
        assert home.backend.generations[-1].json["n_cmpl"] == 3
