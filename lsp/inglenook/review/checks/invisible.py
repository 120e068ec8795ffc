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
# Default_Ignorable_Code_Point of Unicode 16.0 and other signs without a picture: controls, line
# ends that only JavaScript knows, the blanks of Khitan, hieroglyphs and music.
_NEVER: Final = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u115f\u1160\u180e\u200b\u2028\u2029\u2060-\u2065"
    "\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U00013441\U00013442\U00016fe4\U0001bca0-\U0001bca3"
    "\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Writing systems and emoji need joiners, selectors and marks between letters: of these only what
# stands where they mean nothing. A lone \r ends a line for compilers, and a comment with it.
_INVISIBLE: Final = re.compile(
    f"[{_NEVER}]"
    r"|[\ufe00-\ufe0f\u200d]{3,}"
    r"|(?<=[!-~])[\u034f\u200c\u200d]|(?<=[!-~])(?<![#*0-9])[\ufe00-\ufe0f]"
    r"|(?<=[0-9])[\ufe01-\ufe0f](?!\u20e3)"
    r"|(?<=[0-9A-Za-z_])[\u061c\u200e\u200f](?=[0-9A-Za-z_])"
    r"|(?<![\u1780-\u17d3])[\u17b4\u17b5]|(?<![\u1800-\u18af])[\u180b-\u180d\u180f]"
    r"|\r(?=[^\S\r\n]*[^\s])"
)
# Thai, Lao, Burmese and Khmer part words with U+200B (The Unicode Standard, 16.1).
_NO_BLANKS: Final = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f]"
)
# A syllable of old Hangul has a filler for the letter that it lacks (The Unicode Standard, 3.12,
# D134), and the flags of England, Scotland and Wales are spelt with tags (UTS #51, ED-14a).
_NEEDED: Final = re.compile(
    f"(?<={_NO_BLANKS})\u200b(?={_NO_BLANKS})"
    r"|[\u1100-\u115e\ua960-\ua97c]\u1160|\u115f[\u1161-\u11a7\ud7b0-\ud7c6]"
    r"|\u115f\u1160[\u11a8-\u11ff\ud7cb-\ud7fb]"
    "|\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_SEEN: Final = "\u3131"  # stands for a syllable or flag in what is looked at
_BLANK: Final = "\u2800"  # a cell of Braille without a dot
_BRAILLE: Final = re.compile("[\u2801-\u28ff]")
# What may split a word and is not seen in it.
_SPLITS: Final = re.compile(
    f"[{_NEVER}\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f]"
)


def find(looked: Looked) -> Iterator[Finding]:
    """A line is one that git counts: what a lone ``\\r`` hides stands in the line before it.

    In a file without ``\\n`` it hides nothing: that is how old Macs ended lines.
    """
    whole = looked.changed.text
    has_braille = whole.isascii() or _BRAILLE.search(whole) is not None
    for line, text in looked.texts():
        if text.isascii() and text.isprintable():
            continue
        if line == 1:
            text = text.removeprefix("\ufeff")
        for rule, pattern in (BIDIRECTIONAL, _BIDIRECTIONAL), (INVISIBLE, _INVISIBLE):
            found = set("".join(pattern.findall(_NEEDED.sub(_SEEN, text))))
            if rule is INVISIBLE and _BLANK in text and not has_braille:
                found.add(_BLANK)
            if "\r" in found and "\n" not in whole:
                found.remove("\r")
            if found:
                names = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(found)[:6])
                yield looked.finding(rule, line, f"{rule.description[:-1]}: {names}.")


def seen(text: str) -> str:
    """``text`` without what a reader does not see in it; line ends and tabs stay."""
    return text if text.isascii() and text.isprintable() else _SPLITS.sub("", text)
