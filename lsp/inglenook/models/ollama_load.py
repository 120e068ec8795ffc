"""The cold path of Ollama: loading weights, through Ollama's own package.

Importing that package (and httpx with it) takes longer than most answers, so it happens in a
thread, with the first load. No prompt ever travels on this path.
"""

from __future__ import annotations

import asyncio
import json
from importlib import import_module
from typing import TYPE_CHECKING

from inglenook.models.egress import LOCALHOST, Target
from inglenook.models.errors import BackendFailed, BackendOffline, BackendTimeout, ModelError
from inglenook.models.failures import garbled, refusal
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.ollama_models import OllamaServer
from inglenook.models.shape import Shape
from inglenook.models.tls import context_for
from inglenook_context.text import encode

if TYPE_CHECKING:
    import ssl

    import httpx


async def load(
    client: HttpClient, server: OllamaServer, name: str, shape: Shape, more: Body
) -> None:
    """Have the weights of ``name`` loaded in ``shape`` and kept; returns when they are there.

    ``server.target`` was checked by `inglenook.models.egress`; ``client`` gives its limits and
    whom it trusts. ``more``: fields that the package has no words for. Foreign errors become ours.
    """
    await asyncio.to_thread(import_module, "ollama")
    from ollama import AsyncClient

    target, head, seconds = server.target, server.headers or {}, client.limits.load
    trust: ssl.SSLContext | bool = True
    if target.origin.startswith("https:"):
        trust = await asyncio.to_thread(context_for, client.policy.trust_in(target.origin))

    async def dress(request: httpx.Request) -> None:
        _add(request, head, more)

    opened = AsyncClient(
        # This client, unlike ours, would ask the system what "localhost" is.
        host=target.at("").replace("//localhost:", f"//{LOCALHOST[0]}:"),
        trust_env=False,
        follow_redirects=False,
        timeout=seconds,
        verify=trust,
        event_hooks={"request": [dress]},
    )
    options = shape.load_options
    try:
        async with opened as loading, asyncio.timeout(seconds):
            await loading.generate(name, keep_alive=shape.keep_alive, options=options)
    except Exception as error:
        raise _ours(error, target, seconds) from None


def _add(request: httpx.Request, head: dict[str, str], more: Body) -> None:
    """Make a request the one that our own client would send."""
    import httpx

    # The package would send OLLAMA_API_KEY, which is meant for ollama.com, to whatever listens.
    request.headers.pop("Authorization", None)
    request.headers.update(head)
    data = encode(json.dumps(json.loads(request.content) | more))
    request.headers["Content-Length"] = str(len(data))
    request.stream = httpx.ByteStream(data)


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
