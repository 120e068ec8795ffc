"""Sessions of VS Code for several test modules, two at a time: half of a session is waiting.

A test module that wants one has a function ``drive(editor, extension, folder)``, which drives it
and gives what its tests judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.support.editors_vscode import VSCode, package_extension, vscode

_AT_ONCE: Final = 2


class Sessions:
    """They begin at once; use `close` at the end."""

    def __init__(self, modules: Iterable[ModuleType], folder: Path) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        ready = self._pool.submit(_prepared)
        self._running: dict[str, Future[Any]] = {
            module.__name__: self._pool.submit(_driven, module, ready, folder) for module in modules
        }

    def of(self, module: str) -> Any:
        """What the module's own session gave, once it has ended, or what it raised;
        `InstallationError` if there is no VS Code."""
        return self._running[module].result()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _prepared() -> tuple[VSCode, Path]:
    return vscode(), package_extension()


def _driven(module: ModuleType, ready: Future[tuple[VSCode, Path]], folder: Path) -> Any:
    editor, extension = ready.result()
    own = folder / module.__name__.rpartition(".")[2]
    own.mkdir()
    return module.drive(editor, extension, own)
