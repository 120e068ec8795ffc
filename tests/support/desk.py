"""A desk without an editor: documents, keys and requests in, answers out, and a scripted model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from inglenook.engine.ask import Answer, Ask, Selected
from inglenook.engine.complete import Completer
from inglenook.engine.session import Session
from inglenook.engine.status import State, Status
from inglenook.engine.supplies import only
from inglenook.engine.supply import Discovery, Supply
from inglenook.models.adopt import adopted
from inglenook.models.errors import ModelError
from inglenook.models.model import (
    Chunk,
    CompletionRequest,
    Fill,
    Locality,
    Model,
    ModelInfo,
    Timings,
    Way,
)
from inglenook.models.spec import ModelSpec
from inglenook_context.document import Cursor, Document
from inglenook_context.text import Edit, Text
from tests.support.drawn import MARK, cursor_of

INFO = ModelInfo(
    name="scripted",
    backend="fake",
    digest="1",
    address="",
    locality=Locality.EMBEDDED,
    fill=Fill.TEMPLATE,
    family="qwen",
    context_tokens=4096,
)


@dataclass(eq=False)
class Call:
    """One request that reached the model; the test says what it answers, and when."""

    request: CompletionRequest
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    _script: asyncio.Queue[Chunk | ModelError | None] = field(default_factory=asyncio.Queue)

    def say(self, text: str) -> None:
        self._script.put_nowait(Chunk(text))

    def end(self, text: str = "") -> None:
        self._script.put_nowait(Chunk(text, Timings(predicted_tokens=1)))
        self._script.put_nowait(None)

    def fail(self, error: ModelError) -> None:
        self._script.put_nowait(error)

    async def stream(self) -> AsyncGenerator[Chunk, None]:
        try:
            while (item := await self._script.get()) is not None:
                if isinstance(item, ModelError):
                    raise item
                yield item
        finally:
            self.closed.set()

    @property
    def shown(self) -> str:
        prompt = self.request.prompt
        return prompt.prefix + prompt.typed + MARK + prompt.suffix


@dataclass(eq=False)
class ScriptedModel:
    info: ModelInfo = INFO
    loaded: bool = True
    calls: list[Call] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # given at once, in order, while they last
    loads: asyncio.Event = field(default_factory=asyncio.Event)
    confirmed: int = 0  # how often it was asked which weights it has
    at_once: int = 0  # the most requests that were open at the same time

    def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        call = Call(request)
        self.calls.append(call)
        self.at_once = max(self.at_once, sum(not each.closed.is_set() for each in self.calls))
        if self.answers:
            call.end(self.answers.pop(0))
        return call.stream()

    async def is_loaded(self) -> bool:
        return self.loaded

    async def load(self) -> None:
        await self.loads.wait()
        self.loaded = True

    def adopt(self, way: Way, context_tokens: int) -> None:
        self.info = adopted(self.info, way, context_tokens)

    async def confirm(self) -> None:
        self.confirmed += 1

    async def close(self) -> None:
        pass


class Desk:
    """Use as ``async with Desk() as desk``; every document is drawn with its cursor."""

    def __init__(
        self,
        *answers: str,
        model: ScriptedModel | None = None,
        entry: ModelSpec | None = None,  # of the user's file, for the model
    ) -> None:
        self.entry = entry
        self.model = model or ScriptedModel(answers=list(answers))
        self.statuses: list[Status] = []
        self.found: Model | None = self.model
        self.session = Session(lambda uri: uri.rpartition("/")[2])
        self.supply = Supply(self._find, self.statuses.append)
        self.completer = Completer(self.session, only(self.supply))
        self.cursor = cursor_of(MARK)

    async def _find(self) -> Discovery:
        return Discovery(self.found, Status(State.OFFLINE, "Nothing is there."), self.entry)

    async def __aenter__(self) -> Desk:
        if self.model.loaded:
            await self.supply.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.completer.close()
        self.session.close()
        await self.supply.close()

    def open(self, drawing: str, name: str = "case.py", language: str = "python") -> None:
        """Open a document and put the cursor where it is drawn."""
        self.cursor = cursor_of(drawing, language, uri=f"file:///desk/{name}")
        self.session.on_open(self.cursor.document)

    def close(self) -> None:
        self.completer.forget(self.cursor.document.uri)
        self.session.on_close(self.cursor.document.uri)

    def edit(self, start: int, stop: int, new: str, cursor: int) -> None:
        old = self.cursor.document
        text: Text = old.text.replace(start, stop, new)
        document = Document(old.uri, old.language, old.version + 1, text)
        self.cursor = Cursor(document, cursor)
        self.session.on_change(document, (Edit(start, stop, start + len(new)),))

    def type(self, keys: str) -> None:
        at = self.cursor.offset
        self.edit(at, at, keys, at + len(keys))

    def backspace(self, count: int = 1) -> None:
        at = self.cursor.offset
        self.edit(at - count, at, "", at - count)

    def request(
        self, *, automatic: bool = True, wanted: int = 1, selected: Selected | None = None
    ) -> asyncio.Task[Answer]:
        ask = Ask(self.cursor, automatic, selected, wanted)
        return asyncio.ensure_future(self.completer.complete(ask))

    async def ask(self, **options: bool) -> str:
        """The first alternative of a request at the cursor, or an empty string."""
        answer = await self.request(**options)
        return answer.texts[0] if answer.texts else ""

    async def call(self, number: int = 0) -> Call:
        """The ``number``-th request that reaches the model."""
        async with asyncio.timeout(5):
            while len(self.model.calls) <= number:
                await asyncio.sleep(0.001)
        return self.model.calls[number]
