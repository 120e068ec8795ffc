"""``inglenook cache info`` and ``inglenook cache clear``: the answers that are kept on the disk."""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING, Any

from inglenook.commands.terminal import failed, safe

if TYPE_CHECKING:
    from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    parser.set_defaults(action="info", json=False)
    info = actions.add_parser("info", help="where they are, and how many (the default)")
    info.add_argument("--json", action="store_true", help="print one JSON object")
    actions.add_parser("clear", help="remove them all")


def run(args: argparse.Namespace) -> int:
    from inglenook.engine.safe_disk import open_cache
    from inglenook.private import Unusable

    directory, on = _where()
    try:
        if args.action == "clear":
            count = 0
            if directory.exists():
                cache = open_cache(directory, seconds=5.0)
                count = cache.clear(retry=True)
                cache.close()
            print(f"{count} answers removed from {safe(str(directory))}.")
            return 0
        return _info(directory, on=on, as_json=args.json)
    except Unusable as error:
        return failed(str(error), 3)


def _where() -> tuple[Path, bool]:
    """The directory, and whether answers are kept there now: older ones are there all the same."""
    from inglenook.engine.config import load_settings

    directory = load_settings().cache_dir
    if directory is not None:
        return directory, True
    directory = load_settings({**os.environ, "INGLENOOK_DISK_CACHE": ""}).cache_dir
    assert directory is not None
    return directory, False


def _info(directory: Path, *, on: bool, as_json: bool) -> int:
    told = _told(directory) | {"on": on}
    if as_json:
        print(json.dumps(told))
        return 0
    print(f"{safe(str(directory))}")
    print(f"  {told['entries']} answers, {told['bytes'] / 1e6:.1f} MB of {told['limit'] / 1e6:.0f}")
    if not on:
        return failed("no more answers are kept on the disk: INGLENOOK_DISK_CACHE is off.", 0)
    return 0


def _told(directory: Path) -> dict[str, Any]:
    from inglenook.engine.safe_disk import SIZE_LIMIT, open_cache

    entries = size = 0
    if directory.exists():
        cache = open_cache(directory, seconds=5.0)
        entries, size = len(cache), cache.volume()
        cache.close()
    return {"directory": str(directory), "entries": entries, "bytes": size, "limit": SIZE_LIMIT}
