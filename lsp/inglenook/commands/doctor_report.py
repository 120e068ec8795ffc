"""What ``inglenook doctor`` found, as one JSON object."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from inglenook import __version__
from inglenook.commands.doctor_completing import Completing, disabled, said_in
from inglenook.commands.doctor_facts import Facts, port_of, servers
from inglenook.commands.doctor_off import automatic
from inglenook.commands.doctor_trouble import Trouble
from inglenook.commands.doctor_troubles import works
from inglenook.commands.models import as_dict
from inglenook.engine import advisories
from inglenook.engine.exposed import USUAL_PORTS, Listener
from inglenook.models.discover import Place

_PACKAGES: Final = (
    "pygls",
    "lsprotocol",
    "aiohttp",
    "ollama",
    "tree-sitter",
    "tree-sitter-python",
    "tree-sitter-javascript",
    "tree-sitter-typescript",
    "platformdirs",
    "PyYAML",
    "rich",
    "diskcache",
    "xllamacpp",
)


def report(facts: Facts, found: tuple[Trouble, ...]) -> dict[str, Any]:
    """No key, header or text of a file is in it."""
    settings = facts.settings
    return {
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": versions(),
        "folder": facts.folder,
        "works": works(facts),
        "automatic": automatic(facts),
        "languages": {each.language: _language(each) for each in facts.completing[1:]},
        "disabled_languages": sorted(disabled(facts.choices, facts.folder)),
        "troubles": [
            {
                "kind": each.rank.name.lower(),
                "harmless": each.harmless,
                "cause": each.cause,
                "cure": each.cure,
            }
            for each in found
        ],
        "config": {"file": str(settings.config_file), "found": is_there(facts)},
        "notices": [
            {"level": each.level, "text": each.text}
            for each in (*settings.notices, *said_in(facts.choices, facts.folder).notices)
        ],
        "models_dir": str(settings.models_dir),
        "state_dir": str(settings.state_dir),
        "looked_at": [_place(facts, place) for place in facts.survey.places],
        "roles": {
            role.name: {
                "model": role.choice.found.name if role.choice else None,
                "backend": str(role.choice.found.provider) if role.choice else None,
                "reason": role.why,
            }
            for role in facts.roles
        },
        "picked": _picked(facts),
        "trouble": facts.failure,
        "measured": _measured(facts),
        "counters": _counters(facts),
        "other_providers": list(facts.others.providers) if facts.others else [],
        "proxies": list(facts.proxies),
        "listeners": None
        if facts.listening is None
        else [{"host": each.host, "port": each.port} for each in relevant(facts)],
        "advisories_dated": advisories.DATED.isoformat(),
        "log_file": log_file(),
    }


def versions() -> dict[str, str | None]:
    """The packages that decide how things work; None for one that is missing."""
    found: dict[str, str | None] = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def is_there(facts: Facts) -> bool:
    """Whether there is a configuration file."""
    try:
        return facts.settings.config_file.is_file()
    except OSError:  # nobody can look
        return False


def log_file() -> str:
    from platformdirs import user_log_path

    return str(user_log_path("inglenook", appauthor=False) / "server.log")


def relevant(facts: Facts) -> list[Listener]:
    """The listeners on the ports of model servers."""
    ports = {port_of(place.address) for place in servers(facts.survey)}
    ports |= set(USUAL_PORTS.values())
    found = [each for each in facts.listening or () if each.port in ports]
    return sorted(found, key=lambda each: (each.port, each.host))


def _place(facts: Facts, place: Place) -> dict[str, Any]:
    picked = facts.choice.found if facts.choice else None
    told = facts.answering.get(place.address)
    return {
        "backend": str(place.provider),
        "address": place.address,
        "version": told.version if told else "",
        "cloud": told.cloud if told else None,
        "trouble": place.trouble,
        "models": [
            as_dict(model, picked) | {"locality": str(model.locality)} for model in place.models
        ],
    }


def _language(each: Completing) -> dict[str, Any]:
    """A language with a model of its own."""
    return {
        "works": each.works,
        "model": each.info.name if each.info else None,
        "backend": each.info.backend if each.info else None,
        "reason": each.failure or each.chosen.why,
    }


def _picked(facts: Facts) -> dict[str, Any] | None:
    info, choice = facts.info, facts.choice
    if info is None or choice is None:
        return None
    return {
        "name": info.name,
        "backend": info.backend,
        "reason": choice.reason,
        "locality": str(info.locality),
        "fill": str(info.fill),
        "family": info.family,
        "context_tokens": info.context_tokens,
        "notice": info.notice,
    }


def _measured(facts: Facts) -> dict[str, Any] | None:
    finding = facts.finding
    if finding is None:
        return None
    return {
        "fill": str(finding.way.fill),
        "family": finding.way.family,
        "layout": str(finding.way.layout),
        "confirmed": finding.confirmed,
        "complete": finding.complete,
        "prompt_per_second": finding.prompt_per_second,
        "predicted_per_second": finding.predicted_per_second,
        "first_token": finding.first_token,
        "reuses": finding.reuses,
    }


def _counters(facts: Facts) -> list[dict[str, Any]]:
    return [asdict(total) | {"rate": total.rate} for total in facts.totals]
