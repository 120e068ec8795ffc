"""The requests that are being answered: each gets exactly one answer.

pygls keeps the tasks of requests and notifications and the futures of its own requests in one
table, from which those of notifications are never taken (two futures leak per notification),
and in which a client's answer can meet a request's task. Here only tasks of requests live.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from lsprotocol.types import ErrorCodes, LSPErrorCodes, ResponseError
from pygls.exceptions import JsonRpcException

from inglenook.server.structure import Id

_log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[Any]]
Send = Callable[[Id | None, Any, ResponseError | None], None]


class Answers:
    """Runs handlers as tasks; ``send`` is called once per request with a result or an error."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._running: dict[Id, asyncio.Task[None]] = {}
        self._notices: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many handlers run, of requests and of notifications."""
        return len(self._running) + len(self._notices)

    def answer(self, id: Id, work: Work) -> None:
        """Run ``work`` and send what becomes of it as the answer to request ``id``."""
        if id in self._running:
            self.refuse(id, ErrorCodes.InvalidRequest, "a request with this id is running")
            return
        task = asyncio.get_running_loop().create_task(self._answer(id, work))
        self._running[id] = task
        task.add_done_callback(lambda done: self._never_started(id, done))

    def run(self, work: Work) -> None:
        """Run the handler of a notification, which has no answer."""
        task = asyncio.get_running_loop().create_task(_run(work))
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    def cancel(self, id: Any) -> None:
        """Cancel a request and say so at once; unknown ids are requests answered before."""
        task = self._running.pop(id, None) if type(id) in (int, str) else None
        if task is not None:
            task.cancel()
            self.refuse(id, LSPErrorCodes.RequestCancelled, "cancelled")

    def cancel_others(self) -> None:
        """Cancel and answer all requests but the one whose task is running."""
        current = asyncio.current_task()
        for id in [id for id, task in self._running.items() if task is not current]:
            self.cancel(id)

    def refuse(self, id: Id | None, code: int, message: str) -> None:
        self._send(id, None, ResponseError(code=code, message=message))

    async def _answer(self, id: Id, work: Work) -> None:
        result, error = None, None
        try:
            result = await work()
        except JsonRpcException as refusal:
            error = refusal.to_response_error()
        except asyncio.CancelledError:
            error = ResponseError(LSPErrorCodes.RequestCancelled, "cancelled")
            self._finish(id, None, error)
            raise
        except Exception as failure:
            _log.exception("a request failed")
            error = _internal(failure)
        self._finish(id, result, error)

    def _finish(self, id: Id, result: Any, error: ResponseError | None) -> None:
        """Send the answer, unless the request was cancelled and its id may be another's now."""
        if self._running.get(id) is not asyncio.current_task():
            return
        del self._running[id]
        try:
            self._send(id, result, error)
        except Exception as failure:
            _log.exception("an answer could not be written as JSON")
            self._send(id, None, _internal(failure))

    def _never_started(self, id: Id, task: asyncio.Task[None]) -> None:
        """A task that was cancelled before its first step ran none of its code."""
        if self._running.get(id) is task:
            self.cancel(id)


async def _run(work: Work) -> None:
    try:
        await work()
    except Exception:
        _log.exception("a notification failed")


def _internal(failure: Exception) -> ResponseError:
    # The words of an exception may quote a document; its type may not.
    return ResponseError(ErrorCodes.InternalError, f"internal error: {type(failure).__name__}")


async def call(handler: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a handler of any of the kinds pygls has, and wait for its result.

    Its own handlers are generators which yield (handler, args, kwargs) to have those called.
    """
    outcome: Any = handler(*args, **kwargs)
    if inspect.isgenerator(outcome):
        generator: Generator[Any, Any, Any] = outcome
        value = None
        while True:
            try:
                inner, inner_args, inner_kwargs = generator.send(value)
            except StopIteration as stop:
                return stop.value
            value = await call(inner, *(inner_args or ()), **(inner_kwargs or {}))
    return await outcome if inspect.isawaitable(outcome) else outcome
