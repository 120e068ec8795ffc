"""Whether a change does another thing than what stood there: its calls, before and after.

A process of its own evaluates them, because a bug may well never come to its end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from benchmarks.refactors.packages import sources_of
from benchmarks.review_cases.cases import Case, package_of

_SECONDS: Final = 20.0  # for all calls of one text
_MOST: Final = 200  # items that are taken of an iterator

# Runs with the package on its path; takes the module, the function's text and the calls as JSON.
_CHILD: Final = """
import importlib, itertools, json, sys
told = json.load(sys.stdin)
module = importlib.import_module(told["module"])
exec(compile(told["text"], "case", "exec"), module.__dict__)
found = []
for call in told["calls"]:
    try:
        value = eval(call, module.__dict__)
        if hasattr(value, "__next__"):
            value = list(itertools.islice(value, told["most"]))
        found.append(repr(value)[:2000].split(" at 0x")[0])
    except Exception as error:
        found.append(type(error).__name__)
print(json.dumps(found))
"""


def is_another(case: Case) -> bool:
    """Whether a call gives something else after the change. Before it every call must end."""
    before = _given(case, case.before)
    if before is None:
        raise ValueError(f"{case.name}: its calls do not come to their end")
    return _given(case, case.after) != before


def _given(case: Case, text: str) -> Sequence[str] | None:
    """What the calls give, None if they do not end."""
    package = package_of(case)
    told = {"module": case.module, "text": text, "calls": case.calls, "most": _MOST}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD],
            input=json.dumps(told),
            cwd=sources_of(package) / package.source,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return None
    found: list[str] = json.loads(done.stdout)
    return found
