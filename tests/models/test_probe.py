"""The probe against engines that understand one template, and what is kept of its findings."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inglenook.models import probe as probes
from inglenook.models.errors import BackendBusy, BackendOffline
from inglenook.models.findings import load, save
from inglenook.models.holes import HOLES
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.llama_cpp import LlamaCppModel, LlamaCppServer, connect
from inglenook.models.model import Fill, ModelInfo, Way
from inglenook.models.probe import Finding, Notes, notes_of, probe
from inglenook.models.render import Layout, render
from inglenook.models.templates import TEMPLATES
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.understands import understands


async def _model(
    client: HttpClient, backend: FakeBackend, fill: Fill = Fill.CHAT, family: str = ""
) -> LlamaCppModel:
    """A model whose name tells this (by itself: nothing) of its template."""
    server = LlamaCppServer(client.check(backend.url))
    model = await connect(client, server)
    return LlamaCppModel(client, server, replace(model.info, fill=fill, family=family))


def _right(finding: Finding) -> set[str]:
    """The families whose template filled all holes."""
    return {
        tried.way.family
        for tried in finding.tried
        if tried.way.fill is Fill.TEMPLATE and tried.answers == (True,) * len(HOLES)
    }


@pytest.mark.parametrize("family", TEMPLATES)
async def test_the_right_template_is_found(client: HttpClient, family: str) -> None:
    """Some families share their tokens; then either name is right."""
    assert len(TEMPLATES) >= 6
    async with fake_backend(models=("coder",), answer=understands(family)) as backend:
        finding = await probe(await _model(client, backend), Notes())
        assert finding.confirmed
        assert finding.complete
        assert finding.way.fill is Fill.TEMPLATE
        assert family in _right(finding)
        hole = HOLES[0].prompt
        sent = render(hole, TEMPLATES[finding.way.family], Layout.PSM).text
        assert sent == render(hole, TEMPLATES[family], Layout.PSM).text


async def test_a_name_that_misleads(client: HttpClient) -> None:
    async with fake_backend(answer=understands("starcoder")) as backend:
        named = await _model(client, backend, Fill.TEMPLATE, "qwen-coder")
        finding = await probe(named, Notes())
        assert finding.way.family in _right(finding)
        assert "starcoder" in _right(finding)
        assert "qwen-coder" not in _right(finding)


async def test_a_name_that_is_right_is_soon_believed(client: HttpClient) -> None:
    async with fake_backend(answer=understands("qwen-coder")) as backend:
        named = await _model(client, backend, Fill.TEMPLATE, "qwen-coder")
        finding = await probe(named, Notes())
        assert [tried.way.family for tried in finding.tried] == ["qwen-coder"]
        thorough = await probe(named, Notes(), thorough=True)
        assert {tried.way.family for tried in thorough.tried} >= set(TEMPLATES)
        assert thorough.way == finding.way


@pytest.mark.parametrize(
    "answers",
    [
        ("and so on",) * 3,
        ("json<fim_suffix>", "problem <PRE>", "shade"),  # two of three leak a token
        ("json", "error", "colour"),  # a guess from what stands before
    ],
    ids=["babble", "leaks", "guesses"],
)
async def test_a_model_that_fills_no_holes_is_asked_by_chat(
    client: HttpClient, answers: tuple[str, ...]
) -> None:
    async with fake_backend(answer=understands("qwen-coder", answers)) as backend:
        named = await _model(client, backend, Fill.TEMPLATE, "qwen-coder")
        finding = await probe(named, Notes())
        assert not finding.confirmed
        assert finding.complete
        assert finding.way.fill is Fill.CHAT
        named.adopt(finding.way, finding.context_tokens)
        assert "emulated through chat" in named.info.notice


async def test_the_backends_own_way(client: HttpClient) -> None:
    """/infill of llama.cpp knows the template of models that we do not know."""

    def answer(_number: int, body: Body) -> str:
        holes = {hole.before: hole.answer for hole in HOLES}
        return holes.get(body.get("input_prefix", ""), "and so on")

    async with fake_backend(models=("coder",), answer=answer) as backend:
        finding = await probe(await _model(client, backend), Notes())
        assert finding.way.fill is Fill.BACKEND
        assert finding.confirmed


async def test_what_is_measured(client: HttpClient) -> None:
    async with fake_backend(answer=understands("qwen-coder"), context_tokens=16384) as backend:
        named = await _model(client, backend, Fill.TEMPLATE, "qwen-coder")
        finding = await probe(named, Notes())
        assert finding.context_tokens == 16384
        assert finding.reuses is True
        assert finding.evaluated == 1
        assert finding.prompt_per_second == 1000
        assert finding.predicted_per_second == 1000
        assert finding.way.layout is Layout.FROZEN_LINE
        measured = [seen.json["prompt"] for seen in backend.generations[-3:]]
        assert all("value_3 = measure" in prompt for prompt in measured)


async def test_no_time(client: HttpClient) -> None:
    """What the name tells is kept, and the next probe goes on from the notes."""
    async with fake_backend(answer=understands("qwen-coder"), first_token_ms=60) as backend:
        named = await _model(client, backend, Fill.TEMPLATE, "starcoder")
        finding = await probe(named, Notes(), seconds=0.2)
        assert not finding.complete
        assert finding.way.family == "starcoder"
        asked = len(backend.generations)
        assert asked < len(TEMPLATES)
        backend.script.first_token_ms = 0
        backend.reset()
        later = await probe(named, notes_of(finding))
        assert later.complete
        assert later.way.family == "qwen-coder"
        whole = len(backend.generations)
        backend.reset()
        await probe(named, Notes())
        assert len(backend.generations) > whole


async def test_an_interruption_loses_nothing(client: HttpClient) -> None:
    async with fake_backend(answer=understands("qwen-coder"), first_token_ms=30) as backend:
        named = await _model(client, backend)
        notes = Notes()
        for _ in range(100):
            sitting = asyncio.create_task(probe(named, notes))
            await asyncio.sleep(0.1)
            sitting.cancel()
            await asyncio.wait([sitting])
            if not sitting.cancelled():
                break
            await asyncio.sleep(0.01)
            assert all(seen.end_ns for seen in backend.generations)  # nothing is left open
        finding = sitting.result()
        assert finding.confirmed
        assert finding.way.family == "qwen-coder"


@pytest.mark.parametrize(("status", "kind"), [(503, BackendBusy), (None, BackendOffline)])
async def test_a_backend_that_is_gone(
    client: HttpClient, status: int | None, kind: type[Exception]
) -> None:
    async with fake_backend() as backend:
        named = await _model(client, backend)
        if status:
            backend.script.status = status
            with pytest.raises(kind):
                await probe(named, Notes())
    if not status:
        with pytest.raises(kind):
            await probe(named, Notes())


async def test_where_the_backend_tells_no_times(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own watch: a prompt costs what passes before the first piece of the answer."""
    assert probes._timed(probes.Timings(), 0.5).prompt_ms == 500
    assert probes._timed(probes.Timings(prompt_ms=3.0), 0.5).prompt_ms == 3.0
    assert probes._timed(probes.Timings(), 0.0).prompt_ms is None


