"""From a question to the messages of a chat, within a model's window.

The question and the selection are never cut: if they do not fit, that is said. What stands round
them is left out first, then older turns. Earlier turns are sent as they were, so that an engine
which keeps its prompt cache has evaluated them already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from inglenook.engine.chat.conversations import Turn, fitting
from inglenook.engine.chat.material import Material
from inglenook.engine.chat.question import Extra, Question, Used
from inglenook.engine.settings import Rule
from inglenook.models.chatting import Message
from inglenook.models.errors import PromptTooLong
from inglenook.models.model import ModelInfo

_WINDOW: Final = 4_096  # tokens, of a model that does not tell
_ANSWER: Final = 2_048  # tokens of an answer, reasoning included, unless the user says otherwise
_SHARE: Final = 0.4  # of the window, that an answer may take at most
_CHARACTERS: Final = 2.5  # a token, at the least that code has on the average
_FRAME: Final = 400  # characters of words between the parts, and of a template's frame
_NAMED: Final = 5  # files, of those that did not fit
_TICKS: Final = re.compile(r"`{3,}")
_SYSTEM: Final = (
    "You are Inglenook, a programmer's assistant that runs on the user's own machine. Answer "
    "the question about the code that is shown, in Markdown, briefly and to the point. Put code "
    "in fenced blocks with its language. Say so if what is shown is not enough to know."
)


@dataclass(frozen=True, slots=True)
class Room:
    """``prompt`` characters may be sent and ``answer`` tokens may come."""

    prompt: int
    answer: int


def room_of(info: ModelInfo, max_tokens: int | None) -> Room:
    """How a model's window is shared; ``max_tokens`` is what the user set for answers."""
    window = info.context_tokens or _WINDOW
    answer = max(min(max_tokens or _ANSWER, int(window * _SHARE)), 1)
    return Room(int((window - answer) * _CHARACTERS) - _FRAME, answer)


@dataclass(frozen=True, slots=True)
class Parts:
    """Messages, what is in them, and what was left out, a sentence each."""

    messages: tuple[Message, ...]
    used: tuple[Used, ...]
    question: str = field(repr=False)  # of the last message, as the next turn will repeat it
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What belongs to a question beside the code: ``wish`` is its text with commands expanded,
    ``system`` what the user's file says to this model, ``path`` the document's for a model,
    ``left_out`` what is not among the rules, a sentence each."""

    wish: str
    path: str
    system: str = ""
    rules: tuple[Rule, ...] = ()
    turns: tuple[Turn, ...] = ()
    left_out: tuple[str, ...] = ()


def messages(question: Question, told: Told, material: Material, room: Room) -> Parts:
    """Raises PromptTooLong if not even the question fits, with the selection."""
    used: list[Used] = []
    left_out = [*question.left_out, *told.left_out]
    fixed = _selection(question, told.path, material)
    system = told.system or _SYSTEM
    left = room.prompt - len(system) - len(fixed) - len(told.wish)
    if left < 0:
        raise PromptTooLong(
            "The selection and the question are longer than the model's window. Select less, or "
            "let the model have a larger window (contextLength)."
        )
    rules = []
    for rule in told.rules:
        if len(rule.text) > left // 2:
            left_out.append(f"The rule {rule.name or rule.source} did not fit.")
            continue
        left -= len(rule.text)
        rules.append(rule.text)
        if rule.source:
            used.append(Used(rule.source, "rule"))
    files, extras, missing = _files(question.extras, left)
    left -= len(files)
    if missing and not extras and not material.selection:
        raise PromptTooLong(
            f"{missing}: there is nothing that the model could be shown. Let it have a larger "
            "window (contextLength), or take less."
        )
    if missing:
        left_out.append(f"{missing}.")
    turns = fitting(told.turns, left if not material.selection else left * 2 // 3)
    if len(turns) < len(told.turns):
        left_out.append("The beginning of the conversation did not fit into the model's window.")
    left -= sum(turn.size for turn in turns)
    known = fixed != "" and any(fixed in turn.question for turn in turns)
    if material.selection and not known:
        used.insert(0, Used(told.path, "selection"))
    around, there = _around(question, told.path, material, _Left(left, turns))
    used += there
    used += [Used(each.path, "file") for each in extras]
    asked = f"{around}{files}{'' if known else fixed}{told.wish}"
    return Parts(
        (
            Message("system", "\n\n".join([system, *rules])),
            *(
                message
                for turn in turns
                for message in (Message("user", turn.question), Message("assistant", turn.answer))
            ),
            Message("user", asked),
        ),
        tuple(dict.fromkeys(used)),
        asked,
        tuple(left_out),
    )


def fenced(text: str, language: str = "") -> str:
    """A block of code that nothing in it can end."""
    ticks = max((len(run) for run in _TICKS.findall(text)), default=2) + 1
    fence = "`" * max(ticks, 3)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _files(extras: Sequence[Extra], room: int) -> tuple[str, tuple[Extra, ...], str]:
    """The further files as the model is shown them, which those are, and a sentence without its
    full stop about those for which there is no room; the model is told of them too."""
    found, missing = [], []
    for extra in extras:
        if len(extra.text) <= room:
            room -= len(extra.text)
            found.append(extra)
        else:
            missing.append(extra.path)
    shown = [f"The file `{each.path}`:\n\n{fenced(each.text)}\n\n" for each in found]
    if not missing:
        return "".join(shown), tuple(found), ""
    named = ", ".join(missing[:_NAMED])
    if len(missing) > _NAMED:
        named += f" and {len(missing) - _NAMED} more"
    if found:
        shown.append(f"Not shown, for want of room: {named}.\n\n")
    return "".join(shown), tuple(found), f"{named} did not fit into the model's window"


def _selection(question: Question, path: str, material: Material) -> str:
    """The selection with what the editor has to say of it."""
    first, stop = question.lines
    language = question.document.language
    said = ""
    if material.selection:
        lines = f"line {first + 1}" if stop == first + 1 else f"lines {first + 1} to {stop}"
        code = fenced(material.selection, language)
        said = f"Selected in `{path}`, {lines}:\n\n{code}\n\n"
    if question.troubles:
        told = "\n".join(
            f"- {each.severity or 'note'} in line {each.line + 1}: {each.message}"
            for each in question.troubles
        )
        said += f"The editor reports there:\n{told}\n\n"
    return said


@dataclass(slots=True)
class _Left:
    """What is left of the window for code that no earlier turn shows."""

    room: int
    turns: Sequence[Turn]

    def take(self, said: str) -> str:
        """``said``, or nothing if it does not fit or the model has read it."""
        if len(said) > self.room or any(said in turn.question for turn in self.turns):
            return ""
        self.room -= len(said)
        return said


def _around(
    question: Question, path: str, material: Material, left: _Left
) -> tuple[str, list[Used]]:
    """What the selection stands in and what it uses, as far as there is room."""
    language = question.document.language
    parts = []
    if material.scope:
        code = fenced(material.scope, language)
        said = f"Code in `{path}` from line {material.scope_line + 1}:\n\n{code}\n\n"
        parts.append((said, Used(path, "scope")))
    if material.own:
        said = f"Also defined in `{path}`:\n\n{fenced(material.own, language)}\n\n"
        parts.append((said, Used(path, "definitions")))
    for snippet in material.snippets:
        code = fenced(snippet.text, language)
        said = f"Defined in `{snippet.path}`:\n\n{code}\n\n"
        parts.append((said, Used(snippet.path, "definitions")))
    taken = [(said, used) for said, used in parts if left.take(said)]
    return "".join(said for said, _ in taken), [used for _, used in taken]
