"""Trees that are drawn as ``{path: text}``, and indexes of them that are surely ended."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from inglenook.workspace.index import Index
from inglenook.workspace.source import Root
from inglenook.workspace.walk import Walk
from tests.workspace.drawn import SECRET, Begin, Draw, Walked


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    root.mkdir()
    return root


@pytest.fixture
def draw(root: Path) -> Draw:
    """Write files below the root."""

    def write(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8", "surrogateescape"))
        return root

    return write


@pytest.fixture
async def begin(tmp_path: Path, root: Path) -> AsyncIterator[Begin]:
    """Start an index of the root; all that were started are closed at the end."""
    indexes: list[Index] = []

    def start(store: str = "store", **options: object) -> Index:
        roots = options.pop("roots", [root])
        index = Index(roots, tmp_path / store, secret=SECRET, **options)  # type: ignore[arg-type]
        indexes.append(index)
        index.start()
        return index

    yield start
    for index in indexes:
        await index.close()


@pytest.fixture
def walked(root: Path) -> Walked:
    """The paths that a walk of the root finds, each of which the walk also finds alone."""

    def walk() -> list[str]:
        walk = Walk(Root.of(root), re.compile(SECRET, re.VERBOSE | re.IGNORECASE))
        found = {
            f"{listed.directory}/{name}".removeprefix("/"): stamp
            for listed in walk.everything()
            for name, stamp in listed.files.items()
        }
        alone = Walk(Root.of(root), re.compile(SECRET, re.VERBOSE | re.IGNORECASE))
        everything = [p.relative_to(root).as_posix() for p in root.rglob("*") if not p.is_dir()]
        assert {path: alone.stamp(path) for path in everything if alone.stamp(path)} == found
        return sorted(found)

    return walk