# What is kept.

INFO = ModelInfo(
    name="m",
    backend="ollama",
    digest="sha",
    address="a",
    version="1",
    locality=None,  # type: ignore[arg-type]
    fill=Fill.CHAT,
    family="",
    context_tokens=0,
)
FOUND = Finding(
    Way(Fill.TEMPLATE, "qwen-coder", Layout.FROZEN_LINE),
    confirmed=True,
    complete=True,
    tried=(probes.Tried(Way(Fill.BACKEND), (True, False)),),
    context_tokens=4096,
    reuses=True,
    evaluated=3,
    first_token=0.2,
    prompt_per_second=140.5,
    predicted_per_second=None,
)


def test_a_finding_is_kept_for_these_weights_and_this_backend(tmp_path: Path) -> None:
    save(tmp_path / "probes", INFO, FOUND)
    assert load(tmp_path / "probes", INFO) == FOUND
    for change in ({"digest": "other"}, {"version": "2"}, {"backend": "llama.cpp"}):
        assert load(tmp_path / "probes", replace(INFO, **change)) is None
    renamed = replace(INFO, name="the same under another name")
    assert load(tmp_path / "probes", renamed) == FOUND
    assert (tmp_path / "probes").stat().st_mode & 0o777 == 0o700 or os.name == "nt"


def test_a_name_is_not_believed_for_long(tmp_path: Path) -> None:
    """Without a digest the weights under a name may be others by tomorrow."""
    named = replace(INFO, digest="m")
    save(tmp_path, named, FOUND)
    assert load(tmp_path, named) == FOUND
    (file,) = tmp_path.glob("*.json")
    yesterday = file.stat().st_mtime - 86_401
    os.utime(file, (yesterday, yesterday))
    assert load(tmp_path, named) is None


def _damages(good: bytes) -> dict[str, bytes]:
    body = json.loads(good)

    def with_(**changes: Any) -> bytes:
        return json.dumps(body | changes).encode()

    return {
        "empty": b"",
        "half": good[: len(good) // 2],
        "bytes": bytes(range(256)),
        "list": b"[]",
        "deep": b"[" * 100_000,
        "format": with_(format=99),
        "family": with_(way={"fill": "template", "family": "of tomorrow", "layout": "x"}),
        "way": with_(way=3),
        "truth": with_(complete="yes"),
        "tried": with_(tried=[{"way": {}, "answers": 3}]),
    }


@pytest.mark.parametrize(
    "damage", "empty half bytes list deep format family way truth tried".split()
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    save(tmp_path, INFO, FOUND)
    (file,) = tmp_path.glob("*.json")
    file.write_bytes(_damages(file.read_bytes())[damage])
    assert load(tmp_path, INFO) is None
    save(tmp_path, INFO, FOUND)
    assert load(tmp_path, INFO) == FOUND


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    save(tmp_path / "file" / "probes", INFO, FOUND)
    assert load(tmp_path / "file" / "probes", INFO) is None
