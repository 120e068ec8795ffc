"""The renderers of Markdown that editors use, run by node."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.support.node_packages import NodePackages

_RENDERERS: Final = NodePackages(
    Path(__file__).with_name("markdown_renderers"), "renderers of Markdown"
)


def markdown_renderers() -> Path:
    """The folder with the packages and `run.mjs`."""
    return _RENDERERS.folder()


def active_in_editors(texts: Sequence[str]) -> list[list[str]]:
    """What each renderer makes active of each text: see `run.mjs`."""
    found: list[list[str]] = _RENDERERS.ask(list(texts))
    return found
