"""Text right of the cursor said again."""

from __future__ import annotations

from inglenook.engine.trim.overlap import overlap
from tests.support.drawn_trim import Case, drawn, shown

DRAWING = r"""
== the rest of the call [python]
f(█, b)
-- candidate
a, b)
-- result
f(a█, b)
== the end of the statement [typescript]
const x = █;
-- candidate
1;
-- result
const x = 1█;
== the end of the string [python]
x = "hel█"
-- candidate
lo"
-- result
x = "hello█"
== brackets and the rest [typescript]
g(█);
-- candidate
a);
-- result
g(a█);
== a header [python]
def f(█) -> int:
-- candidate
a: int) -> int:
-- result
def f(a: int█) -> int:
== a name [typescript]
f(█other)
-- candidate
a, other
-- result
f(a, █other)
== nothing else [python]
x = f(█a, b)
-- candidate
a, b)
-- result
x = f(█a, b)
== a comma [typescript]
const x = { a: █, b: 2 };
-- candidate
1,
-- result
const x = { a: 1█, b: 2 };
== kept: brackets of its own [python]
f(█)
-- candidate
a()
-- result
f(a()█)
== kept: a string of its own [python]
f(█"b")
-- candidate
g("b")
-- result
f(g("b")█"b")
== kept: a bracket and a semicolon that are needed [typescript]
g(h(█);
-- candidate
a);
-- result
g(h(a);█);
== kept: one letter [python]
x = (█a)
-- candidate
b + a
-- result
x = (b + a█a)
== kept: half a name [typescript]
f(█other)
-- candidate
a, oth
-- result
f(a, oth█other)
== kept: nothing is right of the cursor [python]
x = █
-- candidate
"a"
-- result
x = "a"█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert shown(case, overlap(case.candidate, case.site)) == case.result
