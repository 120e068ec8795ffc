"""``inglenook models`` and ``inglenook doctor``, as a user types them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from asyncio import StreamReader
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from inglenook.cli import main
from inglenook.engine import config
from inglenook.models import catalogue, embedded
from inglenook.models import download as downloading
from inglenook.models.catalogue import Entry
from inglenook.models.download_source import Answer

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens
Backend = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing is installed, running or configured."""
    monkeypatch.setenv("INGLENOOK_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("INGLENOOK_CONFIG", str(tmp_path / "config.yaml"))
    monkeypatch.setenv("OLLAMA_HOST", NOWHERE)
    monkeypatch.setattr(config, "LLAMA_CPP_ADDRESS", NOWHERE)
    monkeypatch.setattr(config, "LM_STUDIO_ADDRESS", NOWHERE)
    monkeypatch.setattr(embedded, "is_installed", lambda: True)
    (tmp_path / "config.yaml").touch()
    return tmp_path


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    """Starts a fake Ollama with a script, and lets OLLAMA_HOST name it."""
    started = []

    def start(**script: Any) -> str:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fake_backend", "--script", json.dumps(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        started.append(process)
        assert process.stdout is not None
        url = f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
        monkeypatch.setenv("OLLAMA_HOST", url)
        return url

    yield start
    for process in started:
        process.communicate()


def test_list_marks_the_model_that_is_used(
    ollama: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama(models=("llama3:8b", "qwen2.5-coder:0.5b"))
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  llama3:8b          ollama 398 MB chat        loaded",
        "* qwen2.5-coder:0.5b ollama 398 MB fills holes loaded",
    ]


def test_models_alone_lists(ollama: Backend, capsys: pytest.CaptureFixture[str]) -> None:
    ollama()
    assert main(["models"]) == 0
    assert "qwen2.5-coder:0.5b" in capsys.readouterr().out


def test_list_as_json(ollama: Backend, capsys: pytest.CaptureFixture[str]) -> None:
    url = ollama(loaded=False)
    assert main(["models", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "models": [
            {
                "name": "qwen2.5-coder:0.5b",
                "backend": "ollama",
                "address": url,
                "family": "qwen-coder",
                "size_bytes": 397821319,
                "loaded": False,
                "refused": "",
                "picked": True,
            }
        ]
    }


def test_nothing_to_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "inglenook: No local model was found: start Ollama, LM Studio or llama.cpp, or run: "
        "inglenook models get qwen2.5-coder:0.5b"
    ]


def test_a_name_cannot_write_to_the_terminal(
    ollama: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama(models=("evil\x1b]0;owned\x07:\n1b\x9b31m\u202e",))
    for command in (["models", "list"], ["doctor"]):
        main(command)
        out = capsys.readouterr().out
        assert not [sign for sign in out if sign != "\n" and not sign.isprintable()]
        assert "evil\\x1b]0;owned\\x07:\\n1b\\x9b31m\\u202e" in out


def test_what_is_refused_is_listed_and_said(
    ollama: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama(remote_host="https://ollama.com")
    assert main(["models", "list"]) == 0
    out, err = capsys.readouterr()
    assert "forwards it to another host" in out
    assert "cannot be used" in err


def test_get_of_an_unknown_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "get", "gpt\x1b[31m"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "known: qwen2.5-coder:0.5b" in err
    assert "\x1b" not in err


def test_get_without_a_network(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = Entry("tiny:1b", "tiny.gguf", "https://127.0.0.1:9/tiny.gguf", 4, "0" * 64, "MIT", "")
    monkeypatch.setattr(catalogue, "CATALOGUE", (entry,))
    assert main(["models", "get", "tiny:1b"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == (
        "inglenook: 127.0.0.1 could not be reached: there may be no network."
    )
    assert list((home / "models").iterdir()) == []


def test_get_prints_the_path(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = hashlib.sha256(b"body").hexdigest()
    entry = Entry("tiny:1b", "tiny.gguf", "https://127.0.0.1:9/tiny.gguf", 4, digest, "MIT", "")
    monkeypatch.setattr(catalogue, "CATALOGUE", (entry,))

    @asynccontextmanager
    async def asked(*_: object) -> AsyncIterator[Answer]:
        content = StreamReader()
        content.feed_data(b"body")
        content.feed_eof()
        yield Answer(0, 4, None, "127.0.0.1", cast("Any", content))

    monkeypatch.setattr(downloading, "asked", asked)
    assert main(["models", "get", "tiny:1b"]) == 0
    path = home / "models" / "tiny.gguf"
    assert path.read_bytes() == b"body"
    assert capsys.readouterr().out == f"{path}\n"


def test_doctor_says_what_is_used_and_why(
    ollama: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    url = ollama(models=("llama3:8b", "qwen2.5-coder:0.5b"))
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "Used  qwen2.5-coder:0.5b of ollama (verified-local)" in out
    assert "It fills in the middle, and it is loaded already." in out
    assert f"ollama  {url}" in out
    assert "--log-file" in out


def test_doctor_as_json(ollama: Backend, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ollama(loaded=False)
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["picked"] == {
        "name": "qwen2.5-coder:0.5b",
        "backend": "ollama",
        "reason": "It fills in the middle, and it is the best of those that were found.",
        "locality": "verified-local",
        "fill": "template",
        "family": "qwen-coder",
        "context_tokens": 8192,
        "notice": "",
    }
    assert report["config"] == {"file": str(home / "config.yaml"), "found": True}
    assert [place["backend"] for place in report["looked_at"]] == [
        "ollama",
        "llama.cpp",
        "lmstudio",
        "embedded",
    ]
    assert report["packages"]["aiohttp"]
    assert report["trouble"] == ""


def test_doctor_of_an_empty_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert f"Nothing answers at {NOWHERE}" in out
    assert "inglenook models get qwen2.5-coder:0.5b" in out


def test_doctor_shows_the_notices_of_the_configuration(
    ollama: Backend, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ollama()
    (home / "config.yaml").write_text("models:\n  - {name: a, provider: anthropic, model: m}\n")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert (
        f"! {home / 'config.yaml'}:2: models[0].provider: 'anthropic' is not yet supported" in out
    )
    assert "Used  qwen2.5-coder:0.5b" in out


def test_doctor_of_an_exposed_ollama(
    ollama: Backend, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = ollama().rpartition(":")[2]
    monkeypatch.setenv("OLLAMA_HOST", f"0.0.0.0:{port}")
    assert main(["doctor"]) == 0
    assert "OLLAMA_HOST means every network of this machine" in capsys.readouterr().out


def test_doctor_of_a_backend_that_breaks(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = home / "script.json"
    (home / "config.yaml").write_text(
        f"models:\n  - {{name: a, provider: fake, model: {json.dumps(str(script))}}}\n"
    )
    assert main(["doctor"]) == 3
    out, err = capsys.readouterr()
    assert "is not a script for the fake model" in out
    assert "Traceback" not in out + err
