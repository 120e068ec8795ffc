"""The user's own configuration is edited by no model, whatever its file is called."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from inglenook.engine.config.files import find
from inglenook.engine.refactor.wish import NotOffered
from inglenook_context.verify.task import Failure


def check_settings(file: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Raises `NotOffered` for a file that is the user's configuration, or another name of it.

    It looks at the disk: for a thread.
    """
    for own in find(environ).looked:
        if _is_same(file, own):
            said = f"{file.name} is never edited by a model: it holds settings of Inglenook."
            raise NotOffered(said, (Failure("protected", said),))


def _is_same(file: Path, own: Path) -> bool:
    """Whether both are one file, if only by their paths: it may not have been saved yet."""
    try:
        return os.path.realpath(file) == os.path.realpath(own) or file.samefile(own)
    except (OSError, ValueError):
        return False
