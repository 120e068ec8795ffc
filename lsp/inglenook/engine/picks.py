"""The models that the user chose in the editor, by folder: kept in the state directory.

Never in the repository: what stands there can come from anybody. The file may vanish or be
damaged; then nothing is chosen.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from inglenook.engine.settings import Selection
from inglenook.file_lock import held
from inglenook.private import is_private

_FILE: Final = "selections.json"
_MOST_BYTES: Final = 256 * 1024
_MOST_FOLDERS: Final = 500
_WAIT: Final = 2.0  # seconds for other servers


@dataclass(frozen=True, slots=True)
class Pick:
    """A model for a role in a folder, in one language or ("") all; an empty name takes it back."""

    folder: str
    role: str
    language: str
    name: str


class NotKept(Exception):
    """Why a choice will not outlive this process, as one sentence."""


def load_picks(state_dir: Path) -> dict[str, Selection]:
    """What was chosen, by the folders' absolute paths. Never raises."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with os.fdopen(os.open(state_dir / _FILE, flags), "rb") as opened:
            if not is_private(os.fstat(opened.fileno())):
                return {}
            body = json.loads(opened.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(body, dict):
        return {}
    return {str(folder): _selection(said) for folder, said in body.items()}


def keep_pick(state_dir: Path, pick: Pick) -> None:
    """Keep one choice beside those of other servers. Raises `NotKept`."""
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with held(state_dir / "selections.lock", _WAIT):
            picks = with_pick(load_picks(state_dir), pick)
            while len(picks) > _MOST_FOLDERS:
                del picks[next(iter(picks))]
            _write(state_dir / _FILE, picks)
    except OSError as error:  # TimeoutError is one
        reason = error.strerror or type(error).__name__
        raise NotKept(f"The choice holds until the editor closes: {reason}.") from None


def with_pick(picks: Mapping[str, Selection], pick: Pick) -> dict[str, Selection]:
    """The choices with one more, which stands last."""
    rest = {folder: each for folder, each in picks.items() if folder != pick.folder}
    found = _with(picks.get(pick.folder, Selection()), pick)
    return rest if found == Selection() else rest | {pick.folder: found}


def _with(selection: Selection, pick: Pick) -> Selection:
    if not pick.language:
        return replace(selection, roles=_put(selection.roles, pick.role, pick.name))
    of_language = _put(selection.languages.get(pick.language, {}), pick.role, pick.name)
    languages = {**selection.languages, pick.language: of_language}
    return replace(selection, languages={at: each for at, each in languages.items() if each})


def _put(names: Mapping[str, str], role: str, name: str) -> dict[str, str]:
    rest = {at: each for at, each in names.items() if at != role}
    return rest | {role: name} if name else rest


def _write(file: Path, picks: Mapping[str, Selection]) -> None:
    body = {
        folder: {
            "roles": dict(pick.roles),
            "languages": {k: dict(v) for k, v in pick.languages.items()},
        }
        for folder, pick in picks.items()
    }
    part = file.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump(body, opened)
    part.replace(file)


def _selection(said: Any) -> Selection:
    body = said if isinstance(said, dict) else {}
    languages = body.get("languages")
    languages = languages if isinstance(languages, dict) else {}
    return Selection(
        _names(body.get("roles")), {str(at): _names(each) for at, each in languages.items()}
    )


def _names(said: Any) -> dict[str, str]:
    items = said.items() if isinstance(said, dict) else ()
    return {str(role): name for role, name in items if isinstance(name, str) and name}
