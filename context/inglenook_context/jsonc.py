"""JSON with comments and commas too many, as editors and compilers have it in their settings.

The text is untrusted: whatever it is, it is read once from its start to its end (an unclosed
string or comment goes on to its line's or the text's end), and what is no JSON is None.
"""

from __future__ import annotations

import json
import re
from typing import Final

_LONGEST: Final = 200_000  # characters of a text that is read
_STRING: Final = r'("(?:[^"\\\n]|\\.)*+"?)'
_TOKEN: Final = re.compile(_STRING + r"|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?")
_COMMA: Final = re.compile(_STRING + r"|,(?=\s*+[}\]])")


def read_jsonc(text: str) -> object:
    """The value that the text is; None if it is none, or too long."""
    if len(text) > _LONGEST:
        return None
    plain = _TOKEN.sub(lambda match: match[1] or " ", text.removeprefix("\ufeff"))
    plain = _COMMA.sub(lambda match: match[1] or "", plain)
    try:
        found: object = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    return found
