"""What a server of OpenAI's API really does with a request; its documentation is not believed.

Three small requests at most, with text of our own, before the first prompt: is there a
`/v1/completions` that takes a prompt as it is? Does the answer obey a ``grammar`` (llama.cpp's
field)? Does the model get to see a ``suffix``? Many servers take both fields and ignore them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from inglenook.models.bodies import count, mapping, objects, text
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendRefused,
)
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.openai_models import OpenAIServer

COMPLETIONS: Final = "/v1/completions"
CHAT: Final = "/v1/chat/completions"
# A gateway fails for a machine behind it that has gone; the next request may meet another.
TRIES: Final = 3
_FORCED: Final = "zq7"  # no model says so by itself
_SUFFIX: Final = "".join(f"total_{number} = {number}\n" for number in range(20))
_SUFFIX_TOKENS: Final = 60  # it is of more tokens than these in every vocabulary


@dataclass(frozen=True, slots=True)
class Learned:
    """``completes``: prompts are taken as they are. The other two say what is honoured."""

    completes: bool
    grammar: bool = False
    suffix: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """How the server is asked about one model."""

    client: HttpClient
    server: OpenAIServer
    model: str

    async def learn(self, *, about_suffix: bool) -> Learned:
        """Raises `ModelError` if the server is gone, busy or ill; what it refuses, it cannot do."""
        forced = None
        with suppress(BackendFailed):  # over a field that it does not know
            forced = await self._ask(grammar=f'root ::= "{_FORCED}"')
        if forced is None and not await self._completes():
            return Learned(completes=False)
        grammar = forced is not None and _text(forced) == _FORCED
        return Learned(True, grammar, about_suffix and await self._sees_suffix())

    async def _completes(self) -> bool:
        """A server that fails here and can chat does not complete; one that fails at all is ill."""
        try:
            return await self._ask() is not None
        except BackendFailed:
            said = {"role": "user", "content": "total = "}
            with suppress(BackendRefused, BackendGarbled):
                await self._post(CHAT, {"messages": [said]})
            return False

    async def _sees_suffix(self) -> bool:
        """Whether the tokens of a long suffix are counted."""
        alone, beside = await self._ask(), None
        with suppress(BackendFailed):
            beside = await self._ask(suffix=_SUFFIX)
        if alone is None or beside is None:
            return False
        return _prompt_tokens(beside) >= _prompt_tokens(alone) + _SUFFIX_TOKENS

    async def _ask(self, **more: str) -> Body | None:
        """The answer to a small prompt; None if the server refuses it."""
        try:
            told = await self._post(COMPLETIONS, {"prompt": "total = "} | more)
        except (BackendRefused, BackendGarbled) as error:
            if isinstance(error, BackendBusy):
                raise
            return None
        return told if isinstance(told.get("choices"), list) else None

    async def _post(self, path: str, body: Body) -> Body:
        """The answer to ``body``, after some tries if the server fails."""
        body = {"model": self.model, "max_tokens": 8, "temperature": 0} | body
        for _ in range(TRIES - 1):
            with suppress(BackendFailed):
                return await self._post_once(path, body)
        return await self._post_once(path, body)

    async def _post_once(self, path: str, body: Body) -> Body:
        server, seconds = self.server, self.client.limits.load
        body = server.access.body(body)
        return await self.client.post(
            server.target, server.path(path), body, server.headers, seconds=seconds
        )


def _text(told: Body) -> str:
    choices = objects(told, "choices")
    return text(choices[0], "text").strip() if choices else ""


def _prompt_tokens(told: Body) -> int:
    return count(mapping(told, "usage"), "prompt_tokens") or 0
