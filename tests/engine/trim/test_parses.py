"""Candidates that break the parse. What breaks it here: a line that holds ``BREAKS``."""

from __future__ import annotations

from inglenook.engine.trim.parses import parses
from inglenook.engine.trim.site import Site
from tests.support.drawn_trim import Case, cases_of, drawn, shown

DRAWING = r"""
== nothing breaks [python]
x = █
-- candidate
1
-- result
x = 1█
== one line that breaks [python]
x = █
-- candidate
1 BREAKS
-- result
x = █
== one line that breaks [typescript]
const x = █
-- candidate
BREAKS;
-- result
const x = █
== the last line was torn [python]
def f():
    █
-- candidate
a = 1
    b = 2
    return BREAKS
-- result
def f():
    a = 1
    b = 2█
== blank lines before the torn one [typescript]
█
-- candidate
a();


BREAKS
-- result
a();█
== the first line alone [typescript]
█
-- candidate
a();
BREAKS
b();
-- result
a();█
== two lines, the second one breaks [python]
█
-- candidate
import os
import BREAKS
-- result
import os█
== nothing can be saved [python]
█
-- candidate
BREAKS
a = 1
-- result
█
== nothing was left to check [typescript]
f(█)
-- candidate

-- result
f(█)
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert shown(case, parses(case.candidate, _strict(case.site, []))) == case.result


def test_no_grammar_at_hand() -> None:
    assert parses("BREAKS", Site("x = ", "", "python", multiline=True)) == "BREAKS"


def test_it_asks_once_for_what_parses_and_three_times_at_most() -> None:
    questions: list[list[str]] = []
    for case in cases_of(DRAWING):
        asked: list[str] = []
        parses(case.candidate, _strict(case.site, asked))
        questions.append(asked)
    assert questions[0] == ["1"]
    assert max(map(len, questions)) == 3


def _strict(site: Site, asked: list[str]) -> Site:
    def breaks_parse(text: str) -> bool:
        asked.append(text)
        return "BREAKS" in text

    return Site(site.before, site.after, site.language, site.multiline, breaks_parse)
