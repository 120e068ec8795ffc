"""Ollama's native API (docs/api.md in ollama/ollama), over our own client.

Some models Ollama forwards to another machine (`inglenook.models.cloud`), and a name can be given
to such a model at any time: Ollama looks the name up with every request, whatever runs already.
So `/api/show` is asked about the name before every prompt.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from inglenook.models import chat, ollama_load
from inglenook.models.adopt import adopted
from inglenook.models.bodies import count, mapping, objects, stops_of, text
from inglenook.models.cloud import is_forwarded
from inglenook.models.comments import snippets_as_comments
from inglenook.models.egress import Target
from inglenook.models.errors import (
    BackendOffline,
    EgressRefused,
    ModelMissing,
)
from inglenook.models.heard import Form, Room
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body, Framing
from inglenook.models.model import (
    Chunk,
    CompletionRequest,
    Fill,
    Locality,
    ModelInfo,
    Way,
)
from inglenook.models.ollama_events import error_of, timings_of
from inglenook.models.render import Healer, Layout, render
from inglenook.models.templates import TEMPLATES, family_of, neutralise_any


@dataclass(frozen=True, slots=True)
class Runner:
    """How Ollama is to run a model. It reloads the weights when the window changes."""

    num_ctx: int = 8192
    keep_alive: str = "30m"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What `/api/show` told of a model that runs on this machine."""

    info: ModelInfo
    num_ctx: int  # a request with another window would make Ollama load the weights again
    thinks: bool
    modified: str  # changes when the name is given to another model


async def list_models(client: HttpClient, target: Target) -> tuple[ModelInfo, ...]:
    """The models that the server runs itself; those that it would forward are left out."""
    found = []
    version = await _version(client, target)
    for tag in objects(await client.get(target, "/api/tags"), "models"):
        try:
            found.append((await _show(client, target, tag, Runner(), version)).info)
        except (EgressRefused, ModelMissing):
            continue
    return tuple(found)


async def connect(
    client: HttpClient,
    target: Target,
    name: str,
    runner: Runner | None = None,
    layout: Layout = Layout.PSM,
) -> OllamaModel:
    """The model called ``name``; ModelMissing, or EgressRefused if it does not run here."""
    runner = runner or Runner()
    tag = await _tag(client, target, name)
    shown = await _show(client, target, tag, runner, await _version(client, target))
    info = replace(shown.info, layout=layout)
    return OllamaModel(client, target, replace(shown, info=info), runner)


async def _version(client: HttpClient, target: Target) -> str:
    return text(await client.get(target, "/api/version"), "version")


async def _tag(client: HttpClient, target: Target, name: str) -> Body:
    wanted = {name, f"{name}:latest"}
    for tag in objects(await client.get(target, "/api/tags"), "models"):
        if text(tag, "name") in wanted or text(tag, "model") in wanted:
            return tag
    raise ModelMissing(f"Ollama at {target.origin} has no model {name!a}.")


async def _show(
    client: HttpClient, target: Target, tag: Body, runner: Runner, version: str
) -> _Shown:
    name = text(tag, "model") or text(tag, "name")
    _refuse_remote(tag, name)
    shown = await _ask(client, target, name)
    details = mapping(shown, "model_info")
    architecture = text(details, "general.architecture")
    capabilities = shown.get("capabilities")
    able = capabilities if isinstance(capabilities, list) else []
    window = count(details, f"{architecture}.context_length") or runner.num_ctx
    family = family_of(name, architecture, text(shown, "template"))
    info = ModelInfo(
        name=name,
        backend="ollama",
        digest=text(tag, "digest") or name,
        identified=bool(text(tag, "digest")),
        address=target.origin,
        locality=Locality.VERIFIED,
        fill=Fill.TEMPLATE if family else Fill.BACKEND if "insert" in able else Fill.CHAT,
        family=family,
        context_tokens=min(window, runner.num_ctx),
        size_bytes=count(tag, "size") or 0,
        version=version,
    )
    if info.fill is Fill.CHAT:
        info = replace(info, notice=chat.NOTICE)
    return _Shown(info, info.context_tokens, "thinking" in able, text(shown, "modified_at"))


async def _ask(client: HttpClient, target: Target, name: str) -> Body:
    """What `/api/show` tells of ``name``; EgressRefused if it does not run here."""
    shown = await client.post(target, "/api/show", {"model": name})
    _refuse_remote(shown, name)
    return shown


def _refuse_remote(body: Body, name: str) -> None:
    if is_forwarded(body, name):
        raise EgressRefused(
            f"The model {name!a} does not run on this machine: Ollama forwards it to another "
            "host. Choose a model that was downloaded."
        )


