"""What the world outside of a file has, looked up for a verdict on an edit (`Answers`).

Nothing is run, and nothing of the workspace's is imported: directories are looked at and sources
read, in threads, by the rules of the language. True and False are so; what cannot be told, or not
soon enough, is None. The index is not asked: it reads what it is asked for a moment later, and
keeps less of a file than can be denied by.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from inglenook.engine.library import Library
from inglenook.engine.refactor.world_python import PythonWorld
from inglenook.engine.refactor.world_script import ScriptWorld
from inglenook.engine.session import Session
from inglenook.workspace.site import site_of_folder
from inglenook.workspace.source import Root
from inglenook.workspace.standing import Standing, TooMany
from inglenook_context.modules import is_script
from inglenook_context.parse import Parse
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from inglenook_context.verify.task import Answers, Wanted, World

_SECONDS: Final = 2.0  # for all that is wanted at once
_MOST: Final = 200  # questions
_NOTEBOOK: Final = ".ipynb"
_SLICE_MS: Final = 2.0  # of one turn of the event loop


class Around(Protocol):
    """A document's surroundings: what is open, and the folder of the workspace that it is in."""

    @property
    def session(self) -> Session: ...

    @property
    def root(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class Here:
    """`Around`, for who has no more."""

    session: Session
    root: Path


@dataclass(frozen=True, slots=True)
class Look:
    """``await Look(around)(path, wanted)``, as often as need be: nothing is kept in between."""

    around: Around

    async def __call__(self, path: str, wanted: Sequence[Wanted]) -> Answers:
        """What there is of ``wanted``, as the file ``path`` below the root sees it."""
        some = tuple(dict.fromkeys(wanted))[:_MOST]
        until = time.monotonic() + _SECONDS
        make, known = self._world(path, until), dict[Wanted, bool | None]()

        def look_all_up(make: Callable[[], World]) -> None:
            world = make()
            for each in some:
                if time.monotonic() < until:
                    is_name = each.name or not each.module
                    with contextlib.suppress(TooMany, OSError):
                        known[each] = (
                            world.has_name(each.module, each.name)
                            if is_name
                            else world.has_module(each.module)
                        )

        if make is not None:
            with contextlib.suppress(TimeoutError, OSError):
                async with asyncio.timeout(_SECONDS):
                    await asyncio.to_thread(look_all_up, make)
        return Answers(dict(known))

    def _world(self, path: str, until: float) -> Callable[[], World] | None:
        """What makes the world as the file sees it, in a thread; None for a file of which no
        world is known."""
        resolver, loop = self.around.session.resolver(""), asyncio.get_running_loop()
        root, known = self.around.root, resolver.known
        opened = known.opened if isinstance(known, Library) else {}
        if is_script(path):
            aliases = resolver.aliases
            return lambda: ScriptWorld(Standing(Root.of(root)), path, aliases, frozenset(opened))
        if not path.endswith((".py", ".pyi", _NOTEBOOK)):
            return None
        path = f"{path.removesuffix(_NOTEBOOK)}.py" if path.endswith(_NOTEBOOK) else path

        def make() -> PythonWorld:
            folder = Root.of(root)
            parse = partial(_parsed_soon, loop=loop, until=until)
            return PythonWorld(Standing(folder), site_of_folder(folder), path, opened, parse)

        return make


def _parsed_soon(text: str, loop: asyncio.AbstractEventLoop, until: float) -> Syntax | None:
    """The tree of a text, for a thread: parsers share a buffer, so only the loop parses."""
    parsing = _parsed(Text.of(text))
    try:
        future = asyncio.run_coroutine_threadsafe(parsing, loop)
    except RuntimeError:  # it has ended
        parsing.close()
        return None
    try:
        return future.result(max(until - time.monotonic(), 0))
    except (TimeoutError, CancelledError):
        future.cancel()
        return None


async def _parsed(text: Text) -> Syntax | None:
    parse = Parse("python", text)
    while True:
        if parse.advance(_SLICE_MS):
            return parse.tree()
        await asyncio.sleep(0)
