"""Placeholders of secrets (`inglenook.engine.redaction`): cut before the line of the first."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.redaction_patterns import KINDS
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_KIND: Final = "|".join(sorted(KINDS))
# As a model writes them: with its own letters, in small ones, or cut by the end of the answer.
_PLACEHOLDER: Final = re.compile(
    rf"\bREDACTED_(?:(?:[A-Z]+_)*(?:{_KIND})(?:_[a-z]{{1,8}}(?![a-z])|_?\Z)|[A-Z]*\Z)",
    re.IGNORECASE,
)
# The letters of a placeholder are never in quotes alone as a name would be.
_CUT_SHORT: Final = re.compile(
    r"(?<=[\"'`])REDACT(?:ED)?\Z|(?<=[\"'`])REDACTED_[A-Z_]*(?=[\"'`]|\Z)"
)


def placeholders(text: str, site: Site, final: bool) -> Trimmed:
    if not final:
        text = text[: text.rfind("\n") + 1]
    if "redacted" not in text.lower():
        return Trimmed(text)
    for pattern in (_PLACEHOLDER, _CUT_SHORT):
        for found in pattern.finditer(text):
            if found[0] not in site.before and found[0] not in site.after:  # else it is the user's
                return Trimmed(text[: text.rfind("\n", 0, found.start()) + 1], True)
    return Trimmed(text)
