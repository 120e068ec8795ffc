"""What the worker does from time to time."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from inglenook.workspace import worker as worker_module
from inglenook.workspace.store import digest_of
from inglenook.workspace.worker import Worker
from tests.workspace.drawn import SECRET, Draw


def test_facts_are_purged_when_there_is_nothing_else_to_do(
    draw: Draw, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(worker_module, "_PURGE_AFTER", 0.0)
    draw({"a.py": "a = 1\n"})
    purged: list[bool] = []
    monkeypatch.setattr(
        "inglenook.workspace.store.Store.purge",
        lambda store: purged.append(store.knows(digest_of("python", b"a = 1\n"))),
    )
    told = io.BytesIO()
    plan = {"store": str(tmp_path / "store"), "secret": SECRET, "roots": [str(root)]}
    worker = Worker({**plan, "parent": os.getpid()}, told)

    def handle(handled: object = worker._handle) -> bool:
        assert callable(handled)
        return bool(handled()) and not purged

    monkeypatch.setattr(worker, "_handle", handle)
    worker.run()
    worker.close()
    assert purged == [True]
    events = [json.loads(line)["event"] for line in told.getvalue().splitlines()]
    assert events[0] == "ready"
    assert events[-1] == "settled"
