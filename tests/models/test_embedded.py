"""The embedded engine of one program alone: a real child with the real model, often killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from inglenook.models import embedded
from inglenook.models.embedded import EmbeddedModel, describe
from inglenook.models.errors import BackendFailed, BackendOffline, ModelMissing
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppModel
from inglenook.models.model import CompletionRequest, Fill, Locality, Timings
from inglenook_context.prompt import Prompt
from tests.support.engines import gguf, until
from tests.support.test_model import obtain


def request(before: str, after: str = "\n", tokens: int = 32) -> CompletionRequest:
    prefix, newline, typed = before.rpartition("\n")
    prompt = Prompt("shop.py", "python", (), prefix + newline, typed, after)
    return CompletionRequest(prompt, tokens, single_line=tokens == 32)


async def answer(model: EmbeddedModel, wanted: CompletionRequest) -> tuple[str, Timings | None]:
    text, timings = "", None
    async with contextlib.aclosing(model.complete(wanted)) as chunks:
        async for chunk in chunks:
            text += chunk.text
            timings = chunk.timings or timings
    return text, timings


ADD = request("def add(first, second):\n    return fi", "\n\n\nprint(add(1, 2))\n")


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_file_is_described_without_the_engine(tmp_path: Path) -> None:
    file = tmp_path / "renamed.gguf"
    file.write_bytes(
        gguf(
            ("general.architecture", "qwen2"),
            ("general.name", "Qwen2.5 Coder 7B"),
            ("qwen2.context_length", 2048),
        )
    )
    info = describe(file)
    assert info is not None
    assert (info.name, info.backend, info.family) == ("renamed", "embedded", "qwen-coder")
    assert (info.fill, info.locality) == (Fill.TEMPLATE, Locality.EMBEDDED)
    assert (info.context_tokens, info.size_bytes) == (2048, file.stat().st_size)


def test_an_unknown_family_is_not_guessed(tmp_path: Path) -> None:
    file = tmp_path / "chat.gguf"
    file.write_bytes(gguf(("general.architecture", "qwen2"), ("general.name", "Nice Chat")))
    info = describe(file)
    assert info is not None
    assert (info.family, info.fill, info.context_tokens) == ("", Fill.CHAT, 4096)


@pytest.mark.parametrize(
    "content",
    [b"", b"GGUF", b"GGUF" + bytes(40), b"not a model" * 10, gguf()[:4] + b"\xff" * 100],
)
def test_what_is_no_model_is_not_described(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(content)
    assert describe(file) is None
    assert describe(tmp_path / "none.gguf") is None


def test_a_head_with_false_lengths_is_survived(tmp_path: Path) -> None:
    file = tmp_path / "liar.gguf"
    whole = gguf(("general.architecture", "qwen2"), ("general.name", "Qwen2.5 Coder"))
    for cut in range(24, len(whole)):
        file.write_bytes(whole[:cut] + b"\xff" * 16)
        assert describe(file) is not None


@contextlib.asynccontextmanager
async def model_of(file: Path) -> AsyncIterator[EmbeddedModel]:
    info = describe(file)
    assert info is not None
    client = HttpClient()
    model = EmbeddedModel(client, file, info)
    try:
        yield model
    finally:
        await model.close()
        await client.close()


async def test_without_the_extra_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(gguf(("general.architecture", "qwen2")))
    monkeypatch.setattr(embedded, "is_installed", lambda: False)
    async with model_of(file) as model:
        with pytest.raises(ModelMissing, match=r"pip install xllamacpp"):
            await model.load()


async def test_a_file_that_the_engine_cannot_load(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(gguf(("general.architecture", "qwen2")))
    async with model_of(file) as model:
        with pytest.raises(BackendFailed, match=r"cannot load a\.gguf"):
            await model.load()
        assert model.pid is None


@pytest.fixture
async def model() -> AsyncIterator[EmbeddedModel]:
    async with model_of(await asyncio.to_thread(obtain)) as model:
        yield model


@pytest.mark.model
async def test_completes_real_code(model: EmbeddedModel) -> None:
    assert not await model.is_loaded()
    assert model.pid is None
    text, first = await answer(model, ADD)
    assert text == "rst + second"
    assert await model.is_loaded()
    again, second = await answer(model, ADD)
    assert again == text
    assert first is not None
    assert second is not None
    assert (first.reused, second.evaluated) == (0, 1)


@pytest.mark.model
async def test_the_child_shows_nothing_and_listens_on_loopback_only(model: EmbeddedModel) -> None:
    await model.load()
    assert model.pid is not None
    child = psutil.Process(model.pid)
    shown = " ".join([*child.cmdline(), *child.environ().values()])
    assert model._running is not None
    assert isinstance(model._running.model, LlamaCppModel)
    key = model._running.model._server.api_key
    assert len(key) > 30
    assert key not in shown
    assert child.cmdline()[1:] == ["-P", "-m", "inglenook.models.embedded_child"]
    listening = [each for each in child.net_connections() if each.status == psutil.CONN_LISTEN]
    assert [each.laddr.ip for each in listening] == ["127.0.0.1"]
    origin = f"http://127.0.0.1:{listening[0].laddr.port}"
    client = HttpClient()
    try:
        with pytest.raises(Exception, match="API key"):
            await client.get(client.check(origin), "/props")
    finally:
        await client.close()


@pytest.mark.model
async def test_closing_an_answer_stops_the_engine(model: EmbeddedModel) -> None:
    endless = request("# Every number from one on, in words:\nNUMBERS = [", tokens=3000)
    chunks = model.complete(endless)
    await anext(chunks)
    await chunks.aclose()
    assert model.pid is not None
    times = psutil.Process(model.pid).cpu_times
    # 3000 tokens take this engine most of a minute; an idle one uses no processor at all.
    used = -1.0
    async with asyncio.timeout(20):
        while times().user > used:
            used = times().user
            await asyncio.sleep(0.5)


@pytest.mark.model
async def test_a_cancelled_caller_does_not_stop_the_start(model: EmbeddedModel) -> None:
    first = asyncio.create_task(model.load())
    await asyncio.sleep(0)
    second = asyncio.create_task(answer(model, ADD))
    await asyncio.sleep(0.1)
    first.cancel()
    text, _ = await second
    assert text == "rst + second"
    with pytest.raises(asyncio.CancelledError):
        await first


@pytest.mark.model
async def test_a_crash_is_offline_and_the_next_use_starts_it_again(model: EmbeddedModel) -> None:
    chunks = model.complete(request("WORDS = [", tokens=3000))
    await anext(chunks)
    assert model.pid is not None
    os.kill(model.pid, signal.SIGKILL)
    with pytest.raises(BackendOffline, match="stopped by itself"):
        async for _ in chunks:
            pass
    assert not await model.is_loaded()
    text, _ = await answer(model, ADD)
    assert text == "rst + second"


@pytest.mark.model
async def test_it_is_not_started_without_end(model: EmbeddedModel) -> None:
    for _ in range(3):
        await model.load()
        pid = model.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: model.pid is None)
    with pytest.raises(BackendOffline, match="3 times"):
        await model.load()


@pytest.mark.model
async def test_closing_while_it_loads_leaves_no_child() -> None:
    async with model_of(await asyncio.to_thread(obtain)) as model:
        loading = asyncio.create_task(model.load())
        me = psutil.Process()
        await until(lambda: _engines(me) != [])
        (pid,) = _engines(me)
    assert is_gone(pid)
    with pytest.raises(asyncio.CancelledError):
        await loading


@pytest.mark.model
async def test_of_an_unknown_family_the_engine_tells_what_it_can_do(tmp_path: Path) -> None:
    file = tmp_path / "nameless.gguf"
    file.symlink_to(await asyncio.to_thread(obtain))
    info = describe(file)
    assert info is not None
    client = HttpClient()
    unknown = EmbeddedModel(client, file, replace(info, family="", fill=Fill.CHAT))
    try:
        await unknown.load()
        assert unknown.info.fill is Fill.BACKEND
        text, _ = await answer(unknown, ADD)
        assert text.startswith("rst + second")
    finally:
        await unknown.close()
        await client.close()


PARENT = """\
import asyncio, sys
from pathlib import Path
from inglenook.models.embedded import EmbeddedModel, describe
from inglenook.models.http import HttpClient

async def main(file):
    model = EmbeddedModel(HttpClient(), file, describe(file))
    print("starting", flush=True)
    await model.load()
    print("serving", flush=True)
    await asyncio.sleep(600)

asyncio.run(main(Path(sys.argv[1])))
"""


def _engines(parent: psutil.Process) -> list[int]:
    return [each.pid for each in parent.children() if "embedded_child" in " ".join(each.cmdline())]


@pytest.mark.model
@pytest.mark.parametrize("moment", ["starting", "serving"])
async def test_a_killed_parent_leaves_no_child(moment: str) -> None:
    file = await asyncio.to_thread(obtain)
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", PARENT, str(file)), stdout=subprocess.PIPE
    )
    try:
        assert parent.stdout is not None
        while (await parent.stdout.readline()).decode().strip() != moment:
            pass
        process = psutil.Process(parent.pid)
        await until(lambda: _engines(process) != [])
        (pid,) = _engines(process)
    finally:
        parent.kill()
        await parent.wait()
    await until(lambda: is_gone(pid))
