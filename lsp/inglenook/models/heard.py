"""What is taken of a streamed answer, whatever the backend makes of limits and protocols."""

from __future__ import annotations

from typing import Final

from inglenook.models.errors import BackendGarbled
from inglenook.models.render import HEAL_TOKENS

_MOST_CHARACTERS: Final = 12  # a token, at the most that an answer is long on the average
_USUAL_CHARACTERS: Final = 4  # a token; code has 2.5 to 4
_STRANGE: Final = 100  # events in a row that are not of the protocol


class Room:
    """How much of one answer there may be: some servers know nothing of a limit of tokens.

    A piece is a token with most servers; others cut an answer into characters, or into lines.
    """

    def __init__(self, tokens: int) -> None:
        tokens += HEAL_TOKENS
        self._most = tokens * _MOST_CHARACTERS
        self._usual = tokens * _USUAL_CHARACTERS
        self._tokens = tokens
        self._pieces = 0
        self._characters = 0

    @property
    def full(self) -> bool:
        """Whether the backend should have ended by itself."""
        many = self._pieces > self._tokens and self._characters > self._usual
        return many or self._characters >= self._most

    def take(self, text: str) -> str:
        """``text`` as far as there is room for it. An empty one takes a character's."""
        text = text[: max(self._most - self._characters, 0)]
        self._pieces += bool(text)
        self._characters += max(len(text), 1)
        return text


class Form:
    """Passes over events that are not of the protocol, but not over an answer of nothing else."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._known = False
        self._strange = 0  # in a row

    def known(self) -> None:
        """Note an event of the protocol."""
        self._known, self._strange = True, 0

    def strange(self) -> None:
        """Note another one; BackendGarbled if there were too many."""
        self._strange += 1
        if self._strange > _STRANGE:
            self._fail()

    def check(self) -> None:
        """At the end: BackendGarbled if there was something, and nothing of the protocol."""
        if self._strange and not self._known:
            self._fail()

    def _fail(self) -> None:
        raise BackendGarbled(
            f"{self._where} does not answer in the form of the protocol that was expected. "
            "Is it the right address?"
        )
