"""What ``/commit`` is about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from inglenook.engine.chat.question import Extra
from inglenook.workspace.staged import NoDiff, staged_files

__all__ = ["NoDiff", "staged"]


async def staged(
    folder: Path, hidden: Callable[[Path], bool]
) -> tuple[tuple[Extra, ...], tuple[str, ...]]:
    """The diff of each file that is staged in a folder's repository, the shortest first, so that
    many fit; and a sentence for each that is not shown, since it is ignored or ``hidden``, which
    is asked in a thread. Raises `NoDiff`, a sentence.
    """
    return await asyncio.to_thread(_apart, folder, hidden)


def _apart(
    folder: Path, hidden: Callable[[Path], bool]
) -> tuple[tuple[Extra, ...], tuple[str, ...]]:
    shown, said = [], []
    for each in staged_files(folder):
        if each.ignored or hidden(each.file):
            said.append(f"{each.path} is staged and was shown to no model.")
        else:
            shown.append(Extra(each.path, each.diff))
    if not shown:
        raise NoDiff(
            "All that is staged is shown to no model: by its name it holds secrets, or the "
            "configuration or an ignore file leaves it out. Write the message by hand."
        )
    return tuple(sorted(shown, key=lambda each: len(each.text))), tuple(said)
