"""Drawn cases for the post-filters: a file and a candidate in, the file with what is left out.

    == name of the case [typescript]
    call(█)
    -- candidate
    a, b)
    -- result
    call(a, b█)

The result's ``█`` stands behind what was inserted. ``[typescript, one line]`` asks for one line.
``·`` is a space that would not be seen at a line's end, ``<U+202E>`` a character by its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import pytest

from inglenook.engine.trim import Site, Trimmed, trim

MARK: Final = "█"
_TITLE: Final = re.compile(r"^== (.+) \[([^\],]+)(, one line)?\]$", re.MULTILINE)
_NUMBER: Final = re.compile(r"<U\+([0-9A-F]{4,6})>")


class Case(NamedTuple):
    name: str
    site: Site
    candidate: str
    result: str


def cases_of(drawing: str) -> list[Case]:
    """The cases of a drawing; ValueError for one that is not whole."""
    pieces = _TITLE.split(drawing)
    cases = []
    for at in range(1, len(pieces), 4):
        name, language, one_line, body = pieces[at : at + 4]
        file, candidate_and_result = _section(body.removeprefix("\n"), "-- candidate")
        candidate, result = _section(candidate_and_result, "-- result")
        before, mark, after = _seen(file).partition(MARK)
        if not mark or MARK not in result:
            raise ValueError(f"{name}: no cursor")
        site = Site(before, after, language, multiline=not one_line)
        cases.append(Case(name, site, _seen(candidate), _seen(result.rstrip("\n") + "\n")))
    return cases


def drawn(drawing: str) -> pytest.MarkDecorator:
    """Parametrize a test by the cases of ``drawing``."""
    cases = cases_of(drawing)
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


def shown(case: Case, text: str) -> str:
    """The file with ``text`` and the cursor behind it, ending in one line end."""
    return (case.site.before + text + MARK + case.site.after).rstrip("\n") + "\n"


def cut_by(cut: Callable[[str, Site, bool], Trimmed], case: Case) -> str:
    """What one filter leaves of the whole candidate, without white space at its end."""
    return shown(case, cut(case.candidate, case.site, True).text.rstrip())


def trimmed(case: Case) -> str:
    """What all filters together leave of the whole candidate."""
    return shown(case, trim(case.candidate, case.site, True).text)


def _section(text: str, title: str) -> tuple[str, str]:
    head, found, rest = f"\n{text}".partition(f"\n{title}\n")
    if not found:
        raise ValueError(f"no section {title!r} in {text!r}")
    return head.removeprefix("\n"), rest


def _seen(text: str) -> str:
    return _NUMBER.sub(lambda found: chr(int(found[1], 16)), text.replace("·", " "))
