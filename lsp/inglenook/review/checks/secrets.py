"""Secrets in code, by the patterns with which they are taken out of prompts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final

from inglenook.engine.redaction import Redactor
from inglenook.engine.redaction_patterns import Secret, is_suspicious, known_patterns, wants_known
from inglenook.review.checks.looked import Looked
from inglenook.review.fingerprints import hint_of
from inglenook.review.values import Finding, Rule, Severity

RULE: Final = Rule("code/secret", "A secret stands in the code.", Severity.ERROR)
_HELD: Final = "…"


def located(looked: Looked, redactor: Redactor) -> tuple[Secret, ...]:
    """The secrets of a file, in order and apart; also those of lines that are not new, at which a
    finding about new ones can begin."""
    text = looked.changed.text
    if not is_suspicious(text) and "PRIVATE KEY" not in text:
        return ()
    if redactor.known is None and any(map(wants_known, text.split("\n"))):
        redactor.known = known_patterns()
    return tuple(redactor.find(text))


def find(looked: Looked) -> Iterator[Finding]:
    """No finding shows a secret: of its line it quotes what stands before."""
    text = looked.changed.text
    told: Counter[tuple[str, str]] = Counter()
    for line, group in groupby(looked.secrets, lambda at: looked.lines.line_at(at.start)):
        secrets = tuple(group)
        before = text[looked.lines.starts[line - 1] : secrets[0].start].strip()
        hint = "".join(hint_of(text[each.start : each.stop]) for each in secrets)
        told[before, hint] += 1
        last = looked.lines.line_at(secrets[-1].stop - 1)
        if looked.wanted.isdisjoint(range(line, last + 1)):
            continue
        kind = secrets[0].kind.replace("_", " ").lower()
        found = looked.finding(
            RULE,
            line,
            f"A secret ({kind}) stands in the code. Take it out, and have its issuer replace "
            "it if it was ever shared.",
            quote=f"{before}{_HELD}",
        )
        yield replace(found, hint=hint, nth=told[before, hint])
