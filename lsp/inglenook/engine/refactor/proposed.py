"""An edit whose text is there already, such as code of a chat: put in place and checked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from inglenook.engine.refactor.code_form import code_form
from inglenook.engine.refactor.form import Form, Put
from inglenook.engine.refactor.judging import judging
from inglenook.engine.refactor.parsed import parsed
from inglenook.engine.refactor.trial import Means, Said, Trial
from inglenook.engine.refactor.wish import NotOffered, Wish, check_paths
from inglenook.engine.session import Session
from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change
from inglenook_context.verify.task import Task

# Longer than any that code has, so that nothing in the code ends it.
_FENCE: Final = "~" * 80


@dataclass(frozen=True, slots=True)
class Proposed:
    """A text that passed every check; ``changes`` are minimal, in order, and for ``document``."""

    document: Document
    task: Task
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


async def proposed(session: Session, wish: Wish, code: str, means: Means) -> Proposed:
    """Raises `NotOffered`. No model is asked.

    Who proposes a text sees what it changes before it is applied, so a signature may change and
    code may go; what does not parse, or makes a name up, is refused as it is of a model.
    """
    document = wish.document
    path = session.path(document.uri)
    check_paths((path, *wish.paths))
    syntax = await parsed(session, document)
    form = _freely(await asyncio.to_thread(code_form, wish, syntax))
    before = str(document.text)
    async with judging(before) as judge:
        trial = Trial(form, before, path, {}, judge, means)
        tried = await trial.of(Said(f"{_FENCE}\n{code}\n{_FENCE}"))
    if tried.task is None:
        names = ", ".join(dict.fromkeys(each.check for each in tried.failures))
        reasons = " ".join(dict.fromkeys(each.reason for each in tried.failures[:3]))
        said = f"This code is not put there: it fails the check of {names}. {reasons}"
        raise NotOffered(said, tried.failures)
    return Proposed(document, tried.task, tried.changes, tried.notes)


def _freely(form: Form) -> Form:
    def put(answer: str) -> Put:
        made = form.put(answer)
        task = replace(made.task, signature_may_change=True, may_remove=True, may_empty=True)
        return replace(made, task=task)

    return replace(form, put=put)
