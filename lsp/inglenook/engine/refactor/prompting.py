"""What a model is sent for an edit: messages, and the form to which its answer is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from inglenook.engine.chat.manner import Manner
from inglenook.engine.chat.material import Material
from inglenook.engine.chat.messages import Parts, Told, messages
from inglenook.engine.chat.question import Question
from inglenook.engine.chat.room import Room, room_of
from inglenook.engine.chat.rules import holding
from inglenook.engine.lane import Lane
from inglenook.engine.redaction import Redactor, redacted_texts
from inglenook.engine.refactor.form import Form
from inglenook.engine.refactor.wish import NotOffered, Wish
from inglenook.models.chatting import ChatRequest, Message, holds
from inglenook.models.model import ModelInfo
from inglenook.models.spec import Sampling, Think
from inglenook_context.verify.task import Failure

_THOUGHTS: Final = 2_048  # tokens, of a model that reasons before it answers
# The temperature of a second try, which at 0 could be the first again.
_LESS_SO: Final = 0.4
_FREELY: Final = 0.8
_AGAIN: Final = "Answer again, in the same form and complete, with this corrected."
_NOT_SO: Final = "As it is the code is not what is wanted: do not answer with a copy of it."
_SYSTEM: Final = (
    "You are Inglenook, which edits code on the user's own machine. Do what is asked with the "
    "selected code and nothing else. Keep what need not change as it is: names, comments, "
    "strings, indentation. Use only what the file has or imports, and what surely exists. Answer "
    "in the form that is asked for, without any explanation."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and what it was made of; ``room`` is the window's.

    ``is_block``: all of use has come once a block of code has ended. ``repairs``: it is not the
    first.
    """

    request: ChatRequest
    parts: Parts
    room: Room
    is_block: bool
    repairs: bool = False


def asked(wish: Wish, form: Form, lane: Lane, manner: Manner, path: str, found: Material) -> Asked:
    """Raises PromptTooLong and `NotOffered` if the code is too long for the model's window."""
    entry, info = lane.entry, lane.model.info
    sampling = entry.sampling if entry else Sampling()
    think = manner.think if manner.think is not None else entry.think if entry else None
    thinks = info.thinks and think is not Think.OFF
    room, tokens = _room(form, info, thinks)
    told = Told(
        wish=form.wish,
        path=path,
        system=_SYSTEM + (f"\n\n{entry.system_message}" if entry and entry.system_message else ""),
        rules=holding(manner.rules, [path]),
    )
    question = question_of(wish, form)
    parts = messages(question, told, found, room)
    if sampling.temperature is None:
        sampling = replace(sampling, temperature=0.0)
    grammar = form.grammar if holds(lane.model) and not thinks else ""
    request = ChatRequest(
        parts.messages, tokens, sampling, think, json_schema=form.schema, grammar=grammar, seed=0
    )
    return Asked(request, parts, room, form.is_block)


def question_of(wish: Wish, form: Form) -> Question:
    """The wish as a question about what the model is shown, which is how its context is found."""
    return Question(wish.document, form.start, form.stop, form.wish)


def _room(form: Form, info: ModelInfo, thinks: bool) -> tuple[Room, int]:
    tokens = form.tokens + (_THOUGHTS if thinks else 0)
    room = room_of(info, tokens)
    if room.answer < form.tokens:
        raise NotOffered(
            "The code is longer than what the model can write in one answer: select a part of it."
        )
    return room, room.answer


def again(before: Asked, answer: str, failures: Sequence[Failure]) -> Asked | None:
    """The question for a repair, with the reasons; None if the window has no room for it.

    A model that copied the code would copy its copy: it is asked anew, and more freely.
    """
    request, sampling = before.request, before.request.sampling
    if all(each.check == "unchanged" for each in failures):
        *earlier, last = request.messages
        turns = (*earlier, replace(last, content=f"{last.content}\n\n{_NOT_SO}"))
        warmer = _FREELY
    else:
        reasons = "\n".join(f"- {each.reason}" for each in failures[:6])
        said = f"That cannot be used:\n{reasons}\n\n{_AGAIN}"
        turns = (*request.messages, Message("assistant", answer), Message("user", said))
        warmer = _LESS_SO
    if sum(len(each.content) for each in turns) > before.room.prompt:
        return None
    if sampling.temperature == 0.0:
        sampling = replace(sampling, temperature=warmer)
    mended = replace(request, messages=turns, sampling=sampling)
    return replace(before, request=mended, repairs=True)


async def without_secrets(request: ChatRequest, redactor: Redactor) -> ChatRequest:
    """Of a grammar too, which can hold the user's code."""
    contents = [each.content for each in request.messages]
    *shown, grammar = await redacted_texts([*contents, request.grammar], redactor)
    pairs = zip(request.messages, shown, strict=True)
    turns = tuple(replace(each, content=text) for each, text in pairs)
    return replace(request, messages=turns, grammar=grammar)
