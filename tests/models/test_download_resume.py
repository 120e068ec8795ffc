"""A download goes on where it was cut; what stops it for good is said in one sentence."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from inglenook.models import download as module
from inglenook.models import download_source
from inglenook.models.download import DownloadFailed, download, kept
from tests.support.source_server import Ranges, Reply
from tests.support.source_visits import (
    BODY,
    CUT,
    ENTRY,
    HALF,
    MIDDLE,
    PART,
    RECORD,
    Publisher,
    visiting,
)


@pytest.fixture
async def publisher(tmp_path: Path) -> AsyncIterator[Publisher]:
    async with visiting(tmp_path) as publisher:
        yield publisher


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0)


async def test_a_cut_is_mended_in_the_same_command(publisher: Publisher) -> None:
    publisher.source.plan = [CUT, Reply(cut=50_000), Reply(cut=0)]
    seen: list[int] = []
    assert await publisher.get(seen) == BODY
    rest = f"bytes={HALF + 50_000}-"
    assert publisher.source.ranges() == [None, MIDDLE, rest, rest]
    assert [headers.get("if-range") for headers in publisher.source.asked] == [None, *['"1"'] * 3]
    assert seen == sorted(seen)
    assert seen[-1] == len(BODY)


async def test_a_stall_is_mended_too(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_source, "_SILENCE_SECONDS", 0.3)
    publisher.source.plan = [Reply(stall=HALF)]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [None, MIDDLE]


async def test_a_drip_is_no_download(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it brought is kept, and whoever is asked next may be faster."""
    drip = Reply(pace=0.01, block=10)
    with monkeypatch.context() as patch:
        patch.setattr(download_source, "_PACE_SECONDS", 0.1)
        patch.setattr(download_source, "_PACE", 10_000_000)
        patch.setattr(module, "_WORTH", 1)  # no drip is worth mentioning
        publisher.source.plan = [drip] * 9
        async with asyncio.timeout(20):  # what comes is not silence, and takes minutes
            sentence = await publisher.refused()
    assert sentence.startswith("127.0.0.1 sends less than 10000 kB a second; 0.0 of 0.2 MB are ")
    assert len(publisher.source.asked) == 4
    publisher.source.plan = []
    seen: list[int] = []
    assert await publisher.get(seen) == BODY
    assert seen[0] > 0


