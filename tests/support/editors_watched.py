"""The real server under watch: what an editor and it said, and what its model was asked."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.editors_server import Server, installed
from tests.support.house import config_for

_ROOT = Path(__file__).parents[2]
_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
_RECORDER = """\
#!/bin/sh
cd {folder} && run=0 && until mkdir "run$run" 2>>log; do run=$((run + 1)); done
cd "run$run" && tee received | {program} "$@" 2>log | tee sent
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was recorded is whole once the editor is gone; ``run`` counts the server's starts."""

    server: Server
    folder: Path
    backend: str  # its address

    def received(self, run: int = 0) -> list[dict[str, Any]]:
        """The editor's messages."""
        return _messages((self.folder / f"run{run}/received").read_bytes())

    def sent(self, run: int = 0) -> list[dict[str, Any]]:
        """The server's messages."""
        return _messages((self.folder / f"run{run}/sent").read_bytes())

    def log(self, run: int = 0) -> str:
        return (self.folder / f"run{run}/log").read_text()

    def prompts(self) -> list[tuple[str, str]]:
        """What the model was shown each time: before the cursor, and after it."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.backend}/_control", timeout=20) as answer:
            requests = json.loads(answer.read())["requests"]
        bodies = [json.loads(request["body"]) for request in requests if request["number"]]
        return [_sides(str(body["prompt"])) for body in bodies]


@contextmanager
def watched_server(folder: Path, text: str, **script: Any) -> Iterator[Watched]:
    """A server whose model always says ``text``, where ``{n}`` is the number of the request.

    ``script`` are further fields of `fake_backend.Script`.
    """
    with backend(text, **script) as address:
        recorder = folder / "recorded-inglenook"
        words = {"folder": shlex.quote(str(folder)), "program": shlex.quote(str(installed()))}
        recorder.write_text(_RECORDER.format(**words))
        recorder.chmod(0o755)
        server = Server(recorder, config_for(folder, "llama.cpp", address))
        yield Watched(server, folder, address)


@contextmanager
def backend(text: str, model: str = "qwen2.5-coder:0.5b", **script: Any) -> Iterator[str]:
    """The address of a fake llama.cpp whose ``model`` always says ``text``."""
    command = [sys.executable, "-m", "tests.support.fake_backend"]
    command += ["--script", json.dumps({"text": text, "models": [model], **script})]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=_ROOT, **pipes) as running:  # ends with its stdin
        assert running.stdout is not None
        port = json.loads(running.stdout.readline())["port"]
        yield f"http://127.0.0.1:{port}"


def _sides(prompt: str) -> tuple[str, str]:
    before, _, rest = prompt.removeprefix("<|fim_prefix|>").partition("<|fim_suffix|>")
    after, _, typed = rest.partition("<|fim_middle|>")
    return before + typed, after


def _messages(stream: bytes) -> list[dict[str, Any]]:
    messages = []
    while stream:
        head, _, rest = stream.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length is not None, head
        size = int(length[1])
        messages.append(json.loads(rest[:size]))
        stream = rest[size:]
    return messages
