"""What is reviewed, and where it is read: changes of a repository, a diff, or files as they are.

A `Source` lists its files without their texts and reads one at a time, so that a whole tree needs
no more memory than its largest file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from inglenook.review.values import Changed, Hunk, Skipped
from inglenook.workspace.languages import is_minified
from inglenook_context.languages import STRUCTURE, language_of

_NO_PROGRAM: Final = {None, *STRUCTURE, "scss"}
UNREAD: Final = "It cannot be read, or is larger than 2 MB."
NO_TEXT: Final = "It is no text."


def unread(path: str, why: str) -> Skipped:
    """A file that was to be reviewed and cannot be. Source text is missed then, or a large comment
    would hide what stands behind it; pictures and the like are nobody's to review."""
    return Skipped(path, why, missed=language_of(path) is not None)


def is_program(path: str) -> bool:
    """Whether a file is source text that a model looks through when it is asked for a folder."""
    name = path.rpartition("/")[2]
    return language_of(name) not in _NO_PROGRAM and not is_minified(name)


@dataclass(frozen=True, slots=True)
class Listed:
    """One file without its texts. ``old`` and ``new`` are names of blobs, empty for what is not
    there or lies in the work tree. ``secret``: by its name it holds secrets, and only what needs no
    model may look at it. ``unshown``: the same by the wish of the folder's files, as a sentence.
    ``whole``: the user asked for the file, not for a change of it."""

    path: str
    hunks: tuple[Hunk, ...] = ()
    old_path: str | None = None
    old: str = ""
    new: str = ""
    deleted: bool = False
    secret: bool = False
    unshown: str = ""
    whole: bool = False


class Source(Protocol):
    """``subject`` says in a few words what is reviewed; ``below`` are the directories of which all
    source files are, "" for the root."""

    @property
    def root(self) -> Path: ...

    @property
    def subject(self) -> str: ...

    @property
    def below(self) -> Sequence[str]: ...

    @property
    def listed(self) -> Sequence[Listed]: ...

    @property
    def skipped(self) -> Sequence[Skipped]: ...

    def read(self, listed: Listed) -> Changed | Skipped:
        """One file with its texts; for a thread, one at a time."""
        ...

    def beside(self, path: str) -> bytes | None:
        """A file as it is on the side that is reviewed, whether it has changed or not; None if
        there is none, or it is larger than `LARGEST`."""
        ...

    def has(self, path: str) -> bool:
        """Whether there is such a file on that side."""
        ...

    def close(self) -> None: ...


class Unwanted(NamedTuple):
    """Why no model is shown a file, as a sentence. It is ``checked`` all the same if nobody but the
    folder says so: a change could take itself out of the review."""

    reason: str
    checked: bool


LeftOut = Callable[[str], Unwanted | None]
_WANTED: Final = Unwanted("", checked=True)


def unwanted(left_out: LeftOut, *paths: str | None) -> Unwanted:
    """Why a file is not shown that has these names, now and before; without a reason if it is."""
    return next((why for each in paths if each and (why := left_out(each))), _WANTED)


LARGEST = 2 << 20  # bytes of a file that is reviewed
ODD_NAME = "Its name cannot be shown."


def text_of(data: bytes) -> str | None:
    """What is reviewed of a file; None if it is no text."""
    if b"\0" in data[:8_192]:
        return None
    return data.decode("utf-8", "replace")
