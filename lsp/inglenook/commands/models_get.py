"""``inglenook models get NAME --json``: a download as an editor shows it.

A line of JSON each: first ``{"name", "bytes": 0, "size"}``, then ``{"bytes", "size"}`` whenever
another hundredth of the file has come (``bytes`` may go back if the source starts over), last
``{"path"}``. Why there is no file stands on stderr, as without ``--json``.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inglenook.engine.settings import Settings
    from inglenook.models.catalogue import Entry

_STEPS: Final = 100  # lines about one file, if nothing breaks off


def download_told(settings: Settings, entry: Entry) -> int:
    """Raises `ModelError`, and KeyboardInterrupt when it is stopped; what has come is kept."""
    from inglenook.models.download import download

    told = -1

    def tell(size: int) -> None:
        nonlocal told
        if (step := size * _STEPS // entry.size) != told:
            told = step
            _say({"bytes": size, "size": entry.size})

    _say({"name": entry.name, "bytes": 0, "size": entry.size})
    path = asyncio.run(download(entry, settings.models_dir, tell))
    _say({"path": str(path)})
    return 0


def _say(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)
