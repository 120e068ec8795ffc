"""Drawn edits: the text with ``«`` and ``»`` round what may change, and what came for it."""

from __future__ import annotations

from dataclasses import replace

from inglenook_context.verify.check import verify
from inglenook_context.verify.task import Answers, Purpose, Task, Verdict, World


def judged(
    drawing: str,
    new: str,
    purpose: Purpose = Purpose.EDIT,
    language: str = "python",
    world: World | None = None,
    **of_task: object,
) -> Verdict:
    """The verdict on ``new`` in the place of what is marked; of all if nothing is."""
    head, mark, rest = drawing.partition("«")
    inside, _, tail = rest.partition("»")
    if not mark:
        head, inside, tail = "", drawing, ""
    task = Task(language, (len(head), len(head) + len(inside)), purpose)
    task = replace(task, **of_task)  # type: ignore[arg-type]  # what a test names of a task
    return verify(head + inside + tail, head + new + tail, task, world or Answers())


def checks(verdict: Verdict) -> list[str]:
    return list(dict.fromkeys(failure.check for failure in verdict.failures))
