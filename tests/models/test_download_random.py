"""Whatever a source does and whenever a download is killed: never a wrong file under the name.

Drawn plans and drawn moments; a failure names the seed that draws it again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import signal
import ssl
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest
import trustme

from inglenook.models import download as module
from inglenook.models import download_source
from inglenook.models.catalogue import Entry
from inglenook.models.download import DownloadFailed, download
from tests.support.source_server import Ranges, Reply, Source, publishing

BODY: Final = random.Random(1).randbytes(200_000)
# The same length and other bytes; the same beginning; another length.
BODIES: Final = (
    random.Random(2).randbytes(len(BODY)),
    BODY[:120_000] + bytes(len(BODY) - 120_000),
    BODY[:-1],
    BODY + b"x",
)
DATES: Final = (None, "Wed, 25 Nov 2020 12:00:00 GMT", "Wed, 25 Nov 2026 12:00:00 GMT")
PLANS: Final = 40  # of one seed


def entry_at(address: str) -> Entry:
    digest = hashlib.sha256(BODY).hexdigest()
    return Entry("tiny:1b", "tiny.gguf", address, len(BODY), digest, "MIT", "")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def drawn(draw: random.Random) -> Source:
    """A source with a bad character."""
    body = BODY if draw.random() < 0.7 else draw.choice(BODIES)
    source = Source(body, tag=draw.choice(('"1"', '"2"', 'W/"1"', None)))
    source.changed = draw.choice(DATES)
    source.plan = [reply(draw) for _ in range(draw.randrange(1, 9))]
    return source


def reply(draw: random.Random) -> Reply:
    def somewhere() -> int:
        return draw.choice((0, 1, draw.randrange(len(BODY)), draw.randrange(len(BODY))))

    trouble = draw.randrange(12)
    ranges = draw.choice(tuple(Ranges)) if draw.random() < 0.5 else Ranges.HONEST
    chunked = draw.random() < 0.3
    if trouble == 0:
        return Reply(status=draw.choice((301, 403, 404, 416, 429, 500, 503)))
    if trouble == 1:
        place = draw.choice(("/nowhere", "http://127.0.0.1:9/", "https://127.0.0.1:9/", "//[", ""))
        return Reply(status=302, location=place)
    if trouble == 2:
        return Reply(ranges, stall=somewhere(), chunked=chunked)
    if trouble < 9:
        return Reply(ranges, cut=somewhere(), reset=draw.random() < 0.5, chunked=chunked)
    return Reply(ranges, chunked=chunked, extra=b"x" * draw.choice((0, 0, 1, 100_000)))


async def changing(source: Source, draw: random.Random) -> None:
    """Change the file after some of the requests, now and then under the same tag."""
    while True:
        seen = len(source.asked)
        while len(source.asked) == seen:
            await asyncio.sleep(0.001)
        if draw.random() < 0.2:
            source.body = draw.choice((BODY, *BODIES))
            source.tag = draw.choice((source.tag, f'"{len(source.asked)}"'))


async def suffer(source: Source, draw: random.Random, entry: Entry, *where: object) -> str:
    """A sentence, or nothing if it ended right."""
    directory, trust = where
    assert isinstance(directory, Path)
    assert isinstance(trust, ssl.SSLContext)
    changes = asyncio.create_task(changing(source, draw))
    try:
        path = await download(entry, directory, lambda _size: None, trust=trust)
    except DownloadFailed as failure:
        return str(failure)
    finally:
        changes.cancel()
    assert path.read_bytes() == BODY
    return ""


@pytest.mark.parametrize("seed", range(10))
async def test_ends_right_or_with_one_sentence(
    tmp_path: Path,
    authority: trustme.CA,
    trust: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0)
    draws = {f"plan{n}": random.Random(f"{seed}-{n}") for n in range(PLANS)}
    sources = {name: drawn(draw) for name, draw in draws.items()}
    plans = {name: [asdict(each) for each in source.plan] for name, source in sources.items()}
    (tmp_path / "nowhere").mkdir()
    async with publishing(authority, nowhere=Source(b""), **sources) as address:
        with monkeypatch.context() as patch:
            patch.setattr(download_source, "_SILENCE_SECONDS", 0.1)
            ends = await asyncio.gather(
                *(
                    suffer(
                        sources[name], draw, entry_at(f"{address}/{name}"), tmp_path / name, trust
                    )
                    for name, draw in draws.items()
                )
            )
        for name, end in zip(draws, ends, strict=True):
            files = {file.name for file in (tmp_path / name).iterdir()}
            told = f"{name}: {end!r} after {plans[name]}"
            if end:
                assert end.endswith("."), told
                assert "\n" not in end, told
                assert files in (set(), {".tiny.gguf.part", ".tiny.gguf.part.json"}), told
                assert bool(files) == ("goes on with them" in end), told
            else:
                assert files == {"tiny.gguf"}, told
        failed = [name for name, end in zip(draws, ends, strict=True) if end]
        assert 0 < len(failed) < PLANS
        for name in failed:
            source = sources[name]
            source.body, source.tag, source.plan = BODY, '"honest"', []
            entry = entry_at(f"{address}/{name}")
            path = await download(entry, tmp_path / name, lambda _size: None, trust=trust)
            assert path.read_bytes() == BODY, name
            assert list((tmp_path / name).iterdir()) == [path], name


COMMAND: Final = """
import json, sys
from inglenook.models import catalogue
catalogue.CATALOGUE = (catalogue.Entry(**json.loads(sys.argv[1])),)
from inglenook.cli import main
sys.exit(main(["models", "get", "tiny:1b"]))
"""


async def start(entry: Entry, directory: Path, certificates: Path) -> asyncio.subprocess.Process:
    """`inglenook models get`, in a process of its own."""
    environment = os.environ | {
        "INGLENOOK_MODELS_DIR": str(directory),
        "SSL_CERT_FILE": str(certificates),
    }
    command = [sys.executable, "-c", COMMAND, json.dumps(asdict(entry))]
    return await asyncio.create_subprocess_exec(
        *command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        # A shell's job in the background inherits that Ctrl-C is ignored, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


async def grown(part: Path, size: int) -> None:
    while not part.exists() or part.stat().st_size < size:
        await asyncio.sleep(0.001)


async def test_a_killed_download_goes_on(tmp_path: Path, authority: trustme.CA) -> None:
    draw = random.Random(3)
    certificates = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(certificates)
    directory = tmp_path / "models"
    part = directory / ".tiny.gguf.part"
    # No answer is a whole one, so that no command can be done before it is killed.
    source = Source(BODY, plan=[Reply(stall=18_000, pace=0.001)] * 10)
    async with publishing(authority, tiny=source) as address:
        entry = entry_at(f"{address}/tiny")
        for turn in range(10):
            before = part.stat().st_size if part.exists() else 0
            process = await start(entry, directory, certificates)
            if turn:
                await grown(part, before + draw.choice((1, 16_384, 18_000)))
            await asyncio.sleep(draw.random() * (0.002 if turn else 0.3))
            process.kill()
            _, complaint = await process.communicate()
            assert process.returncode == -signal.SIGKILL, complaint
            assert not (directory / entry.file).exists()
        source.plan = []
        process = await start(entry, directory, certificates)
        out, complaint = await process.communicate()
    assert process.returncode == 0, complaint
    assert out.decode().strip() == str(directory / entry.file)
    assert (directory / entry.file).read_bytes() == BODY
    assert [file.name for file in directory.iterdir()] == [entry.file]
    assert len([asked for asked in source.ranges() if asked]) >= 5
    assert source.ranges()[-1] is not None


async def test_ctrl_c_is_one_sentence(tmp_path: Path, authority: trustme.CA) -> None:
    certificates = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(certificates)
    # However late this test gets its turn, nothing more comes that could end the command.
    source = Source(BODY, plan=[Reply(stall=100_000), *[Reply(stall=0)] * 20])
    async with publishing(authority, tiny=source) as address:
        entry = entry_at(f"{address}/tiny")
        process = await start(entry, tmp_path / "models", certificates)
        await grown(tmp_path / "models" / ".tiny.gguf.part", 100_000)
        process.send_signal(signal.SIGINT)
        out, told = await process.communicate()
        assert process.returncode == 130
        assert out == b""
        assert told.decode().splitlines()[-1] == (
            "inglenook: stopped; 0.1 of 0.2 MB are there, and the same command goes on with them."
        )
        assert b"Traceback" not in told
        source.plan = []
        process = await start(entry, tmp_path / "models", certificates)
        assert await process.wait() == 0
    assert source.ranges() == [None, "bytes=100000-"]
