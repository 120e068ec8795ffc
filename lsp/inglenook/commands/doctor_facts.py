"""What ``inglenook doctor`` looks at, gathered before anything is judged."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from inglenook.commands.doctor_completing import ROLE, Completing, special
from inglenook.commands.doctor_disk import Blocked, unreadable, unwritable
from inglenook.commands.models import look
from inglenook.engine.choices import Choices
from inglenook.engine.counters import Total, totals
from inglenook.engine.exposed import Listener, listeners
from inglenook.engine.other_providers import Seen, load
from inglenook.engine.settings import Settings
from inglenook.models import findings
from inglenook.models.bodies import mapping, text
from inglenook.models.choose import Choice, connect_best, pick, why_none
from inglenook.models.discover import Place, Survey
from inglenook.models.errors import ModelError
from inglenook.models.http import HttpClient, Limits
from inglenook.models.model import ModelInfo
from inglenook.models.probe import Finding
from inglenook.models.spec import Provider

ROLES: Final = (ROLE, "chat", "edit")
# What sends requests for plain http to a proxy, as most HTTP libraries read them.
_PROXIES: Final = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_LIMITS: Final = Limits(connect=1.5, reply=3.0)


@dataclass(frozen=True, slots=True)
class Role:
    """Who serves a role, and on whose word; ``choice`` is None if nobody does."""

    name: str
    choice: Choice | None
    why: str


@dataclass(frozen=True, slots=True)
class Answering:
    """What a server told of itself. Empty and None where it does not tell."""

    version: str = ""
    cloud: bool | None = None  # Ollama may forward models to its makers' machines


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is judged and printed.

    ``folder`` is the workspace, by its real path; empty for none. ``completing`` begins with what
    completes where nobody says more, and goes on with the languages that have models of their own.
    """

    choices: Choices
    folder: str
    now: datetime
    survey: Survey
    completing: tuple[Completing, ...]
    roles: tuple[Role, ...] = ()
    answering: Mapping[str, Answering] = field(default_factory=dict)  # by address
    listening: tuple[Listener, ...] | None = None  # None: this system does not tell
    finding: Finding | None = None  # of the chosen model's probe
    totals: tuple[Total, ...] = ()
    others: Seen | None = None  # further providers of completions in the editor
    proxies: tuple[str, ...] = ()  # variables that name one for this machine too
    unreadable: tuple[Blocked, ...] = ()
    unwritable: tuple[Blocked, ...] = ()

    @property
    def settings(self) -> Settings:
        return self.choices.settings

    @property
    def choice(self) -> Choice | None:
        return self.completing[0].choice

    @property
    def info(self) -> ModelInfo | None:
        return self.completing[0].info

    @property
    def failure(self) -> str:
        return self.completing[0].failure


def gather(choices: Choices, folder: str) -> Facts:
    """Ask and look. Nothing is sent but questions about what is there, to this machine."""
    settings = choices.settings
    survey, now = look(settings), datetime.now(UTC)
    answering, completing = asyncio.run(_ask(choices, folder, survey))
    info = completing[0].info
    directories = [settings.state_dir, settings.cache_dir, settings.index_dir]
    return Facts(
        choices=choices,
        folder=folder,
        now=now,
        survey=survey,
        completing=completing,
        roles=tuple(_role(survey, choices, folder, role) for role in ROLES),
        answering=answering,
        listening=listeners(),
        finding=findings.load(settings.probes_dir, info) if info else None,
        totals=totals(settings.state_dir),
        others=load(settings.state_dir, now),
        proxies=proxies(os.environ),
        unreadable=tuple(unreadable(dict.fromkeys([settings.config_file, *settings.files]))),
        unwritable=tuple(unwritable(each for each in directories if each is not None)),
    )


def servers(survey: Survey) -> Iterator[Place]:
    """The servers that answered; the embedded engine is none."""
    for place in survey.places:
        if not place.trouble and place.provider not in (Provider.EMBEDDED, Provider.FAKE):
            yield place


def port_of(address: str) -> int:
    """The port of a checked address."""
    parts = urlsplit(address)
    return parts.port or (443 if parts.scheme == "https" else 80)


def proxies(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The variables that send what is meant for 127.0.0.1 to a proxy."""
    spared = ",".join(environ.get(name, "") for name in ("NO_PROXY", "no_proxy"))
    if {"*", "127.0.0.1", "127.0.0.0/8"} & {each.strip() for each in spared.split(",")}:
        return ()
    return tuple(name for name in _PROXIES if environ.get(name))


def _role(survey: Survey, choices: Choices, folder: str, role: str) -> Role:
    chosen = choices.chosen(folder, role)
    choice = pick(survey, role, chosen.name)
    if choice is None:
        return Role(role, None, why_none(survey, role, chosen.name))
    return Role(role, choice, chosen.why if chosen.name else choice.reason)


async def _ask(
    choices: Choices, folder: str, survey: Survey
) -> tuple[dict[str, Answering], tuple[Completing, ...]]:
    """What the servers tell of themselves, and the models that complete, or why none does."""
    client = HttpClient(choices.settings.policy, _LIMITS)
    try:
        places = list(servers(survey))
        told = await asyncio.gather(*(_answering(client, place) for place in places))
        answering = {place.address: each for place, each in zip(places, told, strict=True)}
        completing = [
            await _completing(client, choices, folder, survey, language)
            for language in ("", *special(choices, folder))
        ]
        return answering, tuple(completing)
    finally:
        await client.close()


async def _completing(
    client: HttpClient, choices: Choices, folder: str, survey: Survey, language: str
) -> Completing:
    """The model that a server would have, found as it would find it."""
    chosen = choices.chosen(folder, ROLE, language)
    first = pick(survey, ROLE, chosen.name)
    if first is None:
        failure = why_none(survey, name=chosen.name)
        return Completing(language, chosen, None, None, failure)
    try:
        model, choice = await connect_best(client, survey, name=chosen.name)
    except ModelError as error:
        return Completing(language, chosen, first, None, str(error))
    await model.close()
    return Completing(language, chosen, choice, model.info, "")


async def _answering(client: HttpClient, place: Place) -> Answering:
    if place.provider is Provider.OLLAMA:
        version = text(await _told(client, place, "/api/version"), "version")
        disabled = mapping(await _told(client, place, "/api/status"), "cloud").get("disabled")
        return Answering(version, not disabled if isinstance(disabled, bool) else None)
    versions = [found.info.version for found in place.models if found.info is not None]
    return Answering(next(filter(None, versions), ""))


async def _told(client: HttpClient, place: Place, path: str) -> dict[str, object]:
    try:
        return await client.get(client.check(place.address), path)
    except ModelError:
        return {}
