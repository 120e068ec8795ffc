"""Which paths the ignore files leave out, whether there is such a file or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.workspace.ignored import is_ignored
from tests.workspace.drawn import Draw


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("a.py", False),
        ("private/plan.py", True),
        ("private/deep/new.py", True),
        ("shop/plan.py", False),
        ("shop/made_up.py", True),
        ("shop/kept_up.py", False),
        ("none/where.py", False),
    ],
)
def test_ignored(root: Path, draw: Draw, path: str, ignored: bool) -> None:
    draw(
        {
            ".gitignore": "private/\n",
            "shop/.inglenookignore": "*_up.py\n!kept_up.py\n",
            "private/plan.py": "x = 1\n",
        }
    )
    (root / ".git").mkdir(exist_ok=True)
    assert is_ignored(root, path) is ignored
