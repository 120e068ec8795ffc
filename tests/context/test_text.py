"""Text against a plain str that is edited the same way."""

from __future__ import annotations

import random
import re
from bisect import bisect_right

import pytest

from inglenook_context import text as module
from inglenook_context.text import Text, encode

ALPHABETS = ["ab\n", "a\r\n", "\r\n", "aé\u2028\n😀", "\ud83d\n\ra", "\0\x0b\x0c\x1c\x85\n", "ab"]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that every edit crosses several of them."""
    monkeypatch.setattr(module, "_BLOCK", 8)
    monkeypatch.setattr(module, "_SPLIT", 32)
    monkeypatch.setattr(module, "_JOIN", 2)


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("seed", range(12))
def test_every_method_agrees_with_str(alphabet: str, seed: int) -> None:
    chance = random.Random(seed)
    oracle = some(chance, alphabet, 80)
    text = Text.of(oracle)
    for _ in range(25):
        start = chance.randrange(len(oracle) + 1)
        stop = min(len(oracle), start + chance.randrange(9))
        new = some(chance, alphabet, 12 if chance.random() < 0.9 else 90)
        oracle = oracle[:start] + new + oracle[stop:]
        text = text.replace(start, stop, new)
        agrees(text, oracle, chance)


def some(chance: random.Random, alphabet: str, size: int) -> str:
    return "".join(chance.choice(alphabet) for _ in range(chance.randrange(size)))


def agrees(text: Text, oracle: str, chance: random.Random) -> None:
    ends = list(re.finditer("\r\n|\n|\r", oracle))
    starts = [0, *(end.end() for end in ends)]
    lines = [*(oracle[a : b.start()] for a, b in zip(starts, ends, strict=False))]
    lines.append(oracle[starts[-1] :])
    assert str(text) == oracle
    assert len(text) == text.length == len(oracle)
    assert text.line_count == len(starts)
    assert [text.line_start(line) for line in range(text.line_count)] == starts
    assert [text.line(line) for line in range(text.line_count)] == lines
    utf8 = encode(oracle)
    assert text.byte_length == len(utf8)
    read = b""
    while chunk := text.read(len(read)):
        read += chunk
    assert read == utf8
    first, last = sorted(chance.randrange(len(oracle) + 1) for _ in range(2))
    assert text.slice(first, last) == oracle[first:last]
    assert text.slice(first - 1_000, last + 1_000) == oracle
    for offset in (first, last, 0, len(oracle)):
        before = oracle[:offset]
        assert text.line_at(offset) == bisect_right(starts, offset) - 1
        assert text.byte_at(offset) == len(encode(before))
        assert text.offset_of_byte(text.byte_at(offset)) == offset
        row_start = before.rfind("\n") + 1
        assert text.point_at(offset) == (before.count("\n"), len(encode(before[row_start:])))


def test_places_outside_a_text() -> None:
    text = Text.of("a\nb")
    for line in (-1, 2):
        with pytest.raises(IndexError):
            text.line(line)
        with pytest.raises(IndexError):
            text.line_start(line)
    for start, stop in ((-1, 0), (2, 1), (0, 4)):
        with pytest.raises(ValueError):
            text.replace(start, stop, "")
    assert (text.line_at(-5), text.line_at(99)) == (0, 1)
    assert text.slice(2, 1) == ""
    assert text.read(99) == b""


def test_an_edit_shares_the_blocks_it_does_not_touch() -> None:
    text = Text.of("line of text\n" * 100)
    edited = text.replace(600, 600, "x")
    kept = {id(block) for block in text._blocks} & {id(block) for block in edited._blocks}
    assert len(kept) >= len(text._blocks) - 2


@pytest.mark.parametrize(
    ("text", "utf8"), [("a\ud83db", b"a\xef\xbf\xbdb"), ("\udc00", b"\xef\xbf\xbd")]
)
def test_a_lone_surrogate_is_read_as_a_replacement_character(text: str, utf8: bytes) -> None:
    assert Text.of(text).read(0) == utf8
    assert str(Text.of(text)) == text
