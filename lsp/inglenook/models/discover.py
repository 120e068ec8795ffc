"""What there is: every place where a model may be, and what was found there.

A survey asks Ollama (`/api/tags`, `/api/ps`), llama.cpp (`/v1/models`) and LM Studio
(`/api/v0/models`) at their usual addresses, these and others at those of the user's file, all at
once, and looks for GGUF files for the embedded engine. It sends no prompt, loads nothing, and has
a few seconds for each place. Choosing is the business of `inglenook.models.choose`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from inglenook.models.access import Access, access_of
from inglenook.models.bodies import count, mapping, objects, text, within
from inglenook.models.cloud import is_forwarded
from inglenook.models.egress import EgressPolicy
from inglenook.models.errors import BackendBusy, BackendGarbled, EgressRefused, ModelError
from inglenook.models.http import HttpClient, Limits
from inglenook.models.lines import Body
from inglenook.models.model import Locality, ModelInfo, locality_of
from inglenook.models.spec import AUTODETECT, ModelSpec, Provider
from inglenook.models.templates import family_of

# A backend on this machine accepts at once; Windows needs most of a second to say "nobody there".
_PLACE_SECONDS: Final = 3.0
_LIMITS: Final = Limits(connect=1.5, reply=_PLACE_SECONDS)
_MAX_FILES: Final = 200
_PART: Final = re.compile(r"-(\d{5})-of-\d{5}$")  # llama.cpp's gguf-split


@dataclass(frozen=True, slots=True)
class Found:
    """One model. ``refused`` says why it cannot be used, and is empty if it can."""

    name: str
    provider: Provider
    address: str  # of the backend; for the embedded engine the path of the file
    family: str  # key of its fill-in-the-middle template, "" if it has none that is known
    size_bytes: int  # 0 if unknown
    loaded: bool
    embeds: bool = False  # makes vectors, not text
    refused: str = ""
    locality: Locality = Locality.DECLARED
    # Not what it is, but what is known and wanted of it:
    info: ModelInfo | None = field(default=None, compare=False)  # if it is all for connecting
    access: Access = field(default=Access(), compare=False)  # to this address, and to no other
    spec: ModelSpec | None = field(default=None, compare=False)  # the user's entry that means it


@dataclass(frozen=True, slots=True)
class _Server:
    """An address to ask, and what lets us in there."""

    provider: Provider
    address: str
    access: Access = Access()


@dataclass(frozen=True, slots=True)
class Place:
    """One address (or directory) that was looked at. ``trouble`` is empty if it answered."""

    provider: Provider
    address: str
    models: tuple[Found, ...] = ()
    trouble: str = ""
    access: Access = Access()  # with which it was asked
    refused: bool = False  # nothing was sent there: the address is not allowed, or not believed


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that was looked at, in the order of preference, and the user's own list."""

    places: tuple[Place, ...]
    specs: tuple[ModelSpec, ...] = ()

    def listed(self) -> list[tuple[ModelSpec, Found | str]]:
        """The user's list, each entry with what `resolve` says of it.

        In place of an entry that means all models of its server stands one for each of them.
        """
        return [each for spec in self.specs for each in self.of_server(spec)]

    def of_server(self, spec: ModelSpec) -> list[tuple[ModelSpec, Found | str]]:
        """``spec``, or the entries that it stands for: named by the server, all else its own."""
        place = self._place(spec) if spec.model == AUTODETECT else None
        models = place.models if place else ()
        each_of = [replace(spec, name=found.name, model=found.name) for found in models]
        return [(each, self.resolve(each)) for each in each_of or [spec]]

    def resolve(self, spec: ModelSpec) -> Found | str:
        """The model that an entry of ``specs`` means, or the sentence why there is none."""
        if spec.provider is Provider.FAKE:
            found = Found(spec.name, Provider.FAKE, spec.model, "", 0, loaded=True)
            return replace(found, locality=Locality.VERIFIED, spec=spec)
        place = self._place(spec)
        if place is None:
            return f"{spec.provider} has no address: name it (apiBase)."
        all_of_them = spec.model == AUTODETECT
        one_of_them = all_of_them or spec.provider is Provider.LLAMA_CPP
        for found in sorted(place.models, key=lambda found: bool(found.refused)):
            if one_of_them or matches(found, spec.model):
                return found.refused or _chosen(found, spec)
        missing = f"{spec.provider} has no model{'' if all_of_them else f' {spec.model!a}'}."
        if spec.provider is Provider.EMBEDDED:
            return f"{missing} {place.trouble}".rstrip()
        return place.trouble or missing

    def _place(self, spec: ModelSpec) -> Place | None:
        """Where the entry's model has to be."""
        server = _server_of(spec)
        for place in self.places:
            if place.provider is spec.provider and (
                spec.provider is Provider.EMBEDDED
                or (place.address, place.access) == (server.address, server.access)
            ):
                return place
        return None


