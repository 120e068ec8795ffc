"""The turns of each conversation, as long as its document is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from inglenook.engine.chat.question import Used

_MOST: Final = 40  # turns that are remembered of one
_CONVERSATIONS: Final = 50  # of all documents


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as a model was sent it, and what it said, without its reasoning.

    ``current``: the code that the model knows to be so by then, each piece as it was shown in this
    turn or an older one; ``used`` tells of it.
    """

    question: str = field(repr=False)
    answer: str = field(repr=False)
    current: tuple[str, ...] = field(default=(), repr=False)
    used: tuple[Used, ...] = ()

    @property
    def size(self) -> int:
        return len(self.question) + len(self.answer)


@dataclass(frozen=True, eq=False, slots=True)
class Ongoing:
    """A question that is being answered."""

    uri: str
    name: str


@dataclass(slots=True)
class Conversations:
    """By document and name."""

    _turns: dict[tuple[str, str], tuple[Turn, ...]] = field(default_factory=dict)
    _ongoing: set[Ongoing] = field(default_factory=set)

    def begin(self, uri: str, name: str) -> Ongoing:
        """A question is asked; `end` it, whatever becomes of it."""
        self._ongoing.add(ongoing := Ongoing(uri, name))
        return ongoing

    def end(self, ongoing: Ongoing, turn: Turn | None) -> None:
        """Keep its turn, unless the conversation was forgotten while it was answered."""
        if ongoing in self._ongoing:
            self._ongoing.remove(ongoing)
            if turn is not None:
                self.add(ongoing.uri, ongoing.name, turn)

    def turns(self, uri: str, name: str) -> tuple[Turn, ...]:
        return self._turns.get((uri, name), ())

    def add(self, uri: str, name: str, turn: Turn) -> None:
        older = self._turns.pop((uri, name), ())
        self._turns[uri, name] = (*older, turn)[-_MOST:]
        while len(self._turns) > _CONVERSATIONS:
            del self._turns[next(iter(self._turns))]

    def forget(self, uri: str, name: str | None = None) -> None:
        """Those of a document, or the one of them that is named."""
        for key in [key for key in self._turns if key[0] == uri and name in (None, key[1])]:
            del self._turns[key]
        self._ongoing = {
            each for each in self._ongoing if each.uri != uri or name not in (None, each.name)
        }


def fitting(turns: tuple[Turn, ...], room: int) -> tuple[Turn, ...]:
    """The newest turns for which there is room (characters); one without its answer is none."""
    kept: list[Turn] = []
    for turn in reversed(turns):
        if turn.size > room:
            break
        room -= turn.size
        kept.append(turn)
    return tuple(reversed(kept))
