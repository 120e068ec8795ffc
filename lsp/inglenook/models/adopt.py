"""What a model is said to be after a probe found out how it is best asked."""

from __future__ import annotations

from dataclasses import replace

from inglenook.models import chat
from inglenook.models.model import Fill, ModelInfo, Way


def adopted(info: ModelInfo, way: Way, context_tokens: int) -> ModelInfo:
    """``info`` of a model that is asked in this way; ``context_tokens`` is 0 if unknown."""
    return replace(
        info,
        fill=way.fill,
        family=way.family,
        layout=way.layout,
        context_tokens=context_tokens or info.context_tokens,
        notice=chat.NOTICE if way.fill is Fill.CHAT else "",
    )
