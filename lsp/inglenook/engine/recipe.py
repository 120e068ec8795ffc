"""The key under which an answer is kept: a digest of everything that decides it.

One function makes the key for reading and for writing. It holds everything of the cursor's own
file that a model could be shown. The other files count by a number that changes when what they
define does, so that the key is known before any of them is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from inglenook_context.document import Cursor
from inglenook_context.text import encode
from inglenook_context.window import PREFIX_LIMIT, SUFFIX_LIMIT

_FORMAT: Final = "1"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All of a document that a prompt can show: the end of what is before, the head of after."""

    before: str
    after: str


def surroundings(cursor: Cursor) -> Surroundings:
    return Surroundings(cursor.before(PREFIX_LIMIT), cursor.after(SUFFIX_LIMIT))


def recipe(asked: str, language: str, single_line: bool, place: Surroundings) -> bytes:
    """The key of an answer; ``asked`` names weights, template, sampling, file and other files."""
    digest = blake2b(digest_size=16)
    for part in (_FORMAT, asked, language, "line" if single_line else "block"):
        digest.update(encode(part) + b"\0")
    before = encode(place.before)
    digest.update(len(before).to_bytes(8, "big") + before + encode(place.after))
    return digest.digest()


def typed_from(then: Surroundings, then_offset: int, now: Surroundings, offset: int) -> str | None:
    """What was typed between two places, if typing there is all that happened, else None.

    The windows before both places end at different points, so what both of them show must
    agree. What stands behind a place is the same window for both.
    """
    count = offset - then_offset
    if not 0 <= count <= len(now.before):
        return None
    before, typed = now.before[: len(now.before) - count], now.before[len(now.before) - count :]
    if now.after == then.after and _same_end(before, then.before):
        return typed
    return None


def _same_end(now: str, then: str) -> bool:
    size = min(len(now), len(then))
    return now[len(now) - size :] == then[len(then) - size :]
