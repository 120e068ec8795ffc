"""What is found on a machine, which of it is picked, and why."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inglenook.models import choose, discover, embedded
from inglenook.models.choose import candidates, connect, connect_best, pick, why_none
from inglenook.models.discover import Found, Place, Survey, matches, survey
from inglenook.models.egress import EgressPolicy
from inglenook.models.errors import BackendOffline, ModelMissing
from inglenook.models.http import HttpClient
from inglenook.models.spec import ModelSpec, Provider
from tests.support.chaos_server import whole
from tests.support.fake_backend import fake_backend

GB = 1_000_000_000
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


def write_gguf(file: Path, name: str = "Qwen2.5 Coder") -> Path:
    values = {"general.architecture": "qwen2", "general.name": name}
    parts = [b"GGUF", struct.pack("<IQQ", 3, 0, len(values))]
    for key, value in values.items():
        parts += [struct.pack("<Q", len(key)), key.encode()]
        parts += [struct.pack("<IQ", 8, len(value)), value.encode()]
    file.write_bytes(b"".join(parts))
    return file


async def look(directory: Path, *specs: ModelSpec, ollama: str = "", llama: str = "") -> Survey:
    return await survey(
        specs,
        EgressPolicy(),
        ollama_address=ollama,
        llama_cpp_address=llama,
        models_dir=directory,
    )


def picked(seen: Survey, name: str = "") -> str:
    choice = pick(seen, name=name)
    return f"{choice.found.provider} {choice.found.name}" if choice else ""


@pytest.fixture(autouse=True)
def extra_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "is_installed", lambda: True)


@pytest.fixture(autouse=True)
def a_machine_with_16_gb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "_memory_bytes", lambda: 16 * GB)


async def test_an_empty_machine(tmp_path: Path) -> None:
    seen = await look(tmp_path / "none", ollama=NOWHERE, llama=NOWHERE)
    assert [place.provider for place in seen.places] == ["ollama", "llama.cpp", "embedded"]
    assert all(place.trouble for place in seen.places)
    assert pick(seen) is None
    assert "inglenook models get qwen2.5-coder:0.5b" in why_none(seen)


async def test_everything_is_looked_at(tmp_path: Path) -> None:
    write_gguf(tmp_path / "own.gguf")
    async with (
        fake_backend(models=("llama3:8b", "starcoder2:3b"), loaded=False) as ollama,
        fake_backend(models=("codegemma-2b",)) as llama,
    ):
        seen = await look(tmp_path, ollama=ollama.url, llama=llama.url)
        assert not ollama.generations
        assert not llama.generations
    assert [(place.trouble, [found.name for found in place.models]) for place in seen.places] == [
        ("", ["llama3:8b", "starcoder2:3b"]),
        ("", ["codegemma-2b"]),
        ("", ["own"]),
    ]
    assert picked(seen) == "llama.cpp codegemma-2b"


async def test_a_forwarded_model_is_seen_and_refused(tmp_path: Path) -> None:
    async with fake_backend(remote_host="https://ollama.com") as ollama:
        seen = await look(tmp_path, ollama=ollama.url)
    (found,) = seen.places[0].models
    assert "forwards it" in found.refused
    assert pick(seen) is None
    assert "forwards it" in why_none(seen)
    assert pick(seen, name="qwen2.5-coder:0.5b") is None


async def test_a_server_of_another_kind_is_not_taken_for_a_backend(tmp_path: Path) -> None:
    async with fake_backend() as backend:
        seen = await look(tmp_path, ollama=backend.url + "/app", llama=backend.url + "/app")
    assert [bool(place.trouble) for place in seen.places[:2]] == [True, True]
    assert pick(seen) is None


async def test_a_loading_server_is_trouble_that_says_so(tmp_path: Path) -> None:
    async with fake_backend(models=()) as llama:
        seen = await look(tmp_path, llama=llama.url)
    assert seen.places[0].trouble


async def test_an_address_elsewhere_is_never_asked(tmp_path: Path) -> None:
    seen = await look(tmp_path, ollama="http://192.0.2.1:11434")
    assert "not on this machine" in seen.places[0].trouble


async def test_a_host_that_nobody_finds_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's resolver may take half a minute, and cannot be stopped."""
    away = threading.Event()
    lookups = []

    def silent(host: str, *_: object, **__: object) -> list[object]:
        lookups.append(host)
        away.wait()
        raise socket.gaierror

    monkeypatch.setattr(discover, "_PLACE_SECONDS", 1.5)
    hosts = [f"http://gpu{number}.example:8000" for number in range(60)]
    specs = [ModelSpec(host, Provider.OPENAI, "m", host) for host in hosts]
    async with fake_backend() as backend:
        monkeypatch.setattr(socket, "getaddrinfo", silent)
        seen = await survey(
            specs,
            EgressPolicy(frozenset(hosts)),
            ollama_address=backend.url,
            llama_cpp_address="",
            models_dir=tmp_path,
        )
    assert picked(Survey(seen.places)) == "ollama qwen2.5-coder:0.5b"
    assert len(lookups) == 60
    assert all("did not answer" in place.trouble for place in seen.places[1:-1])
    assert seen.places[-1].provider is Provider.EMBEDDED  # found in one of asyncio's threads
    away.set()


