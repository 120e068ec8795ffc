"""The tree of a document as it is: one that was just opened or edited may still be parsed."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from inglenook.engine.session import Session
from inglenook_context.document import Document
from inglenook_context.syntax import Syntax

_PARSED: Final = 2.0  # seconds in which the background parses a document
_PAUSE: Final = 0.01  # seconds between looks


async def parsed(session: Session, document: Document) -> Syntax | None:
    """None without a grammar, if it moved on, or if it takes too long."""
    last = time.monotonic() + _PARSED
    syntax = session.syntax(document)
    while syntax is not None and not syntax.exact and time.monotonic() < last:
        await asyncio.sleep(_PAUSE)
        syntax = session.syntax(document)
    return syntax if syntax is not None and syntax.exact else None
