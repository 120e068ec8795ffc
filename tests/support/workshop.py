"""The writer of edits with a model that says what it is told to, in one process: a selection is
drawn between ⟦ and ⟧, and what comes out is the whole text of the file."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from inglenook.engine.chat.manner import Manner
from inglenook.engine.chat.question import Trouble
from inglenook.engine.refactor.wish import Wish, Written
from inglenook.engine.refactor.world import Look
from inglenook.engine.refactor.writer import Writer
from inglenook.engine.session import Session
from inglenook.engine.settings import Check
from inglenook.engine.status import State, Status
from inglenook.engine.supply import Discovery, Supply
from inglenook.models.chatting import ChatChunk, ChatRequest
from inglenook.models.errors import BackendRefused
from inglenook.models.fake import FakeModel
from inglenook.models.render import Layout
from inglenook.models.spec import ModelSpec
from inglenook_context.document import Document
from inglenook_context.refactor.edits import applied
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose

OPENS, CLOSES = "⟦", "⟧"


class ScriptedModel(FakeModel):
    """Gives its answers in turn, the last one again and again; notes whether it was closed early.

    ``holds``: it takes grammars. ``refuses``: it refuses to be held to any form.
    """

    def __init__(self, answers: Sequence[str], *, holds: bool, refuses: bool, limited: bool):
        super().__init__()
        self.answers = list(answers)
        self.holds, self.refuses, self.limited = holds, refuses, limited
        self.unread = ""  # of the last answer, when it was closed

    @property
    def layouts(self) -> tuple[Layout, ...]:
        return (Layout.FROZEN_LINE,) if self.holds else (Layout.PSM,)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        self.chats.append(request)
        if self.refuses and (request.grammar or request.json_schema):
            raise BackendRefused("The fake model is not held to anything.")
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for start in range(0, len(answer), 4):
            self.unread = answer[start:]
            yield ChatChunk(answer[start : start + 4])
        self.unread = ""
        yield ChatChunk(limited=self.limited)


@dataclass(eq=False, slots=True)
class Workshop:
    """Use as ``async with Workshop(["answer"]) as workshop``."""

    answers: Sequence[str]
    holds: bool = False
    refuses: bool = False
    limited: bool = False
    window: int = 4096
    entry: ModelSpec | None = None
    manner: Manner = field(default_factory=Manner)
    session: Session = field(init=False)
    model: ScriptedModel = field(init=False)
    supply: Supply = field(init=False)
    writer: Writer = field(init=False)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = ScriptedModel(
            self.answers, holds=self.holds, refuses=self.refuses, limited=self.limited
        )
        self.model.adopt(self.model.info.way, self.window)
        self.session = Session(lambda uri: uri.removeprefix("file:///workshop/"))
        self.supply = Supply(self._find, lambda _status: None)
        self.writer = Writer(self.session)

    async def _find(self) -> Discovery:
        return Discovery(self.model, Status(State.OFFLINE), self.entry)

    async def __aenter__(self) -> Workshop:
        await self.supply.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.session.close()
        await self.supply.close()

    async def open(self, drawing: str, name: str = "case.py", language: str = "python") -> Wish:
        """A wish for what is drawn as selected, still without its purpose."""
        start = drawing.find(OPENS)
        text = drawing.replace(OPENS, "", 1)
        stop = text.find(CLOSES)
        text = text.replace(CLOSES, "", 1)
        document = Document(f"file:///workshop/{name}", language, 1, Text.of(text))
        self.session.on_open(document)
        await self.session.settled()
        return Wish(document, max(start, 0), max(stop, 0), Purpose.EDIT)

    async def written(
        self, wish: Wish, *, look: Look | None = None, checks: Sequence[Check] = ()
    ) -> Written:
        return await self.writer.write(
            wish, self.supply, self.manner, look=look, checks=checks, told=self.told.append
        )

    @property
    def sent(self) -> str:
        """All that was sent with the last request."""
        return "\n".join(f"{each.role}: {each.content}" for each in self.model.chats[-1].messages)


def trouble_at(wish: Wish, message: str) -> Trouble:
    """A diagnostic on the first line that is selected."""
    return Trouble(wish.document.text.line_at(wish.start), message, "error")


def after(written: Written) -> str:
    return applied(str(written.document.text), written.changes)
