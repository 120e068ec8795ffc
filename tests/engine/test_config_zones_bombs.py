"""YAML that is meant to stop whoever reads it: bounded in memory, and told in one sentence.

How long it takes, `benchmarks/hostile_settings.py` measures.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

from tests.support.hostile_settings import YAML, folder, said
from tests.support.hostile_yaml import BOMBS, LONG

# The memory of a program that reads all of them may grow by 50 MB, from what it had before.
_READER: Final = """
import gc, resource, sys
from tests.support.hostile_settings import folder
from tests.support.hostile_yaml import BOMBS, LONG
folder("rules: [Be brief.]")
gc.collect()
if sys.platform == "linux":
    pages = int(open("/proc/self/statm").read().split()[0])
    grown = pages * resource.getpagesize() + 50_000_000
    resource.setrlimit(resource.RLIMIT_AS, (grown, grown))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))  # that it ends at all
for name, text in [*((name, text) for name, (text, _) in BOMBS.items()), *LONG.items()]:
    found = folder(text)
    assert len(found.notices) <= 51
    assert sum(len(notice.text) for notice in found.notices) < 100_000
    print(name)
try:
    bytearray(60_000_000)
except MemoryError:
    print("bounded")
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_in_one_sentence(name: str) -> None:
    text, expected = BOMBS[name]
    found = folder(text)
    (notice,) = said(found)
    assert notice.startswith(f"/ws/{YAML}:")
    assert expected in notice
    assert found.rules == ()


def test_reading_them_takes_little_memory() -> None:
    done = subprocess.run([sys.executable, "-c", _READER], capture_output=True, text=True)
    bounded = ["bounded"] * (sys.platform == "linux")
    assert done.stdout.splitlines() == [*BOMBS, *LONG, *bounded], done.stderr
