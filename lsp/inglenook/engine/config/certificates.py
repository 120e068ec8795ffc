"""Whom to believe at an https address, as the configuration says it in paths of files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inglenook.engine.config.files import is_file
from inglenook.engine.config.options import text_of
from inglenook.engine.config.report import Report
from inglenook.engine.config.tree import Value
from inglenook.models.egress import Trust


def both(one: Trust | None, other: Trust) -> Trust:
    """The first client certificate of an origin counts, for a connection shows one."""
    if one is None:
        return other
    files = tuple(dict.fromkeys((*one.ca_files, *other.ca_files)))
    if one.client_cert:
        return replace(one, ca_files=files)
    return replace(other, ca_files=files)


def authority_files(value: Value | None, directory: Path, report: Report) -> Iterator[str]:
    """The files of authorities that are there; one that is not gets a notice."""
    for each in value.items if value is not None else ():
        file = below(directory, text_of(each))
        if file is not None and is_file(file):
            yield str(file)
        elif value is not None:
            text = "names no file that is there; expected the path of a PEM file"
            report.say(value, report.path(value), text)


def below(directory: Path, text: str) -> Path | None:
    """``text`` as a path: "~" is the home, and what is relative begins in ``directory``."""
    try:
        return directory / Path(text).expanduser()
    except (RuntimeError, ValueError):  # nobody has that home
        return None
