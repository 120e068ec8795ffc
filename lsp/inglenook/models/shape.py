"""One shape in which Ollama runs a model, for all entries of the user's file that mean it.

Ollama loads a model again when a request comes with another window or other load options than the
one before (server/sched.go in ollama/ollama, needsReload). So nobody asks with settings of its
own: they are planned here, once for every model, and every request carries the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from inglenook.models.bodies import count
from inglenook.models.egress import LOCALHOST, origin_of
from inglenook.models.lines import Body
from inglenook.models.spec import AUTODETECT, ModelSpec, Provider

LEAST_TOKENS: Final = 4096  # of a window that is planned: a completion's prompt still fits
_KEEP_ALIVE: Final = "30m"
# Tokens that a role's prompts and answers need.
_NEEDS: Final = {"autocomplete": 8192, "embed": 2048, "rerank": 2048}
_CHAT: Final = 16_384  # all others, which hold files and what was said
_F16: Final = 2  # bytes of a number in the cache; OLLAMA_KV_CACHE_TYPE can only make it smaller
_KEYS: Final = {"num_gpu": "numGpu", "num_thread": "numThreads", "use_mmap": "useMmap"}

# Without these Ollama cuts a prompt that is too long, and the beginning of what an answer goes on
# from, and says nothing. Versions before 0.12.6 do not know them; since 0.30 the model is loaded
# again for another ``shift``, so it belongs to the shape too.
NOTHING_CUT: Final[Body] = {"truncate": False, "shift": False}

_Said = list[tuple[str, float]]  # what entries of the file set, with their names; True is 1


@dataclass(frozen=True, slots=True)
class Weights:
    """What a model takes of the memory; a figure that is not known is 0."""

    size_bytes: int = 0
    bytes_per_token: int = 0  # of the window, in the cache of keys and values
    trained_tokens: int = 0  # the largest window that the model knows


@dataclass(frozen=True, slots=True)
class Shape:
    """``options`` are those of Ollama's that decide how a model is loaded, but for the window."""

    num_ctx: int = _NEEDS["autocomplete"]
    keep_alive: str = _KEEP_ALIVE  # as Go's time.ParseDuration reads it; below zero: for ever
    options: tuple[tuple[str, int | bool], ...] = ()
    warnings: tuple[str, ...] = ()  # sentences for the user

    @property
    def load_options(self) -> Body:
        return {"num_ctx": self.num_ctx} | dict(self.options)

    def body(self, options: Body) -> Body:
        """The fields of a request that decide over loading, with further ``options``."""
        return {
            "keep_alive": self.keep_alive,
            "options": options | self.load_options,
            **NOTHING_CUT,
        }


def plan(specs: Sequence[ModelSpec], weights: Weights | None = None, memory: int = 0) -> Shape:
    """The shape for ``specs``, entries that mean one model, on a machine with so much memory.

    What the user set is kept to: of several windows the largest that fits into the memory (0: its
    size is not known), the longest ``keepAlive``, and the first that is set of every option.
    """
    weights = weights or Weights()
    windows: _Said = [(spec.name, size) for spec in specs if (size := _window(spec))]
    kept: _Said = [
        (spec.name, spec.loading.keep_alive)
        for spec in specs
        if spec.loading.keep_alive is not None
    ]
    options: dict[str, _Said] = {}
    used: dict[str, int | bool] = {}
    for spec in specs:
        for key, value in spec.loading.options:
            options.setdefault(key, []).append((spec.name, value))
            used.setdefault(key, value)
    num_ctx = _planned(specs, {int(size) for _, size in windows}, weights, memory)
    alive = max((seconds for _, seconds in kept), key=_length, default=None)
    said = [("contextLength", windows, float(num_ctx))]
    said += [(_KEYS.get(key, key), values, used[key]) for key, values in options.items()]
    said += [("keepAlive", kept, alive)] if alive is not None else []
    return Shape(
        num_ctx=num_ctx,
        keep_alive=_KEEP_ALIVE if alive is None else _duration(alive),
        options=tuple(sorted(used.items())),
        warnings=_warnings(said),
    )


