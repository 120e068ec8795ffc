"""Sessions of VS Code for several test modules, two at a time: most of a session is waiting.

A test module that wants one has a function ``drive(editor, extension, folder)``, which drives it
and gives what its tests judge. All modules that were collected are driven when the first asks.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.support.editors_vscode import package_extension, vscode

_AT_ONCE: Final = 2


class Sessions:
    """Raises `InstallationError` if there is no VS Code."""

    def __init__(self, modules: list[ModuleType], folder: Path) -> None:
        editor, extension = vscode(), package_extension(folder)
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._running: dict[str, Future[Any]] = {}
        for module in modules:
            own = folder / module.__name__.rpartition(".")[2]
            own.mkdir()
            self._running[module.__name__] = self._pool.submit(module.drive, editor, extension, own)

    def of(self, module: str) -> Any:
        """What the module's own session gave, once it has ended."""
        return self._running[module].result()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
