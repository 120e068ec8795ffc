"""Why no model serves: the most important of what a doctor can find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook.commands.doctor_completing import Completing, amends
from inglenook.commands.doctor_facts import Facts, servers
from inglenook.commands.doctor_off import entry_off
from inglenook.commands.doctor_trouble import GET, PULL, Rank, Trouble, title
from inglenook.models.choose import Choice
from inglenook.models.discover import matches
from inglenook.models.spec import ModelSpec, Provider, serves

_STARTS: Final = {
    Provider.OLLAMA: "Start it: ollama serve",
    Provider.LLAMA_CPP: "Start it: llama-server -m MODEL.gguf",
    Provider.LM_STUDIO: "Start its server: lms server start",
    Provider.VLLM: "Start it: vllm serve MODEL --host 127.0.0.1",
}


def no_model(facts: Facts) -> Iterator[Trouble]:
    """Nothing if a model serves."""
    main = facts.completing[0]
    if main.info is not None:
        return
    if main.choice is not None:
        yield Trouble(Rank.BACKEND, main.failure, _look_at_it(main.choice))
        return
    yield (
        _chosen(facts, main) or _wanted(facts) or _remote(facts) or _empty(facts) or _nothing(facts)
    )


def no_model_in(facts: Facts) -> Iterator[Trouble]:
    """The languages for which a model is chosen that completes nothing."""
    for each in facts.completing[1:]:
        if each.works:
            continue
        if each.off:
            cause, cure = entry_off(facts, each)
        elif each.choice is not None:
            cause, cure = each.failure, _look_at_it(each.choice)
        else:
            found = _chosen(facts, each)
            cause, cure = (found.cause, found.cure) if found else (each.failure, "")
        yield Trouble(Rank.LANGUAGE, f"Nothing is completed in {each.language}: {cause}", cure)


def _look_at_it(choice: Choice) -> str:
    cure = _STARTS.get(choice.found.provider, "Look at what the model server itself says.")
    return f"{cure} (if it runs, its own log tells more)"


def _chosen(facts: Facts, completing: Completing) -> Trouble | None:
    """Somebody chose a model that cannot be used, or that is not there any more."""
    name, why = completing.chosen.name, completing.chosen.why
    if not name:
        return None
    another = amends(facts.choices, facts.folder, completing.language)
    for spec in facts.survey.specs:
        trouble = facts.survey.resolve(spec) if spec.name.lower() == name.lower() else None
        if isinstance(trouble, str):
            cause = f"{spec.name!a} of your configuration file cannot be used: {trouble} {why}"
            return Trouble(Rank.NO_MODEL, cause, f"{_get(facts, spec)}, or {another}.")
    for place in facts.survey.places:
        for found in place.models:
            if found.refused and matches(found, name):
                cause = f"{name!a} cannot be used. {found.refused} {why}"
                return Trouble(Rank.NO_MODEL, cause, f"{another[0].upper()}{another[1:]}.")
    cure = f"{another[0].upper()}{another[1:]}; those that are there: inglenook models list"
    return Trouble(Rank.NO_MODEL, f"{name!a} is chosen, and is not there. {why}", cure)


def _wanted(facts: Facts) -> Trouble | None:
    """The configuration has an entry for completions whose model is not there."""
    for spec in serves(facts.survey.specs, "autocomplete"):
        remove = f"remove the entry {spec.name!a} from {facts.settings.config_file}"
        cure = f"{_get(facts, spec)}, or {remove}."
        return Trouble(Rank.NO_MODEL, facts.failure, cure)
    return None


def _get(facts: Facts, spec: ModelSpec) -> str:
    """How the model of an entry comes to be there."""
    place = next((p for p in facts.survey.places if p.address == spec.address), None)
    if spec.provider is Provider.EMBEDDED:
        return f"Get one that is known to work ({GET})"
    if place is None or place.trouble:
        return _STARTS.get(spec.provider, "Start it, or correct its apiBase")
    if spec.provider is Provider.OLLAMA:
        return f"Get it: ollama pull {spec.model}"
    return "Name one that is there (inglenook models list)"


def _remote(facts: Facts) -> Trouble | None:
    """What there is may not be used: it runs elsewhere, or its engine is missing."""
    for place in facts.survey.places:
        for found in place.models:
            if found.refused and place.provider is Provider.EMBEDDED:
                cure = "Or start Ollama, LM Studio or llama.cpp."
                return Trouble(Rank.NO_MODEL, f"{found.name!a}: {found.refused}", cure)
            if found.refused:
                cure = f"Get a model that runs here: {PULL}"
                return Trouble(Rank.NO_MODEL, f"{found.name!a}: {found.refused}", cure)
    return None


def _empty(facts: Facts) -> Trouble | None:
    for place in servers(facts.survey):
        cause = f"{title(place)} answers at {place.address} and has no model that writes text."
        get = PULL if place.provider is Provider.OLLAMA else "load one there"
        return Trouble(Rank.NO_MODEL, cause, f"Get one: {get} (or: {GET})")
    return None


def _nothing(facts: Facts) -> Trouble:
    return Trouble(
        Rank.NO_MODEL,
        "No model server answers on this machine, and there is no GGUF file in "
        f"{facts.settings.models_dir}",
        f"Start Ollama, LM Studio or llama.cpp; or get a model that needs none: {GET}",
    )
