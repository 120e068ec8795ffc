"""Continue's own package for its configurations, run by node on texts of ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.support.node_packages import NodePackages

PACKAGE: Final = Path(__file__).with_name("continue_schema")
_CONTINUE: Final = NodePackages(PACKAGE, "Continue's schema")


def continue_schema() -> Path:
    """The folder with the package and `run.mjs`."""
    return _CONTINUE.folder()


def judged(texts: Mapping[str, str], old: Mapping[str, object] | None = None) -> dict[str, Any]:
    """What Continue makes of each text, and of each object of a config.json: see `run.mjs`."""
    answer: dict[str, Any] = _CONTINUE.ask({"texts": dict(texts), "old": dict(old or {})})
    return answer
