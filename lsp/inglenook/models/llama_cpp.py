"""llama.cpp's own HTTP API (tools/server/README.md): ours to render, its to continue.

`/completion` with our template wherever the family is known: `/infill` cuts prefix and suffix
silently and moves the start of the prefix with every key, which costs the engine its cache.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

from inglenook.models import chat
from inglenook.models.adopt import adopted
from inglenook.models.bodies import count, mapping, number, objects, stops_of, text
from inglenook.models.egress import Target
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendOffline,
    BackendRefused,
    BackendTimeout,
    ModelError,
    ModelMissing,
)
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.model import (
    Chunk,
    CompletionRequest,
    Fill,
    Locality,
    ModelInfo,
    Timings,
    Way,
)
from inglenook.models.openai_events import said
from inglenook.models.render import HEAL_TOKENS, Healer, Layout, grammar_for, render
from inglenook.models.templates import TEMPLATES, family_of

CHECK_SECONDS: Final = 10.0  # between two looks at which model it is
_POLL: Final = 0.1  # seconds between two looks at a server that is loading
# What the last event is to tell; without this it repeats the whole prompt.
_FIELDS: Final = ["index", "content", "stop", "truncated", "tokens_evaluated", "timings"]


@dataclass(frozen=True, slots=True)
class LlamaCppServer:
    """Where a server is and what it wants. ``embedded``: it is a process of our own."""

    target: Target
    api_key: str = ""
    embedded: bool = False

    @property
    def headers(self) -> dict[str, str] | None:
        return {"Authorization": f"Bearer {self.api_key}"} if self.api_key else None


async def list_models(
    client: HttpClient, server: LlamaCppServer, *, strict: bool = False
) -> tuple[ModelInfo, ...]:
    """What the server at ``server`` serves: one model, or none while it is loading.

    ``strict``: BackendGarbled unless it shows that it is llama.cpp's own server; many gateways
    to models elsewhere have the same paths. No prompt is sent, so whether the backend itself
    can fill holes stays open: only `connect` asks.
    """
    try:
        return (await _inspect(client, server, "", strict=strict),)
    except BackendBusy:
        return ()


async def connect(
    client: HttpClient,
    server: LlamaCppServer,
    name: str = "",
    layout: Layout = Layout.FROZEN_LINE,
    info: ModelInfo | None = None,
) -> LlamaCppModel:
    """The model that ``server`` serves, shown to the user as ``name`` if that is not empty.

    ``info`` is what `list_models` told a moment ago, and saves asking again.
    """
    info = info or await _inspect(client, server, name)
    if not info.family and await _can_infill(client, server):
        info = replace(info, fill=Fill.BACKEND, notice="")
    return LlamaCppModel(client, server, replace(info, layout=layout))


async def _inspect(
    client: HttpClient, server: LlamaCppServer, name: str, *, strict: bool = False
) -> ModelInfo:
    target, headers = server.target, server.headers
    models = objects(await client.get(target, "/v1/models", headers), "data")
    served = text(models[0], "id") if models else ""
    if not served:
        raise ModelMissing(f"{target.origin} does not serve any model.")
    try:
        props = await client.get(target, "/props", headers)
    except (ModelMissing, BackendRefused):
        props = {}  # some servers of this API have none
    if strict and not _is_llama_cpp(models[0], props):
        raise BackendGarbled(
            f"What answers at {target.origin} does not show that it is llama.cpp. To use it all "
            "the same, name its address in the configuration file."
        )
    path = text(props, "model_path") or served
    settings, meta = mapping(props, "default_generation_settings"), mapping(models[0], "meta")
    size = count(meta, "size") or 0
    family = family_of(path) or family_of(name)
    return ModelInfo(
        name=name or _basename(served),
        backend="embedded" if server.embedded else "llama.cpp",
        digest=f"{path}#{size}" if size else path,
        address=target.origin,
        locality=Locality.EMBEDDED if server.embedded else Locality.DECLARED,
        fill=Fill.TEMPLATE if family else Fill.CHAT,
        family=family,
        context_tokens=count(settings, "n_ctx") or count(meta, "n_ctx_train") or 0,
        size_bytes=size,
        parallel=count(props, "total_slots") or 1,
        notice="" if family else chat.NOTICE,
        layout=Layout.FROZEN_LINE,
        version=text(props, "build_info"),
    )


def _is_llama_cpp(model: Body, props: Body) -> bool:
    told = mapping(props, "default_generation_settings") or count(props, "total_slots")
    return bool(told) or text(model, "owned_by") == "llamacpp"


async def _can_infill(client: HttpClient, server: LlamaCppServer) -> bool:
    body = {"input_prefix": "", "input_suffix": "", "n_predict": 1, "stream": False}
    try:
        await client.post(server.target, "/infill", body, server.headers)
    except (BackendOffline, BackendBusy):
        raise
    except ModelError:  # 501, "Infill is not supported by this model"
        return False
    return True


class LlamaCppModel:
    """`Model` over one llama.cpp server. The client is the caller's to close."""

    layouts: tuple[Layout, ...] = (Layout.FROZEN_LINE, Layout.PSM)  # it takes grammars

    def __init__(self, client: HttpClient, server: LlamaCppServer, info: ModelInfo) -> None:
        self._client = client
        self._server = server
        self._info = info
        self._where = info.address or "The embedded engine"
        self._checked = time.monotonic()

    @property
    def info(self) -> ModelInfo:
        return self._info

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        await self._check()
        way = request.way or self._info.way
        if way.fill is Fill.CHAT:
            chunks = self._chat(request)
        elif way.fill is Fill.BACKEND:
            chunks = self._events("/infill", _infill_body(request), [Healer("")])
        else:
            rendered = render(request.prompt, TEMPLATES[way.family], way.layout)
            body = _body(request, rendered.stop) | {"prompt": rendered.text}
            if rendered.heal:
                body["grammar"] = grammar_for(rendered.heal)
                body["n_predict"] += HEAL_TOKENS
            if request.alternatives > 1:
                body["n_cmpl"] = request.alternatives
            healers = [Healer(rendered.heal) for _ in range(request.alternatives)]
            chunks = self._events("/completion", body, healers)
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk

    async def _check(self) -> None:
        """ModelMissing if the server was started again with another model.

        Its template would be a wrong one. Nothing in an answer that was cut short tells, so the
        server is asked now and then.
        """
        if self._server.embedded or time.monotonic() - self._checked < CHECK_SECONDS:
            return
        served = await _inspect(self._client, self._server, self._info.name)
        if served.digest != self._info.digest:
            raise ModelMissing(f"{self._where} serves another model now.")
        self._checked = time.monotonic()

    async def _events(
        self, path: str, body: Body, healers: list[Healer]
    ) -> AsyncGenerator[Chunk, None]:
        """The chunks of as many alternatives as there are healers."""
        open_choices = set(range(len(healers)))
        async with aclosing(self._stream(path, body)) as events:
            async for event in events:
                piece = event.get("content")
                choice = count(event, "index") if "index" in event else 0
                if not isinstance(piece, str) or choice is None or choice >= len(healers):
                    raise BackendGarbled(f"{self._where} sent an event without content.")
                ended = event.get("stop") is True
                piece = healers[choice].feed(piece)
                if piece or ended:
                    yield Chunk(piece, _timings(event), choice)
                if ended or healers[choice].failed:
                    open_choices.discard(choice)
                if healers[choice].failed and not open_choices:
                    return
        self._expect(not open_choices)

    async def _chat(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        """Chat needs no stop strings from us: a code block's fence has a line end of its own."""
        body = {
            "messages": chat.messages(request.prompt),
            "stream": True,
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "cache_prompt": True,
            # Templates of reasoning models know this; others ignore it.
            "chat_template_kwargs": {"enable_thinking": False},
        }
        reader, ended = chat.CodeReader(stops_of(request)), False
        async with aclosing(self._stream("/v1/chat/completions", body)) as events:
            async for event in events:
                one = said(event, self._where)
                ended = one.ended
                piece = reader.feed(one.text, ended)
                if piece or ended:
                    yield Chunk(piece, _timings(event) if ended else None)
                if reader.stopped and not ended:
                    return
        self._expect(ended)

    async def _stream(self, path: str, body: Body) -> AsyncGenerator[Body, None]:
        server = self._server
        stream = self._client.stream(server.target, path, body, Framing.EVENTS, server.headers)
        async with aclosing(stream) as events:
            async for event in events:
                if "error" in event:
                    raise _stream_error(event["error"], self._where)
                yield event

    def _expect(self, ended: bool) -> None:
        if not ended:
            raise BackendOffline(f"{self._where} broke off in the middle of an answer.")

    async def is_loaded(self) -> bool:
        try:
            await self._client.get(self._server.target, "/health")
        except BackendBusy:
            return False
        return True

    async def load(self) -> None:
        try:
            async with asyncio.timeout(self._client.limits.load):
                while not await self.is_loaded():  # noqa: ASYNC110 (another process loads)
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            raise BackendTimeout(f"{self._where} is still loading its model.") from None

    async def window(self) -> int:
        props = await self._client.get(self._server.target, "/props", self._server.headers)
        return count(mapping(props, "default_generation_settings"), "n_ctx") or 0

    def adopt(self, way: Way, context_tokens: int) -> None:
        self._info = adopted(self._info, way, context_tokens)

    async def close(self) -> None:
        """Nothing is held between requests but connections, which are the client's."""


def _body(request: CompletionRequest, stop: tuple[str, ...]) -> Body:
    return {
        "stream": True,
        "timings_per_token": True,
        "cache_prompt": True,
        "n_predict": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "stop": [*stop, *stops_of(request)],
        "response_fields": _FIELDS,
    }


def _infill_body(request: CompletionRequest) -> Body:
    prompt = request.prompt
    extra = [{"filename": snippet.path, "text": snippet.text} for snippet in prompt.snippets]
    return _body(request, ()) | {
        "input_prefix": prompt.prefix + prompt.typed,
        "input_suffix": prompt.suffix,
        "input_extra": extra,
    }


def _timings(event: Body) -> Timings:
    told = mapping(event, "timings")
    evaluated, reused = count(told, "prompt_n"), count(told, "cache_n")
    prompt = count(event, "tokens_evaluated")
    if prompt is None and evaluated is not None and reused is not None:
        prompt = evaluated + reused
    return Timings(
        prompt_tokens=prompt,
        evaluated=evaluated,
        reused=reused,
        prompt_ms=number(told, "prompt_ms"),
        predicted_tokens=count(told, "predicted_n"),
        predicted_per_second=number(told, "predicted_per_second"),
        truncated=event.get("truncated") is True,
    )


def _stream_error(error: object, where: str) -> ModelError:
    code = error.get("code") if isinstance(error, dict) else None
    if code in (429, 503):
        return BackendBusy(f"{where} is busy or still loading. Try again in a moment.")
    if isinstance(code, int) and 400 <= code < 500:
        return BackendRefused(f"{where} refused the request ({code}).")
    return BackendFailed(f"{where} failed in the middle of an answer. Its own log tells why.")


def _basename(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].removesuffix(".gguf")
