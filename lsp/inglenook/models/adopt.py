"""What a model is said to be after a probe found out how it is best asked."""

from __future__ import annotations

from dataclasses import replace

from inglenook.models import chat
from inglenook.models.model import Fill, ModelInfo, Way


def adopted(info: ModelInfo, way: Way, context_tokens: int) -> ModelInfo:
    """``info`` of a model that is asked in this way; ``context_tokens`` is 0 if unknown."""
    info = replace(
        info,
        fill=way.fill,
        family=way.family,
        layout=way.layout,
        context_tokens=context_tokens or info.context_tokens,
    )
    return replace(info, notice=notice_of(info))


def notice_of(info: ModelInfo) -> str:
    """What the user should know of a model that completions are asked of; empty if it is good."""
    said = [chat.NOTICE] if info.fill is Fill.CHAT else []
    if info.thinks:
        said.append(
            f"{info.name} reasons before it answers, which makes it slow for ghost text; choose a "
            "base or coder model for autocomplete."
        )
    return " ".join(said)
