"""Which files no edit may touch, however their path is written."""

from __future__ import annotations

import pytest

from inglenook_context.verify.protected import protected

_REFUSED = """
.vscode/settings.json
a/b/.vscode/tasks.json
.VSCode/launch.json
.idea/workspace.xml
.cursor/mcp.json
.git/config
sub/.git/hooks/pre-commit
.github/workflows/ci.yml
.GitHub\\Workflows\\ci.yml
.continue/config.yaml
.continuerc.json
.inglenook/config.yaml
.inglenook.yaml
.mcp.json
my.code-workspace
AGENTS.md
docs/CLAUDE.md
claude.md
.env
.env.local
config/.ENV.production
conftest.py
tests/ConfTest.py
sitecustomize.py
usercustomize.py
site-packages/x.pth
.devcontainer/devcontainer.json
package.json
.env.
conftest.py...
.git . /config
a/../.env
.vscode/../src/a.py
..%2f.env
%2e%65nv
%252egit/config
.env::$DATA
.e\u200bnv
\uff0eenv
C:\\code\\.vscode\\x.json
"""
_ALLOWED = """
src/main.py
environment.py
git/config
github/workflows/x.yml
.github/README.md
conftest_helper.py
myconftest.py
package-lock.json
src/package.ts
docs/agents.md.txt
vscode/settings.json
"""


@pytest.mark.parametrize("path", [*_REFUSED.strip().splitlines(), "conftest.py\0x.py"])
def test_no_edit_may_touch_it(path: str) -> None:
    assert (protected(path) or "").endswith(".")


@pytest.mark.parametrize("path", [*_ALLOWED.strip().splitlines(), "", "/", "a\0b"])
def test_an_edit_may_touch_it(path: str) -> None:
    assert protected(path) is None
