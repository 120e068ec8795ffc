"""The chat engine with a scripted model, in one process: a selection is drawn between ⟦ and ⟧."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace

from inglenook.engine.chat.manner import Manner
from inglenook.engine.chat.question import Extra, Piece, Question, Reply, Trouble
from inglenook.engine.chat.talker import Talker
from inglenook.engine.session import Session
from inglenook.engine.status import State, Status
from inglenook.engine.supply import Discovery, Supply
from inglenook.models.chatting import ChatRequest
from inglenook.models.fake import FakeModel, FakeScript
from inglenook.models.spec import ModelSpec
from inglenook_context.document import Document
from inglenook_context.text import Text

OPENS, CLOSES = "⟦", "⟧"


class Parlour:
    """Use as ``async with Parlour("answer") as parlour``."""

    def __init__(
        self,
        answer: str = "It adds.",
        *,
        thinking: str = "",
        window: int = 4096,
        entry: ModelSpec | None = None,
        chunk: int = 3,
    ) -> None:
        self.model = FakeModel(FakeScript(chat=answer, thinking=thinking, chunk=chunk))
        self.model.adopt(self.model.info.way, window)
        self.entry = entry
        self.session = Session(lambda uri: uri.rpartition("/")[2])
        self.supply = Supply(self._find, lambda _status: None)
        self.talker = Talker(self.session)
        self.manner = Manner()
        self.pieces: list[Piece] = []

    async def _find(self) -> Discovery:
        return Discovery(self.model, Status(State.OFFLINE), self.entry)

    async def __aenter__(self) -> Parlour:
        await self.supply.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.session.close()
        await self.supply.close()

    async def open(self, drawing: str, name: str = "case.py", language: str = "python") -> Question:
        """A question about what is drawn as selected, still without its text."""
        start = drawing.find(OPENS)
        text = drawing.replace(OPENS, "", 1)
        stop = text.find(CLOSES)
        text = text.replace(CLOSES, "", 1)
        document = Document(f"file:///parlour/{name}", language, 1, Text.of(text))
        self.session.on_open(document)
        await self.session.settled()
        return Question(document, max(start, 0), max(stop, 0), "")

    async def ask(
        self,
        question: Question,
        text: str,
        *,
        conversation: str = "",
        troubles: tuple[Trouble, ...] = (),
        extras: tuple[Extra, ...] = (),
    ) -> Reply:
        """What is answered; the pieces are kept."""
        question = replace(
            question, text=text, conversation=conversation, troubles=troubles, extras=extras
        )
        self.pieces.clear()
        async with aclosing(self.talker.ask(question, self.supply, self.manner)) as told:
            async for each in told:
                if isinstance(each, Reply):
                    return each
                self.pieces.append(each)
        raise AssertionError("there was no reply")

    @property
    def request(self) -> ChatRequest:
        """The last one that reached the model."""
        return self.model.chats[-1]

    @property
    def sent(self) -> str:
        """All that was sent with it."""
        return "\n".join(f"{each.role}: {each.content}" for each in self.request.messages)