async def test_a_gateway_on_the_usual_port_is_left_alone(tmp_path: Path) -> None:
    async with fake_backend(gateway=True, models=("gpt-4o",)) as gateway:
        seen = await look(tmp_path, llama=gateway.url)
        assert "does not show that it is llama.cpp" in seen.places[0].trouble
        assert pick(seen) is None
        own = ModelSpec("Mine", Provider.LLAMA_CPP, "any")
        assert pick(await look(tmp_path, own, llama=gateway.url)) is None
        own = ModelSpec("Mine", Provider.LLAMA_CPP, "any", gateway.url)
        assert picked(await look(tmp_path, own, llama=gateway.url)) == "llama.cpp gpt-4o"
        assert not gateway.generations


async def test_a_survey_sends_no_prompt_and_has_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discover, "_PLACE_SECONDS", 0.3)

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    silent = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with fake_backend(models=("mystery",), first_token_ms=60_000) as llama:
        seen = await look(tmp_path, ollama=silent, llama=llama.url)
        assert not llama.generations
    assert [bool(place.trouble) for place in seen.places[:2]] == [True, False]
    assert "did not answer within 0.3 s" in seen.places[0].trouble
    assert picked(seen) == "llama.cpp mystery"
    server.close()


async def test_a_survey_uses_the_connections_it_is_given(
    tmp_path: Path, client: HttpClient
) -> None:
    async with fake_backend() as llama:
        seen = await survey(
            (),
            EgressPolicy(),
            ollama_address="",
            llama_cpp_address=llama.url,
            models_dir=tmp_path,
            client=client,
        )
        choice = pick(seen)
        assert choice is not None
        await connect(client, choice)
        assert [request.path for request in llama.seen] == ["/v1/models", "/props"]
        assert llama.connections == 1


@pytest.mark.parametrize("name", ["mine:cloud", "big:480b-cloud"])
async def test_a_name_of_the_cloud_is_refused(tmp_path: Path, name: str) -> None:
    async with fake_backend(models=(name,)) as ollama:
        seen = await look(tmp_path, ollama=ollama.url)
    assert pick(seen) is None
    assert "forwards it" in why_none(seen)


