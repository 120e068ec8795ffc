"""Traps of pygls in reading the stream; each is shown on plain pygls and closed in ours."""

from __future__ import annotations

import json

import pytest

from tests.support.lsp_client import LspClient, frame, frame_bytes
from tests.support.servers import OURS, PLAIN, held_text, serving

URI = "file:///shop/a.py"
PING = {"jsonrpc": "2.0", "id": "ping", "method": "shutdown"}


async def ping(client: LspClient) -> None:
    """Wait until the server has dealt with everything that was sent before."""
    if "ping" not in client.answers:
        client.send(PING)
        await client.until(lambda: "ping" in client.answers)


def codes(client: LspClient, id: object = None) -> list[int]:
    return [answer["error"]["code"] for answer in client.answers.get(id, [])]


@pytest.mark.parametrize("name", [b"content-length", b"CONTENT-LENGTH", b"Content-length"])
async def test_a_header_counts_in_any_case(name: bytes) -> None:
    body = json.dumps({**PING, "id": "odd"}).encode()
    message = name + b": %d\r\n\r\n" % len(body) + body
    async with serving(OURS) as client:
        client.send_bytes(message)
        await client.until(lambda: "odd" in client.answers)
    async with serving(PLAIN) as client:
        client.send_bytes(message)
        client.send(PING)  # it is lost too, being taken for the end of the first one's body
        with pytest.raises(TimeoutError):
            await client.until(lambda: client.answers.keys() & {"odd", "ping"}, limit=0.7)


async def test_malformed_json_is_answered_and_shows_no_popup() -> None:
    broken = [b"{", b"nonsense", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"jsonrpc": "2.0",']
    for server, expected in ((OURS, [-32700] * len(broken)), (PLAIN, [])):
        async with serving(server) as client:
            client.send_bytes(b"".join(map(frame_bytes, broken)))
            await ping(client)
            assert codes(client) == expected
            assert bool(client.seen("window/showMessage")) is (server is PLAIN)


async def test_answers_to_malformed_json_are_rate_limited() -> None:
    async with serving(OURS) as client:
        client.send_bytes(frame_bytes(b"{") * 5_000)
        await ping(client)
        assert 100 <= len(codes(client)) <= 1_000


async def test_json_that_is_no_message_is_an_invalid_request() -> None:
    bodies = [b"[]", b"null", b"7", b'"x"', b"{}", b'{"jsonrpc": "1.0"}']
    async with serving(OURS) as client:
        client.send_bytes(b"".join(map(frame_bytes, bodies)))
        await ping(client)
        assert codes(client) == [-32600] * len(bodies)


HEADERS = {
    "missing": b"X-Other: 1\r\n\r\n",
    "negative": b"Content-Length: -5\r\n\r\n",
    "signed": b"Content-Length: +5\r\n\r\n",
    "no number": b"Content-Length: ten\r\n\r\n",
    "empty": b"Content-Length:\r\n\r\n",
    "contradictory": b"Content-Length: 20\r\nContent-Length: 21\r\n\r\n",
    "absurd": b"Content-Length: " + b"9" * 400 + b"\r\n\r\n",
    "hexadecimal": b"Content-Length: 0x10\r\n\r\n",
    "bytes": b"\x00\xff\xfe\r\n\r\n",
}


async def test_after_a_bad_header_the_next_message_is_read() -> None:
    async with serving(OURS) as client:
        for told, (name, header) in enumerate(HEADERS.items(), 1):
            client.send_bytes(header + b'{"jsonrpc":"2.0","id":"bad","method":"shutdown"}')
            assert (await client.request("test/counts")).error_code is None, name
            assert codes(client) == [-32600] * told, name
        assert "bad" not in client.answers


async def test_a_length_that_reserves_eight_gigabytes_does_not_end_the_conversation() -> None:
    async with serving(OURS) as client:
        client.send_bytes(b"Content-Length: 8000000000\r\n\r\n{}")
        await ping(client)
        assert codes(client) == [-32600]
    async with serving(PLAIN) as client:
        client.send_bytes(b"Content-Length: 8000000000\r\n\r\n{}")
        client.send(PING)
        with pytest.raises(TimeoutError):
            await client.until(lambda: "ping" in client.answers, limit=0.7)


@pytest.mark.parametrize("said", [-7, 7])
async def test_a_length_that_lies_costs_one_message_at_most(said: int) -> None:
    body = json.dumps({**PING, "id": "lied"}).encode()
    async with serving(OURS) as client:
        client.send_bytes(b"Content-Length: %d\r\n\r\n" % (len(body) + said) + body)
        client.send({**PING, "id": "swallowed"})
        await ping(client)
        assert set(codes(client)) <= {-32600, -32700}
        assert codes(client)


async def test_an_oversized_request_is_answered_with_its_id() -> None:
    text = "x" * (33 * 1024 * 1024)
    async with serving(OURS) as client:
        client.send({"jsonrpc": "2.0", "id": 41, "method": "test/wait", "params": {"text": text}})
        await ping(client)
        assert codes(client, 41) == [-32600]


async def test_a_lost_edit_makes_its_document_dirty() -> None:
    async with serving(OURS) as client:
        client.open(URI, "abc")
        client.open(URI + "x", "other")
        body = json.dumps(
            {
                "jsonrpc": "2.0",
                "method": "textDocument/didChange",
                "params": {"textDocument": {"uri": URI, "version": 2}, "contentChanges": []},
            }
        ).encode()
        client.send_bytes(frame_bytes(body[:-1]))
        assert await held_text(client, URI) is None
        assert await held_text(client, URI + "x") == "other"
        client.open(URI, "again", version=3)
        assert await held_text(client, URI) == "again"


async def test_an_endless_header_is_not_kept() -> None:
    async with serving(OURS) as client:
        for _ in range(64):
            client.send_bytes(b"x" * 65_536)
        client.send_bytes(b"\r\n\r\n")
        await ping(client)
        assert codes(client) == [-32600]


async def test_a_message_that_comes_byte_by_byte_is_read() -> None:
    async with serving(OURS) as client:
        for byte in frame({**PING, "id": "slow"}):
            client.send_bytes(bytes([byte]))
            await client.drain()
        await client.until(lambda: "slow" in client.answers)
