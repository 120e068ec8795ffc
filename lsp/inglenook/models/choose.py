"""Which model to use, out of a survey, and why.

An entry of the user's own file that asks for the role (or, if none does, an entry without roles)
is what the user wants: nothing else is tried then, and an entry that is not there is said.
Without such an entry every model that was found is ranked, and where an entry means all models of
its server, these are:

1. models that were trained to fill holes before those that only chat;
2. what fits into half of the memory before what does not;
3. what answers a key's question quickly (up to 2.5 GB of weights) before what does not;
4. what is loaded already, since loading takes seconds and pushes other models out;
5. a server that is running before an engine that we would have to start;
6. the largest of the quick ones, the smallest of the others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.models.discover import Found, Survey, matches
from inglenook.models.errors import BackendOffline, ModelError, ModelMissing
from inglenook.models.http import HttpClient
from inglenook.models.model import Model
from inglenook.models.spec import AUTODETECT, ModelSpec, Provider, serves

_QUICK_BYTES: Final = 2_500_000_000
_VECTORS: Final = ("embed", "rerank")  # roles that are not about text


@dataclass(frozen=True, slots=True)
class Choice:
    """A model to try, and one sentence why it."""

    found: Found
    reason: str


def pick(survey: Survey, role: str = "autocomplete", name: str = "") -> Choice | None:
    """The first of `candidates`."""
    return next(iter(candidates(survey, role, name)), None)


def candidates(survey: Survey, role: str = "autocomplete", name: str = "") -> tuple[Choice, ...]:
    """The models for ``role``, best first; with a ``name``, those that it can mean."""
    if name:
        return _named(survey, name)
    wanted = serves(survey.specs, role)
    if wanted:
        return tuple(choice for spec in wanted for choice in _of_entry(survey, spec, role))
    return tuple(Choice(found, _reason(found)) for found in _ranked(_all(survey)))


def _of_entry(survey: Survey, spec: ModelSpec, role: str) -> list[Choice]:
    """What an entry of the user's file can mean for ``role``, best first."""
    if spec.model != AUTODETECT:
        found = survey.resolve(spec)
        reason = f"Your configuration file has it for {role}, as {spec.name!a}."
        return [Choice(found, reason)] if isinstance(found, Found) else []
    listed = survey.of_server(spec)
    models = [found for _, found in listed if isinstance(found, Found)]
    if role in _VECTORS:
        return [Choice(found, _of_server(spec)) for found in models if found.embeds]
    return [Choice(found, f"{_of_server(spec)} {_reason(found)}") for found in _ranked(models)]


def _of_server(spec: ModelSpec) -> str:
    return f"Your configuration file has all models of its server, as {spec.name!a}."


def why_none(survey: Survey, role: str = "autocomplete", name: str = "") -> str:
    """Why there is no candidate, as a sentence that says what to do."""
    if name:
        return f"No model {name!a} was found; try: inglenook models list"
    for spec in serves(survey.specs, role):
        trouble = survey.resolve(spec)
        if isinstance(trouble, str):
            return f"{spec.name!a} of your configuration file cannot be used: {trouble}"
    refused = [found for place in survey.places for found in place.models if found.refused]
    if refused:
        return f"{refused[0].name!a} cannot be used. {refused[0].refused}"
    return (
        "No local model was found: start Ollama, LM Studio or llama.cpp, or run: "
        "inglenook models get qwen2.5-coder:0.5b"
    )


async def connect(client: HttpClient, choice: Choice, specs: Sequence[ModelSpec] = ()) -> Model:
    """The model itself; nothing is loaded yet. The client is the caller's to close.

    ``specs`` is the user's whole list, of which several entries can mean one model of Ollama.
    Each adapter is imported here, so that only the one that is used costs its time.
    """
    found = choice.found
    most = found.spec.context_tokens if found.spec else 0
    if found.provider is Provider.OLLAMA:
        from inglenook.models import ollama, shape

        target, of_file = client.check(found.address), specs or filter(None, [found.spec])
        alike = shape.sharing([*of_file], found.address, found.name)
        wanted = ollama.Wanted(alike, _memory_bytes() if target.loopback else 0, most)
        return await ollama.connect(client, target, found.name, access=found.access, wanted=wanted)
    if found.provider is Provider.LLAMA_CPP:
        from inglenook.models import llama_cpp

        server = llama_cpp.LlamaCppServer(client.check(found.address), access=found.access)
        return await llama_cpp.connect(client, server, info=found.info, most=most)
    if found.provider.speaks_openai:
        from inglenook.models import openai_compatible, openai_models

        place = openai_models.OpenAIServer(
            client.check(found.address), found.provider, access=found.access
        )
        return await openai_compatible.connect(client, place, found.name, found.info, most=most)
    if found.provider is Provider.FAKE:
        from inglenook.models import fake

        return fake.connect(found.address)
    from inglenook.models import embedded

    file = Path(found.address)
    info = found.info or embedded.describe(file)
    if info is None:
        raise ModelMissing(f"{file.name} is no GGUF file that can be read.")
    return embedded.EmbeddedModel(client, file, info)


async def connect_best(
    client: HttpClient, survey: Survey, role: str = "autocomplete", name: str = ""
) -> tuple[Model, Choice]:
    """The first candidate that lets itself be connected; the first one's error if none does."""
    first: ModelError | None = None
    for choice in candidates(survey, role, name):
        try:
            return await connect(client, choice, survey.specs), choice
        except ModelError as error:
            first = first or error
    raise first or BackendOffline(why_none(survey, role, name))


def _named(survey: Survey, name: str) -> tuple[Choice, ...]:
    listed = [(spec, found) for spec, found in survey.listed() if isinstance(found, Found)]
    for spec, found in listed:
        if spec.name.lower() == name.lower():
            return (Choice(found, "Your configuration file calls it so."),)
    # What the file says of a model goes with it also when its server's name for it is asked for.
    ranked = [found for _, found in listed] + _ranked(_all(survey))
    exact = [found for found in ranked if matches(found, name)]
    begun = [found for found in ranked if found.name.lower().startswith(name.lower())]
    return tuple(Choice(found, "You asked for it by name.") for found in exact or begun)


def _all(survey: Survey) -> list[Found]:
    return [found for place in survey.places for found in place.models]


def _ranked(models: list[Found]) -> list[Found]:
    """Those that write text, best first."""
    usable = [found for found in models if not found.refused and not found.embeds]
    memory = _memory_bytes()
    return sorted(usable, key=lambda found: _rank(found, memory))


def _rank(found: Found, memory: int) -> tuple[bool, bool, bool, bool, bool, int]:
    quick = found.size_bytes <= _QUICK_BYTES
    return (
        not found.family,
        memory > 0 and found.size_bytes > memory // 2,
        not quick,
        not found.loaded,
        found.provider is Provider.EMBEDDED,
        -found.size_bytes if quick else found.size_bytes,
    )


def _reason(found: Found) -> str:
    known = "It fills in the middle" if found.family else "None is known to fill in the middle"
    state = "is loaded already" if found.loaded else "is the best of those that were found"
    quick = "" if found.size_bytes <= _QUICK_BYTES else ", though its size makes it slow"
    return f"{known}, and it {state}{quick}."


def _memory_bytes() -> int:
    """The machine's memory; 0 where Python cannot ask."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
