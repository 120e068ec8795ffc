"""Secrets in code, by the patterns with which they are taken out of prompts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final

from inglenook.engine.redaction import Redactor
from inglenook.engine.redaction_patterns import is_suspicious, known_patterns, wants_known
from inglenook.review.checks.looked import Looked
from inglenook.review.fingerprints import hint_of
from inglenook.review.values import Finding, Rule, Severity

RULE: Final = Rule("code/secret", "A secret stands in the code.", Severity.ERROR)
_HELD: Final = "…"


def find(looked: Looked, redactor: Redactor) -> Iterator[Finding]:
    """No finding shows the secret: of its line it quotes what stands before."""
    suspicious = any(is_suspicious(text) for _, text in looked.texts())
    if not suspicious and "PRIVATE KEY" not in looked.changed.text:
        return
    if redactor.known is None and any(wants_known(text) for _, text in looked.texts()):
        redactor.known = known_patterns()
    text = looked.changed.text
    for line, secrets in groupby(redactor.find(text), lambda at: looked.lines.line_at(at.start)):
        first, *more = secrets
        last = looked.lines.line_at(max(each.stop for each in (first, *more)) - 1)
        if looked.wanted.isdisjoint(range(line, last + 1)):
            continue
        before = text[looked.lines.starts[line - 1] : first.start].strip()
        kind = first.kind.replace("_", " ").lower()
        yield replace(
            looked.finding(
                RULE,
                line,
                f"A secret ({kind}) stands in the code. Take it out, and have its issuer replace "
                "it if it was ever shared.",
                quote=f"{before}{_HELD}",
            ),
            hint=hint_of("\n".join(text[each.start : each.stop] for each in (first, *more))),
        )
