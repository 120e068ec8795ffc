"""``inglenook/models`` and ``inglenook/selectModel``: what can be chosen, and choosing it.

    inglenook/models       -> {models: [...], chosen: [{folder, role, language, name, why}]}
    inglenook/selectModel  {name, role?, language?, folder? | uri?} -> {name, why, kept, text}

``folder`` and ``uri`` (of a document in it) are URIs; without them the choice is for the only
folder, or for no folder. The role is ``autocomplete`` unless it is said. An empty name takes the
choice back. Both are commands of ``workspace/executeCommand`` as well, for thin clients:
``inglenook.server.models`` and ``inglenook.server.selectModel``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pygls.exceptions import JsonRpcInvalidParams

from inglenook.engine.offered import NoSuchModel, Offered, checked, offered
from inglenook.engine.picks import NotKept, Pick, keep_pick
from inglenook.models.spec import ROLES
from inglenook.server.uris import path_of

if TYPE_CHECKING:
    from inglenook.engine.pacing import Speed
    from inglenook.server.fleet import Fleet

_LONGEST: Final = 4096  # characters of a name or a URI


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    role: str
    language: str
    folder: str


class Selecting:
    """Answers both."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def models(self, _params: Any = None) -> dict[str, Any]:
        fleet = self._fleet
        supplies = fleet.supplies.in_use()
        lanes = {name: each.lane for name, each in supplies.items() if each.lane is not None}
        found = await offered(fleet.choices.settings, fleet.client, lanes)
        return {
            "models": [_wire(each) for each in found],
            "chosen": list(self._chosen()),
        }

    def _chosen(self) -> Iterator[dict[str, str]]:
        """What is in force for each folder, by role and language."""
        choices = self._fleet.choices
        for folder in choices.folders or ("",):
            for role, language in choices.named(folder):
                chosen = choices.chosen(folder, role, language)
                yield {
                    "folder": folder,
                    "role": role,
                    "language": language,
                    "name": chosen.name,
                    "why": chosen.why,
                }

    async def select(self, params: Any) -> dict[str, Any]:
        wish = self._wish(params)
        settings = self._fleet.choices.settings
        if wish.name:
            try:
                await checked(settings, self._fleet.client, wish.name)
            except NoSuchModel as error:
                raise JsonRpcInvalidParams(message=str(error)) from None
        text, kept = "", True
        pick = Pick(wish.folder, wish.role, wish.language, wish.name)
        try:
            await asyncio.to_thread(keep_pick, settings.state_dir, pick)
        except NotKept as error:
            text, kept = str(error), False
        self._fleet.configuring.pick(pick, kept=kept)
        chosen = self._fleet.choices.chosen(wish.folder, wish.role, wish.language)
        if wish.role == "autocomplete":
            self._fleet.supplies.show(chosen.name)  # and so its weights are read, and it is shown
        return {"name": chosen.name, "why": chosen.why, "kept": kept, "text": text}

    def _wish(self, params: Any) -> _Wish:
        body = params if isinstance(params, Mapping) else {}
        name, role, language = (
            _text(body, key, default)
            for key, default in (("name", None), ("role", "autocomplete"), ("language", ""))
        )
        if role not in ROLES:
            known = ", ".join(sorted(ROLES))
            said = f"There is no role {role[:40]!a}; there are: {known}"
            raise JsonRpcInvalidParams(message=said)
        return _Wish(name, role, language, self._folder(body))

    def _folder(self, body: Mapping[str, Any]) -> str:
        uri, folder = _text(body, "uri", ""), _text(body, "folder", "")
        known = list(self._fleet.choices.folders)
        if uri:
            return self._fleet.configuring.folder(uri)
        if folder:
            path = path_of(folder)
            inside = self._fleet.configuring.folder(folder) if path else ""
            if not inside:
                raise JsonRpcInvalidParams(message="The folder is none of the workspace's.")
            return inside
        if len(known) > 1:
            raise JsonRpcInvalidParams(
                message="There are several folders; say which one is meant (folder or uri)."
            )
        return known[0] if known else ""


def _text(body: Mapping[str, Any], key: str, default: str | None) -> str:
    value = body.get(key, default)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise JsonRpcInvalidParams(message=f"{key}: expected a text")
    return value


def _wire(each: Offered) -> dict[str, Any]:
    return {
        "name": each.name,
        "model": each.model,
        "backend": each.backend,
        "address": each.address,
        "roles": list(each.roles),
        "sizeBytes": each.size_bytes or None,
        "loaded": each.loaded,
        "locality": each.locality,
        "fillsHoles": each.fills,
        "refused": each.refused,
        "configured": each.configured,
        "speed": _speed(each.speed) if each.speed else None,
    }


def _speed(speed: Speed) -> dict[str, float | None]:
    return {
        "firstTokenSeconds": speed.first_token,
        "promptTokensPerSecond": speed.prompt_per_second,
        "predictedTokensPerSecond": speed.predicted_per_second,
    }
