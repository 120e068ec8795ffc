"""A few characters without end."""

# ruff: noqa: E501  (a loop shows in long lines only)

from __future__ import annotations

from inglenook.engine.trim.loops import loops
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== numbers [python]
x = [█
-- candidate
0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
-- result
x = [█
== after a good line [typescript]
█
-- candidate
const a = 1;
const b = a.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next.next
-- result
const a = 1;█
== words [python]
# █
-- candidate
and so on and so on and so on and so on and so on and so on and so on and so on and so on and so on and so on and so on and so on and so on and so on and so on
-- result
# █
== one letter [typescript]
const a = "█
-- candidate
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
-- result
const a = "█
== kept: a ruler [python]
# █
-- candidate
----------------------------------------------------------------------------------------------
-- result
# ----------------------------------------------------------------------------------------------█
== kept: a row of zeros [python]
x = [█
-- candidate
0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
-- result
x = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]█
== kept: a long line [typescript]
const x = █
-- candidate
"Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam";
-- result
const x = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam";█
== kept: short lines that are equal [typescript]
█
-- candidate
next();
next();
-- result
next();
next();█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(loops, case) == case.result
