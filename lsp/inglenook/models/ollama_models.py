"""What a server of Ollama says of itself and of its models.

Some models Ollama forwards to another machine (`inglenook.models.cloud`): those are refused here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inglenook.models.access import Access
from inglenook.models.adopt import notice_of
from inglenook.models.bodies import count, mapping, objects, text, within
from inglenook.models.cloud import is_forwarded
from inglenook.models.egress import Target
from inglenook.models.errors import (
    BackendFailed,
    BackendGarbled,
    BackendRefused,
    EgressRefused,
    ModelMissing,
)
from inglenook.models.http import HttpClient
from inglenook.models.lines import Body
from inglenook.models.model import Fill, Locality, ModelInfo, locality_of
from inglenook.models.shape import Shape, Weights, plan, weights_of
from inglenook.models.spec import ModelSpec
from inglenook.models.templates import family_of


@dataclass(frozen=True, slots=True)
class OllamaServer:
    """Where a server is and what it wants."""

    target: Target
    access: Access = Access()

    @property
    def headers(self) -> dict[str, str] | None:
        return self.access.head


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the user wants a model run: what all of the entries say that mean it.

    ``memory`` is the machine's in bytes, 0 if unknown. ``most``: tokens of the window that the
    entry in use has prompts for, all if 0. A ``shape`` is taken in place of a planned one.
    """

    specs: tuple[ModelSpec, ...] = ()
    memory: int = 0
    most: int = 0
    shape: Shape | None = None

    def plan(self, weights: Weights) -> Shape:
        shape = self.shape or plan(self.specs, weights, self.memory)
        return replace(shape, num_ctx=within(shape.num_ctx, weights.trained_tokens))


@dataclass(frozen=True, slots=True)
class Shown:
    """What `/api/show` told of a model that runs where its server is."""

    info: ModelInfo
    shape: Shape  # of every request: with another one Ollama would load the weights again
    think: bool | str | None  # that keeps its thoughts short; None: it has none to be kept so
    modified: str  # changes when the name is given to another model

    def noted(self, info: ModelInfo) -> Shown:
        """The same with ``info``, in whose notice stand the warnings too."""
        notice = " ".join(filter(None, (notice_of(info), *self.shape.warnings)))
        return replace(self, info=replace(info, notice=notice))


async def list_models(
    client: HttpClient, target: Target, access: Access | None = None
) -> tuple[ModelInfo, ...]:
    """The models that the server runs itself; those that it would forward are left out."""
    server = OllamaServer(target, access or Access())
    found = []
    version = await version_of(client, server)
    for tag in objects(await client.get(target, "/api/tags", server.headers), "models"):
        try:
            found.append((await show(client, server, tag, Wanted(), version)).info)
        except (EgressRefused, ModelMissing):
            continue
    return tuple(found)


async def version_of(client: HttpClient, server: OllamaServer) -> str:
    return text(await client.get(server.target, "/api/version", server.headers), "version")


async def cloud_disabled(
    client: HttpClient, target: Target, access: Access | None = None
) -> bool | None:
    """Whether the server was told to forward nothing; None if it does not say (`/api/status`)."""
    try:
        told = await client.get(target, "/api/status", (access or Access()).head)
    except (BackendRefused, BackendFailed, BackendGarbled):  # versions before 0.16
        return None
    disabled = mapping(told, "cloud").get("disabled")
    return disabled if isinstance(disabled, bool) else None


async def tag_of(client: HttpClient, server: OllamaServer, name: str) -> Body:
    wanted = {name, f"{name}:latest"}
    for tag in objects(await client.get(server.target, "/api/tags", server.headers), "models"):
        if text(tag, "name") in wanted or text(tag, "model") in wanted:
            return tag
    raise ModelMissing(f"Ollama at {server.target.origin} has no model {name!a}.")


async def show(
    client: HttpClient, server: OllamaServer, tag: Body, wanted: Wanted, version: str
) -> Shown:
    """What is known of the model of ``tag``, and the shape that is planned for it."""
    name = text(tag, "model") or text(tag, "name")
    refuse_forwarded(tag, name)
    shown = await ask(client, server, name)
    details = mapping(shown, "model_info")
    architecture = text(details, "general.architecture")
    capabilities = shown.get("capabilities")
    able = capabilities if isinstance(capabilities, list) else []
    size = count(tag, "size") or 0
    shape = wanted.plan(weights_of(details, size))
    family = family_of(name, architecture, text(shown, "template"))
    info = ModelInfo(
        name=name,
        backend="ollama",
        digest=text(tag, "digest") or name,
        identified=bool(text(tag, "digest")),
        address=server.target.origin,
        locality=locality_of(server.target, Locality.VERIFIED),
        fill=Fill.TEMPLATE if family else Fill.BACKEND if "insert" in able else Fill.CHAT,
        family=family,
        context_tokens=within(shape.num_ctx, wanted.most),
        size_bytes=size,
        version=version,
        thinks="thinking" in able,
    )
    think = _least(name, architecture) if info.thinks else None
    return Shown(info, shape, think, text(shown, "modified_at")).noted(info)


async def ask(client: HttpClient, server: OllamaServer, name: str) -> Body:
    """What `/api/show` tells of ``name``; EgressRefused if it does not run there."""
    shown = await client.post(server.target, "/api/show", {"model": name}, server.headers)
    refuse_forwarded(shown, name)
    return shown


def refuse_forwarded(body: Body, name: str) -> None:
    if is_forwarded(body, name):
        raise EgressRefused(
            f"The model {name!a} does not run on this machine: Ollama forwards it to another "
            "host. Choose a model that was downloaded."
        )


def _least(name: str, architecture: str) -> bool | str:
    # docs/capabilities/thinking.mdx: it cannot be kept from thinking, and knows efforts alone.
    efforts = architecture in ("gptoss", "gpt-oss") or "gpt-oss" in name.lower()
    return "low" if efforts else False
