"""Edits of a text as an editor makes them, in whatever units its buffer has."""

from __future__ import annotations

from inglenook.server.positions import Encoding
from inglenook_context.common import common_prefix, common_suffix
from inglenook_context.text import Edit, Text


def replace(text: Text, start: int, stop: int, new: str, encoding: Encoding) -> tuple[Text, Edit]:
    """The text with ``[start:stop]`` replaced, and the edit that this was.

    In a buffer of UTF-16 units two halves of a surrogate pair that come to stand side by side
    are one character from then on; the edit then covers the half that was there before.
    """
    if encoding is Encoding.UTF16:
        start, stop, new = _joined(text, start, stop, new)
    return text.replace(start, stop, new), Edit(start, stop, start + len(new))


def _joined(text: Text, start: int, stop: int, new: str) -> tuple[int, int, str]:
    left = text.slice(start - 1, start)
    right = text.slice(stop, stop + 1)
    if left and _is_high(left) and _is_low((new or right)[:1]):
        start, new = start - 1, left + new
    if right and _is_low(right) and _is_high(new[-1:]):
        stop, new = stop + 1, new + right
    if not new.isascii():
        new = new.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return start, stop, new


def _is_high(character: str) -> bool:
    return "\ud800" <= character <= "\udbff"


def _is_low(character: str) -> bool:
    return "\udc00" <= character <= "\udfff"


def replace_all(text: Text, new: str) -> tuple[Text, Edit]:
    """The text ``new``, reached by the smallest single edit, so that untouched blocks stay."""
    old = str(text)
    start = common_prefix(old, new)
    tail = common_suffix(old, new, min(len(old), len(new)) - start)
    stop, new_stop = len(old) - tail, len(new) - tail
    return text.replace(start, stop, new[start:new_stop]), Edit(start, stop, new_stop)