def _server_of(spec: ModelSpec) -> _Server:
    """Entries with another key or other headers mean another server, or rights of their own."""
    return _Server(spec.provider, spec.address, Access(spec.api_key, spec.headers))


def _chosen(found: Found, spec: ModelSpec) -> Found:
    """``found`` as the entry wants it used."""
    info = found.info
    if info is not None:
        info = replace(info, context_tokens=within(info.context_tokens, spec.context_tokens))
    return replace(found, info=info, access=access_of(spec), spec=spec)


def matches(found: Found, name: str) -> bool:
    """Whether ``name`` names this model: case, ``:latest`` and ``.gguf`` do not matter."""
    wanted = name.lower().removesuffix(":latest").removesuffix(".gguf")
    if found.provider is Provider.EMBEDDED and found.address.lower() == name.lower():
        return True
    return wanted == found.name.lower().removesuffix(":latest")


async def survey(
    specs: Sequence[ModelSpec],
    policy: EgressPolicy,
    *,
    ollama_address: str,
    llama_cpp_address: str,
    lm_studio_address: str = "",
    models_dir: Path,
    client: HttpClient | None = None,
) -> Survey:
    """Look everywhere at once. An empty address is not looked at. Never raises `ModelError`.

    ``client``, with its own policy, is used in place of one that lives only as long as this and
    has ``policy``. Only what the policy allows is asked, or looked up.
    A server of llama.cpp's paths that no entry gives an address for must show what it is.
    """
    named = {spec.address for spec in specs if spec.provider is Provider.LLAMA_CPP}
    usual = [
        _Server(Provider.OLLAMA, ollama_address),
        _Server(Provider.LLAMA_CPP, llama_cpp_address),
        _Server(Provider.LM_STUDIO, lm_studio_address),
    ]
    defaults = {server.provider: server.address for server in usual}
    specs = [_completed(spec, defaults.get(spec.provider, "")) for spec in specs]
    wanted = [
        *usual,
        *(
            _server_of(spec)
            for spec in specs
            if spec.provider not in (Provider.EMBEDDED, Provider.FAKE)
        ),
    ]
    servers = dict.fromkeys(server for server in wanted if server.address)
    own = HttpClient(policy, _LIMITS)
    try:
        asked = [_ask(client or own, server, server.address in named) for server in servers]
        files = asyncio.to_thread(_embedded, models_dir, specs)
        places = await asyncio.gather(*asked, files)
    finally:
        await own.close()
    return Survey(tuple(places), tuple(specs))


def _completed(spec: ModelSpec, address: str) -> ModelSpec:
    """``spec`` with ``address`` if it has none, and with the home directory for a "~"."""
    if spec.provider is not Provider.EMBEDDED:
        return replace(spec, address=spec.address or address)
    try:
        return replace(spec, model=str(Path(spec.model).expanduser()))
    except RuntimeError:  # nobody has that home; then there is no such file either
        return spec


async def _ask(client: HttpClient, server: _Server, named: bool) -> Place:
    place = Place(server.provider, server.address, access=server.access)
    try:
        async with asyncio.timeout(_PLACE_SECONDS):
            return replace(place, models=await _models(client, server, named))
    except TimeoutError:
        trouble = f"{server.address} did not answer within {_PLACE_SECONDS:g} s."
        return replace(place, trouble=trouble)
    except ModelError as error:
        return replace(place, trouble=str(error), refused=isinstance(error, EgressRefused))


