"""The process that judges edits. Texts come in, verdicts go out; it knows no files and no network.

A text can be one on which a parser stalls or crashes, and judging a long one takes longer than
the event loop, or the interpreter's lock, may be held. On stdin and stdout are frames
(`inglenook.workspace.child`) of JSON: first the text before the edit; then, for each text after it
and its task, a question without ``known`` for what has to be looked up, and one with it for the
verdict. Nothing else is ever written anywhere.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from inglenook.workspace.child import die_with, read_frame, silence, write_frame
from inglenook_context.verify.check import verify
from inglenook_context.verify.imports import imports_of
from inglenook_context.verify.minimal import minimal
from inglenook_context.verify.task import Answers, Purpose, Task, Wanted


def main() -> None:
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    silence()
    die_with(int(sys.argv[1]))
    begun = read_frame(stdin)
    if begun is None:
        return
    before = json.loads(begun)["before"]
    while (question := read_frame(stdin)) is not None:
        write_frame(stdout, json.dumps(answer(before, json.loads(question))).encode())
        stdout.flush()


def answer(before: str, question: dict[str, Any]) -> dict[str, Any]:
    after, task, known = question["after"], task_of(question["task"]), question.get("known")
    if known is None:
        return {"wanted": [[each.module, each.name] for each in imports_of(before, after, task)]}
    answers = Answers({Wanted(module, name): has for module, name, has in known})
    verdict = verify(before, after, task, answers)
    changes = minimal(before, after) if verdict.good else ()
    return {
        "failures": [[each.check, each.reason] for each in verdict.failures],
        "notes": list(verdict.notes),
        "changes": [[each.start, each.stop, each.new] for each in changes],
    }


def task_of(told: dict[str, Any]) -> Task:
    return Task(
        told["language"],
        (told["target"][0], told["target"][1]),
        Purpose(told["purpose"]),
        told["signature_may_change"],
        told["defaults_may_change"],
        told["may_remove"],
        told["may_empty"],
    )


def as_told(task: Task) -> dict[str, Any]:
    """What `task_of` reads. (The names of computed refactors are not among what a model writes.)"""
    return {
        "language": task.language,
        "target": list(task.target),
        "purpose": task.purpose.value,
        "signature_may_change": task.signature_may_change,
        "defaults_may_change": task.defaults_may_change,
        "may_remove": task.may_remove,
        "may_empty": task.may_empty,
    }


if __name__ == "__main__":
    main()
