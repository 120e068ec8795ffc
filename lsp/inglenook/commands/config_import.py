"""``inglenook config import PATH``: one clean file out of a configuration of Continue's."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from inglenook.commands.config_table import notice_lines, one_line, table
from inglenook.commands.terminal import failed, safe
from inglenook.engine.settings import Notice

if TYPE_CHECKING:
    from inglenook.engine.config.imported import Judged


def run_import(path: Path, *, write: bool, force: bool) -> int:
    """Exit code 2 if nothing can be read there, or something is that would be written over."""
    from inglenook.engine.config.imported import NotImported, judge, place_of
    from inglenook.engine.config.imported_env import left_behind, left_where_they_are
    from inglenook.engine.config.imported_yaml import as_text
    from inglenook.engine.config.yaml_tree import read_yaml

    try:
        judged = judge(place_of(path), os.environ)
    except NotImported as error:
        return failed(f"{error}.", 2)
    target = own_file()
    if write and (trouble := _why_not(target, force)):
        return failed(f"{trouble}.", 2)
    _tell(judged)
    if not judged.trees and not judged.written.blocks:
        return failed(f"nothing was found at {path} that could be imported.", 2)
    text = as_text(judged, reveal=True)
    made, notices = read_yaml(text.encode(), str(target))
    if made is None:
        _say(notices)
        return failed(f"what {path} says is more than one file may; nothing is written.", 2)
    left = (left_behind(judged, made, target, os.environ), left_where_they_are(judged))
    _say(notice for notice in left if notice is not None)
    if not write:
        print(safe(as_text(judged, reveal=False)), end="")
        return 0
    kept = write_own(target, text)
    print(f"inglenook: written to {one_line(str(target))}", file=sys.stderr)
    if kept is not None:
        print(f"inglenook: what was there is {one_line(str(kept))}", file=sys.stderr)
    return 0


def own_file() -> Path:
    """The user's own configuration, or where it would be; where a link leads, if it is one."""
    from platformdirs import user_config_path

    if named := os.environ.get("INGLENOOK_CONFIG", ""):
        return Path(named).resolve()
    own = user_config_path("inglenook", appauthor=False)
    both = (own / "config.yaml", own / "config.yml")  # the first of them is read
    return next((file for file in both if file.exists()), both[0]).resolve()


def _why_not(target: Path, force: bool) -> str:
    """Why nothing is written at ``target``, without the dot; empty if it may be."""
    if target.suffix.lower() in (".json", ".jsonc"):
        return f"INGLENOOK_CONFIG names {target}, and an import writes YAML; name a .yaml file"
    if target.exists() and not force:
        return f"{target} is there already; --force replaces it and keeps it beside"
    return ""


def write_own(target: Path, text: str) -> Path | None:
    """Put ``text`` where ``target`` is, all of it or nothing, for its owner's eyes alone.

    Returns where what was there before is now; None if there was nothing.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".config-", dir=target.parent)  # of mode 0600
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        kept = _keep(target)
        made.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            made.unlink()
        raise
    return kept


def _keep(target: Path) -> Path | None:
    """Copies what is at ``target`` to a name of its own."""
    if not target.exists():
        return None
    data = target.read_bytes()
    for number in range(1, 1_000):
        kept = target.with_name(f"{target.name}.before-import-{number}")
        with contextlib.suppress(FileExistsError):
            handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            return kept
    raise FileExistsError(17, "there are too many copies of the old file", str(target))


def _tell(judged: Judged) -> None:
    """The table of every key, and what the user should know."""
    for line in table(judged.rows):
        print(line, file=sys.stderr)
    _say(judged.notices)


def _say(notices: Iterable[Notice]) -> None:
    for notice in notices:
        for line in notice_lines(notice):
            print(line, file=sys.stderr)
