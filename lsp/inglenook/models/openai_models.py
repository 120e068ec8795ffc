"""What a server of OpenAI's API serves: LM Studio, vLLM, or any other.

LM Studio tells more of its models under a path of its own
(https://lmstudio.ai/docs/developer/rest/endpoints). None of them tells a digest of the weights,
so the name stands for them, and what is known of a name is not believed for long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from inglenook.models import chat
from inglenook.models.access import Access
from inglenook.models.bodies import count, objects, text
from inglenook.models.egress import Target
from inglenook.models.errors import (
    BackendBusy,
    BackendFailed,
    BackendGarbled,
    BackendRefused,
    ModelError,
    ModelMissing,
)
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.model import Fill, Locality, ModelInfo, locality_of
from inglenook.models.spec import Provider
from inglenook.models.templates import family_of

_LM_STUDIO_TOKENS: Final = 4096  # of the window, when LM Studio loads a model by itself
_BILLIONS: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)b(?![a-z0-9])")
_VERSION: Final = re.compile(r"/v\d+[a-z0-9]*\Z")
_BITS: Final = re.compile(r"(?:q|iq|f|fp|bf|int)?(\d+)")


@dataclass(frozen=True, slots=True)
class OpenAIServer:
    """Where a server is and what it wants.

    The paths of the API begin with /v1. An address that ends in a version (OpenVINO Model Server
    has /v3) means that one in its place. ``api_key``, if there is one, goes before the key of
    ``access``.
    """

    target: Target
    provider: Provider = Provider.OPENAI
    api_key: str = field(default="", repr=False)
    access: Access = Access()

    def path(self, path: str) -> str:
        """What of ``path`` ("/v1/models") the address does not have already."""
        return path.removeprefix("/v1") if _VERSION.search(self.target.path) else path

    @property
    def headers(self) -> dict[str, str] | None:
        return self.access.with_key(self.api_key).head


@dataclass(frozen=True, slots=True)
class Served:
    """One model of a server, and what stands beside its name."""

    info: ModelInfo
    loaded: bool = True
    embeds: bool = False


async def list_models(client: HttpClient, server: OpenAIServer) -> tuple[Served, ...]:
    """Raises `ModelError`, BackendGarbled if the body is not such a list whatever the status."""
    if server.provider is Provider.LM_STUDIO:
        told = await client.get(server.target, "/api/v0/models", server.headers)
        models = objects(told, "data")
        # It answers 200 wherever it is asked, and so do others; the fields are its own.
        if any("state" not in model or "type" not in model for model in models):
            models = []
        if not models and told.get("data") != []:
            raise BackendGarbled(f"What answers at {server.target.origin} is not LM Studio.")
        return tuple(_of_lm_studio(model, server) for model in models if text(model, "id"))
    told = await _listed(client, server)
    if not isinstance(told.get("data"), list):
        raise BackendGarbled(
            f"What answers at {server.target.origin} does not list models as OpenAI's API does."
        )
    version = await _version(client, server)
    return tuple(
        _served(model, server, version) for model in objects(told, "data") if text(model, "id")
    )


async def _listed(client: HttpClient, server: OpenAIServer) -> Body:
    """Nothing but the key can be wrong with this request: LiteLLM has 400 and 500 for that."""
    try:
        return await client.get(server.target, server.path("/v1/models"), server.headers)
    except (BackendRefused, BackendFailed) as error:
        if isinstance(error, (ModelMissing, BackendBusy)):
            raise
        raise type(error)(
            f"{server.target.origin} does not list its models. "
            f"It may want {'another' if server.headers else 'an'} API key (apiKey)."
        ) from None


async def _version(client: HttpClient, server: OpenAIServer) -> str:
    if server.provider is not Provider.VLLM:
        return ""
    try:
        return text(await client.get(server.target, "/version", server.headers), "version")
    except ModelError:
        return ""


def _served(model: Body, server: OpenAIServer, version: str) -> Served:
    name = text(model, "id")
    family = family_of(name) or family_of(text(model, "root"))
    window = count(model, "max_model_len") or 0  # vLLM's
    return Served(_info(name, server, family, window, version=version))


def _of_lm_studio(model: Body, server: OpenAIServer) -> Served:
    name, loaded = text(model, "id"), text(model, "state") == "loaded"
    most = count(model, "max_context_length") or _LM_STUDIO_TOKENS
    window = count(model, "loaded_context_length") or min(most, _LM_STUDIO_TOKENS)
    family = family_of(name, text(model, "arch"))
    size = estimated_bytes(name, text(model, "quantization"))
    info = _info(name, server, family, window, size)
    return Served(info, loaded, text(model, "type") == "embeddings")


def estimated_bytes(name: str, quantization: str) -> int:
    """The size of weights by what their names say ("…-7b-…", "Q4_K_M"); 0 if they do not."""
    billions = _BILLIONS.search(name.lower())
    if billions is None:
        return 0
    bits = _BITS.search(quantization.lower())
    return int(float(billions[1]) * 1e9 * (int(bits[1]) + 1 if bits else 5) / 8)


def _info(
    name: str,
    server: OpenAIServer,
    family: str,
    window: int,
    size: int = 0,
    version: str = "",
) -> ModelInfo:
    return ModelInfo(
        name=name,
        backend=str(server.provider),
        digest=name,
        address=server.target.origin + server.target.path,
        locality=locality_of(server.target, Locality.DECLARED),
        fill=Fill.TEMPLATE if family else Fill.CHAT,
        family=family,
        context_tokens=window,
        size_bytes=size,
        notice="" if family else chat.NOTICE,
        version=version,
    )
