"""Characters that a reader cannot see or that turn text round: such a candidate is dropped.

"Trojan Source: Invisible Vulnerabilities" (Boucher and Anderson, 2021, CVE-2021-42574); the
default-ignorable characters of Unicode 16.0, DerivedCoreProperties.txt; the tag block.
"""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_NEVER: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff"
    "\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_PICTURE: Final = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_KEYCAP: Final = "[0-9#*]\ufe0f\u20e3"
_JOINED: Final = re.compile(
    rf"{_KEYCAP}|{_PICTURE}\ufe0f?(?:\u200d{_PICTURE}\ufe0f?)*"  # an emoji and its joiners
)


def invisible(text: str, site: Site, final: bool) -> Trimmed:  # noqa: ARG001
    if text.isascii() and text.isprintable():
        return Trimmed(text)
    if _NEVER.search(text):
        return Trimmed("", True)
    if ("\u200d" in text or "\ufe0f" in text) and re.search(
        "[\u200d\ufe0f]", _JOINED.sub("", text)
    ):
        return Trimmed("", True)
    return Trimmed(text)
