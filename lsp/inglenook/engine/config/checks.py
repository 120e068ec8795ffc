"""The commands of the user's own that judge edits, as only the user's own file may name them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inglenook.engine.config.options import number, text_of, texts
from inglenook.engine.config.report import Report
from inglenook.engine.config.tree import Value, path_text
from inglenook.engine.settings import CHECK_SECONDS, Check, CheckKind, Fate

_NO_PROGRAM: Final = "names no program; expected its name alone, or its whole path"
_NOT_RUN: Final = "The check is not run: something in it cannot be used."
_ELSEWHERE: Final = (
    "is refused in an editor's settings; only your own configuration file may name commands"
)


def read_checks(block: Mapping[str, Value], report: Report) -> tuple[Check, ...]:
    """Those of the block ``inglenook``. One with anything wrong in it is not run at all: with an
    argument less, or for more languages, it would be another."""
    found: dict[str, Check] = {}
    for entry in block["checks"].items if "checks" in block else ():
        if entry.data is None:
            continue
        check = None if _is_spoiled(entry, report) else _check(entry, report)
        if check is not None and check.name in found:
            text = f"{check.name!r} is the name of an earlier check; expected another"
            report.refuse(entry.entries["name"], text)
        elif check is not None:
            found[check.name] = check
            continue
        report.mark(entry, report.path(entry), Fate.REFUSED, _NOT_RUN)
    return tuple(found.values())


def refuse_checks(block: Mapping[str, Value], report: Report) -> None:
    """An editor may vouch for what it keeps for the machine, but not for commands."""
    if "checks" in block:
        report.refuse(block["checks"], _ELSEWHERE)


def _is_spoiled(entry: Value, report: Report) -> bool:
    """Whether something in an entry could not be used as it stands."""
    start = f"{path_text(report.path(entry))}."
    return any(
        row.fate is Fate.REFUSED or (row.fate is Fate.USED and row.why)
        for row in report.rows
        if row.file == entry.file and row.key.startswith(start)
    )


def _check(entry: Value, report: Report) -> Check | None:
    keys = entry.entries
    command = _command(keys["command"], report)
    if command is None:
        return None
    return Check(
        text_of(keys["name"]),
        command,
        CheckKind(text_of(keys.get("kind")) or CheckKind.LINT),
        frozenset(texts(keys.get("languages"))),
        number(keys.get("timeout")) or CHECK_SECONDS,
    )


def _command(value: Value, report: Report) -> tuple[str, ...] | None:
    """The arguments as they are written, the program's path whole; None if there is none."""
    given = [text_of(each) for each in value.items]
    program = given[0] if given else ""
    if any("\0" in each for each in given):
        report.refuse(value, "has a character that no argument can have; expected none")
        return None
    try:
        path = Path(program).expanduser()
    except RuntimeError:  # of a user that there is not
        path = Path()
    if path.is_absolute():
        return (str(path), *given[1:])
    if path.name == program and program not in ("", ".", ".."):
        return tuple(given)
    report.refuse(value, _NO_PROGRAM)
    return None
