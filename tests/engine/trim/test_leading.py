"""White space at the start of a candidate."""

from __future__ import annotations

from inglenook.engine.trim.leading import leading
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== only white space [python]
x = █
-- candidate
··

-- result
x = █
== a doubled space [python]
x = █
-- candidate
 1
-- result
x = 1█
== blank lines on a blank line [python]
def f():
    █
-- candidate


    return 1
-- result
def f():
    return 1█
== a doubled margin [typescript]
function f() {
  a();
  █
}
-- candidate
  b();
-- result
function f() {
  a();
  b();█
}
== a doubled margin in a new block [python]
for path in paths:
    █
-- candidate
    load(path)
-- result
for path in paths:
    load(path)█
== at most two blank lines at the top level [python]
x = 1
█
-- candidate



def f():
    pass
-- result
x = 1


def f():
    pass█
== kept: the line end after a header [python]
def f():█
-- candidate

    return 1
-- result
def f():
    return 1█
== kept: the indentation of a new block [python]
def f():
    if a:
    █
-- candidate
    return 1
-- result
def f():
    if a:
        return 1█
== kept: indentation from column 0 [python]
def f():
█
-- candidate
    return 1
-- result
def f():
    return 1█
== kept: an alignment [typescript]
call(one,
  █
-- candidate
   two);
-- result
call(one,
     two);█
== kept: a space that is missing [typescript]
const x =█
-- candidate
 1;
-- result
const x = 1;█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(leading, case) == case.result
