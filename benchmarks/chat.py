"""What a chat costs beside the model, and what it costs a completion: acceptance of chats.

    python -m benchmarks.chat [-n 200] [--only before,pieces,…]

The place is in a file of 2,735 lines of Django 5.2 with 6 further open files; for ``before`` and
``completion`` the whole of Django is the workspace, and indexed. The backend is a fake, a process
of its own over real HTTP, but for ``real``; all processes read one monotonic clock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from benchmarks.asker import ANSWER, Asker, at_site
from benchmarks.backend import Backend, Request, backend
from benchmarks.chat_real import times as real_times
from benchmarks.chat_steps import CHATS, TOKEN, WARM_UP, before, chats, pieces, row
from benchmarks.figures import save, table
from benchmarks.index_trees import distribution
from benchmarks.servers import TRACED, ours, settled
from benchmarks.sites import long_site, sites
from benchmarks.turns import row as turns_row
from benchmarks.typist import Key, Typist, rest

PARTS: Final = ("before", "pieces", "completion", "slots", "cancel", "turns", "real")
_CANCEL_MS: Final = 10.0
_TURN_MS: Final = 20.0
_FAST: Final = {"text": ANSWER * 50, "chunk": 16, "token_ms": 5.0}
_LARGE: Final = 131_072  # tokens, of a window that a selection of 2,000 lines fits into


async def completion(count: int) -> list[dict[str, Any]]:
    """Keys as `latency` types them at S2, in turn with and without a chat that streams beside."""
    site, folder = sites()[1], distribution()
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(backend(text="defaults_{n}, **kwargs)"))
        talks = await stack.enter_async_context(backend(**TOKEN, endless=True))
        config = await stack.enter_async_context(_two_models(fake, talks))
        clients = [
            await stack.enter_async_context(ours(fake, folder=folder, INGLENOOK_CONFIG=config))
            for _ in range(2)
        ]
        typists = [Typist(client, site, folder) for client in clients]
        asker = Asker(typists[1])
        for typist in typists:
            typist.open(site.open_files)
            await settled(typist.client)
        await stack.enter_async_context(_talking(asker))
        keys: list[list[Key]] = [[], []]
        for number in range(count + WARM_UP):
            for typist, done in zip(typists, keys, strict=True):
                if number % 10 == 0:
                    typist.rewrite(typist.fresh_word())
                    await rest(40)
                done.append(await typist.key(typist.letter()))
                await rest(40)
        streamed = len(asker.pieces())
    times = [[key.milliseconds for key in done[WARM_UP:]] for done in keys]
    quiet, busy = (
        row(name, each) for name, each in zip(("no chat", "a chat streams"), times, strict=True)
    )
    busy |= {"ratio": round(busy["median"] / quiet["median"], 2), "pieces": streamed}
    return [quiet, busy]


async def slots(count: int) -> list[dict[str, Any]]:
    """One backend with 4 slots serves both: how soon a completion reaches it beside a chat."""
    site = sites()[1]
    figures = []
    for busy in (False, True):
        async with AsyncExitStack() as stack:
            fake = await stack.enter_async_context(backend(**_FAST, slots=4))
            client = await stack.enter_async_context(ours(fake))
            typist = Typist(client, site)
            typist.open(site.open_files)
            await settled(client)
            if busy:
                await stack.enter_async_context(_talking(Asker(typist)))
            keys = []
            for number in range(count):
                if number % 10 == 0:
                    typist.rewrite(typist.fresh_word())
                    await rest(40)
                keys.append(await typist.key(typist.letter()))
                await rest(40)
            requests = await fake.requests()
        times, beside = _reached(keys, requests)
        name = "a chat streams" if busy else "no chat"
        figures.append(row(f"4 slots, {name}", times) | {"beside": beside})
    if figures[1]["beside"] < count * 0.9:  # some keys come between two chats
        raise AssertionError("a completion waited for the chat")
    return figures


def _reached(keys: list[Key], requests: list[Request]) -> tuple[list[float], int]:
    """From each key to the backend, and how many completions it read while it gave a chat."""
    chats = [each for each in requests if each.path == CHATS]
    fills = [each for each in requests if each.path != CHATS]
    times, beside = [], 0
    for key in keys:
        mine = next(each for each in fills if each.read_ns >= key.sent)
        times.append((mine.read_ns - key.sent) / 1e6)
        beside += any(
            chat.read_ns < mine.read_ns and (_end(chat) or key.received) >= key.received
            for chat in chats
        )
    return times, beside


def _end(request: Request) -> int | None:
    return request.finished_ns or request.client_end_ns


async def cancel(count: int) -> list[dict[str, Any]]:
    """From ``$/cancelRequest`` in the middle of an answer to the end that the backend sees."""
    times: list[float] = []
    async with backend(**TOKEN, endless=True) as fake, ours(fake) as client:
        asker = at_site(client, sites()[1])
        await settled(client)
        for _ in range(count):
            await fake.reset()
            asked = asker.begin("What does this do?")
            await client.until(lambda: len(asker.pieces()) > 3)
            sent = client.notify("$/cancelRequest", {"id": asked})
            answer = await client.answer(asked)
            if answer.error_code != -32800:
                raise AssertionError("the answer of a chat that is cancelled must say so")
            times.append((await _ended(fake) - sent) / 1e6)
    return [row("$/cancelRequest", times, _CANCEL_MS)]


async def real(count: int) -> list[dict[str, Any]]:
    """The same with the real model behind a real engine."""
    closed, beside = await real_times(count)
    return [
        row("a request for nothing, while it streams", beside),
        row("$/cancelRequest, the real model", closed, _CANCEL_MS),
    ]


async def turns(count: int) -> list[dict[str, Any]]:
    """The CPU time of the turns of the event loop: 1 MB, and a selection of 2,000 lines of it.

    The backend sends its whole answer at once. Beside it the same server that is asked nothing:
    the longest turn there is one of its start.
    """
    return [await _turns(0), await _turns(count)]


async def _turns(count: int) -> dict[str, Any]:
    site = long_site(10)
    with tempfile.TemporaryDirectory() as home:
        report = Path(home) / "turns.json"
        async with (
            backend(text=ANSWER * 8, chunk=4, context_tokens=_LARGE) as fake,
            ours(fake, TRACED, BENCHMARK_TURNS=str(report)) as client,
        ):
            asker = at_site(client, site, lines=2_000)
            await settled(client)
            for _ in range(count):
                await asker.ask("What does this do?")
                await asker.ask("And why?", follow_up=True)
            sent = [len(each.body) for each in await fake.requests(bodies=True)]
        told = json.loads(report.read_text(encoding="utf-8"))
    figures = row(f"turn, {2 * count} questions", told["turns"], _TURN_MS)
    longest = [[round(spent, 1), name] for spent, name in told["longest"][:8]]
    return figures | {
        "characters": len(site.text),
        "sent": max(sent, default=0),
        "longest": longest,
    }


# -- pieces of the above ---------------------------------------------------------------------------


async def _ended(fake: Backend) -> int:
    async with asyncio.timeout(10):
        while (end := (await chats(fake))[-1].client_end_ns) is None:
            await asyncio.sleep(0.02)
    return end


@asynccontextmanager
async def _two_models(fills: Backend, talks: Backend) -> AsyncIterator[str]:
    """The path of a configuration with a model for completions and another for chats."""
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as home:
        config = Path(home) / "config.yaml"
        models = "".join(
            f"  - {{name: {role}, provider: llama.cpp, model: 'qwen2.5-coder:0.5b',\n"
            f"     apiBase: 'http://127.0.0.1:{each.port}', roles: [{role}]}}\n"
            for role, each in (("autocomplete", fills), ("chat", talks))
        )
        config.write_text("models:\n" + models)
        yield str(config)


@asynccontextmanager
async def _talking(asker: Asker) -> AsyncIterator[None]:
    """An answer streams all the time; the first piece is there."""

    async def talk() -> None:
        while True:
            await asker.ask("What does this do?")

    task = asyncio.create_task(talk())
    try:
        await asker.client.until(lambda: bool(asker.pieces()))
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


_MEASURES: Final = {
    "before": before,
    "pieces": pieces,
    "completion": completion,
    "slots": slots,
    "cancel": cancel,
    "turns": turns,
    "real": real,
}


async def measure(count: int, only: tuple[str, ...] = PARTS) -> dict[str, Any]:
    repeats = {"pieces": count * 10, "turns": max(count // 10, 3), "real": min(count, 20)}
    figures: dict[str, Any] = {}
    for name in only:
        figures[name] = await _MEASURES[name](repeats.get(name, count))
        print(table([turns_row(each) for each in figures[name]]), flush=True)
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=200, help="questions, keys and cancellations")
    options.add_argument("--only", default=",".join(PARTS))
    given = options.parse_args()
    only = tuple(given.only.split(","))
    figures = asyncio.run(measure(given.n, only))
    if only == PARTS:
        save("chat", figures)


if __name__ == "__main__":
    main()
