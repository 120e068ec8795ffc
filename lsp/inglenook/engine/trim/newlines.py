"""Line ends: ``\\r\\n`` becomes ``\\n``."""

from __future__ import annotations

from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed


def newlines(text: str, site: Site, final: bool) -> Trimmed:  # noqa: ARG001
    if "\r" not in text:
        return Trimmed(text)
    if not final:
        text = text.removesuffix("\r")
    return Trimmed(text.replace("\r\n", "\n"))
