"""Blocks that are made by indentation."""

from __future__ import annotations

from inglenook.engine.trim.dedent import dedent
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r'''
== the function is over [python]
def f():
    █
-- candidate
return 1


def g():
    return 2
-- result
def f():
    return 1█
== a definition that was begun [python]
def f(█
-- candidate
a):
    return a

x = 1
-- result
def f(a):
    return a█
== the block of an if is over [python]
def f(a):
    if a:
        █
    return 2
-- candidate
b()
        c()
    return 1
-- result
def f(a):
    if a:
        b()
        c()█
    return 2
== the method is over [python]
class A:
    def f(self):█
-- candidate

        return 1

    y = 2
-- result
class A:
    def f(self):
        return 1█
== top-level code after a method [python]
class A:
    def f(self):
        █
-- candidate
return 1

if __name__ == "__main__":
    A()
-- result
class A:
    def f(self):
        return 1█
== a comment of the next part [python]
def f():
    █
-- candidate
return 1

# next
x = 2
-- result
def f():
    return 1█
== kept: blank lines and deeper blocks [python]
def f():
    █
-- candidate
for x in y:
        if x:

            z()

    return 1
-- result
def f():
    for x in y:
        if x:

            z()

    return 1█
== kept: a string of several lines [python]
def f():
    █
-- candidate
x = """
a
b
"""
    return x
-- result
def f():
    x = """
a
b
"""
    return x█
== kept: arguments in brackets [python]
def f():
    g(█
-- candidate
a,
  b,
)
    return 1
-- result
def f():
    g(a,
  b,
)
    return 1█
== kept: the branch of an if that was begun [python]
if a█
-- candidate
 > 1:
    b()
else:
    c()
-- result
if a > 1:
    b()
else:
    c()█
== kept: braces make blocks here [typescript]
function f() {
    █
}
-- candidate
if (a) {
  b();
  }
  c();
-- result
function f() {
    if (a) {
  b();
  }
  c();█
}
== kept: a docstring [python]
def f():
    """█
-- candidate
One.

  Two
    """
    return 1
-- result
def f():
    """One.

  Two
    """
    return 1█
'''


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(dedent, case) == case.result
