"""Which answers outlive the process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inglenook.engine.ask import Ask
from inglenook.engine.cache import Kept
from inglenook.engine.disk_cache import DiskCache
from inglenook.engine.lane import Lane
from inglenook.engine.recall import Recall
from inglenook.engine.session import Session
from inglenook.models.fake import FakeModel
from inglenook_context.document import Cursor, Document
from tests.support.drawn import cursor_of

KEPT = Kept(("return 1",), complete=False)


def _ask(uri: str = "file:///a.py") -> Ask:
    cursor = cursor_of("def one():\n    █\n")
    document = cursor.document
    own = Document(uri, document.language, document.version, document.text)
    return Ask(Cursor(own, cursor.offset), automatic=True)


def _lane(**changes: object) -> Lane:
    model = FakeModel()
    model._info = replace(model._info, **{"identified": True} | changes)  # type: ignore[arg-type]
    return Lane(model)


async def _after_a_restart(directory: Path, ask: Ask, before: Lane, after: Lane) -> Kept | None:
    for lane in (before, after):
        disk = DiskCache(directory)
        recall = Recall(Session(lambda uri: uri.rpartition("/")[2]), disk)
        found = await recall.stored(ask, recall.asked(ask, lane))
        if lane is before:
            assert found is None
            if recall.is_durable(ask, lane):
                recall.store(ask, recall.asked(ask, lane), KEPT)
        await disk.close()
    return found


async def test_the_same_place_and_model(tmp_path: Path) -> None:
    assert await _after_a_restart(tmp_path / "c", _ask(), _lane(), _lane()) == KEPT


@pytest.mark.parametrize("changes", [{"digest": "other"}, {"family": "starcoder"}, {"name": "b"}])
async def test_another_model(tmp_path: Path, changes: dict[str, str]) -> None:
    assert await _after_a_restart(tmp_path / "c", _ask(), _lane(), _lane(**changes)) is None


async def test_a_backend_that_tells_a_name_only(tmp_path: Path) -> None:
    """It may have another model under the name tomorrow."""
    lane = _lane(identified=False)
    assert await _after_a_restart(tmp_path / "c", _ask(), lane, lane) is None


async def test_files_of_secrets(tmp_path: Path) -> None:
    ask = _ask("file:///.env")
    assert await _after_a_restart(tmp_path / "c", ask, _lane(), _lane()) is None
