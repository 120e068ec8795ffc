"""Which model serves, whether it is loaded, and how the editor learns of it.

A backend that is down is a status and nothing more: every request tries again, and a search in
the background finds what has come up since.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Final

from inglenook.engine.lane import Lane, Uses
from inglenook.engine.probing import Probing
from inglenook.engine.status import State, Status
from inglenook.engine.typing_signal import TypingSignal
from inglenook.models.errors import BackendOffline, EgressRefused, ModelError, ModelMissing
from inglenook.models.model import Fill, Model, ModelInfo, Way
from inglenook.models.render import CUSTOM
from inglenook.models.spec import ModelSpec

log = logging.getLogger(__name__)

_FRESH: Final = 240.0  # seconds after an answer during which the model is taken to be loaded
_BUSY_AFTER: Final = 0.15  # seconds that a request may take before the editor shows it
_SEARCH: Final = (2.0, 60.0)  # seconds between searches for a backend: at first, at most
_SOONEST: Final = 1.0  # seconds between searches that requests provoke


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a search found: a model, or in ``status`` why there is none."""

    model: Model | None
    status: Status
    entry: ModelSpec | None = None  # of the user's file, if it is one of those
    reason: str = ""  # why this one, a sentence


Find = Callable[[], Awaitable[Discovery]]


