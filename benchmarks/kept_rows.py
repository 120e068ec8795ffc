"""Rows of a long measurement, kept in a file as they come, so that it can go on later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def rows_of(file: Path | None) -> dict[str, dict[str, Any]]:
    """Those of earlier runs, by their ``name``; none without a file."""
    if file is None or not file.exists():
        return {}
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return {row["name"]: row for row in rows}


def keep(file: Path, row: dict[str, Any]) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")
