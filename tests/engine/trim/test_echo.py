"""The cursor's line said again."""

from __future__ import annotations

from inglenook.engine.trim.echo import echo
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== the whole head [python]
def load_all(█
-- candidate
def load_all(path):
-- result
def load_all(path):█
== behind a space [typescript]
  return value.map(█
-- candidate
return value.map((x) => x);
-- result
  return value.map((x) => x);█
== kept: a head too short to tell [python]
total = █
-- candidate
total = 1
-- result
total = total = 1█
== a longer head and its space [python]
the_total = █
-- candidate
the_total = 1
-- result
the_total = 1█
== kept: a short head [python]
for █
-- candidate
for_each in x:
-- result
for for_each in x:█
== kept: the same name goes on [typescript]
const first = █
-- candidate
firstOf(x);
-- result
const first = firstOf(x);█
== kept: a blank line [python]
    █
-- candidate
x = 1
-- result
    x = 1█
== kept: part of the head [python]
await client.get(█
-- candidate
client.url)
-- result
await client.get(client.url)█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(echo, case) == case.result
