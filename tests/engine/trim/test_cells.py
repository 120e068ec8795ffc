"""The beginning of another cell."""

from __future__ import annotations

from inglenook.engine.trim.cells import cells
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== the next cell of a notebook [python]
# %%
import math
# %%
area = █
-- candidate
math.pi * 2
# %% [markdown]
# And so on.
-- result
# %%
import math
# %%
area = math.pi * 2█
== a separator below is enough [python]
area = █
# %%
print(area)
-- candidate
2
#%%
print(area)
-- result
area = 2█
# %%
print(area)
== another comment mark [typescript]
// %%
const a = █
-- candidate
1;
// %%
-- result
// %%
const a = 1;█
== kept: a file without cells [python]
area = █
-- candidate
2
# %% is a mark elsewhere
-- result
area = 2
# %% is a mark elsewhere█
== kept: a comment, and a remainder [python]
# %%
area = █
-- candidate
7 %2
# per cent
-- result
# %%
area = 7 %2
# per cent█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(cells, case) == case.result
