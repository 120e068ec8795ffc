"""One engine for all programs of a user: real processes, with a stand-in for llama.cpp in them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from inglenook.file_lock import take
from inglenook.models import embedded_home, embedded_lease, embedded_shared
from inglenook.models.embedded import EmbeddedModel, Home, _Running, describe
from inglenook.models.embedded_home import Place, Record
from inglenook.models.errors import BackendFailed, BackendOffline, ModelError, ModelMissing
from inglenook.models.http import HttpClient
from inglenook.models.model import Chunk, CompletionRequest
from inglenook_context.prompt import Prompt
from tests.support.engines import engines, files, gguf, stand_in, until

ENDLESS = 3000  # tokens; the stand-in takes its time with them


def request(tokens: int = 32) -> CompletionRequest:
    return CompletionRequest(Prompt("shop.py", "python", (), "a\n", "", "\n"), tokens)


async def answer(model: EmbeddedModel) -> str:
    """The id of the process that answered."""
    async with contextlib.aclosing(model.complete(request())) as chunks:
        return "".join([chunk.text async for chunk in chunks])


class Programs:
    """Programs of one user, each with its model, in one process."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runtime = directory / "run"
        self.home = Home(self.runtime / "engines", idle_seconds=0.5)
        self.file = directory / "coder.gguf"
        self.file.write_bytes(
            gguf(("general.architecture", "qwen2"), ("general.name", "Qwen2.5 Coder"))
        )
        self._monkeypatch = monkeypatch
        self._open: list[tuple[EmbeddedModel, HttpClient]] = []
        self.engine_is("")

    def engine_is(self, how: str) -> None:
        for name, value in stand_in(self.runtime, how).items():
            self._monkeypatch.setenv(name, value)

    def model(self, home: Home | None = None) -> EmbeddedModel:
        info = describe(self.file)
        assert info is not None
        client = HttpClient()
        model = EmbeddedModel(client, self.file, info, home or self.home)
        self._open.append((model, client))
        return model

    @property
    def place(self) -> Place:
        return Place(self.home.directory, self.model()._plan.name)

    def engines(self) -> list[int]:
        return engines(self.runtime)

    def left(self) -> list[str]:
        """The endings of the names of the files in the runtime directory."""
        return [name.partition(".")[2] for name in files(self.runtime)]

    async def close(self) -> None:
        for model, client in self._open:
            await model.close()
            await client.close()


@pytest.fixture
async def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Programs]:
    programs = Programs(tmp_path, monkeypatch)
    try:
        yield programs
    finally:
        await programs.close()
        for pid in programs.engines():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await until(lambda: programs.engines() == [])


# Sharing


