from __future__ import annotations

from tests.support.outline import outline

BASH = """\
#!/bin/bash
ROOT=/tmp
export PATH="$ROOT/bin:$PATH"
readonly LIMIT=3

# Shows how it is used.
usage() {
  local shown=1
  echo "usage"
}
function run_all { inner=1; }
if [ -z "$x" ]; then
  x=1
fi
"""
BASH_SHOWN = """\
variable ROOT | ROOT=/tmp
variable PATH | PATH="$ROOT/bin:$PATH"
variable LIMIT | LIMIT=3
function usage | usage() | Shows how it is used.
function run_all | function run_all
variable x | x=1
"""


def test_what_a_shell_script_defines() -> None:
    assert outline(BASH, "shellscript") == BASH_SHOWN
