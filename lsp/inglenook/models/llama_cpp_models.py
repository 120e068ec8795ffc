"""What a server of llama.cpp says of itself and of the one model that it serves."""

from __future__ import annotations

import asyncio
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from inglenook.models.access import Access
from inglenook.models.adopt import notice_of
from inglenook.models.bodies import count, mapping, objects, text
from inglenook.models.egress import Target
from inglenook.models.errors import BackendBusy, BackendGarbled, BackendRefused, ModelMissing
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.model import Fill, Locality, ModelInfo, locality_of
from inglenook.models.render import Layout
from inglenook.models.templates import family_of

# In the chat templates of Qwen3 and DeepSeek-R1; of gpt-oss.
_THOUGHTS: Final = ("<think>", "enable_thinking", "reasoning_effort")
_HEAD: Final = 1.25  # times the tensors' bytes that a file has with what stands before them


@dataclass(frozen=True, slots=True)
class LlamaCppServer:
    """Where a server is and what it wants. ``embedded``: it is a process of our own.

    ``api_key``, if there is one, goes before the key of ``access``.
    """

    target: Target
    api_key: str = field(default="", repr=False)
    embedded: bool = False
    access: Access = Access()

    @property
    def headers(self) -> dict[str, str] | None:
        return self.access.with_key(self.api_key).head


async def list_models(
    client: HttpClient, server: LlamaCppServer, *, strict: bool = False
) -> tuple[ModelInfo, ...]:
    """What the server at ``server`` serves: one model, or none while it is loading.

    ``strict``: BackendGarbled unless it shows that it is llama.cpp's own server; many gateways
    to models elsewhere have the same paths. No prompt is sent, so whether the backend itself
    can fill holes stays open: only `connect` asks.
    """
    try:
        return (await inspect(client, server, "", strict=strict),)
    except BackendBusy:
        return ()


async def inspect(
    client: HttpClient, server: LlamaCppServer, name: str, *, strict: bool = False
) -> ModelInfo:
    """The one model, called ``name`` if that is not empty. BackendBusy while it is loading."""
    target, headers = server.target, server.headers
    models = objects(await client.get(target, "/v1/models", headers), "data")
    served = text(models[0], "id") if models else ""
    if not served:
        raise ModelMissing(f"{target.origin} does not serve any model.")
    try:
        props = await client.get(target, "/props", headers)
    except (ModelMissing, BackendRefused):
        props = {}  # some servers of this API have none
    if strict and not _is_llama_cpp(models[0], props):
        raise BackendGarbled(
            f"What answers at {target.origin} does not show that it is llama.cpp. To use it all "
            "the same, name its address in the configuration file."
        )
    path = text(props, "model_path") or served
    settings, meta = mapping(props, "default_generation_settings"), mapping(models[0], "meta")
    size = count(meta, "size") or 0
    family = family_of(path) or family_of(name)
    # A path of another machine means nothing here.
    stamp = await asyncio.to_thread(_stamp, path, size) if target.loopback else ""
    info = ModelInfo(
        name=name or _basename(served),
        backend="embedded" if server.embedded else "llama.cpp",
        digest=f"{path}#{size}{stamp}",
        address=target.origin,
        locality=_locality(server),
        fill=Fill.TEMPLATE if family else Fill.CHAT,
        family=family,
        context_tokens=count(settings, "n_ctx") or count(meta, "n_ctx_train") or 0,
        size_bytes=size,
        parallel=count(props, "total_slots") or 1,
        layout=Layout.FROZEN_LINE,
        version=text(props, "build_info"),
        identified=bool(stamp),
        thinks=any(mark in text(props, "chat_template") for mark in _THOUGHTS),
    )
    return replace(info, notice=notice_of(info))


def _locality(server: LlamaCppServer) -> Locality:
    """A server of others may be a door to anywhere, and has no way to say that it is not."""
    local = Locality.EMBEDDED if server.embedded else Locality.DECLARED
    return locality_of(server.target, local)


def _stamp(path: str, size: int) -> str:
    """When the file of the weights was last written; empty if it cannot be this machine's.

    The server tells where the file is, and the bytes of the tensors in it; a container may have
    another one at that path.
    """
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return ""
    is_it = stat.S_ISREG(status.st_mode) and 0 < size <= status.st_size <= size * _HEAD
    return f"@{status.st_size}:{status.st_mtime_ns}" if is_it else ""


def _is_llama_cpp(model: Body, props: Body) -> bool:
    told = mapping(props, "default_generation_settings") or count(props, "total_slots")
    return bool(told) or text(model, "owned_by") == "llamacpp"


def _basename(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].removesuffix(".gguf")
