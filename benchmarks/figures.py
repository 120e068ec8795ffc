"""Medians and percentiles, tables for people and JSON for programs."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parent / "results"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 10_000) // 10_000) - 1)]


def summary(values: Sequence[float], digits: int = 2) -> dict[str, float]:
    """Count, median, 95th percentile and maximum."""
    return {
        "n": len(values),
        "median": round(statistics.median(values), digits),
        "p95": round(percentile(values, 0.95), digits),
        "max": round(max(values), digits),
    }


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as aligned columns; what a row lacks is left empty."""
    if not rows:
        return ""
    heads = list(dict.fromkeys(head for row in rows for head in row))
    cells = [heads] + [[_cell(row.get(head, "")) for head in heads] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def save(name: str, figures: Any) -> None:
    """Write ``results/NAME.json``; it holds no path and no name of a machine."""
    RESULTS.mkdir(exist_ok=True)
    about = {
        "python": platform.python_version(),
        "system": platform.system(),
        "pygls": version("pygls"),
        "aiohttp": version("aiohttp"),
    }
    text = json.dumps({"about": about, "figures": figures}, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
