"""Blocks that are made by braces."""

from __future__ import annotations

from inglenook.engine.trim.braces import braces
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== the suffix closes the function [typescript]
function f() {
  █
}
-- candidate
return 1;
}

function g() {
-- result
function f() {
  return 1;█
}
== nothing else closes it [typescript]
function f() {
  █
-- candidate
return 1;
}

f();
-- result
function f() {
  return 1;
}█
== the inner block is closed below [typescript]
class A {
  f() {
    if (a) {
      █
    }
  }
}
-- candidate
b();
    }
    c();
-- result
class A {
  f() {
    if (a) {
      b();█
    }
  }
}
== another function follows, this one is open [typescript]
function f() {
  █

function g() {
  return 2;
}
-- candidate
return 1;
}
function h() {
-- result
function f() {
  return 1;
}█

function g() {
  return 2;
}
== a call that the suffix closes [python]
f(
    █
)
-- candidate
a,
    b,
)
g()
-- result
f(
    a,
    b,█
)
== an array that the suffix closes [typescript]
const x = [
  █
];
-- candidate
1,
  2,
];
-- result
const x = [
  1,
  2,█
];
== kept: a branch that goes on [typescript]
function f() {
  if (a) {
    █
}
-- candidate
b();
  } else {
    c();
  }
-- result
function f() {
  if (a) {
    b();
  } else {
    c();
  }█
}
== kept: blocks of its own [typescript]
function f() {
  █
}
-- candidate
if (a) {
    b();
  }
  for (const c of d) {
    e();
  }
-- result
function f() {
  if (a) {
    b();
  }
  for (const c of d) {
    e();
  }█
}
== kept: a bracket that is needed [python]
x = f(
    █
y = 1
-- candidate
a,
    b,
)
-- result
x = f(
    a,
    b,
)█
y = 1
== kept: brackets in strings and comments [typescript]
function f() {
  █
}
-- candidate
g("}", /[)}]/); // }
  /*
  }
  */
  h();
-- result
function f() {
  g("}", /[)}]/); // }
  /*
  }
  */
  h();█
}
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(braces, case) == case.result
