"""One line where only one fits."""

from __future__ import annotations

from inglenook.engine.trim.single_line import single_line
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== asked for one [python, one line]
x = █
-- candidate
1
y = 2
-- result
x = 1█
== code right of the cursor [python]
f(█)
-- candidate
a,
  b
-- result
f(a,█)
== code right of the cursor [typescript]
const x = █;
-- candidate
1;
const y = 2
-- result
const x = 1;█;
== it begins with a line end [typescript, one line]
const x = 1;█
-- candidate

const y = 2;
-- result
const x = 1;█
== kept: several lines [python]
def f():
    █
-- candidate
a()
    b()
-- result
def f():
    a()
    b()█
== kept: only spaces right of the cursor [typescript]
f(() => {█··
});
-- candidate

  a();
-- result
f(() => {
  a();█··
});
== kept: one line [typescript, one line]
const x = █
-- candidate
1;
-- result
const x = 1;█
== kept: nothing below [python]
█
-- candidate
import os
import re
-- result
import os
import re█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(single_line, case) == case.result
