"""Sentences for an editor that quote what a model, a tool or the workspace wrote."""

from __future__ import annotations

from inglenook.engine.markdown.signs import plain


def as_shown(text: str) -> str:
    """``text`` in which nothing is invisible, and nothing a link.

    VS Code makes links of ``[label](command:...)`` in its notifications.
    """
    return plain(text).replace("](", "] (")
