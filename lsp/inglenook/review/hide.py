"""A unit without its secrets, line by line, so that what a model quotes of it can be found."""

from __future__ import annotations

from dataclasses import replace

from inglenook.engine.redaction import Redactor, redacted_texts
from inglenook.review.values import Unit


async def hidden(unit: Unit, redactor: Redactor) -> Unit:
    """The unit as every model sees it; its code has as many lines as before."""
    excerpts = [each.text for each in unit.excerpts]
    removed = [text for _, text in unit.removed]
    texts = [unit.scope, *excerpts, "\n".join(removed)]
    await redactor.prepare_for([unit.code, *texts])
    scope, *others, gone = await redacted_texts(texts, redactor)
    lines = gone.split("\n")
    if len(lines) != len(removed):
        lines = ["REDACTED"] * len(removed)
    return replace(
        unit,
        code=_line_by_line(unit.code, redactor),
        scope=scope,
        excerpts=tuple(
            replace(each, text=text) for each, text in zip(unit.excerpts, others, strict=True)
        ),
        removed=tuple((line, text) for (line, _), text in zip(unit.removed, lines, strict=True)),
    )


def _line_by_line(text: str, redactor: Redactor) -> str:
    """A secret over several lines leaves them empty but for the first."""
    pieces: list[str] = []
    at = 0
    for secret in redactor.find(text):
        value = text[secret.start : secret.stop]
        placeholder = redactor.placeholder(value, secret.kind)
        pieces += [text[at : secret.start], placeholder, "\n" * value.count("\n")]
        at = secret.stop
    return "".join([*pieces, text[at:]])
