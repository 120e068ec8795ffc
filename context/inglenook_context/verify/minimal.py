"""The smallest text edits that make one text of another, so that an editor keeps what it knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from inglenook_context.refactor.edits import Change
from inglenook_context.verify.sides import common_head, common_tail

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END: Final = re.compile(r"\r\n|\r|\n")
_TOKEN: Final = re.compile(r"\r\n|\w+|[ \t]+|.", re.DOTALL)
_MOST_LINES: Final = 4_000  # of both sides together; a longer middle is replaced whole
_MOST_TOKENS: Final = 400


def minimal(before: str, after: str) -> tuple[Change, ...]:
    """Changes in the order of the text: whole lines, and within few lines single tokens.

    No change begins or ends inside a CRLF, a pair of surrogates or a combined character.
    """
    head = common_head(before, after)
    while head and not (_begins(before, head) and _begins(after, head)):
        head -= 1
    tail = common_tail(before[head:], after[head:])
    stop = len(before) - tail
    if not (_begins(before, stop) and _begins(after, len(after) - tail)):
        found = _END.search(before, stop)
        tail = len(before) - found.end() if found is not None else 0
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    return tuple(_merged(list(_by_lines(old, new, head))))


def _begins(text: str, at: int) -> bool:
    """Whether a line begins at ``at``."""
    if not 0 < at < len(text):
        return True
    return text[at - 1] in "\r\n" and text[at - 1 : at + 1] != "\r\n"


def _by_lines(old: str, new: str, offset: int) -> Iterator[Change]:
    ours, theirs = _LINE.findall(old), _LINE.findall(new)
    if len(ours) + len(theirs) > _MOST_LINES:
        if old != new:
            yield Change(offset, offset + len(old), new)
        return
    starts = [offset]
    for line in ours:
        starts.append(starts[-1] + len(line))
    for tag, low, high, low2, high2 in SequenceMatcher(None, ours, theirs, False).get_opcodes():
        if tag != "equal":
            start, stop = starts[low], starts[high]
            text = "".join(theirs[low2:high2])
            yield from _by_tokens("".join(ours[low:high]), text, start, stop)


def _by_tokens(old: str, new: str, start: int, stop: int) -> Iterator[Change]:
    ours, theirs = _tokens(old), _tokens(new)
    whole = Change(start, stop, new)
    if not ours or not theirs or len(ours) + len(theirs) > _MOST_TOKENS:
        yield whole
        return
    matcher = SequenceMatcher(None, ours, theirs, False)
    if matcher.ratio() < 0.5:  # what differs nearly everywhere is easier to read as a whole
        yield whole
        return
    starts = [start]
    for token in ours:
        starts.append(starts[-1] + len(token))
    for tag, low, high, low2, high2 in matcher.get_opcodes():
        if tag != "equal":
            yield Change(starts[low], starts[high], "".join(theirs[low2:high2]))


def _tokens(text: str) -> list[str]:
    """Pieces that stay whole; marks and low surrogates belong to what they follow."""
    pieces: list[str] = []
    for token in _TOKEN.findall(text):
        if pieces and _joins(token[0]):
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def _joins(character: str) -> bool:
    code = ord(character)
    return 0xDC00 <= code <= 0xDFFF or 0x300 <= code <= 0x36F or code in (0x200D, 0xFE0F, 0x20E3)


def _merged(changes: list[Change]) -> Iterator[Change]:
    """Changes that touch one another as one."""
    at = 0
    while at < len(changes):
        change = changes[at]
        at += 1
        while at < len(changes) and changes[at].start <= change.stop:
            change = Change(change.start, changes[at].stop, change.new + changes[at].new)
            at += 1
        yield change
