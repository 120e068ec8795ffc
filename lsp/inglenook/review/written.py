"""Files that a review writes: reports and baselines."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from inglenook.review.bad_input import BadInput


def check(file: Path) -> None:
    """Raises `BadInput` if a file can certainly not be written, before a review takes its time."""
    if file.is_dir():
        raise BadInput(f"{file} is a directory; name a file in it.")
    directory = file.absolute().parent
    if not directory.is_dir():
        raise BadInput(f"{file} cannot be written: there is no directory {directory.name!a}.")
    goes_through = file.is_symlink() or (file.exists() and not file.is_file())
    if not os.access(file if goes_through and file.exists() else directory, os.W_OK):
        raise BadInput(f"{file} cannot be written: permission denied.")


def write(file: Path, text: str) -> None:
    """All of it or nothing; raises `BadInput`. A link, a pipe or a device stays what it is."""
    try:
        if file.is_symlink() or (file.exists() and not file.is_file()):
            file.write_text(text, encoding="utf-8", newline="\n")
            return
        handle, name = tempfile.mkstemp(prefix=".inglenook-", dir=file.absolute().parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
                out.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.") from None
