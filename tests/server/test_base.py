"""What may be registered, and what the plumbing keeps of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from lsprotocol import types

from inglenook.server.base import InglenookServer


class Wire:
    """Takes what the server sends."""

    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, Any], str | None]] = []

    def write(self, data: bytes, kind: str | None = None) -> None:
        header, _, body = data.partition(b"\r\n\r\n")
        assert header == b"Content-Length: %d" % len(body)
        self.sent.append((json.loads(body), kind))


def connected() -> tuple[InglenookServer, Wire]:
    server, wire = InglenookServer(), Wire()
    server.protocol.connect(wire)  # type: ignore[arg-type]
    return server, wire


def test_handlers_in_threads_are_refused() -> None:
    with pytest.raises(TypeError):
        InglenookServer().thread()


def test_synchronisation_is_not_a_feature() -> None:
    with pytest.raises(ValueError, match="listen"):
        InglenookServer().feature(types.TEXT_DOCUMENT_DID_CHANGE)


async def test_a_request_to_a_silent_client_is_forgotten_after_its_limit() -> None:
    server, wire = connected()
    with pytest.raises(TimeoutError):
        await server.ask("workspace/configuration", types.ConfigurationParams(items=[]), 0.01)
    assert len(wire.sent) == 1
    assert not server.protocol._request_futures
    assert not server.protocol._result_types


async def test_a_request_to_the_client_gets_its_answer() -> None:
    server, wire = connected()
    asked = asyncio.ensure_future(
        server.ask("workspace/configuration", types.ConfigurationParams(items=[]))
    )
    await asyncio.sleep(0)
    id = wire.sent[0][0]["id"]
    server.protocol.receive({"jsonrpc": "2.0", "id": id, "result": [{"a": 1}]})
    assert list(await asked) == [{"a": 1}]
    assert not server.protocol._request_futures


def test_progress_is_forgotten_when_it_ends_and_reports_may_be_dropped() -> None:
    server, wire = connected()
    progress = server.work_done_progress
    progress.begin("t", types.WorkDoneProgressBegin(title="a"))
    progress.report("t", types.WorkDoneProgressReport(percentage=1))
    progress.end("t", types.WorkDoneProgressEnd())
    assert not progress.tokens
    assert [kind for _, kind in wire.sent] == [None, "$/progress t", None]


def test_errors_show_no_popup() -> None:
    server, wire = connected()
    server.report_server_error(RuntimeError("text"), RuntimeError)
    assert not wire.sent


async def test_closers_are_awaited_within_their_limit() -> None:
    server, _ = connected()
    closed: list[str] = []

    async def good() -> None:
        closed.append("good")

    async def bad() -> None:
        raise ValueError

    async def slow() -> None:
        await asyncio.sleep(3600)

    for closer in (bad, slow, good):
        server.at_close(closer)
    await server.close(limit=0.05)
    assert closed == ["good"]
