"""A model as a user names it, before anybody looked whether it is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

# The roles of Continue's config.yaml.
ROLES = frozenset(
    {"chat", "autocomplete", "edit", "apply", "embed", "rerank", "summarize", "subagent"}
)


class Provider(StrEnum):
    """Who runs a model; the values are the provider ids of Continue's config.yaml."""

    OLLAMA = "ollama"
    LLAMA_CPP = "llama.cpp"
    LM_STUDIO = "lmstudio"
    VLLM = "vllm"
    OPENAI = "openai"  # whatever else speaks OpenAI's API on this machine
    EMBEDDED = "embedded"
    FAKE = "fake"

    @property
    def speaks_openai(self) -> bool:
        """Whether OpenAI's API is all that it is asked by."""
        return self in (Provider.LM_STUDIO, Provider.VLLM, Provider.OPENAI)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One entry of ``models`` in the user's config file.

    ``model`` is what the backend calls it: an Ollama name, a GGUF file for the embedded engine
    (absolute, or in the models directory). ``address`` is empty for the provider's own default.
    No roles means: any role that no other entry asks for by name.
    """

    name: str
    provider: Provider
    model: str
    address: str = ""
    roles: tuple[str, ...] = ()
    api_key: str = field(default="", repr=False)  # that every request must carry
