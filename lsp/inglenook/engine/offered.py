"""The models that a user can choose, with what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from inglenook.engine.find import look_around
from inglenook.engine.lane import Lane
from inglenook.engine.pacing import Speed
from inglenook.engine.settings import Settings
from inglenook.models.choose import candidates
from inglenook.models.discover import Found, Survey
from inglenook.models.http import HttpClient
from inglenook.models.spec import ROLES, ModelSpec

_ALL_ROLES: Final = tuple(sorted(ROLES - {"embed", "rerank"}))


class NoSuchModel(Exception):
    """Why a name cannot be chosen, as one sentence."""


@dataclass(frozen=True, slots=True)
class Offered:
    """``name`` is what `select` takes; ``model`` is the backend's own name for it."""

    name: str
    model: str
    backend: str
    address: str
    roles: tuple[str, ...]  # that it may be chosen for
    size_bytes: int  # 0: unknown
    loaded: bool
    locality: str
    fills: bool  # it was trained to fill holes
    refused: str  # why it cannot be used; empty if it can
    configured: bool  # an entry of the user's file
    speed: Speed | None = None  # as measured here; None: not yet


async def offered(
    settings: Settings, client: HttpClient, lanes: Mapping[str, Lane]
) -> tuple[Offered, ...]:
    """Entries of the user's file first, then what was found besides.

    ``lanes`` are those in use, by the names under which they were chosen.
    """
    seen = await look_around(settings, client)
    measured = {
        (lane.model.info.backend, lane.model.info.address, lane.model.info.name): lane.speed
        for lane in lanes.values()
    }
    return tuple(_offered(seen, measured))


async def checked(settings: Settings, client: HttpClient, name: str) -> None:
    """Raises `NoSuchModel` unless ``name`` means a model that can be used."""
    seen = await look_around(settings, client)
    if candidates(seen, name=name):
        return
    every = list(_offered(seen, {}))
    known = [each.name for each in every]
    for each in every:
        if each.refused and each.name == name:
            raise NoSuchModel(f"{name!a} cannot be used: {each.refused}")
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!a}?" if near else f"there are: {', '.join(known[:20]) or 'none'}"
    raise NoSuchModel(f"There is no model {name!a}; {hint}")


def _offered(seen: Survey, measured: Mapping[tuple[str, str, str], Speed]) -> Iterator[Offered]:
    named: set[tuple[str, str, str]] = set()
    for spec, found in seen.listed():
        if isinstance(found, str):
            yield _missing(spec, found)
            continue
        named.add((str(found.provider), found.address, found.name))
        yield _found(found, measured, spec)
    for place in seen.places:
        for model in place.models:
            if (str(model.provider), model.address, model.name) not in named and not model.embeds:
                yield _found(model, measured, None)


def _found(
    found: Found, measured: Mapping[tuple[str, str, str], Speed], spec: ModelSpec | None
) -> Offered:
    return Offered(
        name=spec.name if spec else found.name,
        model=found.name,
        backend=str(found.provider),
        address=found.address,
        roles=spec.roles if spec and spec.roles else _ALL_ROLES,
        size_bytes=found.size_bytes,
        loaded=found.loaded,
        locality=str(found.locality),
        fills=bool(found.family),
        refused=found.refused,
        configured=spec is not None,
        speed=measured.get((str(found.provider), found.address, found.name)),
    )


def _missing(spec: ModelSpec, trouble: str) -> Offered:
    return Offered(
        name=spec.name,
        model=spec.model,
        backend=str(spec.provider),
        address=spec.address,
        roles=spec.roles or _ALL_ROLES,
        size_bytes=0,
        loaded=False,
        locality="refused",
        fills=False,
        refused=trouble,
        configured=True,
    )
