"""``inglenook/catalogue``: what an editor can offer to whom has no model yet.

    inglenook/catalogue -> {models: [{name, sizeBytes, licence, about, source, isThere}],
                            modelsDir,
                            engine: {isThere, python, requirement, hasPip}}

``source`` is the host from which `inglenook models get NAME` fetches; nothing is fetched here.
``engine`` is about the embedded one: ``requirement`` is what pip would be asked for by ``python``,
the interpreter that runs this server; ``hasPip`` tells whether it has one, and whether it is of a
virtual environment, into which alone an editor should install. Who asks has no model, or has just
got one, so the server looks for models again. It is a command of ``workspace/executeCommand`` too:
``inglenook.server.catalogue``.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from inglenook.models.catalogue import CATALOGUE
from inglenook.models.embedded import is_installed

if TYPE_CHECKING:
    from inglenook.models.catalogue import Entry
    from inglenook.server.serving import Serving

_ENGINE: Final = "xllamacpp"


async def catalogue(serving: Serving, _params: Any = None) -> dict[str, Any]:
    for supply in serving.fleet.supplies.in_use().values():
        if supply.lane is None:
            supply.wanted()
    folder = serving.fleet.choices.settings.models_dir
    return await asyncio.to_thread(_told, folder)


def _told(folder: Path) -> dict[str, Any]:
    importlib.invalidate_caches()  # it may have been installed since
    return {
        "models": [_wire(each, folder) for each in CATALOGUE],
        "modelsDir": str(folder),
        "engine": {
            "isThere": is_installed(),
            "python": sys.executable,
            "requirement": _requirement(),
            "hasPip": sys.prefix != sys.base_prefix and importlib.util.find_spec("pip") is not None,
        },
    }


def _wire(entry: Entry, folder: Path) -> dict[str, Any]:
    path = folder / entry.file
    return {
        "name": entry.name,
        "sizeBytes": entry.size,
        "licence": entry.licence,
        "about": entry.about,
        "source": urlsplit(entry.source).hostname,
        "isThere": path.is_file() and path.stat().st_size == entry.size,
    }


def _requirement() -> str:
    """As this package has it in its extra ``embedded``."""
    try:
        stated = requires("inglenook") or []
    except PackageNotFoundError:
        stated = []
    return next(
        (each.partition(";")[0].strip() for each in stated if each.startswith(_ENGINE)), _ENGINE
    )
