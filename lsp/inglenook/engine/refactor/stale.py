"""A place in a text, looked for in what the text became meanwhile."""

from __future__ import annotations

from inglenook_context.refactor.edits import Change
from inglenook_context.verify.minimal import minimal


def followed(old: str, new: str, start: int, stop: int) -> tuple[int, int] | None:
    """Where the characters from ``start`` to ``stop`` are now; None if something of them, or
    right beside them, was changed. For a thread.

    Whole lines that came or went above the line that ``start`` begins are not beside them.
    """
    by = 0
    for edit in minimal(old, new):
        if edit.stop < start or (edit.stop == start and _are_lines(old, edit)):
            by += len(edit.new) - (edit.stop - edit.start)
        elif edit.start <= stop:
            return None
    return start + by, stop + by


def _are_lines(old: str, edit: Change) -> bool:
    """Whether what follows an edit began a line and still does."""
    had = old[max(edit.stop - 1, 0) : edit.stop]
    got = edit.new[-1:] or old[max(edit.start - 1, 0) : edit.start]
    return all(not each or each in "\r\n" for each in (had, got))
