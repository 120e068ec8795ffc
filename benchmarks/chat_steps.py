"""What a chat costs on the way to the backend, and what each piece of its answer costs.

Wall time hangs on what else a machine has to do; so beside it stand, of the same run, a request
for which nothing is to be done, there and back, and the CPU time of the server's event loop.
"""

from __future__ import annotations

import json
import sys
import tempfile
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.asker import ANSWER, Asker, at_site
from benchmarks.backend import ROOT, Backend, Request, backend
from benchmarks.chat_backend import noting_backend
from benchmarks.figures import percentile, summary
from benchmarks.index_trees import distribution
from benchmarks.servers import ours, settled
from benchmarks.sites import sites
from benchmarks.typist import rest
from tests.support.lsp_client import LspClient

TOKEN: Final = {"text": ANSWER, "chunk": 4, "token_ms": 20.0}  # 50 tokens a second
CHATS: Final = "/v1/chat/completions"
WARM_UP: Final = 20
_LINES: Final = (10, 30, 100)
_BEFORE_MS: Final = 10.0
_PIECE_MS: Final = 2.0
_NOTHING: Final = "a request for nothing"
_SERVER: Final = (sys.executable, str(ROOT / "benchmarks" / "chat_server.py"))


async def before(count: int) -> list[dict[str, Any]]:
    """From the first byte of the question on stdin until the backend has read the request."""
    figures: list[dict[str, Any]] = []
    site, folder = sites()[1], distribution()
    with _report() as report:
        async with backend(text=ANSWER) as fake, _noted(fake, report, folder) as client:
            for lines in _LINES:
                asker = at_site(client, site, folder, lines)
                await settled(client)
                await fake.reset()
                figures += await _questions(asker, fake, lines, count)
        spent = json.loads(report.read_text(encoding="utf-8"))["before"]
    asked = 2 * (count + WARM_UP)  # with each number of lines: questions and follow-ups in turn
    for number in range(len(_LINES)):
        these = spent[number * asked : (number + 1) * asked][2 * WARM_UP :]
        for follow_up in (0, 1):
            figures[3 * number + 1 + follow_up] |= _cpu(these[follow_up::2])
    return figures


async def _questions(asker: Asker, fake: Backend, lines: int, count: int) -> list[dict[str, Any]]:
    sent: dict[bool, list[int]] = {False: [], True: []}
    beside = []
    for _ in range(count + WARM_UP):
        beside.append((await asker.nothing()).milliseconds)
        await rest(40)
        for follow_up in (False, True):
            answer = await asker.ask("What does this do?", follow_up=follow_up)
            sent[follow_up].append(answer.sent)
            await rest(40)
    read = [each.read_ns for each in await chats(fake)]
    figures = [row(_NOTHING, beside[WARM_UP:])]
    for follow_up, name in ((False, "question"), (True, "follow-up")):
        pairs = zip(sent[follow_up], read[follow_up::2], strict=True)
        times = [(at - begun) / 1e6 for begun, at in pairs][WARM_UP:]
        figures.append(row(f"{name}, {lines} lines", times, _BEFORE_MS))
    return figures


async def pieces(count: int) -> list[dict[str, Any]]:
    """From the moment the backend wrote an event until the client has read what came of it.

    The newest event is what a piece came of: the events are 20 ms apart.
    """
    times: list[float] = []
    beside: list[float] = []
    events = 0
    with _report() as report:
        async with noting_backend(**TOKEN) as fake, _noted(fake, report) as client:
            asker = at_site(client, sites()[1])
            await settled(client)
            spent = 0.0
            while len(times) < count:
                await fake.reset()
                spent -= _cpu_ms(asker)
                await asker.ask("What does this do?")
                spent += _cpu_ms(asker)
                written = (await fake.report())["written_ns"]
                events += len(written)
                for at in asker.pieces():
                    times.append((at - written[bisect_right(written, at) - 1]) / 1e6)
                for _ in range(20):
                    beside.append((await asker.nothing()).milliseconds)
                    await rest(TOKEN["token_ms"])
        turns = json.loads(report.read_text(encoding="utf-8"))["pieces"]
    whole = {"pieces/event": len(times) / events, "CPU ms/event": round(spent / events, 2)}
    return [row(_NOTHING, beside), row("piece", times, _PIECE_MS) | _cpu(turns) | whole]


def row(name: str, times: Sequence[float], limit: float | None = None) -> dict[str, Any]:
    """Milliseconds, and how many of them are over a limit."""
    over = {} if limit is None else {f"over {limit:g} ms": sum(time > limit for time in times)}
    return {"what": name, **summary(times), "p99": round(percentile(times, 0.99), 2), **over}


def _cpu(times: Sequence[float]) -> dict[str, float]:
    """Of the loop's thread, from `benchmarks/chat_server.py`."""
    shares = {"median": 0.5, "p95": 0.95, "p99": 0.99}
    return {f"CPU {name}": round(percentile(times, share), 2) for name, share in shares.items()}


async def chats(fake: Backend) -> list[Request]:
    return [each for each in await fake.requests() if each.path == CHATS]


@contextmanager
def _report() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as home:
        yield Path(home) / "chat.json"


@asynccontextmanager
async def _noted(
    fake: Backend, report: Path, folder: Path | None = None
) -> AsyncIterator[LspClient]:
    """Our server, which writes the report when it ends."""
    async with ours(fake, _SERVER, folder=folder, BENCHMARK_CHAT=str(report)) as client:
        yield client


def _cpu_ms(asker: Asker) -> float:
    """What the server has used so far, of all its threads."""
    return sum(psutil.Process(asker.client.process.pid).cpu_times()[:2]) * 1000
