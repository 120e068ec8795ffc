"""What a prompt shows must not depend on how busy the machine is that runs the tests."""

from __future__ import annotations

import pytest

from inglenook.engine import context, session
from inglenook.engine.chat import material
from inglenook.engine.refactor import suggested


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of what is done when time is short say themselves how much there is."""
    monkeypatch.setattr(context, "_FIND_MS", 10_000.0)
    monkeypatch.setattr(context, "_CHECK_MS", 10_000.0)
    monkeypatch.setattr(session, "_MOMENT_MS", 10_000.0)
    monkeypatch.setattr(suggested, "_LOOKING", 10.0)
    monkeypatch.setattr(material, "_LOOKING_UP", 10.0)
