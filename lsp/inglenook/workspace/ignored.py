"""Whether the user wants a file to be left out, by the ignore files of its folder."""

from __future__ import annotations

from pathlib import Path

from inglenook.workspace.source import text_of
from inglenook.workspace.walk import LARGEST_RULES, above


def is_ignored(root: Path, path: str) -> bool:
    """``path`` is below ``root``, with forward slashes; it need not be on the disk.

    Reads the ignore files of the directories above it.
    """

    def read(file: str) -> str | None:
        return text_of(root, file, LARGEST_RULES)

    layers = above(root).below("", read)
    directories = path.split("/")[:-1]
    for count in range(1, len(directories) + 1):
        directory = "/".join(directories[:count])
        if layers.excludes(directory, True):
            return True
        layers = layers.below(directory, read)
    return layers.excludes(path, False)
