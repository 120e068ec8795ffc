"""One run of ``inglenook review``: configuration, source, model, units, findings, report."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.commands.headless import top_of
from inglenook.commands.review_memory import journal, kept_answers, placeholder_key
from inglenook.commands.review_progress import progress
from inglenook.commands.review_report import Told, report_of
from inglenook.commands.supplied import supplied
from inglenook.commands.terminal import failed
from inglenook.engine.chat.configured import talking
from inglenook.engine.chat.room import room_of
from inglenook.engine.choices import Choices
from inglenook.engine.configuration import Sources, read
from inglenook.engine.left_out import without as all_but
from inglenook.engine.redaction import keyed
from inglenook.engine.sensitive import SECRET
from inglenook.engine.session import Session
from inglenook.engine.supply import Supply
from inglenook.engine.typing_signal import TypingSignal, signal_file
from inglenook.models.chatting import ChatRequest
from inglenook.models.errors import ModelError
from inglenook.models.http import prepare
from inglenook.models.model import ModelInfo
from inglenook.review import baseline
from inglenook.review.asker import Asker, Limits
from inglenook.review.asking import Answer, Ask, Panel, Tally
from inglenook.review.checks.every import RULES
from inglenook.review.context import Surroundings
from inglenook.review.plan import Plan
from inglenook.review.review import Run
from inglenook.review.reviewers import chosen, reviewers
from inglenook.review.source import LeftOut, Source, Unwanted
from inglenook.review.source_files import files_source
from inglenook.review.source_git import git_source
from inglenook.review.values import Known, Report, Reviewer
from inglenook.workspace.index import Index

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
    root = top_of(here)
    configured = await asyncio.to_thread(read, Sources((root,)))
    for notice in configured.notices:
        failed(notice.text, 0)
    choices = configured.choices
    own = choices.settings.config_file.parent / "reviewers"
    without = _names(args.without)
    off = frozenset(without) & {rule.id for rule in RULES}
    named = [each for each in without if each not in off]
    panel = chosen(reviewers(own), _names(args.reviewers), named)
    told = _told(args, panel, off)
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
        ignored = choices.left_out(str(source.root))
        session.files = all_but(index, ignored) if index is not None else None
        closing.callback(session.close)
        around = Surroundings(session, index, ignored.leaves_out)
        return await _Job(args, choices, source, told, around).report(began)


def _told(args: argparse.Namespace, panel: Sequence[Reviewer], off: frozenset[str]) -> Told:
    """What was told before. A file that is to be written and is no baseline is not replaced."""
    known = baseline.read(Path(args.baseline)) if args.baseline is not None else {}
    there: dict[str, Known] = {}
    if args.write_baseline is not None:
        target = Path(args.write_baseline)
        there = baseline.read(target) if target.is_file() and target.stat().st_size else {}
    return Told(known, {**there, **known}, panel, off)


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
    ignored, own = choices.left_out(str(root)), choices.left_out_by_user()

    def why(path: str) -> Unwanted | None:
        if not ignored.leaves_out(path):
            return None
        if own.leaves_out(path):
            return Unwanted("The configuration leaves it out.", checked=False)
        return Unwanted("The folder's configuration shows it to no model.", checked=True)

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
    told: Told
    around: Surroundings

    async def report(self, began: float) -> Report:
        args, settings = self.args, self.choices.settings
        redactor, tally = keyed(placeholder_key(settings)), Tally()
        limits = Limits(began + args.max_time if args.max_time else None, args.max_tokens)
        async with self._model(limits.deadline) as (supply, trouble):
            await self._indexed(self.around.index)  # which went on meanwhile
            lane = supply.lane if supply is not None else None
            info = lane.model.info if lane is not None else None
            code, excerpts = _rooms(info)
            plan = Plan(self.source, self.around, redactor, code)
            plan.check = limits.check
            plan.is_asked, plan.off = not args.no_model, self.told.off
            plan.languages = _languages(self.told.panel)
            asker = None
            if supply is not None and lane is not None:
                own = journal(settings, self.source, args.paths, resume=args.resume)
                asker = Asker(supply, lane, kept_answers(settings), own, redactor, limits)
                asker.typing = TypingSignal(signal_file())
            jobs = args.jobs or (info.parallel if info is not None else 1)
            ask: Ask = asker if asker is not None else _nobody
            panel = Panel(tuple(self.told.panel), ask, bool(args.judge), excerpts, tally)
            run = Run(panel, redactor, jobs)
            run.stopped = trouble
            with _interruptible(limits), progress(plan, run, asker):
                if args.no_model:
                    await run.past(plan.units())
                else:
                    await run.through(plan.units())
                    if not run.units and not run.is_over:
                        run.stopped = ""  # whoever is not there was not to be asked
            if asker is not None:
                if run.coverage(plan).complete:
                    asker.journal.clear()
                asker.close()
        return report_of(plan, run, self.told, args, info, began)

    # -- what it needs -------------------------------------------------------------------------

    async def _indexed(self, index: Index | None) -> None:
        if index is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.args.index_seconds):
                    await index.settled()

    @asynccontextmanager
    async def _model(self, deadline: float | None) -> AsyncIterator[tuple[Supply | None, str]]:
        """The model, or why there is none, as a sentence; neither if none is wanted."""
        if self.args.no_model:
            yield None, ""
            return
        settings, folder = self.choices.settings, str(self.source.root)
        name = self.args.model or talking(self.choices, folder, "")
        async with supplied(settings, name) as supply:
            try:
                async with asyncio.timeout(deadline and max(deadline - time.monotonic(), 0)):
                    await supply.open()
            except ModelError as error:
                yield None, str(error)
            except TimeoutError:
                yield None, "The model was not ready in the time that it may take (--max-time)."
            else:
                yield supply, ""


def _languages(panel: Sequence[Reviewer]) -> frozenset[str] | None:
    """That any of them looks at; None if one looks at all."""
    if not all(each.languages for each in panel):
        return None
    return frozenset().union(*(each.languages for each in panel))


async def _nobody(_request: ChatRequest) -> Answer:
    raise AssertionError("there is no reviewer to ask")


def _rooms(info: ModelInfo | None) -> tuple[int, int]:
    """How many characters of code and of excerpts a model is shown at once."""
    if info is None:
        return _PLAIN_ROOM, 0
    prompt = room_of(info, _ANSWER).prompt
    code, excerpts = (min(int(prompt * share), most) for share, most in (_CODE, _EXCERPTS))
    return max(code, 500), max(excerpts, 0)


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
