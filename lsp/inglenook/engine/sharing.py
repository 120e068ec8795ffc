"""Where the programs of one user share an embedded engine, and for how long, by the environment."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from platformdirs import user_state_path

from inglenook.engine.settings import ENGINE_IDLE, Level, Notice

_LONGEST: Final = 86_400.0


def engines_dir(environ: Mapping[str, str]) -> Path:
    """In what the system keeps for the user's session, else in the state directory.

    Not in what platformdirs falls back to, which stands in a directory that all users share.
    """
    return runtime_dir(environ) / "engines"


def runtime_dir(environ: Mapping[str, str]) -> Path:
    """What the programs of one user share while they run."""
    if named := environ.get("INGLENOOK_RUNTIME_DIR", ""):
        return Path(named)
    sessions = [environ.get("XDG_RUNTIME_DIR", "")]
    if hasattr(os, "getuid"):  # a shell over SSH may not have the variable
        sessions.append(f"/run/user/{os.getuid()}")
    for session in map(Path, sessions):
        if session.is_absolute() and _is_own(session):
            return session / "inglenook"
    named = environ.get("INGLENOOK_STATE_DIR", "")
    return (Path(named) if named else user_state_path("inglenook", appauthor=False)) / "run"


def _is_own(session: Path) -> bool:
    """Whether it is the directory of a session of this user.

    A root shell may keep the variable of the user who called sudo (``sudo -E``), and what root
    made there would be in that user's way.
    """
    try:
        status = session.stat()
    except (OSError, ValueError):
        return False
    mine = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return stat.S_ISDIR(status.st_mode) and mine and os.access(session, os.W_OK)


def engine_idle(text: str, notices: list[Notice]) -> float:
    """The seconds that INGLENOOK_ENGINE_IDLE sets; what is no such number gets a notice."""
    try:
        seconds = float(text) if text.strip() else ENGINE_IDLE
    except ValueError:
        seconds = -1.0
    if 0 <= seconds <= _LONGEST:
        return seconds
    said = f"INGLENOOK_ENGINE_IDLE is {text[:40]!a}; expected seconds, as in {ENGINE_IDLE:g}"
    notices.append(Notice(Level.WARNING, said))
    return ENGINE_IDLE