async def _models(client: HttpClient, server: _Server, named: bool) -> tuple[Found, ...]:
    if server.provider is Provider.OLLAMA:
        return await _ollama(client, server)
    if server.provider is Provider.LLAMA_CPP:
        return await _llama_cpp(client, server, named)
    return await _openai(client, server)


async def _ollama(client: HttpClient, place: _Server) -> tuple[Found, ...]:
    target, head = client.check(place.address), place.access.head
    tags, running = await asyncio.gather(
        client.get(target, "/api/tags", head), client.get(target, "/api/ps", head)
    )
    if not isinstance(tags.get("models"), list):
        raise BackendGarbled(f"What answers at {target.origin} is not Ollama.")
    loaded = {text(model, "model") for model in objects(running, "models")}
    locality = locality_of(target, Locality.VERIFIED)
    return tuple(_of_tag(tag, place, loaded, locality) for tag in objects(tags, "models"))


def _of_tag(tag: Body, place: _Server, loaded: set[str], locality: Locality) -> Found:
    name = text(tag, "model") or text(tag, "name")
    architecture = text(mapping(tag, "details"), "family")
    forwarded = is_forwarded(tag, name)
    return Found(
        name=name,
        provider=Provider.OLLAMA,
        address=place.address,
        family=family_of(name, architecture),
        size_bytes=count(tag, "size") or 0,
        loaded=name in loaded,
        embeds="bert" in architecture or "embed" in name.lower(),
        refused="It does not run here: Ollama forwards it to another host." if forwarded else "",
        locality=Locality.REFUSED if forwarded else locality,
        access=place.access,
    )


async def _llama_cpp(client: HttpClient, place: _Server, named: bool) -> tuple[Found, ...]:
    from inglenook.models.llama_cpp import LlamaCppServer, list_models

    server = LlamaCppServer(client.check(place.address), access=place.access)
    models = await list_models(client, server, strict=not named)
    if not models:
        raise BackendBusy(f"llama.cpp at {place.address} is still loading its model.")
    return tuple(_of_info(info, place) for info in models)


async def _openai(client: HttpClient, place: _Server) -> tuple[Found, ...]:
    from inglenook.models.openai_models import OpenAIServer, list_models

    server = OpenAIServer(client.check(place.address), place.provider, access=place.access)
    return tuple(
        _of_info(served.info, place, loaded=served.loaded, embeds=served.embeds)
        for served in await list_models(client, server)
    )


def _of_info(
    info: ModelInfo, place: _Server, *, loaded: bool = True, embeds: bool = False
) -> Found:
    return Found(
        name=info.name,
        provider=place.provider,
        address=place.address,
        family=info.family,
        size_bytes=info.size_bytes,
        loaded=loaded,
        embeds=embeds or "embed" in info.name.lower(),
        info=info,
        locality=info.locality,
        access=place.access,
    )


def _embedded(models_dir: Path, specs: Sequence[ModelSpec]) -> Place:
    named = [Path(spec.model) for spec in specs if spec.provider is Provider.EMBEDDED]
    try:
        files = sorted(islice(models_dir.glob("*.gguf"), _MAX_FILES))
    except OSError as error:
        return Place(Provider.EMBEDDED, str(models_dir), trouble=f"{models_dir}: {error.strerror}")
    files += [file for file in named if file.is_absolute() and file not in files]
    models = tuple(_of_file(file) for file in files if _is_whole(file))
    trouble = "" if models else f"There is no GGUF file in {models_dir}."
    return Place(Provider.EMBEDDED, str(models_dir), models, trouble)


def _is_whole(file: Path) -> bool:
    """Not a further part of a model in pieces, and not the eyes of another model."""
    later = _PART.search(file.stem)
    return not (later and int(later[1]) > 1) and not file.name.startswith("mmproj")


def _of_file(file: Path) -> Found:
    from inglenook.models import embedded

    refused = "" if embedded.is_installed() else embedded.INSTALL_HINT
    info = embedded.describe(file)
    return Found(
        name=file.stem,
        provider=Provider.EMBEDDED,
        address=str(file),
        family=info.family if info else "",
        size_bytes=info.size_bytes if info else 0,
        loaded=False,
        embeds="embed" in file.stem.lower(),
        refused=refused if info else f"{file.name} is no GGUF file that can be read.",
        info=info,
        locality=Locality.VERIFIED,
    )
