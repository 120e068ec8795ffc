"""A plugin for pytest: tells coverage which test file runs, and writes how each test ended."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Final

import pytest

_ORDER: Final = ("passed", "skipped", "failed")
_ended: dict[str, str] = {}


def pytest_runtest_setup(item: pytest.Item) -> None:
    coverage = sys.modules.get("coverage")  # it is there only if this run is measured
    if coverage is not None and (running := coverage.Coverage.current()) is not None:
        running.switch_context(item.nodeid.partition("::")[0])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """The worst of setup, call, its subtests and teardown counts."""
    before = _ended.get(report.nodeid, _ORDER[0])
    _ended[report.nodeid] = max(before, report.outcome, key=_ORDER.index)


def pytest_sessionfinish() -> None:
    Path(os.environ["INGLENOOK_OBSERVED"]).write_text(json.dumps(_ended), encoding="utf-8")
