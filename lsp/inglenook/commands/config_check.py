"""``inglenook config check [PATH]``: what is wrong with a configuration, for CI."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inglenook.commands.config_table import as_dict, notice_dicts, notice_lines
from inglenook.commands.terminal import failed
from inglenook.engine.settings import Level, Notice, Row

if TYPE_CHECKING:
    from inglenook.engine.config.imported import Judged

_WORKSPACE = (".inglenook", ".continue", ".continuerc.json")


def run_check(path: Path | None, *, as_json: bool) -> int:
    """Exit code 0: all is well, 1: something is wrong, 2: nothing can be read."""
    from inglenook.engine.config.imported import NotImported

    try:
        rows, notices, unreadable = _look(path)
    except NotImported as error:
        return failed(f"{error}.", 2)
    code = 2 if unreadable else int(any(each.level is Level.WARNING for each in notices))
    if as_json:
        report = {"rows": [as_dict(row) for row in rows], "notices": notice_dicts(notices)}
        print(json.dumps({"exit_code": code, **report}))
        return code
    for notice in notices:
        level = "" if notice.level is Level.WARNING else f"{notice.level}: "
        first, *rest = notice_lines(notice)
        print(f"{level}{first.partition(': ')[2]}")
        for line in rest:
            print(line)
    return code


def _look(path: Path | None) -> tuple[Sequence[Row], Sequence[Notice], bool]:
    """Rows, notices, and whether nothing could be read."""
    from inglenook.engine.config.files import find
    from inglenook.engine.config.imported import judge, place_of

    if path is not None and path.is_dir() and any((path / name).exists() for name in _WORKSPACE):
        return _folder(path)
    judged = judge(find(os.environ) if path is None else place_of(path), os.environ)
    return judged.rows, judged.notices, _is_unreadable(judged)


def _is_unreadable(judged: Judged) -> bool:
    """Whether a file that should be there is not, or has nothing that can be read."""
    file = judged.place.file
    missing = judged.place.named and not file.exists()
    return missing or (str(file) not in judged.trees and bool(judged.notices) and file.exists())


def _folder(path: Path) -> tuple[Sequence[Row], Sequence[Notice], bool]:
    from inglenook.commands.config_show import read_folder
    from inglenook.engine.config import load_settings

    found = read_folder(path.resolve(), load_settings())
    return found.rows, found.notices, False
