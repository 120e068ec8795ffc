"""A model as a user names it, before anybody looked whether it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

# The roles of Continue's config.yaml.
ROLES = frozenset(
    {"chat", "autocomplete", "edit", "apply", "embed", "rerank", "summarize", "subagent"}
)
AUTODETECT: Final = "AUTODETECT"  # as the model of an entry: every model that its server has


class Provider(StrEnum):
    """Who runs a model; the values are the provider ids of Continue's config.yaml."""

    OLLAMA = "ollama"
    LLAMA_CPP = "llama.cpp"
    LM_STUDIO = "lmstudio"
    VLLM = "vllm"
    OPENAI = "openai"  # whatever else speaks OpenAI's API
    EMBEDDED = "embedded"
    FAKE = "fake"

    @property
    def speaks_openai(self) -> bool:
        """Whether OpenAI's API is all that it is asked by."""
        return self in (Provider.LM_STUDIO, Provider.VLLM, Provider.OPENAI)


class Think(StrEnum):
    """Whether a reasoning model reasons before it answers; never in a completion."""

    OFF = "off"
    ON = "on"
    LOW = "low"  # the efforts are those of Ollama's and OpenAI's APIs
    MEDIUM = "medium"
    HIGH = "high"


class Multiline(StrEnum):
    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn (``defaultCompletionOptions``); None: as whoever asks sees fit."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None  # of an answer in a chat or edit; completions bound themselves


@dataclass(frozen=True, slots=True)
class Loading:
    """What Ollama loads a model with; another value of any of them makes it load it again."""

    context_tokens: int = 0  # ``num_ctx``; 0: planned
    keep_alive: float | None = None  # seconds, negative: for ever; None: planned
    options: tuple[tuple[str, int | bool], ...] = ()  # num_gpu, num_thread, use_mmap


@dataclass(frozen=True, slots=True)
class Autocomplete:
    """``autocompleteOptions``; None: as Inglenook finds best."""

    enabled: bool = True
    max_prompt_tokens: int | None = None
    debounce_ms: int | None = None  # that an automatic request waits, in place of our own pacing
    multiline: Multiline = Multiline.AUTO
    template: str = ""  # Handlebars, of ``promptTemplates.autocomplete`` too
    only_my_code: bool = False  # nothing of installed packages is shown
    use_cache: bool = True
    use_imports: bool = True  # definitions of other files are shown
    use_recently_edited: bool = True
    use_recently_opened: bool = True
    disabled_files: tuple[str, ...] = ()  # globs (``disableInFiles``)


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
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    extra_body: tuple[tuple[str, object], ...] = field(default=(), repr=False)  # JSON values
    timeout: float | None = None  # seconds that the server may be silent in an answer
    context_tokens: int = 0  # 0: as the backend says
    capabilities: tuple[str, ...] = ()
    sampling: Sampling = Sampling()
    loading: Loading = Loading()
    autocomplete: Autocomplete = Autocomplete()
    think: Think | None = None  # None: the model's own default
    system_message: str = field(default="", repr=False)  # of chats


def serves(specs: Sequence[ModelSpec], role: str) -> list[ModelSpec]:
    """The entries for a role: those that name it, else those that name none."""
    named = [spec for spec in specs if role in spec.roles]
    return named or [spec for spec in specs if not spec.roles]
