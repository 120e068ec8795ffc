"""Other extensions of the editor that offer inline completions too.

Two that answer at once take turns on the screen, and the user sees what neither meant. Only the
editor knows of them: its client tells the server, and the server leaves a note for
``inglenook doctor``. A note holds names and a date, and may vanish at any time.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from inglenook.private import is_private

_FRESH: Final = timedelta(days=7)
_MOST: Final = 10  # names
_LONGEST: Final = 60  # characters of a name
_MOST_BYTES: Final = 16 * 1024

# How the completions of an extension are switched off, as words after "To switch … off: ".
_COPILOT: Final = 'set "github.copilot.enable" to {"*": false}'
_OFF: Final = {
    "github copilot": _COPILOT,
    "github copilot chat": _COPILOT,
    "continue": 'set "continue.enableTabAutocomplete" to false',
    "codeium": 'set "codeium.enableConfig" to {"*": false}',
    "windsurf": 'set "codeium.enableConfig" to {"*": false}',
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the editor's last session told."""

    providers: tuple[str, ...]
    when: datetime  # UTC


def named(told: object) -> tuple[str, ...]:
    """The names in what a client sent as ``providers``: printable, short, not too many."""
    if not isinstance(told, list):
        return ()
    names = (each.strip()[:_LONGEST] for each in told if isinstance(each, str))
    return tuple(dict.fromkeys(name for name in names if name and name.isprintable()))[:_MOST]


def cause(providers: Sequence[str]) -> str:
    """Who else answers; ``providers`` is not empty."""
    who = " and ".join([", ".join(providers[:-1]), providers[-1]] if providers[1:] else providers)
    verb = "offer" if providers[1:] else "offers"
    return (
        f"{who} {verb} inline completions in the editor too, and only one of the answers is shown."
    )


def cure(providers: Sequence[str]) -> str:
    """How to switch one off."""
    ways = dict.fromkeys(_way(name) for name in providers)
    return f"Keep one. {'; '.join(ways)}. Or disable Inglenook in this workspace."


def sentence(providers: Sequence[str]) -> str:
    """Both, for the one message that the editor shows; empty if there are none."""
    return f"{cause(providers)} {cure(providers)}" if providers else ""


def _way(name: str) -> str:
    way = _OFF.get(name.lower(), "disable the extension")
    return f"To switch {name} off: {way}"


def save(directory: Path, providers: Iterable[str], now: datetime) -> None:
    """Leave a note in the state directory, also of none; silently not where none can be."""
    body = {"providers": list(providers), "when": now.astimezone(UTC).isoformat()}
    with contextlib.suppress(OSError):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=directory, prefix=".other-")  # 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(body, out)
            Path(name).replace(_note(directory))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def load(directory: Path, now: datetime) -> Seen | None:
    """The note, if it is ours and not older than a week. Never raises."""
    try:
        with open(_note(directory), "rb", opener=_opened) as opened:
            if not is_private(os.fstat(opened.fileno())):
                return None
            body = json.loads(opened.read(_MOST_BYTES))
        seen = Seen(named(body["providers"]), datetime.fromisoformat(body["when"]))
        age = now - seen.when
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return seen if timedelta(minutes=-5) <= age <= _FRESH else None


def _opened(path: str, flags: int) -> int:
    """Open a file of our own: no link, and nothing whose opening waits for somebody."""
    more = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | more)


def _note(directory: Path) -> Path:
    return directory / "other_providers.json"
