"""Closing brackets that the suffix has."""

from __future__ import annotations

from inglenook.engine.trim.closers import closers
from tests.support.drawn_trim import Case, drawn, shown

DRAWING = r"""
== the call is closed [python]
f(█)
-- candidate
a, b)
-- result
f(a, b█)
== one of two [python]
f(g(█)
-- candidate
a))
-- result
f(g(a)█)
== an array [typescript]
const x = [█];
-- candidate
1, 2];
-- result
const x = [1, 2█];
== an object [typescript]
f({ a: █ });
-- candidate
1 });
-- result
f({ a: 1 █ });
== on the lines below [python]
x = [
    █
]
-- candidate
1, 2]
-- result
x = [
    1, 2█
]
== nothing is open [python]
x = █
-- candidate
a)
-- result
x = a█
== kept: a bracket that is needed [python]
f(█
-- candidate
a, b)
-- result
f(a, b)█
== kept: brackets of its own [typescript]
f(█)
-- candidate
g(a), [b]
-- result
f(g(a), [b]█)
== kept: closed and opened again [python]
x = f(█)
-- candidate
a) + g(b
-- result
x = f(a) + g(b█)
== kept: brackets in strings [typescript]
f(█)
-- candidate
")", /\)/
-- result
f(")", /\)/█)
== kept: prose [markdown]
█
-- candidate
1) one
-- result
1) one█
== kept: the function is open, others follow [typescript]
function f() {
  if (a) {
    █

function g() {
  return 1;
}
-- candidate
b();
  }
}
-- result
function f() {
  if (a) {
    b();
  }
}█

function g() {
  return 1;
}
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert shown(case, closers(case.candidate, case.site)) == case.result