def sharing(specs: Sequence[ModelSpec], address: str, name: str) -> tuple[ModelSpec, ...]:
    """Those of ``specs`` that mean the model called ``name`` of the Ollama at ``address``."""
    here, model = _server(address), _plain(name)
    return tuple(
        spec
        for spec in specs
        if spec.provider is Provider.OLLAMA
        and _server(spec.address) == here
        and (spec.model == AUTODETECT or _plain(spec.model) == model)
    )


def weights_of(details: Body, size_bytes: int) -> Weights:
    """``details`` is the ``model_info`` of `/api/show`: metadata of the GGUF file.

    Every layer keeps one key and one value for each token and key-value head (fs/ggml/ggml.go in
    ollama/ollama, GraphSize). Layers that look back a short way only, or keep a state, take less,
    so this is the most that it can be. `/api/show` leaves lists out, as of heads by layer; then
    there are taken to be as many as heads that ask.
    """
    architecture = details.get("general.architecture")

    def told(name: str) -> int:
        return count(details, f"{architecture}.{name}") or 0

    heads = told("attention.head_count")
    numbers = told("embedding_length") // heads if heads else 0
    pair = (told("attention.key_length") or numbers) + (told("attention.value_length") or numbers)
    per_token = told("block_count") * (told("attention.head_count_kv") or heads) * pair * _F16
    return Weights(size_bytes, per_token, told("context_length"))


def _window(spec: ModelSpec) -> int:
    """What the user set; 0 if it is to be planned."""
    return spec.loading.context_tokens or spec.context_tokens


def _planned(specs: Sequence[ModelSpec], windows: set[int], weights: Weights, memory: int) -> int:
    def fits(tokens: int) -> bool:
        # The rest is for the system, the editor, and what is built in the editor.
        needed = weights.size_bytes + tokens * weights.bytes_per_token
        return not (memory and weights.bytes_per_token) or needed <= memory * 3 // 4

    if windows:
        tokens = max((each for each in windows if fits(each)), default=min(windows))
    else:
        # An entry without roles is there for completions until it is asked for something else.
        roles = [role for spec in specs for role in spec.roles or ("autocomplete",)]
        tokens = max((_NEEDS.get(role, _CHAT) for role in roles), default=_NEEDS["autocomplete"])
        while tokens > LEAST_TOKENS and not fits(tokens):
            tokens = max(tokens // 2, LEAST_TOKENS)
    return min(tokens, weights.trained_tokens or tokens)


def _length(seconds: float) -> float:
    return seconds if seconds >= 0 else inf


def _duration(seconds: float) -> str:
    return "-1s" if seconds < 0 else f"{_number(seconds)}s"


def _number(value: float) -> str:
    """As it stands in the file: 1800, 0.5, true."""
    return str(value).lower() if isinstance(value, bool) else f"{value:.3f}".rstrip("0").rstrip(".")


def _warnings(said: list[tuple[str, _Said, float]]) -> tuple[str, ...]:
    """One sentence if entries differ. ``said``: a key, its values, and the one that is used."""
    names: dict[str, None] = {}
    differences, used = [], []
    for key, values, chosen in said:
        shown = dict.fromkeys(_number(value) for _, value in values)
        if len(shown) > 1:
            names |= dict.fromkeys(name for name, _ in values)
            differences.append(f"{key} ({' or '.join(shown)})")
            used.append(f"{key} {_number(chosen)}")
    if not differences:
        return ()
    return (
        f"{' and '.join(f'{name!a}' for name in names)} of your configuration file are one model "
        f"of Ollama, which would load it again and again by turns with {', '.join(differences)}. "
        f"All its requests say {', '.join(used)}; write the same into each of these entries.",
    )


def _server(address: str) -> str:
    """By scheme, host and port, whichever of its names this machine is called by."""
    origin = origin_of(address.rstrip("/")) or address
    return origin.replace("//localhost:", f"//{LOCALHOST[0]}:")


def _plain(name: str) -> str:
    return name.lower().removesuffix(":latest")
