"""The cold path of Ollama: loading weights, through Ollama's own package.

Importing that package (and httpx with it) takes longer than most answers, so it happens in a
thread, with the first load. No prompt ever travels on this path.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from inglenook.models.egress import LOCALHOST, Target
from inglenook.models.errors import BackendFailed, BackendOffline, BackendTimeout, ModelError
from inglenook.models.failures import garbled, refusal
from inglenook.models.lines import Body

if TYPE_CHECKING:
    import httpx


async def load(target: Target, name: str, keep_alive: str, options: Body, seconds: float) -> None:
    """Have the weights of ``name`` loaded and kept; returns when they are there.

    ``target`` was checked by `inglenook.models.egress`. Foreign errors become ours.
    """
    await asyncio.to_thread(import_module, "ollama")
    from ollama import AsyncClient

    opened = AsyncClient(
        # This client, unlike ours, would ask the system what "localhost" is.
        host=target.at("").replace("//localhost:", f"//{LOCALHOST[0]}:"),
        trust_env=False,
        follow_redirects=False,
        timeout=seconds,
        event_hooks={"request": [_anonymous]},
    )
    try:
        async with opened as client, asyncio.timeout(seconds):
            await client.generate(name, keep_alive=keep_alive, options=options)
    except Exception as error:
        raise _ours(error, target, seconds) from None


async def _anonymous(request: httpx.Request) -> None:
    # The package would send OLLAMA_API_KEY, which is meant for ollama.com, to whatever listens.
    request.headers.pop("Authorization", None)


def _ours(error: Exception, target: Target, seconds: float) -> ModelError:
    """The error that ``error`` stands for; its message, which may quote an answer, is dropped."""
    import httpx
    from ollama import ResponseError

    where = target.origin
    if isinstance(error, ResponseError):
        return refusal(error.status_code, target)
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return BackendTimeout(f"{where} did not load the model within {seconds:g} s.")
    if isinstance(error, ConnectionError):
        return BackendOffline(f"Nothing answers at {where}. Is the model server running?")
    if isinstance(error, (httpx.HTTPError, OSError)):
        return BackendOffline(f"{where} broke the connection while it loaded the model.")
    if isinstance(error, ValueError):
        return garbled(target)
    return BackendFailed(f"The answer of {where} could not be read ({type(error).__name__}).")
