"""How soon the backend's socket sees the end of a completion that nobody wants any more.

    python -m benchmarks.cancellation [-n 200] [--storm 500]

The backend takes 30 s to its first token, so that every request runs when it is ended. Times run
from the first byte on the server's stdin to the moment the backend's socket sees the end; both
processes read one monotonic clock.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from benchmarks.backend import Backend, Request, backend
from benchmarks.figures import save, summary, table
from benchmarks.servers import ours, settled
from benchmarks.sites import Site, long_site, sites
from benchmarks.typist import AUTOMATIC, INVOKED, Typist
from tests.support.lsp_client import LspClient

_SLOW: Final = 30_000.0  # ms to the first token
_KINDS: Final = {"Invoked": INVOKED, "Automatic": AUTOMATIC}
_LIMIT_MS: Final = 10.0
_PER_SECOND: Final = 50

End = Callable[[Typist, int, list[Any]], Awaitable[int]]


async def _supersede(typist: Typist, kind: int, ids: list[Any]) -> int:
    sent = typist.type(typist.letter())
    ids.append(typist.begin(kind))
    return sent


async def _cancel(typist: Typist, kind: int, ids: list[Any]) -> int:
    return typist.client.notify("$/cancelRequest", {"id": ids[-1]})


async def _close(typist: Typist, kind: int, ids: list[Any]) -> int:
    document = {"textDocument": {"uri": typist.uri}}
    return typist.client.notify("textDocument/didClose", document)


_ENDS: Final[dict[str, End]] = {
    "supersede": _supersede,
    "$/cancelRequest": _cancel,
    "close": _close,
}


async def ends(way: str, kind: int, count: int) -> dict[str, Any]:
    """So many completions under way, each ended in that way."""
    site = sites()[1]
    async with backend(first_token_ms=_SLOW) as fake, ours(fake) as client:
        typist = Typist(client, site)
        typist.open(site.open_files)
        await settled(client)
        ids: list[Any] = []
        times: list[float] = []
        for _ in range(count):
            if way != "supersede" or not ids:
                await _begin(typist, kind, ids)
            running = await _under_way(fake)
            sent = await _ENDS[way](typist, kind, ids)
            times.append((await _ended(fake, running) - sent) / 1e6)
            if way == "close":
                typist = _reopened(typist)
        for id in ids[:-1] if way == "supersede" else ids:
            await client.answer(id)
        answered = _answered_once(client, ids if way != "supersede" else ids[:-1])
    return {
        "way": way,
        **summary(times),
        "over 10 ms": sum(time > _LIMIT_MS for time in times),
        "answered once": answered,
    }


async def _begin(typist: Typist, kind: int, ids: list[Any]) -> None:
    if typist.column > typist.site.column + 20:
        typist.rewrite(typist.fresh_word())
    typist.type(typist.letter())
    ids.append(typist.begin(kind))


def _reopened(typist: Typist) -> Typist:
    fresh = Typist(typist.client, typist.site)
    fresh.open()
    return fresh


async def _under_way(fake: Backend) -> int:
    """Wait until the backend works on a request; its place among those seen."""
    async with asyncio.timeout(10):
        while True:
            requests = await fake.requests()
            if requests and requests[-1].client_end_ns is None:
                return len(requests) - 1
            await asyncio.sleep(0.02)


async def _ended(fake: Backend, number: int) -> int:
    async with asyncio.timeout(10):
        while (end := (await fake.requests())[number].client_end_ns) is None:
            await asyncio.sleep(0.02)
    return end


def _answered_once(client: LspClient, ids: list[Any]) -> bool:
    return all(len(client.answers.get(id, ())) == 1 for id in ids)


async def storm(site: Site, count: int) -> dict[str, Any]:
    """Invoked completions at 50 a second, each after an edit and superseded by the next."""
    async with backend(first_token_ms=_SLOW) as fake, ours(fake) as client:
        typist = Typist(client, site)
        typist.open(site.open_files)
        await settled(client)
        loop = asyncio.get_running_loop()
        ids: list[Any] = []
        due = loop.time()
        for _ in range(count):
            typist.type(typist.letter())
            ids.append(typist.begin(INVOKED))
            due += 1 / _PER_SECOND
            await asyncio.sleep(max(due - loop.time(), 0))
        took = loop.time() - due + count / _PER_SECOND
        await asyncio.sleep(1)
        client.cancel(ids[-1])
        for id in ids:
            await client.answer(id)
        await asyncio.sleep(0.3)
        report = await fake.report()
        requests = await fake.requests()
        once = _answered_once(client, ids)
    overlaps = report["overlaps_ms"]
    return {
        "file": f"{site.lines} lines",
        "requests": count,
        "seconds": round(took, 1),
        "accepted": len(requests),
        "most at once": report["max_open"],
        "overlaps": len(overlaps),
        "longest overlap ms": round(max(overlaps, default=0.0), 2),
        "not ended": sum(_open(request) for request in requests),
        "answered once": once,
    }


def _open(request: Request) -> bool:
    return request.client_end_ns is None and request.finished_ns is None


def with_unclosed_string(site: Site, above: int = 400) -> Site:
    """The site with a line of an unclosed ``\"\"\"`` so many lines above the cursor."""
    lines = site.text.split("\n")
    lines[site.line - above] = 'note = """'
    return Site(
        name=site.name,
        path=site.path,
        text="\n".join(lines),
        line=site.line,
        column=site.column,
        rest=site.rest,
        open_files=site.open_files,
    )


async def measure(count: int, storms: int) -> dict[str, Any]:
    figures: dict[str, Any] = {"ends": [], "storms": []}
    for name, kind in _KINDS.items():
        for way in _ENDS:
            figures["ends"].append({"kind": name, **await ends(way, kind, count)})
            print(table(figures["ends"][-1:]), flush=True)
    for site in (sites()[1], with_unclosed_string(long_site())):
        figures["storms"].append(await storm(site, storms))
        print(table(figures["storms"][-1:]), flush=True)
    print(table(figures["ends"]), table(figures["storms"]), sep="\n\n")
    return figures


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=200, help="of each kind and way")
    options.add_argument("--storm", type=int, default=500)
    given = options.parse_args()
    save("cancellation", asyncio.run(measure(given.n, given.storm)))


if __name__ == "__main__":
    main()
