"""Line ends of a candidate."""

from __future__ import annotations

from inglenook.engine.trim.newlines import newlines
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== windows line ends [python]
def f():
    █
-- candidate
x = 1<U+000D>
    return x<U+000D>

-- result
def f():
    x = 1
    return x█
== a blank line [typescript]
█
-- candidate
a();<U+000D>
<U+000D>
b();
-- result
a();

b();█
== kept for another filter: a lone carriage return [python]
x = █
-- candidate
1<U+000D>2
-- result
x = 1<U+000D>2█
== nothing to do [typescript]
f(█)
-- candidate
a
-- result
f(a█)
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(newlines, case) == case.result