async def test_a_size_that_none_can_mean(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
        sizes = b'{"models": [{"name": "a", "size": 1%b}]}' % (b"0" * 400)
        body = sizes if path == b"/api/tags" else b'{"models": []}'
        writer.write(whole(200, body, "Connection: close\r\n"))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    seen = await look(tmp_path, ollama=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()
    assert [found.size_bytes for found in seen.places[0].models] == [0]
    assert picked(seen) == "ollama a"


if sys.platform != "win32":  # which has no pipes among its files

    async def test_a_pipe_in_the_models_directory_is_not_opened(tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "x.gguf")
        (place,) = (await look(tmp_path)).places
        assert [found.refused for found in place.models] == [
            "x.gguf is no GGUF file that can be read."
        ]


async def test_a_home_that_nobody_has(tmp_path: Path) -> None:
    spec = ModelSpec("Mine", Provider.EMBEDDED, "~nosuchuser/m.gguf")
    seen = await look(tmp_path, spec)
    assert why_none(seen) == (
        "'Mine' of your configuration file cannot be used: "
        f"embedded has no model '~nosuchuser/m.gguf'. There is no GGUF file in {tmp_path}."
    )


async def test_a_file_in_the_home_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_gguf(tmp_path / "own.gguf")
    seen = await look(tmp_path / "none", ModelSpec("Mine", Provider.EMBEDDED, "~/own.gguf"))
    assert picked(seen) == "embedded own"


@pytest.mark.parametrize("window", [-1, -(1 << 31)])
def test_a_negative_window_is_an_unknown_one(tmp_path: Path, window: int) -> None:
    file = write_gguf(tmp_path / "own.gguf")
    key = b"qwen2.context_length"
    entry = struct.pack("<Q", len(key)) + key + struct.pack("<Ii", 5, window)
    data = bytearray(file.read_bytes()) + entry
    struct.pack_into("<Q", data, 16, 3)
    file.write_bytes(data)
    info = embedded.describe(file)
    assert info is not None
    assert info.context_tokens == embedded.CONTEXT_TOKENS


def test_no_adapter_is_imported_before_it_is_used() -> None:
    """Checked in a process of its own, since the tests import all of them."""
    program = (
        "import sys, inglenook.models.choose\n"
        "names = 'embedded', 'ollama', 'llama_cpp', 'fake', 'ollama_load'\n"
        "print({f'inglenook.models.{name}' for name in names} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "set()"


async def test_files_that_are_no_whole_model_are_left_out(tmp_path: Path) -> None:
    write_gguf(tmp_path / "big-00001-of-00002.gguf")
    write_gguf(tmp_path / "big-00002-of-00002.gguf")
    write_gguf(tmp_path / "mmproj-big.gguf")
    write_gguf(tmp_path / ".big.gguf.x.part")
    (tmp_path / "empty.gguf").touch()
    (place,) = (await look(tmp_path)).places
    assert [found.name for found in place.models if not found.refused] == ["big-00001-of-00002"]
    assert [found.name for found in place.models if found.refused] == ["empty"]


async def test_a_file_without_the_extra_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "is_installed", lambda: False)
    write_gguf(tmp_path / "own.gguf")
    seen = await look(tmp_path)
    assert pick(seen) is None
    assert "pip install xllamacpp" in why_none(seen)


def found(name: str, **fields: object) -> Found:
    given = {
        "provider": Provider.OLLAMA,
        "address": "",
        "family": "qwen-coder",
        "size_bytes": GB,
        "loaded": False,
    } | fields
    return Found(name=name, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        pytest.param(
            found("chat", family="", loaded=True), found("coder", size_bytes=9 * GB), id="holes"
        ),
        pytest.param(
            found("huge", size_bytes=900 * GB, loaded=True),
            found("big", size_bytes=5 * GB),
            id="memory",
        ),
        pytest.param(found("slow", size_bytes=3 * GB, loaded=True), found("quick"), id="quick"),
        pytest.param(found("cold", size_bytes=2 * GB), found("warm", loaded=True), id="loaded"),
        pytest.param(
            found("ours", provider=Provider.EMBEDDED, size_bytes=2 * GB),
            found("theirs"),
            id="server",
        ),
        pytest.param(found("small"), found("larger", size_bytes=2 * GB), id="largest quick"),
        pytest.param(
            found("largest", size_bytes=6 * GB), found("large", size_bytes=3 * GB), id="least slow"
        ),
        pytest.param(found("vectors", embeds=True), found("coder", family=""), id="vectors"),
    ],
)
def test_the_order(worse: Found, better: Found) -> None:
    for models in ((worse, better), (better, worse)):
        choice = pick(Survey((Place(Provider.OLLAMA, "", models),)))
        assert choice is not None
        assert choice.found == better
        assert choice.reason.endswith(".")


LIST = Survey(
    (
        Place(
            Provider.OLLAMA,
            "",
            (
                found("qwen2.5-coder:0.5b", size_bytes=GB // 2),
                found("qwen2.5-coder:1.5b"),
                found("llama3:latest", family=""),
            ),
        ),
        Place(Provider.EMBEDDED, "", (found("own", provider=Provider.EMBEDDED),)),
    )
)


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("qwen2.5-coder:0.5b", "ollama qwen2.5-coder:0.5b"),
        ("QWEN2.5-CODER:0.5B", "ollama qwen2.5-coder:0.5b"),
        ("qwen2.5-coder", "ollama qwen2.5-coder:1.5b"),
        ("llama3", "ollama llama3:latest"),
        ("llama3:latest", "ollama llama3:latest"),
        ("own.gguf", "embedded own"),
        ("own", "embedded own"),
        ("coder", ""),
        ("qwen2.5-coder:7b", ""),
    ],
)
def test_a_model_asked_for_by_name(name: str, result: str) -> None:
    assert picked(LIST, name) == result
    if not result:
        assert name in why_none(LIST, name=name)


def test_a_file_is_also_named_by_its_path() -> None:
    own = found("own", provider=Provider.EMBEDDED, address="/models/own.gguf")
    assert matches(own, "/models/own.gguf")
    assert not matches(own, "/elsewhere/own.gguf")


