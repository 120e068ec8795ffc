"""The next definition after one is finished."""

from __future__ import annotations

from inglenook.engine.trim.definitions import definitions
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== the next function [python]
█
-- candidate
def f():
    return 1

def g():
    return 2
-- result
def f():
    return 1█
== the next method [python]
class A:
    █
-- candidate
def f(self):
        return 1

    @property
    def g(self):
        return 2
-- result
class A:
    def f(self):
        return 1█
== the next class [python]
class A(█
-- candidate
B):
    x = 1

class C:
    pass
-- result
class A(B):
    x = 1█
== the next function [typescript]
function f() █
-- candidate
{
  return 1;
}

function g() {
-- result
function f() {
  return 1;
}█
== the next method [typescript]
class A {
  █
}
-- candidate
f(): number {
    return 1;
  }

  private g() {
-- result
class A {
  f(): number {
    return 1;
  }█
}
== the next arrow function [typescript]
export const f = █
-- candidate
() => {
  return 1;
};

export const g = () => {
-- result
export const f = () => {
  return 1;
};█
== kept: decorators and overloads [python]
@overload
█
-- candidate
def f(a: int) -> int: ...
@overload
def f(a: str) -> str: ...
-- result
@overload
def f(a: int) -> int: ...
@overload
def f(a: str) -> str: ...█
== kept: functions within [python]
def f():
    █
-- candidate
def g():
        return 1

    return g
-- result
def f():
    def g():
        return 1

    return g█
== kept: the class has methods [python]
class A:█
-- candidate

    def f(self):
        return 1

-- result
class A:
    def f(self):
        return 1█
== kept: statements with blocks [typescript]
function f() {
  █
}
-- candidate
if (a) {
    b();
  }
  while (c) {
    d();
  }
-- result
function f() {
  if (a) {
    b();
  }
  while (c) {
    d();
  }█
}
== kept: code after the function [python]
█
-- candidate
def f():
    return 1

print(f())
-- result
def f():
    return 1

print(f())█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(definitions, case) == case.result
