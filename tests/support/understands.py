"""A scripted engine that understands one family's template, whatever the model is called."""

from __future__ import annotations

from collections.abc import Callable

from inglenook.models.holes import HOLES
from inglenook.models.lines import Body
from inglenook.models.render import Layout, render
from inglenook.models.templates import TEMPLATES

Answer = Callable[[int, Body], str]


def understands(
    family: str, answers: tuple[str, ...] | None = None, otherwise: str = "and so on"
) -> Answer:
    """Fills the known holes in the frame of ``family``, and says the same to all else."""
    template = TEMPLATES[family]
    filled = answers or tuple(hole.answer for hole in HOLES)
    known = {
        render(hole.prompt, template, Layout.PSM).text: answer
        for hole, answer in zip(HOLES, filled, strict=True)
    }

    def answer(_number: int, body: Body) -> str:
        return known.get(body.get("prompt", ""), otherwise)

    return answer
