"""Text that stands already below the cursor."""

from __future__ import annotations

from inglenook.engine.trim.below import below
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== the next line [python]
def f():
    █
    return a + b
-- candidate
a = 1
    b = 2
    return a + b
-- result
def f():
    a = 1
    b = 2█
    return a + b
== nothing but the next line [typescript]
function f() {
  █
  return total;
}
-- candidate
return total;
-- result
function f() {
  █
  return total;
}
== behind blank lines [python]
import os
█

def main():
    pass
-- candidate
import re


def main():
    print(1)
-- result
import os
import re█

def main():
    pass
== a short line and its next one [typescript]
if (a) {
  █
} else {
  b();
}
-- candidate
c();
} else {
  b();
}
-- result
if (a) {
  c();█
} else {
  b();
}
== a line further below, with its next one [python]
def f():
    █
    check(a)
    self.write_everything(a)
    self.flush_everything()
-- candidate
a = 1
    self.write_everything(a)
    self.flush_everything()
-- result
def f():
    a = 1█
    check(a)
    self.write_everything(a)
    self.flush_everything()
== the completed line [python]
self.name = █
self.name = name
-- candidate
name
-- result
self.name = █
self.name = name
== kept: the same text deeper inside [python]
def f():
    if a:
        █
    return None
-- candidate
return None
-- result
def f():
    if a:
        return None█
    return None
== kept: a closing bracket [typescript]
  if (a) {
    █
  }
-- candidate
if (b) {
      c();
    }
-- result
  if (a) {
    if (b) {
      c();
    }█
  }
== kept: similar entries [python]
x = {
    █
    "b": make(2),
}
-- candidate
"a": make(2),
-- result
x = {
    "a": make(2),█
    "b": make(2),
}
== kept: half of what is below [typescript]
█
const total = sum(a, b);
-- candidate
const total
-- result
const total█
const total = sum(a, b);
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(below, case) == case.result
