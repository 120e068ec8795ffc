"""Placeholders of secrets (`inglenook.engine.redaction`): cut before the line of the first."""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.redaction_patterns import KINDS
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

# Whole, or cut by the end of the answer behind its kind.
_PLACEHOLDER: Final = re.compile(
    rf"REDACTED_(?:{'|'.join(sorted(KINDS))})(?:_[a-z]{{5}}(?![a-z])|(?:_[a-z]{{0,4}})?\Z)"
)


def placeholders(text: str, site: Site, final: bool) -> Trimmed:  # noqa: ARG001
    if not final:
        text = text[: text.rfind("\n") + 1]
    found = _PLACEHOLDER.search(text) if "REDACTED_" in text else None
    if found is None:
        return Trimmed(text)
    return Trimmed(text[: text.rfind("\n", 0, found.start()) + 1], True)
