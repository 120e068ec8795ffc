"""White space at the end of a candidate."""

from __future__ import annotations

from inglenook.engine.trim.trailing import trailing
from tests.support.drawn_trim import Case, drawn, shown

DRAWING = r"""
== at the end [python]
x = █
-- candidate
1··

-- result
x = 1█
== at the end of a line [typescript]
█
-- candidate
a();··
b();
-- result
a();
b();█
== only white space [python]
    █
-- candidate
··
-- result
    █
== before a closing bracket [typescript]
f(█)
-- candidate
a·
-- result
f(a█)
== a line that is only indented [python]
def f():
    █
-- candidate
a()
····
    b()
-- result
def f():
    a()

    b()█
== kept: a space before a name [python]
x = █y
-- candidate
a +·
-- result
x = a + █y
== kept: a line break of Markdown [markdown]
█
-- candidate
a··
b
-- result
a··
b█
== kept: indentation [typescript]
█
-- candidate
if (a) {
  b();
}
-- result
if (a) {
  b();
}█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert shown(case, trailing(case.candidate, case.site)) == case.result
