"""An answer on trial: put in its place, judged, and run through the user's own checks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from inglenook.engine.refactor.checks import run_checks
from inglenook.engine.refactor.form import Form, Put, Unusable
from inglenook.engine.refactor.judging import Judge
from inglenook.engine.refactor.secrets_back import left_over, restored
from inglenook.engine.refactor.world import Look
from inglenook.engine.settings import Check
from inglenook.models.model import Timings
from inglenook_context.refactor.edits import Change
from inglenook_context.verify.task import Failure, Task


@dataclass(frozen=True, slots=True)
class Means:
    """What is outside the file (``look``), and the user's own checks, which run in ``root``."""

    checks: tuple[Check, ...] = ()
    root: Path | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a model answered; ``limited``: it was cut."""

    text: str = field(repr=False)
    limited: bool = False
    timings: Timings | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of an answer: changes that passed, or what failed."""

    after: str = field(repr=False)
    task: Task | None = None
    changes: tuple[Change, ...] = ()
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """``hidden`` are the secrets that the model was shown placeholders of."""

    form: Form
    before: str = field(repr=False)
    path: str
    hidden: Mapping[str, str] = field(repr=False)
    judge: Judge
    means: Means

    async def of(self, said: Said) -> Tried:
        if said.limited:
            reason = "The answer reached the limit of tokens that it may have."
            return _failed("", Failure("truncated", reason))
        try:
            put, lost = await asyncio.to_thread(self._put, said.text)
        except Unusable as error:
            return _failed("", Failure("answer", str(error)))
        if lost:
            return _failed(put.after, *lost)
        return await self._judged(put)

    def _put(self, answer: str) -> tuple[Put, tuple[Failure, ...]]:
        """The answer in its place, and what forbids that it is left there; for a thread."""
        put = self.form.put(restored(answer, self.hidden) if self.form.is_code else answer)
        return put, left_over(self.before, put.after) if put.after != self.before else ()

    async def _judged(self, put: Put) -> Tried:
        path, means = self.path, self.means
        judged = await self.judge.looked_at(put.after, put.task, means.look, path)
        if not judged.verdict.good:
            return _failed(put.after, *judged.verdict.failures)
        notes = judged.verdict.notes
        if means.checks and means.root is not None:
            task = put.task
            checked = await run_checks(
                means.checks,
                means.root,
                path,
                task.language,
                task.target,
                self.before,
                put.after,
            )
            if checked.failures:
                return _failed(put.after, *checked.failures)
            notes = (*notes, *checked.notes)
            if checked.text != put.after:  # a formatter's work is judged like a model's
                put = replace(put, after=checked.text)
                judged = await self.judge.looked_at(put.after, task, means.look, path)
                if not judged.verdict.good:
                    return _failed(put.after, *judged.verdict.failures)
        return Tried(put.after, put.task, judged.changes, (), notes)


def _failed(after: str, *failures: Failure) -> Tried:
    return Tried(after, failures=failures)
