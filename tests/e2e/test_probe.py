"""A model whose name tells nothing: probed in the background, then asked as it understands."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from inglenook.models.holes import HOLES
from inglenook.models.templates import TEMPLATES
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.house import AUTOMATIC, House, config_for, server_for
from tests.support.understands import understands

FILE = "def total(prices):\n    █\n\nprint(total([1]))\n"
OTHER = "def mean(prices):\n    █\n\nprint(mean([1]))\n"
PROBES = {"INGLENOOK_PROBE": "on"}
STARCODER = TEMPLATES["starcoder"]
ANSWER = "return sum(prices)"


def _holes(backend: FakeBackend) -> int:
    """How many of the probe's own prompts were sent, in whatever template."""
    return sum(HOLES[0].after.encode()[4:12] in seen.body for seen in backend.generations)


async def _probed(directory: Path) -> None:
    """Until a finding is kept."""
    async with asyncio.timeout(60):
        while not list(directory.rglob("probes/*.json")):
            await asyncio.sleep(0.05)


def _in_template(backend: FakeBackend) -> bool:
    """Whether the last request was in the template that the model understands."""
    asked = backend.generations[-1]
    prompt = str(asked.json.get("prompt", ""))
    return asked.path == "/completion" and prompt.startswith(STARCODER.prefix)


async def test_what_is_found_decides_what_completion_sends(tmp_path: Path) -> None:
    """Before, after, after a restart, and with other weights."""
    script = {"models": ("coder",), "infill": False}
    async with fake_backend(**script) as backend:
        backend.script.answer = understands("starcoder", otherwise=ANSWER)
        async with server_for(tmp_path, "llama.cpp", backend.url, environment=PROBES) as client:
            home = House(client, backend)
            told = await home.status("idle")
            assert "emulated through chat" in told["text"]
            home.open(FILE)
            await home.text(AUTOMATIC)
            assert backend.generations[-1].path == "/v1/chat/completions"
            assert _holes(backend) == 0
            await _probed(tmp_path)
            assert _holes(backend) >= 6
            await client.until(lambda: client.seen("inglenook/status")[-1].get("text", "") == "")
            uri = "file:///house/other.py"
            home.open(OTHER, uri)
            backend.reset()
            assert await home.text(AUTOMATIC) == ANSWER
            assert _in_template(backend)
        backend.reset()
        async with server_for(tmp_path, "llama.cpp", backend.url, environment=PROBES) as client:
            home = House(client, backend)
            assert (await home.status("idle"))["text"] == ""
            home.open(OTHER.replace("mean", "middle"))
            assert await home.text(AUTOMATIC) == ANSWER
            assert _in_template(backend)
        assert _holes(backend) == 0
        backend.script.models = ("coder-2",)  # other weights, and another digest with them
        async with server_for(tmp_path, "llama.cpp", backend.url, environment=PROBES) as client:
            home = House(client, backend)
            home.open(OTHER)
            await home.text(AUTOMATIC)
            assert backend.generations[-1].path == "/v1/chat/completions"
            async with asyncio.timeout(60):
                while len(list(tmp_path.rglob("probes/*.json"))) < 2:
                    await asyncio.sleep(0.05)


async def _command(directory: Path, address: str, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "inglenook", *arguments),
        env={**os.environ, **config_for(directory, "llama.cpp", address)},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode()


async def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "cart.py"
    file.write_text(FILE.replace("█", ""))
    async with fake_backend(models=("coder",), infill=False) as backend:
        backend.script.answer = understands("starcoder", otherwise=ANSWER)
        code, out = await _command(tmp_path, backend.url, "models", "probe", "coder")
        assert code == 0
        assert "+++  template of starcoder\n" in out
        assert "  -    template of codellama\n" in out
        assert "Asked  template of starcoder, frozen-line" in out
        assert "1,000 prompt tokens a second" in out
        assert "8,192 tokens of window" in out
        code, out = await _command(tmp_path, backend.url, "complete", f"{file}:2:5")
        assert (code, out) == (0, ANSWER + "\n")
        assert _in_template(backend)
        code, out = await _command(tmp_path, backend.url, "models", "probe", "coder", "--json")
        body = json.loads(out)
        assert body["way"] == {
            "fill": "template",
            "family": "starcoder",
            "layout": "frozen-line",
        }
        assert len({tried["way"]["family"] for tried in body["tried"]}) >= 6
        backend.script.answer = lambda _number, _body: "and so on"
        code, out = await _command(tmp_path, backend.url, "models", "probe", "coder")
        assert code == 1
        assert "No way of asking filled the known holes" in out
        assert "Asked  a chat instruction" in out
        code, _ = await _command(tmp_path, "http://127.0.0.1:9", "models", "probe", "coder")
        assert code == 3
