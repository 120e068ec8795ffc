"""What a prompt is by the time that a backend gets it, for whoever wants to see it."""

from __future__ import annotations

from dataclasses import dataclass

from inglenook.models import chat
from inglenook.models.comments import snippets_as_comments
from inglenook.models.model import Fill, ModelInfo
from inglenook.models.render import CUSTOM, framed
from inglenook.models.templates import TEMPLATES, neutralise_any
from inglenook_context.prompt import Prompt

_LLAMA_CPP = ("llama.cpp", "embedded")


@dataclass(frozen=True, slots=True)
class Part:
    """``name`` is the field of the request, or the role of the message, that has the text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """All that a backend is shown. The answer is made to begin with ``heal``, which is no part."""

    parts: tuple[Part, ...]
    heal: str = ""


def sent(prompt: Prompt, info: ModelInfo) -> Sent | None:
    """What of a request shows the prompt, in the model's own frame; the adapters do the same.

    None if the frame is not known.
    """
    if info.fill is Fill.CHAT:
        return Sent(tuple(Part(each["role"], each["content"]) for each in chat.messages(prompt)))
    if info.fill is Fill.TEMPLATE:
        if info.family not in TEMPLATES and not info.family.startswith(CUSTOM):
            return None
        rendered = framed(prompt, info.family, info.layout)
        return Sent((Part("prompt", rendered.text),), rendered.heal)
    if info.backend in _LLAMA_CPP:
        extra = [Part(f"input_extra {each.path}", each.text) for each in prompt.snippets]
        before = Part("input_prefix", prompt.prefix + prompt.typed)
        return Sent((*extra, before, Part("input_suffix", prompt.suffix)))
    before_it = neutralise_any(snippets_as_comments(prompt) + prompt.prefix + prompt.typed)
    behind_it = neutralise_any(prompt.suffix)
    return Sent((Part("prompt", before_it or "\n"), Part("suffix", behind_it or "\n")))