class OllamaModel:
    """`Model` over one model of an Ollama server. The client is the caller's to close."""

    layouts: tuple[Layout, ...] = (Layout.PSM,)  # it takes no grammar

    def __init__(self, client: HttpClient, target: Target, shown: _Shown, runner: Runner) -> None:
        self._client = client
        self._target = target
        self._shown = shown
        self._told = replace(shown.info, layout=Layout.PSM)  # before any probe
        self._runner = runner
        self._loaded = False  # as far as we know

    @property
    def info(self) -> ModelInfo:
        return self._shown.info

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        await self._ensure_local()
        way = request.way or self.info.way
        chat_only = way.fill is Fill.CHAT
        chunks = self._chat(request) if chat_only else self._generate(request, way)
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk

    async def _generate(self, request: CompletionRequest, way: Way) -> AsyncGenerator[Chunk, None]:
        prompt, stop, heal = request.prompt, stops_of(request), ""
        if way.fill is Fill.TEMPLATE:
            rendered = render(prompt, TEMPLATES[way.family], way.layout)
            body: Body = {"raw": True, "prompt": rendered.text}
            stop, heal = (*rendered.stop, *stop), rendered.heal
        else:
            # Ollama's template puts these between tokens that only it knows.
            before = neutralise_any(snippets_as_comments(prompt) + prompt.prefix + prompt.typed)
            # An empty suffix means "no suffix" to Ollama, and then it would chat.
            body = {"prompt": before or "\n", "suffix": neutralise_any(prompt.suffix) or "\n"}
        size = len(body["prompt"]) + len(body.get("suffix", ""))
        body |= self._common(request, stop)
        healer, room, ended = Healer(heal), Room(request.max_tokens), False
        async with aclosing(self._stream("/api/generate", body)) as events:
            async for event in events:
                piece = healer.feed(room.take(text(event, "response")))
                ended = event.get("done") is True or room.full
                if piece or ended:
                    yield Chunk(piece, timings_of(event, size, self.info) if ended else None)
                if healer.failed or room.full:
                    return
        self._expect(ended)

    async def _chat(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        messages = chat.messages(request.prompt)
        size = sum(len(message["content"]) for message in messages)
        # No stop strings: a code block's fence has a line end of its own.
        body = self._common(request, ()) | {"messages": messages}
        reader, room, ended = chat.CodeReader(stops_of(request)), Room(request.max_tokens), False
        async with aclosing(self._stream("/api/chat", body)) as events:
            async for event in events:
                piece = room.take(text(mapping(event, "message"), "content"))
                ended = event.get("done") is True or room.full
                piece = reader.feed(piece, ended)
                if piece or ended:
                    yield Chunk(piece, timings_of(event, size, self.info) if ended else None)
                if room.full or (reader.stopped and not ended):
                    return
        self._expect(ended)

    async def _stream(self, path: str, body: Body) -> AsyncGenerator[Body, None]:
        limits, form = self._client.limits, Form(self.info.address)
        first = limits.first_token + (0.0 if self._loaded else limits.load)
        stream = self._client.stream(self._target, path, body, Framing.LINES, first=first)
        async with aclosing(stream) as events:
            async for event in events:
                _refuse_remote(event, self.info.name)
                if event.get("error"):
                    raise error_of(text(event, "error"), self.info)
                if "done" not in event:
                    form.strange()
                    continue
                form.known()
                self._loaded = True
                yield event
        form.check()

    def _common(self, request: CompletionRequest, stop: tuple[str, ...]) -> Body:
        options = self._options() | {
            "num_predict": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "stop": list(stop),
        }
        body: Body = {
            "model": self.info.name,
            "stream": True,
            "keep_alive": self._runner.keep_alive,
            "options": options,
        }
        # Models that cannot think answer 400 to this.
        return body | {"think": False} if self._shown.thinks else body

    def _options(self) -> Body:
        return {"num_ctx": self._shown.num_ctx}

    def _expect(self, ended: bool) -> None:
        if not ended:
            raise BackendOffline(f"{self.info.address} broke off in the middle of an answer.")

    async def _ensure_local(self) -> None:
        """EgressRefused if the name means a model that runs elsewhere by now."""
        asked = await _ask(self._client, self._target, self.info.name)
        if text(asked, "modified_at") != self._shown.modified:
            tag = await _tag(self._client, self._target, self.info.name)
            shown = await _show(self._client, self._target, tag, self._runner, self.info.version)
            told, self._told = self._told, shown.info
            if shown.info == told:  # the same model: what a probe found of it holds
                shown = replace(shown, info=self.info)
            self._shown = shown
            self._loaded = False

    async def is_loaded(self) -> bool:
        running = objects(await self._client.get(self._target, "/api/ps"), "models")
        self._loaded = any(
            text(model, "model") == self.info.name and text(model, "digest") == self.info.digest
            for model in running
        )
        return self._loaded

    async def load(self) -> None:
        await self._ensure_local()
        if await self.is_loaded():
            return
        seconds = self._client.limits.load
        target = self._client.check(self._target.at(""))
        keep_alive = self._runner.keep_alive
        await ollama_load.load(target, self.info.name, keep_alive, self._options(), seconds)
        self._loaded = True

    async def window(self) -> int:
        running = objects(await self._client.get(self._target, "/api/ps"), "models")
        for model in running:
            if text(model, "model") == self.info.name:
                return count(model, "context_length") or 0
        return 0

    def adopt(self, way: Way, context_tokens: int) -> None:
        info = adopted(self.info, way, context_tokens)
        self._shown = replace(self._shown, info=info)

    async def confirm(self) -> None:
        await self._ensure_local()

    async def close(self) -> None:
        """Nothing is held between requests but connections, which are the client's."""
