"""All that is configured, read at once: the user's files, the editor's settings, the workspace.

Reading touches the disk: call `read` in a thread. `stamp` tells whether it is worth it again.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from inglenook.engine.choices import Choices
from inglenook.engine.config import load_settings
from inglenook.engine.picks import load_picks
from inglenook.engine.settings import FolderSettings, Notice, Settings

_JUST_NOW: Final = 3.0  # seconds


@dataclass(frozen=True, slots=True)
class Sources:
    """``roots`` are the folders of the workspace, ``section`` is what the editor sent, and
    ``vouched`` whether its part for the machine may be taken for the user's own. Unless the
    workspace is ``trusted`` no file in it sets anything, and no command of the user's is run in it.
    """

    roots: tuple[Path, ...] = ()
    section: Any = None
    vouched: bool = False
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Configured:
    """``notices`` are of all files, the user's first."""

    choices: Choices
    notices: tuple[Notice, ...]
    stamp: object  # of the files, from before they were read


def read(sources: Sources) -> Configured:
    """Never raises on what a file holds."""
    from inglenook.engine.config.editor import load_editor

    def load() -> tuple[Settings, FolderSettings]:
        return load_editor(load_settings(), sources.section, vouched=sources.vouched)

    settings, editor = load()
    before = stamp(sources.roots, settings.files)
    if _fresh(settings.files):  # it may have changed between the two
        settings, editor = load()
    if sources.trusted:
        folders = {real(root): _folder(settings, root) for root in sources.roots}
    else:  # a check, such as a test run, would run the workspace's own code
        settings = replace(settings, checks=())
        folders = {real(root): FolderSettings() for root in sources.roots}
    choices = Choices(settings, editor, folders, load_picks(settings.state_dir))
    each_of = (editor, *folders.values())
    notices = (*settings.notices, *(notice for each in each_of for notice in each.notices))
    return Configured(choices, notices, before)


def _folder(settings: Settings, root: Path) -> FolderSettings:
    from inglenook.engine.config.files import continue_directory
    from inglenook.workspace.settings_files import read_settings_files

    continues = continue_directory(os.environ)
    files = read_settings_files(root, (*settings.files, *([continues] if continues else [])))
    if not files:
        return FolderSettings()
    from inglenook.engine.config.folder import load_folder

    return load_folder(settings, str(root), files)


def stamp(roots: Sequence[Path], files: Sequence[Path]) -> object:
    """Another value once a file has changed, has come or has gone, or the folders are others."""
    from inglenook.workspace.settings_files import settings_stamp

    folders = tuple((real(root), settings_stamp(root)) for root in roots)
    return tuple(map(_status, files)), folders


def _fresh(files: Sequence[Path]) -> bool:
    """Whether one was written just now."""
    now = time.time()
    for file in files:
        with contextlib.suppress(OSError, ValueError):
            if abs(now - file.stat().st_mtime) < _JUST_NOW:
                return True
    return False


def _status(file: Path) -> object:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def real(root: Path) -> str:
    """The name under which a folder is known: its real path."""
    try:
        return os.path.realpath(root)
    except (OSError, ValueError):
        return str(root)
