"""Characters that a reader does not see, or that show code in another order than it runs
(CVE-2021-42574, "Trojan Source")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook.review.checks.looked import Looked
from inglenook.review.values import Finding, Rule, Severity

BIDIRECTIONAL: Final = Rule(
    "code/bidirectional",
    "Characters that show code in another order than it has.",
    Severity.ERROR,
)
INVISIBLE: Final = Rule(
    "code/invisible", "Characters that cannot be seen stand in the code.", Severity.WARNING
)
_BIDIRECTIONAL: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Without joiners, selectors and marks that writing systems and emoji need between letters.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]|[\ufe00-\ufe0f\u200d]{3,}|(?<=[\x21-\x7e])[\u200c\u200d]"
)
_MOST: Final = 20  # findings of one file


def find(looked: Looked) -> Iterator[Finding]:
    told = 0
    for line, text in looked.texts():
        if (text.isascii() and text.isprintable()) or told >= _MOST:
            continue
        if line == 1:
            text = text.removeprefix("\ufeff")
        for rule, pattern in (BIDIRECTIONAL, _BIDIRECTIONAL), (INVISIBLE, _INVISIBLE):
            signs = sorted(set("".join(pattern.findall(text))))
            if signs:
                told += 1
                names = ", ".join(f"U+{ord(sign):04X}" for sign in signs[:6])
                yield looked.finding(rule, line, f"{rule.description[:-1]}: {names}.")
