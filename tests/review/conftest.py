"""A real repository without a commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.drawn_repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.made(tmp_path / "tree")
