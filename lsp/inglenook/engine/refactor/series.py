"""Edits of one document that were written one after another, as one edit, which is judged anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from inglenook.engine.refactor.checks import run_checks
from inglenook.engine.refactor.judging import judging
from inglenook.engine.refactor.wish import Written, refused
from inglenook.engine.refactor.world import Look
from inglenook.engine.settings import Check
from inglenook_context.refactor.edits import Change, applied, in_order

_IMPORT: Final = re.compile(r"\s*(?:from|import)\s")
_FROM: Final = re.compile(r"(\s*from\s+\S+\s+import\s+)(\w+(?:,\s*\w+)*)(\s*)\Z")


@dataclass(frozen=True, slots=True)
class Joined:
    """``changes`` are those of all parts but the ones at the indexes ``dropped``."""

    changes: tuple[Change, ...]
    dropped: tuple[int, ...] = ()


def joined(parts: Sequence[Sequence[Change]]) -> Joined:
    """The changes of all parts, which are for one text.

    What two of them insert at one place, such as imports, is inserted once. A part that overlaps
    an earlier one in any other way is dropped.
    """
    taken: list[Change] = []
    dropped: list[int] = []
    for number, part in enumerate(parts):
        if any(_overlap(each, other) for each in part for other in taken):
            dropped.append(number)
            continue
        for each in part:
            same = next((other for other in taken if _is_at(each, other)), None)
            if same is None:
                taken.append(each)
            else:
                taken[taken.index(same)] = replace(same, new=_both(same.new, each.new))
    return Joined(in_order(taken), tuple(dropped))


def _is_at(one: Change, other: Change) -> bool:
    """Whether both are insertions at one place."""
    return one.start == one.stop == other.start == other.stop


def _overlap(one: Change, other: Change) -> bool:
    if one == other or _is_at(one, other):
        return False
    return one.start < other.stop and other.start < one.stop


def _both(one: str, other: str) -> str:
    """What inserts all that two insertions do; each import, and each name of one, only once."""
    if one.startswith(", ") and other.startswith(", "):  # names, to an import that is there
        return ", ".join(dict.fromkeys((*one.split(", "), *other.split(", "))))
    lines = [each for each in one.splitlines(keepends=True) if each.strip()]
    more = [each for each in other.splitlines(keepends=True) if each.strip()]
    if not all(map(_IMPORT.match, (*lines, *more))):
        return one + other
    for line in more:
        both = [_import(had, line) for had in lines]
        if any(both):
            lines = [new or had for new, had in zip(both, lines, strict=True)]
        elif line not in lines:
            lines.append(line)
    code = one.strip("\r\n")
    head, _, tail = one.partition(code)
    return head + "".join(lines).strip("\r\n") + tail


def _import(one: str, other: str) -> str:
    """One line that imports what two import from the same module; empty if they do not."""
    had, new = _FROM.match(one), _FROM.match(other)
    if had is None or new is None or had[1] != new[1]:
        return ""
    names = dict.fromkeys(re.split(r",\s*", f"{had[2]},{new[2]}"))
    return f"{had[1]}{', '.join(names)}{had[3]}"


async def as_one(
    parts: Sequence[Written],
    title: str,
    notes: Iterable[str],
    *,
    path: str,
    look: Look | None = None,
    checks: Sequence[Check] = (),
    root: Path | None = None,
) -> Written:
    """One edit of at least one part, all for one document; raises `NotOffered`.

    ``notes`` are added to those of the parts. ``checks`` are run on the whole.
    """
    document, before = parts[0].document, str(parts[0].document.text)
    found = joined([each.changes for each in parts])
    kept = [each for number, each in enumerate(parts) if number not in found.dropped]
    ends = [each.target for each in kept]
    target = min(start for start, _ in ends), max(stop for _, stop in ends)
    task, after = replace(parts[0].task, target=target), applied(before, found.changes)
    async with judging(before) as judge:
        judged = await judge.looked_at(after, task, look, path)
    if not judged.verdict.good:
        raise refused(judged.verdict.failures, 1, after)
    said = [*(note for each in kept for note in each.notes), *notes]
    if checks and root is not None:
        checked = await run_checks(checks, root, path, task.language, target, before, after)
        if checked.failures:
            raise refused(checked.failures, 1, after)
        said += checked.notes
    if found.dropped:
        said.append(f"{len(found.dropped)} edits that would overlap others are left out.")
    return replace(
        parts[0],
        document=document,
        task=task,
        changes=judged.changes,
        title=title,
        notes=tuple(dict.fromkeys(said)),
        rounds=max(each.rounds for each in kept),
        notices=tuple(dict.fromkeys(notice for each in kept for notice in each.notices)),
        used=tuple(dict.fromkeys(used for each in kept for used in each.used)),
    )
