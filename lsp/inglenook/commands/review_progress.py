"""A bar on a terminal's standard error while a review asks; it leaves nothing behind."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from inglenook.review.asker import Asker
from inglenook.review.plan import Plan
from inglenook.review.progress import Progress
from inglenook.review.review import Run


@contextlib.contextmanager
def progress(plan: Plan, run: Run, asker: Asker | None) -> Iterator[None]:
    if asker is None or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} pieces {task.fields[left]}"),
    )
    began = time.monotonic()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reviewing", total=0, left="")

        def told() -> None:
            listed = len(plan.source.listed)
            seconds = time.monotonic() - began
            now = Progress(run.done, run.paid, run.units, plan.begun, listed, seconds)
            bar.update(task, completed=now.done, total=now.total, left=now.words())

        def waiting(is_waiting: bool) -> None:
            bar.update(task, description="Waiting for the editor" if is_waiting else "Reviewing")

        run.told, asker.waiting = told, waiting
        yield