async def test_the_users_file_comes_first(tmp_path: Path) -> None:
    spec = ModelSpec("Mine", Provider.OLLAMA, "llama3:8b", "", ("autocomplete",))
    async with fake_backend(models=("qwen2.5-coder:0.5b", "llama3:8b")) as ollama:
        seen = await look(tmp_path, spec, ollama=ollama.url)
    assert picked(seen) == "ollama llama3:8b"
    assert picked(seen, "mine") == "ollama llama3:8b"
    assert picked(seen, "qwen2.5-coder") == "ollama qwen2.5-coder:0.5b"


async def test_the_users_file_may_name_a_server_of_its_own(tmp_path: Path) -> None:
    async with (
        fake_backend(models=("a-coder",)) as usual,
        fake_backend(models=("deepseek-coder:1.3b",)) as own,
    ):
        spec = ModelSpec("Mine", Provider.OLLAMA, "deepseek-coder:1.3b", own.url)
        seen = await look(tmp_path, spec, ollama=usual.url)
    choice = pick(seen)
    assert choice is not None
    assert (choice.found.name, choice.found.address) == ("deepseek-coder:1.3b", own.url)


async def test_entries_for_other_roles_are_not_taken(tmp_path: Path) -> None:
    chat = ModelSpec("Chat", Provider.OLLAMA, "llama3:8b", "", ("chat",))
    async with fake_backend(models=("qwen2.5-coder:0.5b", "llama3:8b")) as ollama:
        seen = await look(tmp_path, chat, ollama=ollama.url)
    assert picked(seen) == "ollama qwen2.5-coder:0.5b"
    choice = pick(seen, role="chat")
    assert choice is not None
    assert choice.found.name == "llama3:8b"


async def test_a_missing_model_of_the_users_file_is_not_replaced(tmp_path: Path) -> None:
    spec = ModelSpec("Mine", Provider.OLLAMA, "gone:1b", "", ("autocomplete",))
    async with fake_backend() as ollama:
        seen = await look(tmp_path, spec, ollama=ollama.url)
    assert pick(seen) is None
    assert why_none(seen) == (
        "'Mine' of your configuration file cannot be used: ollama has no model 'gone:1b'."
    )


async def test_a_refused_model_of_the_users_file_says_why(tmp_path: Path) -> None:
    spec = ModelSpec("Mine", Provider.OLLAMA, "qwen2.5-coder:0.5b")
    async with fake_backend(remote_host="https://ollama.com") as ollama:
        seen = await look(tmp_path, spec, ollama=ollama.url)
    assert pick(seen) is None
    assert "forwards it" in why_none(seen)


async def test_a_file_anywhere_can_be_named(tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "elsewhere.gguf")
    spec = ModelSpec("Mine", Provider.EMBEDDED, str(file))
    seen = await look(tmp_path / "models", spec)
    assert picked(seen) == "embedded elsewhere"


async def test_ollama_without_an_address_is_said(tmp_path: Path) -> None:
    seen = await look(tmp_path, ModelSpec("Mine", Provider.OLLAMA, "m"))
    assert "has no address: name it (apiBase)" in why_none(seen)


async def test_connects_what_was_picked(tmp_path: Path, client: HttpClient) -> None:
    file = write_gguf(tmp_path / "own.gguf")
    script = tmp_path / "script.json"
    script.write_text('{"text": "pass"}')
    fake = ModelSpec("Fake", Provider.FAKE, str(script), "", ("chat",))
    async with fake_backend() as ollama, fake_backend() as llama:
        seen = await look(tmp_path, fake, ollama=ollama.url, llama=llama.url)
        names = {}
        for choice in [*candidates(seen), *candidates(seen, "chat")]:
            model = await connect(client, choice)
            names[choice.found.provider] = model.info.name
            await model.close()
    assert names == {
        Provider.OLLAMA: "qwen2.5-coder:0.5b",
        Provider.LLAMA_CPP: "qwen2.5-coder:0.5b",
        Provider.EMBEDDED: file.stem,
        Provider.FAKE: "script",
    }


async def test_the_next_candidate_is_taken_if_the_first_has_gone(
    tmp_path: Path, client: HttpClient
) -> None:
    async with fake_backend(models=("qwen2.5-coder:1.5b", "qwen2.5-coder:0.5b")) as ollama:
        seen = await look(tmp_path, ollama=ollama.url)
        ollama.script.models = ("qwen2.5-coder:0.5b",)
        model, choice = await connect_best(client, seen)
        assert model.info.name == choice.found.name == "qwen2.5-coder:0.5b"
        ollama.script.models = ()
        with pytest.raises(ModelMissing, match=r"1\.5b"):
            await connect_best(client, seen)


async def test_nothing_to_connect_is_offline(tmp_path: Path, client: HttpClient) -> None:
    with pytest.raises(BackendOffline, match="No local model was found"):
        await connect_best(client, await look(tmp_path))
