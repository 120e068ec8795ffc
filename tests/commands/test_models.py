"""``inglenook models``, as a user types it."""

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
from inglenook.engine.config import load
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
    monkeypatch.setattr(load, "LLAMA_CPP_ADDRESS", NOWHERE)
    monkeypatch.setattr(load, "LM_STUDIO_ADDRESS", NOWHERE)
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
    for command in (["models", "list"],):
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

    path.unlink()
    assert main(["models", "get", "tiny:1b", "--json"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"name": "tiny:1b", "bytes": 0, "size": 4},
        {"bytes": 0, "size": 4},
        {"bytes": 4, "size": 4},
        {"path": str(path)},
    ]
