"""Files that a review writes: reports and baselines."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from inglenook.review.bad_input import BadInput


def check(file: Path, root: Path) -> None:
    """Raises `BadInput` if a file can certainly not be written, before a review takes its time.

    ``root`` is that of the files that are reviewed: a link that is one of them leads nowhere else.
    """
    if file.is_dir():
        raise BadInput(f"{file} is a directory; name a file in it.")
    directory = file.absolute().parent
    if not directory.is_dir():
        raise BadInput(f"{file} cannot be written: there is no directory {directory.name!a}.")
    place, top = Path(os.path.realpath(file)), Path(os.path.realpath(root))
    named = Path(os.path.normpath(file.absolute()))
    names = (named, Path(os.path.realpath(named.parent)) / named.name)
    if top not in place.parents and any(top in each.parents for each in names):
        raise BadInput(f"{file} is a link out of what is reviewed; name another file.")
    goes_through = file.is_symlink() or (file.exists() and not file.is_file())
    if not os.access(file if goes_through and file.exists() else directory, os.W_OK):
        raise BadInput(f"{file} cannot be written: permission denied.")


def write(file: Path, text: str) -> None:
    """All of it or nothing; raises `BadInput`. A link, a pipe or a device stays what it is, and a
    file keeps its mode."""
    try:
        if file.is_symlink() or (file.exists() and not file.is_file()):
            file.write_text(text, encoding="utf-8", newline="\n")
            return
        beside = file.absolute().parent / f".inglenook-{secrets.token_hex(4)}"
        mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o666
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
                if file.exists():
                    beside.chmod(mode)  # of which the user's mask may have left less
                out.write(text)
            beside.replace(file)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.") from None
