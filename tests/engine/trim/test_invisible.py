"""Characters that a reader cannot see."""

from __future__ import annotations

from inglenook.engine.trim.invisible import invisible
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== an override of the direction [python]
x = █
-- candidate
"user<U+202E> <U+2066># admin<U+2069>"
-- result
x = █
== a space without width [typescript]
const x = █
-- candidate
a<U+200B>b;
-- result
const x = █
== a joiner between letters [python]
x = █
-- candidate
a<U+200D>b
-- result
x = █
== a tag [python]
# █
-- candidate
hi<U+E0041>
-- result
# █
== a run of variation selectors [typescript]
const x = "█
-- candidate
✅<U+FE0F><U+FE0F>";
-- result
const x = "█
== a variation selector behind a letter [python]
x = █
-- candidate
"a<U+FE0F>"
-- result
x = █
== a control [python]
x = █
-- candidate
1<U+001B>[31m
-- result
x = █
== a control of the upper half [typescript]
const x = █
-- candidate
1<U+0085>2
-- result
const x = █
== a Hangul filler as a name [typescript]
const x = █
-- candidate
{ <U+3164>: 1 };
-- result
const x = █
== a byte order mark [python]
█
-- candidate
<U+FEFF>import os
-- result
█
== kept: tabs and line ends [python]
def f():
    █
-- candidate
x = 1	# one
    return x
-- result
def f():
    x = 1	# one
    return x█
== kept: letters of other scripts [typescript]
const x = "█
-- candidate
Grüße, 世界, مرحبا, é";
-- result
const x = "Grüße, 世界, مرحبا, é";█
== kept: emoji and their joiners [python]
x = "█
-- candidate
👩🏽<U+200D>💻 ❤<U+FE0F><U+200D>🔥 1<U+FE0F><U+20E3> ✅"
-- result
x = "👩🏽<U+200D>💻 ❤<U+FE0F><U+200D>🔥 1<U+FE0F><U+20E3> ✅"█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(invisible, case) == case.result
