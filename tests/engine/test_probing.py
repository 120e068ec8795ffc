"""The probe in the background: when it begins, what ends it, and for whom its finding is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from inglenook.engine import probing
from inglenook.engine.lane import Lane
from inglenook.engine.probing import Probing
from inglenook.models import llama_cpp
from inglenook.models.findings import claim, load, save
from inglenook.models.holes import HOLES
from inglenook.models.http import HttpClient
from inglenook.models.model import Fill, Way
from inglenook.models.probe import Finding
from inglenook.models.render import Layout
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.understands import understands

STARCODER = Way(Fill.TEMPLATE, "starcoder", Layout.FROZEN_LINE)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "_QUIET", 0.05)


@asynccontextmanager
async def desk(**script: object) -> AsyncIterator[tuple[FakeBackend, HttpClient]]:
    """A backend that understands StarCoder's template, under a name that tells nothing."""
    async with fake_backend(models=("coder",), infill=False, **script) as backend:
        backend.script.answer = understands("starcoder")
        client = HttpClient()
        yield backend, client
        await client.close()


async def lane_of(client: HttpClient, backend: FakeBackend) -> Lane:
    server = llama_cpp.LlamaCppServer(client.check(backend.url))
    return Lane(await llama_cpp.connect(client, server))


async def until(condition: object, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.01)


async def test_what_is_found_is_used_and_said(tmp_path: Path) -> None:
    async with desk() as (backend, client):
        said: list[Way] = []
        found = Probing(tmp_path, True, lambda lane: said.append(lane.model.info.way))
        lane = await lane_of(client, backend)
        before = lane.recipe
        await found.recall(lane)
        found.watch(lane)
        await until(lambda: said)
        assert said == [STARCODER]
        assert lane.model.info.way == STARCODER
        assert lane.recipe != before
        backend.reset()
        found.watch(lane)
        await asyncio.sleep(0.2)
        assert not backend.generations  # once is enough
        assert [file.suffix for file in tmp_path.iterdir()] == [".json"]


async def test_a_request_ends_it_and_it_goes_on_later(tmp_path: Path) -> None:
    async with desk(first_token_ms=150) as (backend, client):
        found = Probing(tmp_path, True)
        lane = await lane_of(client, backend)
        found.watch(lane)
        await until(lambda: backend.generations and backend.generations[-1].end_ns is None)
        asked = backend.generations[-1]
        found.make_way()
        async with asyncio.timeout(1):
            async with lane.turn():  # it is free as soon as the socket is closed
                await until(lambda: asked.client_end_ns is not None)
        backend.script.first_token_ms = 0
        await until(lambda: lane.model.info.way == STARCODER)
        asked_for = [seen.json.get("prompt", "") for seen in backend.generations]
        holes = [prompt for prompt in asked_for if "print(json.dumps({}))" in prompt]
        # Only what was interrupted is asked again.
        assert len(holes) - len(set(holes)) <= 1


async def test_other_weights_under_the_name_are_probed_anew(tmp_path: Path) -> None:
    async with desk() as (backend, client):
        found = Probing(tmp_path, True)
        lane = await lane_of(client, backend)
        found.watch(lane)
        await until(lambda: lane.model.info.way == STARCODER)
        backend.script.answer = understands("codellama")
        model = lane.model
        assert isinstance(model, llama_cpp.LlamaCppModel)
        other = replace(model.info, digest="other", fill=Fill.CHAT, family="")
        model._info = other
        backend.script.models = ("coder",)

        async def confirm() -> None:
            """Nothing has changed since."""

        model.confirm = confirm  # type: ignore[method-assign]
        backend.reset()
        found.watch(lane)
        await until(lambda: lane.model.info.family == "codellama")
        assert len(backend.generations) >= len(HOLES)


async def test_one_process_probes_and_the_others_learn_from_it(tmp_path: Path) -> None:
    async with desk() as (backend, client):
        lane = await lane_of(client, backend)
        lock = claim(tmp_path, lane.model.info)
        assert lock is not None
        found = Probing(tmp_path, True)
        found.watch(lane)
        await asyncio.sleep(0.3)
        assert not [seen for seen in backend.generations if seen.path == "/completion"]
        finding = Finding(STARCODER, confirmed=True, complete=True, tried=())
        save(tmp_path, lane.model.info, finding)
        lock.drop()
        await until(lambda: lane.model.info.way == STARCODER)
        assert not [seen for seen in backend.generations if seen.path == "/completion"]


async def test_what_fails_is_no_finding(tmp_path: Path) -> None:
    """A minute of errors does not make a model one that only chats."""
    async with desk() as (backend, client):
        found = Probing(tmp_path, True)
        lane = await lane_of(client, backend)
        backend.script.status = 500
        found.watch(lane)
        await until(lambda: found._watching is not None and found._watching.done())
        assert load(tmp_path, lane.model.info) is None
        backend.script.status = 200
        found.watch(lane)
        await until(lambda: lane.model.info.way == STARCODER)


async def test_a_template_that_is_sure_is_used_though_there_was_no_time_to_measure(
    tmp_path: Path,
) -> None:
    async with desk() as (backend, client):
        lane = await lane_of(client, backend)
        finding = Finding(STARCODER, confirmed=True, complete=False, tried=())
        save(tmp_path, lane.model.info, finding)
        await Probing(tmp_path, True).recall(lane)
        assert lane.model.info.way == STARCODER


async def test_a_finding_of_somebody_else_is_none(tmp_path: Path) -> None:
    async with desk() as (backend, client):
        lane = await lane_of(client, backend)
        save(tmp_path, lane.model.info, Finding(STARCODER, True, True, ()))
        (file,) = tmp_path.glob("*.json")
        file.chmod(0o666)
        assert load(tmp_path, lane.model.info) is None
        file.chmod(0o600)
        assert load(tmp_path, lane.model.info) is not None
        other = file.rename(tmp_path / "elsewhere")
        file.symlink_to(other)
        assert load(tmp_path, lane.model.info) is None
