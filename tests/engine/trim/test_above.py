"""Text that stands right above the cursor."""

from __future__ import annotations

from inglenook.engine.trim.above import above
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== the line above [python]
total = total + 1
█
-- candidate
total = total + 1
-- result
total = total + 1
█
== the line above, completed [typescript]
this.name = name;
this.name = █
-- candidate
name;
-- result
this.name = name;
this.name = █
== the block above [python]
a = first()
b = second()
█
-- candidate
a = first()
b = second()
c = third()
-- result
a = first()
b = second()
█
== a block further above [typescript]
const first = await load("first");
const second = await load("second");
const third = await load("third");
start();
█
-- candidate
const first = await load("first");
const second = await load("second");
const third = await load("third");
-- result
const first = await load("first");
const second = await load("second");
const third = await load("third");
start();
█
== kept: an early return as before [python]
    if a:
        return None
    if b:
        █
-- candidate
return None
-- result
    if a:
        return None
    if b:
        return None█
== kept: a branch as before [typescript]
  if (a) {
    return null;
  }
  if (b) {
    █
-- candidate
return null;
  }
-- result
  if (a) {
    return null;
  }
  if (b) {
    return null;
  }█
== kept: it only begins like a block above [python]
a = first()
b = second()
run(a, b)
█
-- candidate
a = first()
b = fourth()
-- result
a = first()
b = second()
run(a, b)
a = first()
b = fourth()█
== kept: rows of a matrix [python]
x = [
    [0, 0],
    █
-- candidate
[0, 0],
-- result
x = [
    [0, 0],
    [0, 0],█
== kept: another call [typescript]
add("a", 1);
█
-- candidate
add("b", 1);
-- result
add("a", 1);
add("b", 1);█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(above, case) == case.result
