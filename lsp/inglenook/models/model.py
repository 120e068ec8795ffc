"""The one protocol through which the rest of the program sees a model."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from inglenook.models.egress import Target
from inglenook.models.render import Layout
from inglenook.models.spec import Sampling
from inglenook_context.prompt import Prompt


class Locality(StrEnum):
    """How surely a model runs on this machine, or that the user wants it where it is."""

    VERIFIED = "verified-local"  # the backend's own report says that it does not forward
    EMBEDDED = VERIFIED  # another name for it: an engine of our own needs no report
    DECLARED = "declared-local"  # it listens on loopback; whether it forwards cannot be asked
    ALLOWED = "allow-listed remote"  # elsewhere, on a host of the user's own allow-list
    REFUSED = "refused"  # it gets no prompt


def locality_of(target: Target, local: Locality) -> Locality:
    """``local`` for a backend at an address of this machine; elsewhere it can only be allowed."""
    return local if target.loopback or local is Locality.REFUSED else Locality.ALLOWED


class Fill(StrEnum):
    """How a model is asked to fill a hole."""

    TEMPLATE = "template"  # our own fill-in-the-middle template, in raw mode
    BACKEND = "backend"  # the backend's own prefix/suffix API, which knows the template
    CHAT = "chat"  # emulated with a chat instruction: works, but says so to the user


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking a model to fill a hole."""

    fill: Fill
    family: str = ""  # key of the fill-in-the-middle template, "" if none
    layout: Layout = Layout.PSM


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known of a model before it is asked anything."""

    name: str  # as the user writes it, "qwen2.5-coder:0.5b"
    backend: str  # "ollama", "llama.cpp", "embedded", "fake"
    digest: str  # of the weights, as far as the backend tells; else its name for them
    address: str  # "http://127.0.0.1:11434"; empty for a model in the process
    locality: Locality
    fill: Fill
    family: str  # key of the fill-in-the-middle template, "" if none
    context_tokens: int  # size of the window, 0 if unknown
    size_bytes: int = 0
    parallel: int = 1  # alternatives that one request by a template can give
    notice: str = ""  # one sentence for the user ("emulated through chat: ..."), or empty
    layout: Layout = Layout.PSM  # of the prompts that are rendered here
    version: str = ""  # of the backend, "" where it does not tell
    identified: bool = False  # other weights would surely have another digest
    thinks: bool = False  # a reasoning model: it thinks before it answers

    @property
    def way(self) -> Way:
        return Way(self.fill, self.family, self.layout)


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One hole to fill. ``max_tokens`` and ``stop`` bound the answer; temperature 0 is greedy."""

    prompt: Prompt
    max_tokens: int
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    single_line: bool = False  # the answer may end at the first line end
    alternatives: int = 1  # answers wanted at once; at most ``ModelInfo.parallel``
    way: Way | None = None  # to be asked otherwise than ``ModelInfo.way``: only a probe does
    sampling: Sampling | None = None  # what the user set: see `bodies.sampling_of`


@dataclass(frozen=True, slots=True)
class Timings:
    """The engine's own figures for one answer; None where the backend does not tell."""

    prompt_tokens: int | None = None  # tokens of the whole prompt
    evaluated: int | None = None  # prompt tokens that had to be evaluated
    reused: int | None = None  # prompt tokens taken from the engine's cache
    prompt_ms: float | None = None
    predicted_tokens: int | None = None
    predicted_per_second: float | None = None
    truncated: bool = False  # the backend saw less of the prompt than was sent
    sent_tokens: int | None = None  # the fewest tokens that the sent prompt can be


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the answer, in order; the last one carries the timings, others may.

    ``text`` is exactly what belongs at the cursor: templates, stop strings and healed tokens
    are gone from it.
    """

    text: str
    timings: Timings | None = None
    choice: int = 0  # which of the alternatives it belongs to, from 0


class Model(Protocol):
    """A model that fills holes. Every method raises only `ModelError` (and CancelledError)."""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The layouts to which the backend can be held, best first."""
        ...

    def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        """Stream an answer. Closing the generator closes the connection at once.

        Use it under ``contextlib.aclosing``. When the first ``__anext__`` is cancelled, the
        connection is aborted before the cancellation goes on.
        """
        ...

    async def is_loaded(self) -> bool:
        """Whether an answer can begin without loading weights (True where one cannot ask)."""
        ...

    async def load(self) -> None:
        """Load the weights and keep them; returns when a request would be answered at once."""
        ...

    async def window(self) -> int:
        """Tokens that the engine holds as it runs now; 0 where it does not tell."""
        ...

    def adopt(self, way: Way, context_tokens: int) -> None:
        """Ask in this way from now on; a probe found it out. ``context_tokens``: 0 if unknown."""
        ...

    async def confirm(self) -> None:
        """Look which weights the name means now: ``info`` tells afterwards.

        ModelMissing if it is another model; nothing where the backend cannot be asked.
        """
        ...

    async def close(self) -> None:
        """Release connections and child processes."""
        ...
