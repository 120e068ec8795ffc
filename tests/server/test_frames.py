"""Drawn: bytes of a stream in, the messages and the lost stretches out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.server.frames import BODY_LIMIT, HEADER_LIMIT, Lost, Splitter
from inglenook.server.framing import decode


def split(data: bytes, step: int = 1 << 30) -> list[str]:
    """What comes out, lost stretches as ``~``, when ``step`` bytes are read at once."""
    splitter = Splitter()
    out = []
    for at in range(0, len(data), step):
        for piece in splitter.feed(data[at : at + step]):
            out.append("~" if isinstance(piece, Lost) else piece.decode())
    return out


ONE = b"Content-Length: 3\r\n\r\none"
TWO = b"Content-Type: x; charset=utf-8\r\nCONTENT-length:\t3 \r\n\r\ntwo"


@pytest.mark.parametrize("step", [1, 2, 7, 1 << 30])
@pytest.mark.parametrize(
    ("stream", "seen"),
    [
        (ONE + TWO + ONE, ["one", "two", "one"]),
        (b"Content-Length: 0\r\n\r\n" + ONE, ["", "one"]),
        (b"Content-Length: 3\r\nContent-Length: 3\r\n\r\none", ["one"]),
        (b"Content-Length: +5\r\n\r\n{...}" + ONE, ["~", "one"]),
        (b"Content-Length: -5\r\n\r\n{...}" + TWO, ["~", "two"]),
        (b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n{..}" + ONE, ["~", "one"]),
        (b"Content-Length: 1\r\n\r\n{...}" + ONE, ["{", "~", "one"]),
        (b"noise\r\nnoise\r\n" + ONE, ["~", "one"]),
        (b"noise\r\n\r\nnoise" + ONE + b"\r\n\r\n" + ONE, ["~", "one", "~", "one"]),
        (b"Content-Length: 99999999999\r\n\r\n{...}" + ONE, ["~", "one"]),
        (b"x" * 3 * HEADER_LIMIT + ONE, ["~", "one"]),
    ],
)
def test_streams(stream: bytes, seen: list[str], step: int) -> None:
    assert split(stream, step) == seen


def test_a_body_over_the_limit_is_skipped_and_not_kept() -> None:
    splitter = Splitter()
    out = list(splitter.feed(b"Content-Length: %d\r\n\r\n" % (BODY_LIMIT + 1)))
    for _ in range(BODY_LIMIT // 65_536):
        out += splitter.feed(b'{"jsonrpc":"2.0",' + b"x" * (65_536 - 17))
        assert len(splitter._buffer) <= HEADER_LIMIT + 65_536
    out += splitter.feed(ONE)
    assert [type(piece).__name__ for piece in out] == ["Lost", "bytes"]
    assert isinstance(out[0], Lost)
    assert out[0].head.startswith(b'{"jsonrpc":"2.0",')


@given(st.lists(st.binary(max_size=60)), st.integers(1, 50))
def test_any_bytes_are_survived_and_well_framed_bodies_come_through(
    bodies: list[bytes], step: int
) -> None:
    splitter = Splitter()
    stream = b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)
    out: list[bytes | Lost] = []
    for at in range(0, len(stream), step):
        out += splitter.feed(stream[at : at + step])
    assert out == bodies


@given(
    st.lists(st.sampled_from([b"Content-Length", b":", b" ", b"3", b"\r\n", b"\r\n\r\n", b"{}"]))
)
def test_any_stream_is_survived(pieces: list[bytes]) -> None:
    whole = split(b"".join(pieces) + b"\r\n\r\n")
    assert all(isinstance(piece, str) for piece in whole)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        (b'"\\ud83d"', "\ud83d"),
        (b'"\xed\xa0\xbd"', "\ud83d"),
        (b"[1, 2.5, null]", [1, 2.5, None]),
    ],
)
def test_bodies_are_decoded(body: bytes, value: object) -> None:
    assert decode(body) == value


@pytest.mark.parametrize(
    "body", [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b"[" * 100_000, b"1" * 10_000, b"{} {}"]
)
def test_what_is_no_json_is_lost(body: bytes) -> None:
    assert decode(body) == Lost(body[:4096], is_body=True)
