"""What an editor would have open, without an editor: one document, and the workspace round it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
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
_INDEX_SECONDS: Final = 30.0
_DAY: Final = 86_400


@dataclass(slots=True, eq=False)
class Desk:
    """One document, as an engine knows it, and the index of its workspace, if there is one."""

    session: Session
    cursor: Cursor
    root: Path
    index: Index | None
    seconds: float  # that the index may take
    look: Callable[[Desk], None]  # have the index look for what a prompt can hold

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
        await index.settled()
        for _ in range(_ROUNDS):
            before = index.generation
            self.look(self)
            await asyncio.sleep(_PAUSE)
            await index.settled()
            if index.generation == before:
                return


def completing(desk: Desk) -> None:
    """Look for what a completion at the cursor can be shown."""
    from inglenook.engine.ask import Ask
    from inglenook.engine.context import gather
    from inglenook.engine.outline import NOTHING_SHOWN
    from inglenook_context.window import LARGE

    ask = Ask(desk.cursor, automatic=False)
    gather(desk.session, ask, LARGE, steady=False, patient=True)
    desk.session.show(desk.cursor.document.uri, NOTHING_SHOWN, -1)


def add_index_seconds(parser: argparse.ArgumentParser) -> None:
    """The option that says how long a command waits for an index."""
    parser.add_argument(
        "--index-seconds",
        metavar="S",
        type=_seconds,
        default=_INDEX_SECONDS,
        help="how long the workspace may take to be indexed; 0: without (default: %(default)g)",
    )


def _seconds(text: str) -> float:
    """Seconds from 0 to a day, for argparse."""
    with suppress(ValueError):
        if 0 <= (seconds := float(text)) <= _DAY:
            return seconds
    raise argparse.ArgumentTypeError(f"it is a number of seconds, from 0 to {_DAY}, as in 30")


@asynccontextmanager
async def opened(
    cursor: Cursor,
    file: Path,
    store: Path | None,
    seconds: float,
    look: Callable[[Desk], None] = completing,
) -> AsyncIterator[Desk]:
    """The document of ``cursor``, read from ``file``, in its workspace; ``store`` keeps the index.

    None keeps it for as long as this lasts; 0 ``seconds`` do without an index. ``look`` has the
    index look for what is wanted of installed packages.
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
            yield Desk(session, cursor, root, index, seconds, look)
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


def top_of(here: Path) -> Path:
    """The top of the repository, so that a file has one name in whatever review, else the folder
    that the configuration is of."""
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return folder
    return root_of(here / "x", here)


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
