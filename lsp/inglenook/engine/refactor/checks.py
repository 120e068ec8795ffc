"""The user's own checks of an edit: formatters, linters and tests that only their own file names.

A formatter's work counts as far as it lies in what the edit was allowed to change. A linter reads
the new text; a run of tests, and any command that is to work on places of the folder, has it in a
copy of the folder: nothing is written in the user's own tree. What is said of the text before the
edit too is no failure of the edit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inglenook.engine.refactor.check_output import news, reason
from inglenook.engine.refactor.check_places import (
    Heard,
    Place,
    copy_of,
    encoded,
    in_copy,
    on_text,
    works_in_folder,
)
from inglenook.engine.refactor.check_program import NotRun
from inglenook.engine.settings import Check, CheckKind
from inglenook_context.refactor.edits import applied
from inglenook_context.verify.minimal import minimal
from inglenook_context.verify.task import Failure

_AT_ONCE: Final = 2  # linters, each of which reads two texts
_ROOM: Final = 1 << 20  # bytes by which a formatter may make a text longer


@dataclass(frozen=True, slots=True)
class Checked:
    """``text`` is the text after the edit as formatters left it. ``failures`` and ``notes`` begin
    with a check's name and may hold lines of the user's code: they belong into no log."""

    text: str = field(repr=False)
    failures: tuple[Failure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    failure: Failure | None = None
    note: str = ""


async def run_checks(
    checks: Sequence[Check],
    root: Path,
    path: str,
    language: str,
    target: tuple[int, int],
    before: str,
    after: str,
) -> Checked:
    """What the checks for ``language`` say of the edit that made ``after`` of ``before`` by
    changing ``target`` (code points of ``before``) of the file ``path`` below ``root``.

    Cancelling it ends every program.
    """
    place, of = Place(root, path), _by_kind(checks, language)
    text, notes = after, []
    for check in of[CheckKind.FORMAT]:
        text, note = await _formatted(check, place, before, text, target)
        notes.append(note)
    slots = asyncio.Semaphore(_AT_ONCE)
    async with asyncio.TaskGroup() as group:
        linting = [
            group.create_task(_linted(check, place, before, text, slots))
            for check in of[CheckKind.LINT]
        ]
    found = [task.result() for task in linting]
    for check in of[CheckKind.TEST]:  # which take longest
        if not any(each.failure for each in found):
            found.append(await _in_copy(check, place, before, text))
    notes += [each.note for each in found]
    failures = tuple(each.failure for each in found if each.failure)
    return Checked(text, failures, tuple(note for note in notes if note))


def _by_kind(checks: Sequence[Check], language: str) -> dict[CheckKind, list[Check]]:
    found: dict[CheckKind, list[Check]] = {kind: [] for kind in CheckKind}
    for check in checks:
        if check.is_for(language):
            found[check.kind].append(check)
    return found


# -- formatters ------------------------------------------------------------------------------------


async def _formatted(
    check: Check, place: Place, before: str, after: str, target: tuple[int, int]
) -> tuple[str, str]:
    """``after`` as a formatter leaves it within the target, and what there is to say."""
    try:
        made = await _made(check, place, after)
    except NotRun as error:
        return after, f"{check.name}: {error}, so the edit is not formatted."
    stop = len(after) - (len(before) - target[1])
    text = await asyncio.to_thread(_within, after, made, target[0], stop)
    if text is None:
        return after, f"{check.name}: its changes reach beyond the edit, which is not formatted."
    return text, ""


async def _made(check: Check, place: Place, text: str) -> str:
    """What a formatter makes of a text: on its stdout, or of the file that it was given."""
    most = len(encoded(text)) + _ROOM
    if works_in_folder(check):
        async with copy_of(place) as folder:
            heard = await in_copy(check, place, folder, text, old=False, most=most)
    else:
        heard = await on_text(check, place, text, most)
    if heard.ran.code is None:
        raise NotRun(f"it took longer than {check.seconds:g} s")
    if heard.ran.code:
        raise NotRun(f"it ended with exit code {heard.ran.code}")
    if heard.ran.cut or len(heard.data) > most:
        raise NotRun("what it made is far too long")
    try:
        made = heard.data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotRun("what it made is not UTF-8") from None
    if text.strip() and not made.strip():
        raise NotRun("it made nothing")
    return made


def _within(text: str, made: str, start: int, stop: int) -> str | None:
    """``text`` with those changes that lie from ``start`` to ``stop``; None if one lies across."""
    kept = []
    for change in minimal(text, made):
        if start <= change.start and change.stop <= stop:
            kept.append(change)
        elif change.start < stop and change.stop > start:
            return None
    return applied(text, tuple(kept))


# -- linters and tests -----------------------------------------------------------------------------


async def _linted(
    check: Check, place: Place, before: str, after: str, slots: asyncio.Semaphore
) -> _Said:
    async with slots:
        if works_in_folder(check):
            return await _in_copy(check, place, before, after)
        earlier = asyncio.create_task(on_text(check, place, before))
        try:
            heard = await on_text(check, place, after)
            return _judged(check, heard, None if heard.ran.code in (0, None) else await earlier)
        except NotRun as error:
            return _failed(check, f"{error}.")
        finally:
            earlier.cancel()
            await asyncio.gather(earlier, return_exceptions=True)


async def _in_copy(check: Check, place: Place, before: str, after: str) -> _Said:
    try:
        async with copy_of(place) as folder:
            heard = await in_copy(check, place, folder, after, old=False)
            if heard.ran.code in (0, None):
                return _judged(check, heard, None)
            return _judged(check, heard, await in_copy(check, place, folder, before, old=True))
    except NotRun as error:
        return _failed(check, f"{error}.")


def _judged(check: Check, heard: Heard, earlier: Heard | None) -> _Said:
    """What failed, if it is the edit that failed. ``earlier`` is what was said without it."""
    if heard.ran.code == 0:
        return _Said()
    if heard.ran.code is None or earlier is None:
        return _failed(check, f"it took longer than {check.seconds:g} s and was ended.")
    new = news(heard.lines, earlier.lines)
    if earlier.ran.code and not new:
        return _Said(note=f"{check.name}: it fails without the edit too, and says the same.")
    said = reason(check.name, new or heard.lines, tests=check.kind is CheckKind.TEST)
    return _Said(Failure(check.name, said))


def _failed(check: Check, why: str) -> _Said:
    return _Said(Failure(check.name, f"{check.name}: {why}"))