@pytest.mark.parametrize("inherited", [True, False])
async def test_ten_that_start_at_once_share_one(
    programs: Programs, inherited: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where locks cannot be inherited, as on Windows, the engine takes its own."""
    monkeypatch.setattr(embedded_shared, "INHERITED", inherited)
    models = [programs.model() for _ in range(10)]
    assert not any([await model.is_loaded() for model in models])
    await asyncio.gather(*(model.load() for model in models))
    (pid,) = programs.engines()
    assert {model.pid for model in models} == {pid}
    assert set(await asyncio.gather(*(answer(model) for model in models))) == {str(pid)}
    assert len(programs.place.recent_starts()) == 1
    assert programs.left() == ["json", "lock", "starts"]


async def test_it_goes_with_the_last_and_leaves_nothing(programs: Programs) -> None:
    first, second = programs.model(), programs.model()
    await first.load()
    await second.load()
    (pid,) = programs.engines()
    await first.close()
    assert await answer(second) == str(pid)
    await second.close()
    await until(lambda: not psutil.pid_exists(pid))
    assert programs.left() == []


async def test_who_comes_back_in_time_finds_it_there(programs: Programs) -> None:
    patient = replace(programs.home, idle_seconds=30.0)
    first = programs.model(patient)
    await first.load()
    pid = first.pid
    await first.close()
    second = programs.model(patient)
    await second.load()
    assert second.pid == pid
    assert len(programs.place.recent_starts()) == 1


async def test_other_plans_have_other_engines(programs: Programs) -> None:
    first, second = programs.model(), programs.model()
    second._plan = replace(second._plan, context_tokens=2048)
    await asyncio.gather(first.load(), second.load())
    assert sorted(programs.engines()) == sorted([first.pid or 0, second.pid or 0])


async def test_a_link_to_the_file_is_the_file(programs: Programs, tmp_path: Path) -> None:
    name = programs.model()._plan.name
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / programs.file.name
    link.symlink_to(programs.file)
    programs.file = link
    assert programs.model()._plan.name == name


async def test_nothing_of_it_shows_the_key(programs: Programs) -> None:
    model = programs.model()
    await model.load()
    record = programs.place.read_record()
    assert record is not None
    assert model.pid is not None
    engine = psutil.Process(model.pid)
    shown = " ".join([*engine.cmdline(), *engine.environ().values(), *files(programs.runtime)])
    assert record.key not in shown
    assert engine.cmdline()[1:] == ["-P", "-m", "inglenook.models.embedded_child"]
    listening = [each for each in engine.net_connections() if each.status == psutil.CONN_LISTEN]
    assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
    assert programs.place.record.stat().st_mode & 0o777 == 0o600
    assert programs.home.directory.stat().st_mode & 0o777 == 0o700


# Its owner is nobody

PROGRAM = """\
import asyncio, sys
from pathlib import Path
from inglenook.models.embedded import EmbeddedModel, Home, describe
from inglenook.models.http import HttpClient

async def main(file, directory):
    model = EmbeddedModel(HttpClient(), file, describe(file), Home(directory, 0.5))
    loading = asyncio.create_task(model.load())
    while not list(directory.glob("*.lock")):
        await asyncio.sleep(0.01)
    print("loading", flush=True)
    await loading
    print("loaded", flush=True)
    await asyncio.sleep(600)

asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


@pytest.mark.parametrize("moment", ["loading", "loaded"])
async def test_it_outlives_who_started_it(programs: Programs, moment: str) -> None:
    programs.engine_is("slow")
    starter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", PROGRAM, str(programs.file), str(programs.home.directory)),
        stdout=asyncio.subprocess.PIPE,
    )
    model = programs.model()
    try:
        assert starter.stdout is not None
        while (await starter.stdout.readline()).decode().strip() != moment:
            pass
        (pid,) = programs.engines()
        if moment == "loaded":
            await model.load()
    finally:
        starter.kill()
        await starter.wait()
    assert await answer(model) == str(pid)
    assert programs.engines() == [pid]
    assert os.getsid(pid) == pid
    await model.close()
    await until(lambda: programs.engines() == [])
    assert programs.left() == []


async def test_who_gives_up_while_it_loads_leaves_it_to_the_others(programs: Programs) -> None:
    programs.engine_is("slow")
    first, second = programs.model(), programs.model()
    loading = asyncio.create_task(first.load())
    await until(lambda: programs.engines() != [])
    await first.close()
    with pytest.raises(asyncio.CancelledError):
        await loading
    await second.load()
    assert programs.engines() == [second.pid]


# Crashes


async def test_a_crash_is_told_once_to_who_was_asking_and_all_share_the_next(
    programs: Programs,
) -> None:
    asking, quiet = programs.model(), programs.model()
    await quiet.load()
    chunks = asking.complete(request(ENDLESS))
    await anext(chunks)
    pid = asking.pid
    assert pid == quiet.pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(BackendOffline, match="stopped by itself"):
        async for _ in chunks:
            pass
    await until(lambda: quiet.pid is None)
    assert not await asking.is_loaded()
    answers = await asyncio.gather(*(answer(each) for each in (asking, quiet, asking, quiet)))
    (after,) = programs.engines()
    assert set(answers) == {str(after)}
    assert after != pid


async def test_starts_are_counted_for_all_programs_together(programs: Programs) -> None:
    models = [programs.model() for _ in range(3)]
    for model in models:
        await model.load()
        assert model.pid is not None
        os.kill(model.pid, signal.SIGKILL)
        await until(lambda: programs.engines() == [])
    for model in [*models, programs.model()]:
        with pytest.raises(BackendOffline, match="stopped 3 times"):
            await model.load()
    programs.place.starts.write_text("damaged")
    await models[0].load()


async def test_going_is_no_crash(programs: Programs) -> None:
    for _ in range(4):
        model = programs.model(replace(programs.home, idle_seconds=0.0))
        await model.load()
        await model.close()
        await until(lambda: programs.left() == [])


async def test_being_told_to_end_is_no_crash(programs: Programs) -> None:
    model = programs.model()
    await model.load()
    pid = model.pid
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    await until(lambda: programs.left() == [])
    assert await answer(model) != str(pid)


