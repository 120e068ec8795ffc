"""Parts of the extension for VS Code that need no editor, run by node with doubles of it.

Each vscode/alone/*.test.mjs is bundled with the sources that it is about.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.support.editors_vscode import extension_modules, node_24

pytestmark = pytest.mark.editor

ALONE: Final = Path(__file__).parent / "vscode/alone"


@pytest.mark.parametrize("test", sorted(path.name for path in ALONE.glob("*.test.mjs")))
def test_part(test: str, tmp_path: Path) -> None:
    bundle = tmp_path / test.replace(".mjs", ".cjs")
    modules, node = extension_modules(), node_24()
    for command in (
        [node, ALONE / "build.mjs", modules, test, bundle],
        [node, "--test", bundle],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "pass 0" not in done.stdout
