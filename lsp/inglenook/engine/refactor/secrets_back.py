"""What stands for secrets in an answer becomes the secrets again, where the answer is code.

A model is shown placeholders (`inglenook.engine.redaction`) and copies them; an edit that wrote
them into the file would lose the user's own text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from inglenook_context.verify.task import Failure

_PART: Final = re.compile(r"REDACTED_", re.IGNORECASE)  # also of one that was cut
_PLACEHOLDER: Final = re.compile(r"REDACTED_[A-Z0-9_]+_[a-z]{5}")


def restored(text: str, hidden: Mapping[str, str]) -> str:
    """``hidden`` maps placeholders to what they stand for."""
    return _PLACEHOLDER.sub(lambda match: hidden.get(match[0], match[0]), text)


def left_over(before: str, after: str) -> tuple[Failure, ...]:
    """A placeholder that stands for nothing that is known must not get into the file."""
    if len(_PART.findall(after)) <= len(_PART.findall(before)):
        return ()
    return (Failure("secret", "The code has a placeholder where a secret was hidden."),)
