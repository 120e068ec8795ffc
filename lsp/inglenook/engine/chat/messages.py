"""From a question to the messages of a chat, within a model's window.

The question and the selection are never cut: if they do not fit, that is said. What stands round
them is left out first, then older turns. Earlier turns are sent as they were, so that an engine
which keeps its prompt cache has evaluated them already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from inglenook.engine.chat.conversations import Turn, fitting
from inglenook.engine.chat.material import Material
from inglenook.engine.chat.question import Extra, Question, Used
from inglenook.engine.chat.room import Room
from inglenook.engine.chat.rules import fitting as fitting_rules
from inglenook.engine.markdown.fences import fenced
from inglenook.engine.markdown.signs import plain
from inglenook.engine.settings import Rule
from inglenook.models.chatting import Message
from inglenook.models.errors import PromptTooLong

_NAMED: Final = 5  # files, of those that did not fit
_SYSTEM: Final = (
    "You are Inglenook, a programmer's assistant that runs on the user's own machine. Answer "
    "the question about the code that is shown, in Markdown, briefly and to the point. Put code "
    "in fenced blocks with its language. Say so if what is shown is not enough to know."
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Messages, what is in them, and what was left out, a sentence each. ``question`` is that of
    the last message, as the next turn will repeat it, and ``current`` the code that it is about."""

    messages: tuple[Message, ...]
    used: tuple[Used, ...]
    question: str = field(repr=False)
    current: tuple[str, ...] = field(default=(), repr=False)
    left_out: tuple[str, ...] = ()

    def turn(self, answer: str) -> Turn:
        """This question with what was answered."""
        return Turn(self.question, answer, self.current, self.used)


@dataclass(frozen=True, slots=True)
class Told:
    """What belongs to a question beside the code: ``wish`` is its text with commands expanded,
    ``system`` what the user's file says to this model, ``path`` the document's for a model."""

    wish: str
    path: str
    system: str = ""
    rules: tuple[Rule, ...] = ()
    turns: tuple[Turn, ...] = ()


def messages(question: Question, told: Told, material: Material, room: Room) -> Parts:
    """Raises PromptTooLong if not even the question fits, with the selection."""
    fixed = _selection(question, told.path, material)
    system = told.system or _SYSTEM
    left = room.prompt - len(system) - len(fixed) - len(told.wish)
    if left < 0:
        raise PromptTooLong(
            "The selection and the question are longer than the model's window. Select less, or "
            "let the model have a larger window (contextLength)."
        )
    rules, cut = fitting_rules(told.rules, left // 2)
    left_out = [*question.left_out, *cut]
    left -= sum(len(rule.text) for rule in rules)
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
    shown = _Shown(left, turns)
    chosen = "" if shown.is_known(fixed) else fixed
    around = shown.taken(_around(question, told.path, material))
    asked = f"{around}{files}{chosen}{told.wish}"
    used = [Used(rule.source, "rule") for rule in rules if rule.source]
    if material.selection:
        used.insert(0, Used(told.path, "selection"))
    used += [*shown.used, *(Used(each.path, "file") for each in extras)]
    return Parts(
        (
            Message("system", "\n\n".join([system, *(rule.text for rule in rules)])),
            *(
                message
                for turn in turns
                for message in (Message("user", turn.question), Message("assistant", turn.answer))
            ),
            Message("user", asked),
        ),
        tuple(dict.fromkeys([*used, *(each for turn in turns for each in turn.used)])),
        asked,
        (fixed, *shown.current) if fixed else told.turns[-1].current if told.turns else (),
        tuple(left_out),
    )


def _files(extras: Sequence[Extra], room: int) -> tuple[str, tuple[Extra, ...], str]:
    """The further files as the model is shown them, which those are, and a sentence without its
    full stop about those for which there is no room; the model is told of them too."""
    found, shown, missing = [], [], []
    for extra in extras:
        path = plain(extra.path)
        said = f"The file `{path}`:\n\n{fenced(extra.text)}\n\n"
        if len(said) <= room:
            room -= len(said)
            found.append(extra)
            shown.append(said)
        else:
            missing.append(path)
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
class _Shown:
    """What of the code is shown once more, and what the model has read and knows to be so still.

    It knows what the last turn was about, if the turn in which that was shown is still sent.
    """

    room: int
    turns: Sequence[Turn]
    used: list[Used] = field(default_factory=list)
    current: list[str] = field(default_factory=list)

    def is_known(self, said: str) -> bool:
        return (
            bool(said and self.turns)
            and said in self.turns[-1].current
            and any(said in turn.question for turn in self.turns)
        )

    def taken(self, parts: Iterable[tuple[str, Used]]) -> str:
        """Those parts that are not known, as far as there is room."""
        new = []
        for said, used in parts:
            if not self.is_known(said):
                if len(said) > self.room:
                    continue
                self.room -= len(said)
                new.append(said)
            self.current.append(said)
            self.used.append(used)
        return "".join(new)


def _around(question: Question, path: str, material: Material) -> Iterator[tuple[str, Used]]:
    """What the selection stands in and what it uses."""
    language = question.document.language
    if material.scope:
        code = fenced(material.scope, language)
        said = f"Code in `{path}` from line {material.scope_line + 1}:\n\n{code}\n\n"
        yield said, Used(path, "scope")
    if material.own:
        said = f"Also defined in `{path}`:\n\n{fenced(material.own, language)}\n\n"
        yield said, Used(path, "definitions")
    for snippet in material.snippets:
        code = fenced(snippet.text, language)
        said = f"Defined in `{snippet.path}`:\n\n{code}\n\n"
        yield said, Used(snippet.path, "definitions")
