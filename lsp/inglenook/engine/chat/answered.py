"""A whole answer as a machine reads it; the same from the server and from the command line."""

from __future__ import annotations

from typing import Any

from inglenook.engine.chat.question import Reply
from inglenook.engine.markdown.signs import plain


def as_json(reply: Reply) -> dict[str, Any]:
    """A number that the backend did not tell is None. Names and notices are no Markdown; what
    cannot be seen in them is written out."""
    timings = reply.timings
    return {
        "text": reply.text,
        "reasoning": reply.reasoning,
        "used": [{"path": plain(each.path), "what": each.what} for each in reply.used],
        "model": plain(reply.model.name),
        "limited": reply.limited,
        "notices": [plain(each) for each in reply.notices],
        "usage": {
            "promptTokens": timings.prompt_tokens if timings else None,
            "evaluatedTokens": timings.evaluated if timings else None,
            "reusedTokens": timings.reused if timings else None,
            "predictedTokens": timings.predicted_tokens if timings else None,
        },
    }