async def test_unused_it_goes_although_there_are_programs(programs: Programs) -> None:
    model = programs.model(replace(programs.home, unused_seconds=1.0))
    first = await answer(model)
    await until(lambda: model.pid is None)
    assert not await model.is_loaded()
    await until(lambda: programs.engines() == [])
    assert programs.left() == []
    assert await answer(model) != first


class Going:
    """An engine that goes in the moment in which it is asked, and the adapter to it."""

    pid, alive, left, epitaph = 1, True, True, "It stopped."

    def __init__(self, pieces: int) -> None:
        self._pieces = pieces

    def use(self) -> None: ...

    async def ended(self, seconds: float) -> bool:
        self.alive = False
        return True

    async def close(self) -> None: ...

    async def complete(self, request: CompletionRequest) -> AsyncIterator[Chunk]:
        for _ in range(self._pieces):
            yield Chunk("piece")
        raise BackendOffline("gone")


async def test_who_asks_as_it_goes_gets_an_answer_from_the_next(programs: Programs) -> None:
    model = programs.model()
    going: Any = Going(0)
    model._running = _Running(going, going)
    assert await answer(model) == str(model.pid)
    going = Going(1)  # but nobody is shown the same piece twice
    model._running = _Running(going, going)
    with pytest.raises(BackendOffline, match="It stopped"):
        await answer(model)


@pytest.mark.parametrize(
    ("how", "error", "sentence"),
    [
        ("unloadable", BackendFailed, r"cannot load coder\.gguf: is it a GGUF model"),
        ("missing", ModelMissing, r"pip install xllamacpp"),
        ("crash", BackendOffline, r"stopped by itself \(-9\)"),
    ],
)
async def test_an_engine_that_does_not_get_ready(
    programs: Programs, how: str, error: type[ModelError], sentence: str
) -> None:
    programs.engine_is(how)
    model = programs.model()
    with pytest.raises(error, match=sentence):
        await model.load()
    assert model.pid is None
    assert programs.engines() == []
    programs.engine_is("")
    await model.load()
    assert programs.left() == ["json", "lock", "starts"]


# What is left


async def test_who_goes_takes_along_what_a_killed_engine_left(programs: Programs) -> None:
    """All but its start, which was one of the three."""
    first, second, never = programs.model(), programs.model(), programs.model()
    await first.load()
    await second.load()
    await never.close()
    assert programs.left() == ["json", "lock", "starts"]
    await first.close()
    assert programs.left() == ["json", "lock", "starts"]
    (pid,) = programs.engines()
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not psutil.pid_exists(pid))
    await second.close()
    assert programs.left() == ["starts"]
    assert len(programs.place.recent_starts()) == 1


async def test_starts_that_have_aged_go_with_the_client(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.engine_is("crash")
    model = programs.model()
    for _ in range(4):
        with pytest.raises(BackendOffline):
            await model.load()
    assert programs.left() == ["starts"]
    monkeypatch.setattr(embedded_home, "STARTS_SECONDS", 0.0)
    await model.close()
    assert programs.left() == []


@pytest.mark.parametrize("how", ["unloadable", "missing"])
async def test_an_engine_that_cannot_load_leaves_nothing(programs: Programs, how: str) -> None:
    """While its client is there its starts are counted: no process for every key."""
    programs.engine_is(how)
    model = programs.model()
    for _ in range(3):
        with pytest.raises((BackendFailed, ModelMissing)):
            await model.load()
    with pytest.raises(BackendOffline, match="stopped 3 times"):
        await model.load()
    await model.close()
    assert programs.left() == []


async def test_being_told_to_end_while_it_loads_leaves_nothing(programs: Programs) -> None:
    programs.engine_is("slow")
    model = programs.model()
    loading = asyncio.create_task(model.load())
    await until(lambda: programs.engines() != [] and "starts" in programs.left())
    (pid,) = programs.engines()
    os.kill(pid, signal.SIGTERM)
    with pytest.raises(BackendOffline, match=r"stopped by itself \(-15\)"):
        await loading
    assert programs.left() == []


async def test_nothing_is_tidied_through_a_link(programs: Programs, tmp_path: Path) -> None:
    model = programs.model()
    await model.load()
    (pid,) = programs.engines()
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not psutil.pid_exists(pid))
    programs.home.directory.rename(tmp_path / "elsewhere")
    programs.home.directory.symlink_to(tmp_path / "elsewhere")
    await model.close()
    assert len(files(tmp_path / "elsewhere")) == 3


