"""Streams of objects, in whatever pieces they come."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.models.errors import BackendGarbled
from inglenook.models.lines import DONE, Body, Framing, Splitter


def _read(framing: Framing, pieces: list[bytes], line_bytes: int = 1000) -> list[Body]:
    splitter = Splitter(framing, line_bytes)
    bodies = [body for piece in pieces for body in splitter.feed(piece)]
    return bodies + splitter.finish()


STREAMS = {
    "lines": (Framing.LINES, b'{"a": 1}\n{"a": 2}\n'),
    "no line end at the end": (Framing.LINES, b'{"a": 1}\n{"a": 2}'),
    "CRLF and empty lines": (Framing.LINES, b'\r\n{"a": 1}\r\n\r\n{"a": 2}\r\n'),
    "events": (Framing.EVENTS, b'data: {"a": 1}\n\ndata: {"a": 2}\n\n'),
    "no blank": (Framing.EVENTS, b'data:{"a": 1}\n\ndata:{"a": 2}\n\n'),
    "comments and fields": (
        Framing.EVENTS,
        b': ping\n\nevent: x\nid: 7\nretry: 9\ndata: {"a": 1}\n\ndata: {"a": 2}\n\n',
    ),
}


@pytest.mark.parametrize("name", STREAMS)
def test_cut_at_every_byte(name: str) -> None:
    framing, data = STREAMS[name]
    for at in range(len(data) + 1):
        assert _read(framing, [data[:at], data[at:]]) == [{"a": 1}, {"a": 2}]
    assert _read(framing, [bytes([byte]) for byte in data]) == [{"a": 1}, {"a": 2}]


@given(st.lists(st.text(), max_size=5), st.integers(1, 9), st.sampled_from(Framing))
def test_any_text_in_any_pieces(texts: list[str], size: int, framing: Framing) -> None:
    mark = b"data: " if framing is Framing.EVENTS else b""
    data = b"".join(mark + json.dumps({"text": text}).encode() + b"\n" for text in texts)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    bodies = _read(framing, pieces, line_bytes=1 << 20)
    assert [body["text"] for body in bodies] == texts


def test_openai_s_end_at_every_byte() -> None:
    """It is told apart from an object that has nothing in it."""
    data = b'data: {"a": 1}\n\ndata: {}\n\ndata: [DONE]\n\n'
    for at in range(len(data) + 1):
        first, empty, end = _read(Framing.EVENTS, [data[:at], data[at:]])
        assert first == {"a": 1}
        assert empty is not DONE
        assert end is DONE


def test_characters_cut_in_two() -> None:
    data = '{"a": "é😀"}\n'.encode()
    assert _read(Framing.LINES, [bytes([byte]) for byte in data]) == [{"a": "é😀"}]


@pytest.mark.parametrize(
    ("line", "body"),
    [
        (b'error: {"code": 500}\n', {"code": 500}),
        (b'{"error": "x"}\n', {"error": "x"}),
    ],
)
def test_errors_that_are_no_events(line: bytes, body: Body) -> None:
    assert _read(Framing.EVENTS, [line]) == [body]


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize(
    "line",
    [
        b"<html>",
        b"data: {",
        b"data: 7",
        b"data: null",
        b'data: "secret"',
        b'{"a": "\xff"}',
        b"\x00\x01",
        b"data: " + b"[" * 990,
        b"nonsense: {}",
    ],
)
def test_anything_else_is_garbled(line: bytes, framing: Framing) -> None:
    with pytest.raises(BackendGarbled) as caught:
        _read(framing, [line + b"\n"])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_has_a_bound(end: bytes, framing: Framing) -> None:
    with pytest.raises(BackendGarbled):
        _read(framing, [b"x" * 1001 + end])
    splitter = Splitter(framing, 1000)
    for _ in range(100):
        assert splitter.feed(b"x" * 10) == []
    with pytest.raises(BackendGarbled):
        splitter.feed(b"x")
