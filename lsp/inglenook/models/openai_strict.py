"""A server that refuses fields which OpenAI's own API does not have is asked again without them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from inglenook.models.errors import BackendRefused
from inglenook.models.lines import Body

_T = TypeVar("_T")

_MOST_STOPS: Final = 4  # that OpenAI itself allows, and strict servers too
# What a server says of a field that it does not know. Other refusals are not over fields.
_OVER_A_FIELD: Final = ("refused the request (400).", "refused the request (422).")


@dataclass(eq=False, slots=True)
class Strictness:
    """Of one server; ``known`` once it has answered only what OpenAI's own API knows."""

    known: bool = False

    async def ask(
        self, plain: Body, more: Body, answer: Callable[[Body], AsyncGenerator[_T, None]]
    ) -> AsyncGenerator[_T, None]:
        """The answer to ``plain`` and ``more``, or to ``plain`` alone. Raises what it raises."""
        began = False
        if not self.known:
            try:
                async with aclosing(answer(plain | more)) as parts:
                    async for part in parts:
                        began = True
                        yield part
                return
            except BackendRefused as error:
                if began or not str(error).endswith(_OVER_A_FIELD):
                    raise
        stops: dict[str, Any] = {"stop": plain["stop"][:_MOST_STOPS]} if "stop" in plain else {}
        async with aclosing(answer(plain | stops)) as parts:
            async for part in parts:
                self.known = True
                yield part
