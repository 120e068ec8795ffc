"""How close a completion is to the masked text of a site.

Only the prediction's first line is judged, because a masked part never spans
two lines. All three measures lie between 0 and 1, and 1 is best.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.sites_data.build import Site, Text

IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
METRICS = ("exact_match", "edit_similarity", "identifier_hit")


@dataclass(frozen=True)
class Closeness:
    exact_match: float
    edit_similarity: float
    identifier_hit: float


def closeness(site: Site, text: Text, prediction: str) -> Closeness:
    """Judge a prediction for the text that follows `text.prefix`."""
    first, masked = first_line(prediction), text.masked.strip()
    hit = site.names and set(site.names) <= identifiers(text.prefix, first, site.masked_length)
    return Closeness(
        exact_match=float(first.strip() == masked),
        edit_similarity=edit_similarity(first.strip(), masked),
        identifier_hit=float(bool(hit)),
    )


def first_line(prediction: str) -> str:
    """The text before the first line break."""
    return re.split(r"\r\n|\r|\n", prediction, maxsplit=1)[0]


def identifiers(prefix: str, line: str, length: int) -> set[str]:
    """Whole identifiers that the prediction writes or finishes.

    An identifier that the prefix began counts as a whole one. Only the first
    `length` code points of the prediction count (the length of the masked part),
    and the rest of an identifier that straddles that limit.
    """
    begun = re.search(r"[\w$]*$", prefix[-200:])
    offset = len(begun[0]) if begun else 0
    joined = (begun[0] if begun else "") + line
    found = (m for m in IDENTIFIER.finditer(joined) if m.start() < offset + length)
    return {m[0] for m in found}


def edit_similarity(a: str, b: str) -> float:
    """1 - Levenshtein distance / length of the longer text; 1 for two empty texts.

    Chosen over difflib's ratio because it is symmetric and needs no heuristics.
    """
    longest = max(len(a), len(b))
    if longest == 0:
        return 1.0
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return 1 - row[-1] / longest