async def test_an_engine_that_takes_too_long_is_ended(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_shared, "LOAD_SECONDS", 0.5)
    programs.engine_is("slow")
    with pytest.raises(BackendOffline, match=r"did not load coder\.gguf"):
        await programs.model().load()
    await until(lambda: programs.engines() == [])


# Records that are stale or lie


async def test_a_stale_record_is_recognised(programs: Programs) -> None:
    model = programs.model()
    await model.load()
    first = model.pid
    assert first is not None
    stale = programs.place.read_record()
    assert stale is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: programs.engines() == [])
    assert programs.place.read_record() == stale
    other = programs.model()
    await other.load()
    assert other.pid not in (None, first)
    assert programs.place.read_record() != stale


@contextlib.asynccontextmanager
async def stranger() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A process at some port that takes what comes and says what it likes."""
    heard: list[bytes] = []

    async def take_it(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(b"a 1 http://127.0.0.1:1 f\nok\n")
        with contextlib.suppress(ConnectionResetError):
            heard.append(await reader.read())
        writer.transport.abort()

    server = await asyncio.start_server(take_it, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()


async def test_a_record_that_leads_to_a_stranger(programs: Programs) -> None:
    """The engine was killed, and its port is another's by now."""
    key = "k" * 43
    await programs.model().load()
    (pid,) = programs.engines()
    os.kill(pid, signal.SIGKILL)
    await until(lambda: programs.engines() == [])
    async with stranger() as (port, heard):
        programs.place.write_record(Record(port, key))
        model = programs.model()
        assert await answer(model) == str(model.pid)
        assert heard
        assert key.encode() not in b"".join(heard)
        assert all(len(line.strip()) in (0, 64) for line in heard)


async def test_an_engine_that_does_not_answer_is_not_waited_for(
    programs: Programs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedded_shared, "_DEAF_SECONDS", 0.3)
    monkeypatch.setattr(embedded_lease, "_HELLO_SECONDS", 0.5)
    first, second = programs.model(), programs.model()
    await first.load()
    (shared,) = programs.engines()
    os.kill(shared, signal.SIGSTOP)
    try:
        with caplog.at_level(logging.WARNING):
            assert await answer(second) == str(second.pid)
    finally:
        os.kill(shared, signal.SIGCONT)
    assert second.pid != shared
    assert second.pid in {child.pid for child in psutil.Process().children()}
    own = second.pid
    assert caplog.messages == [
        "The embedded engine that runs already does not answer. "
        "So the embedded engine is not shared with other programs."
    ]
    assert await answer(first) == str(shared)
    # Its own engine is no engine for ever: when it ends, the one that answers again is joined.
    assert own is not None
    os.kill(own, signal.SIGKILL)
    await until(lambda: second.pid is None)
    assert await answer(second) == str(shared)


# Directories that cannot be used


@pytest.mark.parametrize("trouble", ["link", "file", "lock", "starts"])
async def test_without_a_directory_of_its_own_a_program_has_its_own_engine(
    programs: Programs, trouble: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = programs.home.directory
    directory.parent.mkdir()
    (tmp_path / "elsewhere").mkdir()
    if trouble == "link":
        directory.symlink_to(tmp_path / "elsewhere")
    elif trouble == "file":
        directory.write_text("")
    else:
        directory.mkdir()
        # Where the engine's lock or the record of its starts is to be, there is something else.
        where = programs.place.lock if trouble == "lock" else programs.place.starts
        where.mkdir()
        (where / "full").touch()
    model = programs.model()
    with caplog.at_level(logging.WARNING):
        assert await answer(model) == str(model.pid)
    assert model.pid in {child.pid for child in psutil.Process().children()}
    assert len(caplog.messages) == 1
    assert "is not shared with other programs" in caplog.messages[0]
    assert str(directory) in caplog.messages[0]
    await model.close()
    await until(lambda: programs.engines() == [])


async def test_a_lock_that_another_has_is_not_waited_for_without_end(programs: Programs) -> None:
    """A program takes the start lock, and is stopped: who finds the engine needs no lock."""
    first = programs.model()
    await first.load()
    start = take(programs.place.start)
    assert start is not None
    second = programs.model()
    await second.load()
    assert second.pid == first.pid
    start.drop()
