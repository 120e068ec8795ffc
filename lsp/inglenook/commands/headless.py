"""What an editor would have open, without an editor: one document, and the workspace round it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inglenook.commands.terminal import failed

if TYPE_CHECKING:
    from inglenook.engine.session import Session
    from inglenook.workspace.index import Index
    from inglenook_context.document import Cursor

# A folder with one of these is what an editor would be opened on.
_ROOTS: Final = (
    *(".git", ".hg", ".inglenook", "pyproject.toml", "setup.py", "package.json", "tsconfig.json"),
    *("go.mod", "go.work", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts"),
    *("composer.json", "Gemfile"),
)
_SOON: Final = 1.0  # seconds, after which a terminal is told what is waited for
_ROUNDS: Final = 8  # in which installed packages lead to others
_PAUSE: Final = 0.02  # seconds in which the index reads what it was asked for


@dataclass(slots=True, eq=False)
class Desk:
    """One document, as an engine knows it, and the index of its workspace, if there is one."""

    session: Session
    cursor: Cursor
    root: Path
    index: Index | None
    seconds: float  # that the index may take

    async def ready(self) -> None:
        """Wait until all that a prompt can hold is known, or the time is up."""
        await self.session.settled()
        if self.index is None:
            return
        waiting = asyncio.create_task(self._indexed(self.index))
        done, _ = await asyncio.wait([waiting], timeout=min(_SOON, self.seconds))
        if not done and self.seconds > _SOON:
            if sys.stderr.isatty():
                failed(f"indexing {self.root}; --index-seconds 0 does without.", 0)
            done, _ = await asyncio.wait([waiting], timeout=self.seconds - _SOON)
        if not done:
            waiting.cancel()
            failed(f"the index is not complete after {self.seconds:g} s; it is used as it is.", 0)
        with suppress(asyncio.CancelledError):
            await waiting

    async def _indexed(self, index: Index) -> None:
        """Wait for the index, and for what a prompt makes it look for: installed packages."""
        from inglenook.engine.ask import Ask
        from inglenook.engine.context import gather
        from inglenook.engine.outline import NOTHING_SHOWN
        from inglenook_context.window import LARGE

        await index.settled()
        for _ in range(_ROUNDS):
            before = index.generation
            gather(
                self.session, Ask(self.cursor, automatic=False), LARGE, steady=False, patient=True
            )
            self.session.show(self.cursor.document.uri, NOTHING_SHOWN, -1)
            await asyncio.sleep(_PAUSE)
            await index.settled()
            if index.generation == before:
                return


@asynccontextmanager
async def opened(
    cursor: Cursor, file: Path, store: Path | None, seconds: float
) -> AsyncIterator[Desk]:
    """The document of ``cursor``, read from ``file``, in its workspace; ``store`` keeps the index.

    None keeps it for as long as this lasts; 0 ``seconds`` do without an index.
    """
    from inglenook.engine.session import Session

    root = root_of(file, Path.cwd())
    shown = file.relative_to(root).as_posix()
    session = Session(shown_path=lambda _uri: shown)
    with _directory(store) as directory:
        index = _index(root, directory, file) if seconds > 0 else None
        session.files = index
        session.on_open(cursor.document)
        try:
            yield Desk(session, cursor, root, index, seconds)
        finally:
            session.close()
            session.files = None
            if index is not None:
                await index.close()


def root_of(file: Path, here: Path) -> Path:
    """The folder that an editor would be opened on for a file.

    That is the nearest one above it that says that it is a project, else ``here`` if the file is
    in it, else the file's own.
    """
    for folder in file.parents:
        if any((folder / name).exists() for name in _ROOTS):
            return folder
    return here if file.is_relative_to(here) else file.parent


def _index(root: Path, store: Path, file: Path) -> Index:
    from inglenook.engine.sensitive import SECRET
    from inglenook.workspace.index import Index

    index = Index([root], store, secret=SECRET)
    index.prefer([file])
    index.start()
    return index


@contextmanager
def _directory(store: Path | None) -> Iterator[Path]:
    if store is not None:
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="inglenook-", ignore_cleanup_errors=True) as made:
        yield Path(made)
