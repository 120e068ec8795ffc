"""One question from beginning to end: gather, trim, redact, stream, remember.

A chat does not wait for a completion, nor a completion for a chat: each has its own request, and
a backend with several slots serves both at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.engine.chat.commands import expanded
from inglenook.engine.chat.conversations import Conversations, Turn
from inglenook.engine.chat.manner import Manner
from inglenook.engine.chat.material import Material, gathered
from inglenook.engine.chat.messages import Parts, Told, messages
from inglenook.engine.chat.question import Piece, Question, Reply
from inglenook.engine.chat.room import room_of
from inglenook.engine.chat.rules import holding
from inglenook.engine.lane import Lane
from inglenook.engine.markdown.safe import SafeMarkdown
from inglenook.engine.markdown.signs import plain
from inglenook.engine.redaction import Redactor, redacted_texts
from inglenook.engine.session import Session
from inglenook.engine.supply import Supply
from inglenook.engine.truncation import unseen
from inglenook.models.chatting import ChatChunk, ChatRequest, chat
from inglenook.models.errors import BackendOffline, ModelError, PromptTooLong
from inglenook.models.model import Timings
from inglenook.models.spec import Sampling
from inglenook_context.facts import Facts
from inglenook_context.resolve import Resolver

_SLICE: Final = 0.003  # seconds of CPU in one turn of the event loop
_MILD: Final = 0.2  # the temperature of answers about code, unless the user set one
_SHARES: Final = (1.0, 0.66, 0.44, 0.3)  # of the room for a prompt, one after the other
_CUT: Final = "The answer was cut: it reached the limit of tokens that it may have."


@dataclass(eq=False, slots=True)
class Talker:
    """The chats of one session."""

    session: Session
    conversations: Conversations = field(default_factory=Conversations)
    _redactor: Redactor = field(default_factory=Redactor)
    _last: _Gathered | None = None

    async def ask(
        self, question: Question, supply: Supply, manner: Manner
    ) -> AsyncGenerator[Piece | Reply, None]:
        """Pieces and, last, the `Reply`. Raises `ModelError`, which says what to do.

        Use it under ``contextlib.aclosing``: closing it closes the model's socket at once. What
        was answered until then is remembered, for the next question may be about it.
        """
        self.session.hold()
        lane = supply.lane or await supply.first()
        if lane is None:
            supply.wanted()
            raise BackendOffline(supply.status.text or "No model was found.")
        ongoing = self.conversations.begin(question.document.uri, question.conversation)
        answer = _Answer()
        try:
            told = self._answered(question, supply, lane, manner, answer)
            async with aclosing(told) as pieces:
                async for piece in pieces:
                    yield piece
        except ModelError as error:
            supply.failed(lane, error)
            raise
        finally:
            self.conversations.end(ongoing, answer.turn)
        supply.worked(lane)
        if rest := answer.finish():
            yield rest
        yield self._reply(answer, lane)

    def forget(self, uri: str, name: str | None = None) -> None:
        """A document was closed, or one of its conversations is to begin anew."""
        self.conversations.forget(uri, name)
        self._last = None

    async def _answered(
        self, question: Question, supply: Supply, lane: Lane, manner: Manner, answer: _Answer
    ) -> AsyncGenerator[Piece, None]:
        """How many tokens a text has only the model knows: what it finds too long is sent again
        with less round the question."""
        asked: ChatRequest | None = None
        refused: PromptTooLong | None = None
        for share in _SHARES:
            try:
                answer.parts, request = await self._request(question, lane, manner, share)
            except PromptTooLong as error:
                raise refused or error from None
            if request == asked:
                continue
            await supply.loaded(lane)
            try:
                async with aclosing(_pieces(supply, lane, request, answer)) as pieces:
                    async for piece in pieces:
                        yield piece
                return
            except PromptTooLong as error:
                if answer.raw:
                    raise
                asked, refused = request, error
        if refused is not None:
            raise refused

    async def _request(
        self, question: Question, lane: Lane, manner: Manner, share: float
    ) -> tuple[Parts, ChatRequest]:
        entry = lane.entry
        sampling = entry.sampling if entry else Sampling()
        room = room_of(lane.model.info, sampling.max_tokens)
        room = replace(room, prompt=int(room.prompt * share))
        uri, path = question.document.uri, self.session.path(question.document.uri)
        told = Told(
            wish=expanded(question.text, manner.prompts),
            path=path,
            system=entry.system_message if entry else "",
            rules=holding(manner.rules, [path, *(each.path for each in question.extras)]),
            turns=self.conversations.turns(uri, question.conversation),
        )
        parts = messages(question, told, await self._material(question), room)
        contents = [message.content for message in parts.messages]
        shown = await redacted_texts(contents, self._redactor)
        if sampling.temperature is None:
            sampling = replace(sampling, temperature=_MILD)
        return parts, ChatRequest(
            tuple(
                replace(message, content=content)
                for message, content in zip(parts.messages, shown, strict=True)
            ),
            room.answer,
            sampling,
            manner.think if manner.think is not None else entry.think if entry else None,
        )

    async def _material(self, question: Question) -> Material:
        """Of the selection that was asked about last it is known, unless something changed."""
        uri = question.document.uri
        resolver, facts = self.session.resolver(uri), self.session.facts(uri)
        if (last := self._last) and last.is_of(question, resolver, facts):
            return last.material
        best = await gathered(self.session, question)
        self._last = _Gathered(question, resolver, facts, best)
        return best

    def _reply(self, answer: _Answer, lane: Lane) -> Reply:
        info = lane.model.info
        parts = answer.parts
        notices = [*parts.left_out, unseen(info, answer.timings)]
        if answer.limited:
            notices.append(_CUT)
        return Reply(
            answer.text,
            answer.reasoning,
            parts.used,
            info,
            answer.timings,
            answer.limited,
            tuple(_said(notices)),
            plain(answer.raw),
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Gathered:
    """What was gathered for a question, and by what was known then.

    A session has another resolver, and other facts, when anything has changed.
    """

    question: Question
    resolver: Resolver
    facts: Facts | None
    material: Material

    def is_of(self, question: Question, resolver: Resolver, facts: Facts | None) -> bool:
        mine, text = self.question, question.document.text
        same = self.resolver is resolver and self.facts is facts and mine.document.text is text
        return same and (mine.start, mine.stop) == (question.start, question.stop)


async def _pieces(
    supply: Supply, lane: Lane, request: ChatRequest, answer: _Answer
) -> AsyncGenerator[Piece, None]:
    """What can be shown of an answer as it comes."""
    with supply.working(lane):
        async with aclosing(chat(lane.model, request)) as chunks:
            deadline = time.thread_time() + _SLICE
            async for chunk in chunks:
                if piece := answer.take(chunk):
                    yield piece
                if time.thread_time() >= deadline:  # much may have come at once
                    await asyncio.sleep(0)
                    deadline = time.thread_time() + _SLICE


def _said(sentences: Iterable[str]) -> list[str]:
    return [sentence for sentence in sentences if sentence]


@dataclass(slots=True)
class _Answer:
    """An answer so far. ``raw`` is as the model wrote it, ``text`` as it may be shown."""

    parts: Parts = field(default_factory=lambda: Parts((), (), ""))
    raw: str = ""
    text: str = ""
    reasoning: str = ""
    timings: Timings | None = None
    limited: bool = False
    _safe: SafeMarkdown = field(default_factory=SafeMarkdown)
    _thoughts: SafeMarkdown = field(default_factory=SafeMarkdown)
    _reasons: bool = False  # reasoning came since the answer went on

    @property
    def turn(self) -> Turn | None:
        """What the next question may be about; None as long as nothing was said."""
        return self.parts.turn(self.raw) if self.raw else None

    def take(self, chunk: ChatChunk) -> Piece | None:
        """What can be shown now."""
        self.timings = chunk.timings or self.timings
        self.limited = self.limited or chunk.limited
        self.raw += chunk.text
        reasoning = self._reasoned(chunk)
        return self._piece(self._safe.feed(chunk.text), reasoning)

    def _reasoned(self, chunk: ChatChunk) -> str:
        """What can be shown of its reasoning: all of it, once the answer goes on."""
        shown = ""
        if chunk.reasoning:
            if self.reasoning and not self._reasons:
                shown = "\n\n"  # safe for itself, but what follows directly could change it
            self._reasons = True
            shown += self._thoughts.feed(chunk.reasoning)
        if chunk.text and self._reasons:
            shown += self._thoughts.finish()
            self._thoughts, self._reasons = SafeMarkdown(), False
        return shown

    def finish(self) -> Piece | None:
        return self._piece(self._safe.finish(), self._thoughts.finish())

    def _piece(self, text: str, reasoning: str) -> Piece | None:
        self.text += text
        self.reasoning += reasoning
        return Piece(text, reasoning) if text or reasoning else None
