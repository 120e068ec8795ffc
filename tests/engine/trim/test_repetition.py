"""The same lines again and again."""

from __future__ import annotations

from inglenook.engine.trim.repetition import repetition
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== one line for ever [python]
def f():
    █
-- candidate
print(a)
    print(a)
    print(a)
    print(a)
    print(a)
-- result
def f():
    print(a)█
== a block of two lines, three times [typescript]
█
-- candidate
a();
b(1);
a();
b(1);
a();
b(1);
-- result
a();
b(1);█
== a long block, twice [python]
def test_it():
    █
-- candidate
client = make_client(timeout=1)
    answer = client.get("/somewhere")
    assert answer.status == 200
    client = make_client(timeout=1)
    answer = client.get("/somewhere")
    assert answer.status == 200
-- result
def test_it():
    client = make_client(timeout=1)
    answer = client.get("/somewhere")
    assert answer.status == 200█
== blank lines for ever [typescript]
█
-- candidate
a();




b();
-- result
a();█
== kept: closing brackets and early returns [typescript]
function f() {
  █
}
-- candidate
if (a) {
    return null;
  }
  if (b) {
    return null;
  }
  if (c) {
    return null;
  }
-- result
function f() {
  if (a) {
    return null;
  }
  if (b) {
    return null;
  }
  if (c) {
    return null;
  }█
}
== kept: the same return in two branches [python]
def f():
    █
-- candidate
if a:
        return None
    if b:
        return None
-- result
def f():
    if a:
        return None
    if b:
        return None█
== kept: similar lines of a dictionary [python]
x = {
    █
}
-- candidate
"a": {"size": 1},
    "b": {"size": 1},
    "c": {"size": 1},
    "d": {"size": 1},
    "e": {"size": 1},
-- result
x = {
    "a": {"size": 1},
    "b": {"size": 1},
    "c": {"size": 1},
    "d": {"size": 1},
    "e": {"size": 1},█
}
== kept: rows of a matrix [python]
x = [
    █
]
-- candidate
[0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
-- result
x = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],█
]
== kept: three calls in a row [typescript]
█
-- candidate
await tick();
await tick();
await tick();
done();
-- result
await tick();
await tick();
await tick();
done();█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(repetition, case) == case.result
