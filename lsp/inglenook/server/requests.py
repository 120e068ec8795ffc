"""Requests to the client and their progress tokens, forgotten when they are over.

pygls keeps the future of a request that was given up until its answer comes, and every
progress token for good.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from lsprotocol.types import ProgressToken, WorkDoneProgressEnd
from pygls.progress import Progress

from inglenook.server.structure import Id


def drop_when_done(
    future: Future[Any], id: Id, futures: dict[Id, Future[Any]], kinds: dict[Id, Any]
) -> None:
    """Take a request out of pygls's tables when it was answered, cancelled or timed out."""

    def drop(_: Future[Any]) -> None:
        futures.pop(id, None)
        kinds.pop(id, None)

    future.add_done_callback(drop)


class ForgettingProgress(Progress):
    """pygls's progress, without the tokens of work that has ended."""

    def end(self, token: ProgressToken, value: WorkDoneProgressEnd) -> None:
        super().end(token, value)
        self.tokens.pop(token, None)
