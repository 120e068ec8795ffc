"""One run of ``inglenook review``: configuration, source, model, units, findings, report."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from inglenook.commands.headless import root_of
from inglenook.commands.review_progress import progress
from inglenook.commands.supplied import supplied
from inglenook.commands.terminal import failed
from inglenook.engine.chat.configured import talking
from inglenook.engine.chat.messages import room_of
from inglenook.engine.choices import Choices
from inglenook.engine.configuration import Sources, read
from inglenook.engine.redaction import keyed
from inglenook.engine.sensitive import SECRET, is_sensitive
from inglenook.engine.session import Session
from inglenook.engine.supply import Supply
from inglenook.engine.typing_signal import TypingSignal, signal_file
from inglenook.models.chatting import ChatRequest
from inglenook.models.errors import ModelError
from inglenook.models.http import prepare
from inglenook.models.model import ModelInfo
from inglenook.private import Unusable, is_private, own
from inglenook.review import baseline
from inglenook.review.asker import Asker, Limits
from inglenook.review.asking import Answer, Ask, Panel, Tally
from inglenook.review.checks.every import RULES
from inglenook.review.context import Surroundings
from inglenook.review.fingerprints import fingerprinted
from inglenook.review.kept import Kept, digest
from inglenook.review.merge import merged, ranked
from inglenook.review.plan import Plan
from inglenook.review.review import Run
from inglenook.review.reviewers import reviewers
from inglenook.review.source import LeftOut, Source
from inglenook.review.source_files import files_source
from inglenook.review.source_git import git_source
from inglenook.review.suppressions import FILE, LARGEST, applied, in_file
from inglenook.review.values import Report, Reviewer, Reviewing
from inglenook.workspace.index import Index
from inglenook.workspace.source import Root

_ANSWER: Final = 700  # tokens
_CODE: Final = (0.45, 6_000)  # of a prompt, and characters at most
_EXCERPTS: Final = (0.3, 4_000)
_PLAIN_ROOM: Final = 6_000  # without a model
_INTERRUPTED: Final = "It was interrupted; --resume goes on."


async def reviewed(args: argparse.Namespace, worker: Process | None) -> Report:
    """Raises `BadInput`. A model that cannot be had is told in the report.

    ``worker`` is the index's process, which whoever began it ends.
    """
    began = time.monotonic()
    here = Path.cwd()
    root = root_of(here / "x", here)
    configured = await asyncio.to_thread(read, Sources((root,)))
    for notice in configured.notices:
        failed(notice.text, 0)
    choices = configured.choices
    own = choices.settings.config_file.parent / "reviewers"
    panel = reviewers(own, _names(args.reviewers), _names(args.without))
    known = baseline.read(Path(args.baseline)) if args.baseline else {}
    async with AsyncExitStack() as closing:
        # It is built while the source is read and the model is looked for.
        index = _index(choices, root, worker) if worker is not None else None
        if index is not None:
            closing.push_async_callback(index.close)
        loading = asyncio.create_task(_loaded(args))
        try:
            source = await asyncio.to_thread(_source, args, here, root, _left_out(choices, root))
        finally:
            await loading
        closing.callback(source.close)
        if index is not None and source.root != root:  # a folder of the repository
            await index.close()
            index = _index(choices, source.root, None)
            if index is not None:
                closing.push_async_callback(index.close)
        session = Session(shown_path=lambda uri: uri)
        session.files = index
        closing.callback(session.close)
        around = Surroundings(session, index)
        return await _Job(args, choices, source, panel, around).report(known, began)


def _index(choices: Choices, root: Path, worker: Process | None) -> Index | None:
    store = choices.settings.index_dir
    if store is None:
        return None
    index = Index([root], store, secret=SECRET)
    index.start(worker)
    return index


async def _loaded(args: argparse.Namespace) -> None:
    """Import what asks models, which takes as long as git does."""
    if not args.no_model:
        await prepare()


def _names(said: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in said.split(",") if each.strip()) if said else ()


def _left_out(choices: Choices, root: Path) -> LeftOut:
    ignored = choices.left_out(str(root))

    def why(path: str) -> str | None:
        if is_sensitive(path):
            return "By its name it holds secrets."
        if ignored.leaves_out(path):
            return "The configuration leaves it out."
        return None

    return why


def _source(args: argparse.Namespace, here: Path, root: Path, left_out: LeftOut) -> Source:
    if args.stdin:
        from inglenook.review.source_diff import diff_source

        return diff_source(sys.stdin.buffer.read(), root, left_out)
    if args.diff or args.staged or args.worktree or not args.paths:
        return git_source(
            here,
            revisions=args.diff or "",
            staged=args.staged,
            paths=args.paths,
            left_out=left_out,
        )
    return files_source(Path(root).resolve(), here, args.paths, left_out)


@dataclass(slots=True)
class _Job:
    args: argparse.Namespace
    choices: Choices
    source: Source
    panel: Sequence[Reviewer]
    around: Surroundings

    async def report(self, known: dict[str, str], began: float) -> Report:
        redactor, tally = keyed(self._secret_key()), Tally()
        limits = Limits(
            began + self.args.max_time if self.args.max_time else None, self.args.max_tokens
        )
        async with self._model() as (supply, trouble):
            await self._indexed(self.around.index)  # which went on meanwhile
            lane = supply.lane if supply is not None else None
            info = lane.model.info if lane is not None else None
            code, excerpts = _rooms(info)
            plan = Plan(self.source, self.around, redactor, code)
            asker = None
            if supply is not None and lane is not None:
                asker = Asker(supply, lane, self._kept(), self._journal(), redactor, limits)
                asker.typing = TypingSignal(signal_file())
            jobs = self.args.jobs or (info.parallel if info is not None else 1)
            judged = bool(self.args.judge)
            ask: Ask = asker if asker is not None else _nobody
            run = Run(Panel(tuple(self.panel), ask, judged, excerpts, tally), redactor, jobs)
            run.stopped = trouble
            with _interruptible(limits), progress(plan, run, asker):
                if self.args.no_model:
                    async for _ in plan.units():
                        pass
                else:
                    await run.through(plan.units())
            if asker is not None:
                if run.coverage(plan).complete:
                    asker.journal.clear()
                asker.close()
        return self._made(plan, run, info, known, began)

    def _made(
        self,
        plan: Plan,
        run: Run,
        info: ModelInfo | None,
        known: dict[str, str],
        began: float,
    ) -> Report:
        coverage = run.coverage(plan)
        suppressions, remarks = list(plan.suppressions), list(plan.remarks)
        text = Root.of(self.source.root).text(FILE, LARGEST)
        if text:
            more, said = in_file(text)
            suppressions += more
            remarks += said
        found = ranked(fingerprinted(merged([*plan.findings, *run.findings])))
        left, hidden, unused = applied(found, suppressions, datetime.now(UTC).date())
        new, old, fixed = baseline.parted(left, known)
        rules = {rule.id: rule for each in self.panel for rule in each.rules}
        rules |= {rule.id: rule for rule in RULES}
        return Report(
            str(self.source.root),
            self.source.subject,
            new,
            coverage,
            _reviewing(info),
            hidden,
            old,
            fixed if coverage.complete else (),
            (*remarks, *unused),
            rules,
            time.monotonic() - began,
            bool(self.args.judge),
        )

    # -- what it needs -------------------------------------------------------------------------

    async def _indexed(self, index: Index | None) -> None:
        if index is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.args.index_seconds):
                    await index.settled()

    @asynccontextmanager
    async def _model(self) -> AsyncIterator[tuple[Supply | None, str]]:
        """The model, or why there is none, as a sentence; neither if none is wanted."""
        if self.args.no_model:
            yield None, ""
            return
        settings, folder = self.choices.settings, str(self.source.root)
        name = self.args.model or talking(self.choices, folder, "")
        async with supplied(settings, name) as supply:
            try:
                await supply.open()
            except ModelError as error:
                yield None, str(error)
            else:
                yield supply, ""

    def _kept(self) -> Kept:
        settings = self.choices.settings
        where = settings.cache_dir
        return Kept(where / "review" if where is not None else None)

    def _journal(self) -> Kept:
        """What this very review was answered; without ``--resume`` it is begun anew."""
        root, subject = str(self.source.root), self.source.subject
        name = digest(root, subject).hex()[:16]
        journal = Kept(self.choices.settings.state_dir / "review" / name)
        if not self.args.resume:
            journal.clear()
        return journal

    def _secret_key(self) -> bytes:
        """The key of placeholders, the same in each run; another one where none can be kept."""
        file = self.choices.settings.state_dir / "review" / "key"
        with contextlib.suppress(OSError, Unusable):
            if own(file.parent):
                if file.is_file() and is_private(file.lstat()):
                    return file.read_bytes()[:16].ljust(16, b"\0")
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
                with os.fdopen(os.open(file, flags, 0o600), "wb") as out:
                    out.write(key := os.urandom(16))
                return key
        return os.urandom(16)


async def _nobody(_request: ChatRequest) -> Answer:
    raise AssertionError("there is no reviewer to ask")


def _rooms(info: ModelInfo | None) -> tuple[int, int]:
    """How many characters of code and of excerpts a model is shown at once."""
    if info is None:
        return _PLAIN_ROOM, 0
    prompt = room_of(info, _ANSWER).prompt
    code, excerpts = (min(int(prompt * share), most) for share, most in (_CODE, _EXCERPTS))
    return max(code, 500), max(excerpts, 0)


def _reviewing(info: ModelInfo | None) -> Reviewing | None:
    if info is None:
        return None
    return Reviewing(info.name, info.backend, info.digest, info.locality.value)


@contextlib.contextmanager
def _interruptible(limits: Limits) -> Iterator[None]:
    """Ctrl-C ends the review and keeps what was done; a second one ends the program."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        limits.stopped = _INTERRUPTED
        loop.remove_signal_handler(signal.SIGINT)

    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except (NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