@dataclass(eq=False, slots=True)
class Supply:
    """``find`` looks for the model to use and says why there is none; ``tell`` gets each change.

    ``signal`` tells what can wait that somebody waits; a review has none.
    ``uses`` are shared by supplies that could have the same model, which has one turn at a time.
    """

    find: Find
    tell: Callable[[Status], None]
    probing: Probing = field(default_factory=lambda: Probing(None))
    signal: TypingSignal | None = None
    lane: Lane | None = None
    uses: Uses = field(default_factory=Uses)
    reason: str = ""  # why this model, a sentence
    status: Status = Status(State.OFFLINE)
    _fresh_until: float = 0.0
    _loading: asyncio.Task[None] | None = None
    _searching: asyncio.Task[None] | None = None
    _searched: float = -1e9
    _renewed: bool = False  # what is used now is of older settings
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _looked: asyncio.Event = field(default_factory=asyncio.Event)  # once, with or without success

    def start(self) -> None:
        """Look for a model in the background, and load it."""
        self.probing.found = lambda lane: self._say(_idle(lane))
        if self._searching is None or self._searching.done():
            self._searching = asyncio.get_running_loop().create_task(self._search())

    def renew(self, find: Find) -> None:
        """The user's settings changed: search by the new ones, and use nothing that they forbid."""
        self.find, self._renewed = find, True
        self._wake.set()

    async def open(self) -> Lane:
        """Find and load a model now, once; raises `ModelError`, which says what to do."""
        found = await self.find()
        if found.model is None:
            raise BackendOffline(found.status.text)
        self.lane = self._lane(found.model, found)
        await self._know(self.lane)
        await self.loaded(self.lane)
        return self.lane

    async def close(self) -> None:
        self.probing.close()
        for task in (self._searching, self._loading):
            if task is not None:
                task.cancel()
        if self.lane is not None:
            await self.lane.model.close()
            self.lane = None

    @property
    def looking(self) -> bool:
        """Whether the first search still runs, so that it is not known whether there is a model."""
        return self._searching is not None and not self._looked.is_set()

    async def first(self) -> Lane | None:
        """What the first search finds; its model may still have to be loaded."""
        await self._looked.wait()
        return self.lane

    def wanted(self) -> None:
        """A request came and there is no model: look again, if that was not done just now."""
        if time.monotonic() - self._searched > _SOONEST:
            self._wake.set()

    async def loaded(self, lane: Lane) -> None:
        """Wait until the model can answer at once; raises `ModelError`.

        The weights are read by a task of its own, which no request's end can cancel: a backend
        gives up loading when its client goes, and a storm of completions would never see it end.
        """
        if time.monotonic() < self._fresh_until:
            return
        if self._loading is None or self._loading.done():
            self._loading = asyncio.get_running_loop().create_task(self._load(lane))
            self._loading.add_done_callback(_observe)
        await asyncio.shield(self._loading)

    def coming(self) -> AbstractContextManager[None]:
        """A request will soon be on its way; what can wait makes room meanwhile."""
        return self.signal.waiting() if self.signal is not None else nullcontext()

    @contextmanager
    def working(self, lane: Lane) -> Iterator[None]:
        """A request is on its way to the model; the editor shows it if it takes a while."""
        timer = asyncio.get_running_loop().call_later(_BUSY_AFTER, self._busy, lane)
        lane.use.requests += 1
        try:
            with self.coming():
                yield
        finally:
            lane.use.requests -= 1
            timer.cancel()
            if lane is self.lane and self.status.state is State.BUSY:
                self._say(_idle(lane))

    def _busy(self, lane: Lane) -> None:
        if lane is self.lane and self.status.state is State.IDLE:
            self._say(_status(State.BUSY, lane))

    def worked(self, lane: Lane) -> None:
        """A model answered. (One that is not used any more says nothing of its successor.)"""
        if lane is not self.lane:
            return
        self._fresh_until = time.monotonic() + _FRESH
        if not lane.options.template:
            self.probing.watch(lane)
        if self.status.state is not State.IDLE:
            self._say(_idle(lane))

    def failed(self, lane: Lane, error: ModelError) -> None:
        log.warning("%s: %s", lane.model.info.backend, type(error).__name__)
        if lane is not self.lane:
            return
        state = State.OFFLINE if isinstance(error, BackendOffline) else State.REFUSED
        if isinstance(error, (BackendOffline, ModelMissing, EgressRefused)):
            self._fresh_until = 0.0
            self._wake.set()
        self._say(_status(state, lane, str(error)))

    # ------------------------------------------------------------------------------------------

    def _say(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self.tell(status)

    async def _load(self, lane: Lane) -> None:
        model = lane.model
        if not await model.is_loaded():
            self._say(_status(State.LOADING, lane, f"Loading {model.info.name}."))
            await model.load()
        self.worked(lane)

    async def _search(self) -> None:
        """Find a model; go on looking as long as there is none, or the one there is fails."""
        pause = _SEARCH[0]
        while True:
            self._wake.clear()
            self._searched = time.monotonic()
            if await self._look():
                pause = _SEARCH[0]
                await self._wake.wait()
                await asyncio.sleep(_SOONEST)
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
                await asyncio.sleep(_SOONEST)
            except TimeoutError:
                pause = min(pause * 2, _SEARCH[1])

    async def _look(self) -> bool:
        """Whether a model serves now."""
        find = self.find
        try:
            found = await find()
        except Exception as error:  # whatever it is, the search must go on
            log.error("The search for a model broke: %s", type(error).__name__)
            found = Discovery(None, Status(State.OFFLINE, "The search for a model failed."))
        if find is not self.find:  # found by older settings, which may have allowed more
            if found.model is not None:
                await found.model.close()
            return False
        if found.model is None:
            if self._renewed:
                await self._leave()
            if self.lane is None or self.status.state is not State.OFFLINE:
                self._say(found.status)  # else the last request said more precisely what is wrong
            self._looked.set()
            return False
        renewed, self._renewed = self._renewed, False
        lane = await self._take(found.model, found, anew=renewed)
        self._looked.set()
        return await self._ready(lane)

    async def _take(self, model: Model, found: Discovery, *, anew: bool) -> Lane:
        """The lane of a model that was found: the older one, if it is the same and is not to be
        made ``anew`` (with another plan, or another client)."""
        older, self.reason = self.lane, found.reason
        same = older is not None and _is_same(older.model.info, model.info)
        if older is not None and same and not anew and older.entry == found.entry:
            await model.close()  # the older one's speed was measured, and its engine may still run
            return older
        lane = self._lane(model, found)
        if older is not None and same:
            lane.speed = older.speed
        await self._know(lane)
        await self._leave()
        self.lane = lane
        return lane

    async def _leave(self) -> None:
        """Have no model any more."""
        older, self.lane = self.lane, None
        self._fresh_until, self._loading = 0.0, None
        if older is not None:
            await older.model.close()

    async def _know(self, lane: Lane) -> None:
        """Ask the model as the user's own template has it, else as it was found to be best."""
        template = lane.options.template
        if template:
            lane.model.adopt(Way(Fill.TEMPLATE, CUSTOM + template), 0)
        else:
            await self.probing.recall(lane)

    def _lane(self, model: Model, found: Discovery) -> Lane:
        return Lane(model, entry=found.entry, use=self.uses.of(model.info))

    async def _ready(self, lane: Lane) -> bool:
        try:
            await self.loaded(lane)
        except ModelError as error:
            self._say(_status(State.OFFLINE, lane, str(error)))
            return False
        return True


def _is_same(one: ModelInfo, other: ModelInfo) -> bool:
    """Whether both are one model, though more may have been found out of the one meanwhile."""
    return (one.backend, one.address, one.name, one.digest, one.version) == (
        other.backend,
        other.address,
        other.name,
        other.digest,
        other.version,
    )


def _idle(lane: Lane) -> Status:
    return _status(State.IDLE, lane, lane.model.info.notice)


def _status(state: State, lane: Lane, text: str = "") -> Status:
    info = lane.model.info
    return Status(state, text, info.name, str(info.locality))


def _observe(task: asyncio.Task[None]) -> None:
    """A failed load was reported to whoever waited; nobody waiting is no error."""
    if not task.cancelled():
        task.exception()
