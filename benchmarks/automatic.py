"""Ghost text that comes by typing: how long it is made to wait, and how a slow model is spared."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from benchmarks.backend import Request, backend
from benchmarks.figures import summary
from benchmarks.servers import ours, settled
from benchmarks.sites import Site, long_site, sites
from benchmarks.typist import AUTOMATIC, Key, Typist, rest
from tests.support.lsp_client import Answer

_RHYTHM: Final = 150.0  # ms between keys
_WARM_UP: Final = 10
_BURST: Final = 6  # keys, and then a pause
_PAUSE: Final = 1500.0  # ms


async def added_wait(count: int) -> list[dict[str, Any]]:
    """Keys 150 ms apart and an instant model: from key to request, and from key to ghost text."""
    figures = []
    async with backend(text="_value_{n}") as fake:
        for site in (*sites(), long_site()):
            async with ours(fake) as client:
                typist = Typist(client, site)
                typist.open(site.open_files)
                await settled(client)
                await fake.reset()
                keys = await _steadily(typist, count)
                requests = await fake.requests()
            waits = [_wait(key, requests) for key in keys[_WARM_UP:]]
            figures.append(
                {
                    "site": site.name,
                    "lines": site.lines,
                    **_named("to request", summary([wait for wait in waits if wait is not None])),
                    **_named("to text", summary([key.milliseconds for key in keys[_WARM_UP:]])),
                    "without request": sum(wait is None for wait in waits),
                }
            )
    return figures


async def _steadily(typist: Typist, count: int) -> list[Key]:
    loop = asyncio.get_running_loop()
    keys: list[Key] = []
    due = loop.time()
    for number in range(count + _WARM_UP):
        if number % 10 == 0:
            typist.rewrite(typist.fresh_word())
        due += _RHYTHM / 1000
        await asyncio.sleep(due - loop.time())
        keys.append(await typist.key(typist.letter(), AUTOMATIC))
    return keys


def _wait(key: Key, requests: list[Request]) -> float | None:
    """From the edit to the backend's having read the first request within the key's time."""
    times = [each.read_ns for each in requests if key.sent <= each.read_ns <= key.received]
    return (min(times) - key.sent) / 1e6 if times else None


def _named(name: str, figures: dict[str, float]) -> dict[str, float]:
    return {f"{name}: {key}": value for key, value in figures.items()}


async def slow_model(bursts: int = 30, first_token: float = 400.0) -> dict[str, Any]:
    """Requests for each pause in typing with a model that takes so many ms to its first token."""
    site: Site = sites()[1]
    async with backend(text="_value_{n}", first_token_ms=first_token) as fake, ours(fake) as client:
        typist = Typist(client, site)
        typist.open(site.open_files)
        await settled(client)
        for _ in range(3):  # the server learns how fast the model is
            await _burst(typist)
        await fake.reset()
        pauses = [await _burst(typist) for _ in range(bursts)]
        requests = await fake.requests(bodies=True)
    asked = sum(_is_real(request, pauses) for request in requests)
    return {
        "site": site.name,
        "first token": first_token,
        "pauses": bursts,
        "keys": bursts * _BURST,
        "requests per pause": round(asked / bursts, 2),
        "speculative per pause": round((len(requests) - asked) / bursts, 2),
        "cancelled": sum(request.client_end_ns is not None for request in requests),
        "answered": sum(bool(_texts(pause[-1][1])) for pause in pauses),
        **_named("pause to text", summary([_last_ms(pause) for pause in pauses], 0)),
    }


Pause = list[tuple[int, Answer]]


async def _burst(typist: Typist) -> Pause:
    """A fresh word key by key, then a pause; every key's time of sending, and its answer."""
    sent: list[tuple[int, Any]] = []
    typist.rewrite(typist.fresh_word())
    for _ in range(_BURST):
        await rest(_RHYTHM)
        sent.append((typist.type(typist.letter()), typist.begin(AUTOMATIC)))
    await rest(_PAUSE)
    return [(when, await typist.client.answer(id)) for when, id in sent]


def _is_real(request: Request, pauses: list[Pause]) -> bool:
    """Whether somebody was waiting when the backend read it."""
    return any(
        when <= request.read_ns <= answer.received for pause in pauses for when, answer in pause
    )


def _last_ms(pause: Pause) -> float:
    when, answer = pause[-1]
    return (answer.received - when) / 1e6


def _texts(answer: Answer) -> list[str]:
    return [item["insertText"] for item in answer.result["items"]]
