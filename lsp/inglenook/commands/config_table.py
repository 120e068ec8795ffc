"""The keys of configuration files as a table: what becomes of each, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from inglenook.commands.terminal import safe
from inglenook.engine.settings import Notice, Row


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Each file once, then its keys in the order in which they stand there."""
    files = dict.fromkeys(row.file for row in rows)
    for file in files:
        yield one_line(file) if file else "(without a file)"
        here = [row for row in rows if row.file == file]
        keys = [one_line(row.key or "(the whole file)") for row in here]
        width = min(max(map(len, keys)), 60)
        for row, key in zip(here, keys, strict=True):
            value = f"{one_line(row.value)}  " if row.value else ""
            why = f"({one_line(row.why.removeprefix('Is refused. '))})" if row.why else ""
            yield f"  {row.line:4} {row.fate:8} {key:{width}}  {value}{why}".rstrip()


def as_dict(row: Row) -> dict[str, Any]:
    """A row in the form of ``--json``."""
    return {
        "key": row.key,
        "fate": str(row.fate),
        "value": row.value,
        "file": row.file,
        "line": row.line,
        "why": row.why,
    }


def notice_dicts(notices: Iterable[Notice]) -> list[dict[str, str]]:
    return [{"level": str(notice.level), "text": notice.text} for notice in notices]


def notice_lines(notice: Notice) -> list[str]:
    """A notice for a terminal; what is to be pasted keeps its lines."""
    first, *rest = notice.text.split("\n")
    return [f"{notice.level}: {one_line(first)}", *(f"    {one_line(line)}" for line in rest)]


def one_line(text: str) -> str:
    """`safe`, and what came from a file cannot begin a line of its own either."""
    return safe(text).replace("\n", "\\n").replace("\t", "\\t")
