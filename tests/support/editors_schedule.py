"""Which worker of pytest-xdist runs which editor test: ``-p tests.support.editors_schedule``.

Most of such a test is waiting, so there are more workers than cores. Any worker may take any test
but those that judge VS Code: its sessions are begun once, by one worker, and run beside each other
there. That worker's tests are assigned first, being the most, and after them those that take long.

(`--dist loadgroup` is for this, but pytest-xdist 3.8 writes a test's group where pytest 9.2 does
not read it any more.)
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class _Schedule(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return "vscode" if nodeid.startswith("tests/editors/test_vscode") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _Schedule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Soaks begin first, and what is about neither Neovim nor VS Code, and only computes, last."""

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker("soak"):
            return 0
        return 1 if item.nodeid.startswith("tests/editors/") else 2

    items.sort(key=place)
