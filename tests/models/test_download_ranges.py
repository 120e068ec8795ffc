"""A source that changes its file, or lies about pieces of it, costs at most one more start."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from inglenook.models import download as module
from tests.support.source_server import Ranges, Reply
from tests.support.source_visits import (
    BODY,
    CUT,
    HALF,
    MIDDLE,
    PART,
    Publisher,
    visiting,
)

OTHER: Final = random.Random(2).randbytes(len(BODY))
WEAK_AND_OLD: Final = ('W/"1"', "Wed, 25 Nov 2020 12:00:00 GMT")


@pytest.fixture
async def publisher(tmp_path: Path) -> AsyncIterator[Publisher]:
    async with visiting(tmp_path) as publisher:
        yield publisher


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0)


async def test_a_changed_file_is_fetched_whole(publisher: Publisher) -> None:
    publisher.source.body, publisher.source.tag = OTHER, '"0"'
    publisher.source.plan = [CUT, Reply(status=404)]
    await publisher.refused()
    publisher.source.body, publisher.source.tag = BODY, '"1"'
    publisher.source.asked.clear()
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE]  # and the answer was the whole
    assert publisher.source.asked[0]["if-range"] == '"0"'


async def test_what_comes_of_a_changed_file_counts_from_its_start(publisher: Publisher) -> None:
    await publisher.cut_off()
    publisher.source.tag = '"2"'
    publisher.source.plan = [Reply(cut=10_000)] * 8  # more than may bring nothing, and below HALF
    assert await publisher.get() == BODY
    assert publisher.source.ranges()[-1] == "bytes=80000-"


async def test_a_changed_file_is_noticed_where_the_source_does_not_look(
    publisher: Publisher,
) -> None:
    await publisher.cut_off()
    publisher.source.tag = '"2"'
    publisher.source.plan = [Reply(ranges=Ranges.BLIND)]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE, None]


async def test_a_change_that_nobody_tells_costs_one_more_start(publisher: Publisher) -> None:
    publisher.source.body = OTHER
    publisher.source.plan = [CUT, Reply(status=404)]
    await publisher.refused()
    publisher.source.body = BODY  # under the same tag
    publisher.source.asked.clear()
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE, None]


async def test_wrong_bytes_never_get_the_name(publisher: Publisher) -> None:
    publisher.source.body = OTHER
    assert "its SHA-256 is not the pinned one." in await publisher.refused()
    assert len(publisher.source.asked) == 1
    assert publisher.files() == []


async def test_wrong_bytes_in_pieces_are_fetched_twice_and_not_again(
    publisher: Publisher,
) -> None:
    publisher.source.body = OTHER
    publisher.source.plan = [CUT]
    assert "its SHA-256 is not the pinned one." in await publisher.refused()
    assert publisher.source.ranges() == [None, MIDDLE, None]
    assert publisher.files() == []


@pytest.mark.parametrize(
    ("lie", "chunked"),
    [
        (Ranges.SHIFTED, False),
        (Ranges.SHIFTED, True),
        (Ranges.ELSEWHERE, False),
        (Ranges.ELSEWHERE, True),
        (Ranges.TOTAL, False),
        (Ranges.TOTAL, True),
        (Ranges.LENGTH, False),
        (Ranges.BARE, False),
        (Ranges.UNSATISFIED, False),
    ],
)
async def test_a_lie_about_ranges_costs_one_more_start(
    publisher: Publisher, lie: Ranges, chunked: bool
) -> None:
    await publisher.cut_off()
    publisher.source.plan = [Reply(ranges=lie, chunked=chunked)]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE, None]


@pytest.mark.parametrize("lie", [Ranges.ELSEWHERE, Ranges.TOTAL, Ranges.BARE, Ranges.UNSATISFIED])
async def test_a_second_lie_is_the_last(publisher: Publisher, lie: Ranges) -> None:
    await publisher.cut_off()
    publisher.source.plan = [Reply(ranges=lie), CUT, Reply(ranges=lie)]
    assert "does not send the piece that it was asked for; " in await publisher.refused()
    assert publisher.source.ranges() == [MIDDLE, None, MIDDLE]
    assert await publisher.get() == BODY


async def test_a_lie_loses_nothing_while_there_is_no_other_answer(publisher: Publisher) -> None:
    await publisher.cut_off()
    publisher.source.plan = [Reply(ranges=Ranges.UNSATISFIED), Reply(status=403)]
    assert "status 403; 0.1 of" in await publisher.refused()
    assert (publisher.directory / PART).read_bytes() == BODY[:HALF]


async def test_a_source_that_sends_small_pieces(publisher: Publisher) -> None:
    await publisher.cut_off()
    publisher.source.plan = [Reply(ranges=Ranges.SHORTER)] * 3
    assert await publisher.get() == BODY
    assert len(publisher.source.asked) == 4


async def test_too_much_of_a_piece(publisher: Publisher) -> None:
    await publisher.cut_off()
    publisher.source.plan = [Reply(chunked=True, extra=b"x")]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE, None]


async def test_too_much_of_the_whole(publisher: Publisher) -> None:
    publisher.source.plan = [Reply(chunked=True, extra=b"x")]
    assert "sends more than the 200000 bytes of it." in await publisher.refused()
    assert publisher.files() == []


async def test_another_size_says_nothing_of_what_is_there(publisher: Publisher) -> None:
    await publisher.cut_off()
    publisher.source.body, publisher.source.tag = BODY + b"x", '"2"'
    assert "has another file: its size differs; 0.1 of" in await publisher.refused()
    publisher.source.body, publisher.source.tag = BODY, '"1"'
    assert await publisher.get() == BODY


@pytest.mark.parametrize(
    ("tag", "changed", "validator"),
    [
        pytest.param('"1"', WEAK_AND_OLD[1], '"1"', id="a tag before a date"),
        pytest.param(None, WEAK_AND_OLD[1], WEAK_AND_OLD[1], id="a date"),
        pytest.param(None, "Wed, 25 Nov 2026 11:59:01 GMT", None, id="a date of just now"),
        pytest.param(None, "Thu, 26 Nov 2026 12:00:00 GMT", None, id="a date to come"),
        pytest.param(None, "yesterday", None, id="no date"),
        pytest.param(*WEAK_AND_OLD, None, id="a weak tag, and no date beside it"),
        pytest.param('""', None, None, id="an empty tag"),
        pytest.param("1", None, None, id="a tag without quotes"),
        pytest.param(None, None, None, id="nothing"),
    ],
)
async def test_what_a_piece_is_asked_with(
    publisher: Publisher, tag: str | None, changed: str | None, validator: str | None
) -> None:
    publisher.source.tag, publisher.source.changed = tag, changed
    await publisher.cut_off()
    assert publisher.record()["validator"] == validator
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE]
    assert publisher.source.asked[0].get("if-range") == validator


async def test_the_place_behind_a_redirect_is_asked_for_the_piece(publisher: Publisher) -> None:
    publisher.source.plan = [
        Reply(status=302, location="/tiny"),
        CUT,
        Reply(status=302, location="/tiny"),
    ]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [None, None, MIDDLE, MIDDLE]
    assert publisher.source.asked[3]["if-range"] == '"1"'