async def test_an_answer_that_never_begins_is_not_waited_for(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something comes all the time, so that it is not silence that ends it."""
    monkeypatch.setattr(download_source, "_HEAD_SECONDS", 0.5)
    publisher.source.plan = [Reply(endless=True)]
    async with asyncio.timeout(20):
        assert await publisher.get() == BODY
    assert publisher.source.ranges() == [None, None]


@pytest.mark.parametrize(
    "place",
    [
        "https://[::1",
        "https://[x]/",
        "https://127.0.0.1:999999/",
        f"https://{'a' * 64}.invalid/",
        "https://a..invalid/",
    ],
)
async def test_a_redirect_to_what_is_no_address_is_not_tried_again(
    publisher: Publisher, place: str
) -> None:
    publisher.source.plan = [Reply(status=302, location=place)] * 9
    assert await publisher.refused() == (
        "127.0.0.1 sends the download to a place that is no address."
    )
    assert len(publisher.source.asked) == 1


async def test_a_directory_with_the_files_name_is_seen_at_once(publisher: Publisher) -> None:
    target = publisher.directory / ENTRY.file
    target.mkdir()
    with pytest.raises(DownloadFailed) as failure:
        await publisher.get()
    assert str(failure.value) == f"{target} is a directory; remove it."
    assert publisher.source.asked == []
    assert publisher.files() == [ENTRY.file]
    target.rmdir()
    target.symlink_to(publisher.directory)  # a link is nobody's directory, and gives way
    assert await publisher.get() == BODY
    assert not target.is_symlink()


async def test_the_next_command_goes_on(publisher: Publisher) -> None:
    await publisher.cut_off()
    assert publisher.files() == [PART, RECORD]
    assert publisher.record()["validator"] == '"1"'
    seen: list[int] = []
    assert await publisher.get(seen) == BODY
    assert publisher.source.ranges() == [MIDDLE]
    assert seen[0] == HALF


async def test_a_sentence_says_how_much_is_there(publisher: Publisher) -> None:
    publisher.source.plan = [CUT, Reply(status=404)]
    assert await publisher.refused() == (
        "127.0.0.1 answered with the HTTP status 404; "
        "0.1 of 0.2 MB are there, and the same command goes on with them."
    )
    assert kept(ENTRY, publisher.directory).startswith("; 0.1 of 0.2 MB")
    (publisher.directory / RECORD).unlink()
    assert kept(ENTRY, publisher.directory) == "."


async def test_tries_that_bring_nothing_are_numbered(publisher: Publisher) -> None:
    publisher.source.plan = [CUT, *[Reply(cut=1, status=0)] * 50]
    assert "The connection to 127.0.0.1 broke off; " in await publisher.refused()
    assert len(publisher.source.asked) == 5


async def test_a_source_without_ranges_that_always_breaks_off_is_given_up(
    publisher: Publisher,
) -> None:
    publisher.source.plan = [Reply(ranges=Ranges.IGNORED, cut=HALF)] * 50
    assert "broke off; " in await publisher.refused()
    assert len(publisher.source.asked) == 5


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_a_status_that_passes_is_waited_for(publisher: Publisher, status: int) -> None:
    publisher.source.plan = [Reply(status=status), CUT, Reply(status=status)]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [None, None, MIDDLE, MIDDLE]


async def test_pauses_grow_while_nothing_comes(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(module, "_PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    publisher.source.plan = [Reply(status=503), Reply(status=503), CUT, *[Reply(status=503)] * 4]
    await publisher.refused()
    assert [seconds for seconds in pauses if seconds] == [2, 4, 1, 2, 4, 8]


async def test_a_whole_part_needs_no_source(publisher: Publisher) -> None:
    await publisher.cut_off()
    (publisher.directory / PART).write_bytes(BODY)
    assert await publisher.get() == BODY
    assert publisher.source.asked == []


async def test_a_whole_part_that_is_wrong_is_fetched_again(publisher: Publisher) -> None:
    await publisher.cut_off()
    (publisher.directory / PART).write_bytes(bytes(len(BODY)))
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [None]


async def test_a_short_write_is_no_loss(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: write(handle, data[:1000]))
        assert await publisher.get() == BODY


async def test_a_whole_file_is_alone_afterwards(publisher: Publisher) -> None:
    await publisher.cut_off()
    (publisher.directory / ENTRY.file).write_bytes(BODY)
    assert await publisher.get() == BODY
    assert publisher.source.asked == []


async def test_a_network_that_goes_away_may_come_back(publisher: Publisher) -> None:
    nowhere = Reply(status=302, location="https://127.0.0.1:9/")
    publisher.source.plan = [CUT, nowhere, nowhere]
    assert await publisher.get() == BODY


async def test_no_network_keeps_what_is_there(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publisher.cut_off()
    gone = Publisher(publisher.source, "https://127.0.0.1:9/", publisher.directory, publisher.trust)

    async def sleep(_seconds: float) -> None:
        raise AssertionError("there is nothing to wait for")

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        sentence = await gone.refused()
    assert "127.0.0.1 could not be reached: there may be no network; 0.1 of" in sentence
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE]


async def test_only_what_is_missing_needs_room(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publisher.cut_off()
    usage = shutil.disk_usage(publisher.directory)

    def free(size: int) -> None:
        left = usage._replace(free=size)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: left)

    free(len(BODY) - HALF - 1)
    assert "has no room for the 1 MB of tiny:1b that are missing; " in await publisher.refused()
    free(len(BODY) - HALF)
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [MIDDLE]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
async def test_a_disk_that_fills_up_keeps_what_is_on_it(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    room, write = HALF, os.write

    def limited(handle: int, data: memoryview) -> int:
        nonlocal room
        if not room:
            raise OSError(code, os.strerror(code))
        written = write(handle, data[:room])
        room -= written
        return written

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", limited)
        sentence = await publisher.refused()
    assert "has no room for the 1 MB of tiny:1b that are missing; 0.1 of" in sentence
    assert (publisher.directory / PART).read_bytes() == BODY[:HALF]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [None, MIDDLE]


async def test_a_disk_that_fails_when_it_is_asked_to_keep_it(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        assert "cannot be written: Input/output error." in await publisher.refused()
    assert publisher.files() == []  # what was read back may never have reached the disk


async def test_an_interrupt_keeps_what_is_there(publisher: Publisher) -> None:
    publisher.source.plan = [Reply(stall=HALF)]
    came = asyncio.Event()

    def progress(size: int) -> None:
        if size == HALF:
            came.set()

    task = asyncio.create_task(
        download(
            ENTRY,
            publisher.directory,
            progress,
            source=publisher.address,
            trust=publisher.trust,
        )
    )
    await came.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert publisher.files() == [PART, RECORD]
    assert await publisher.get() == BODY
    assert publisher.source.ranges() == [None, MIDDLE]


async def test_two_at_once_do_not_meet(publisher: Publisher) -> None:
    publisher.source.plan = [Reply(pace=0.05)]
    first = asyncio.create_task(publisher.get())
    while not (publisher.directory / PART).exists():
        await asyncio.sleep(0.001)
    with pytest.raises(DownloadFailed) as failure:
        await publisher.get()
    assert str(failure.value) == (
        f"Another `inglenook models get` is fetching tiny:1b into {publisher.directory}."
    )
    assert await first == BODY
    assert len(publisher.source.asked) == 1
