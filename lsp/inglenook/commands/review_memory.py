"""What a review remembers from run to run: answers, and the key of its placeholders."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence

from inglenook.engine.settings import Settings
from inglenook.private import Unusable, is_private, own
from inglenook.review.kept import Kept, digest
from inglenook.review.source import Source


def kept_answers(settings: Settings) -> Kept:
    """What was answered in any review."""
    where = settings.cache_dir
    return Kept(where / "review" if where is not None else None)


def journal(settings: Settings, source: Source, paths: Sequence[str], *, resume: bool) -> Kept:
    """What this very review was answered; it is begun anew unless it is to go on."""
    name = digest(str(source.root), source.subject, *paths).hex()[:16]
    found = Kept(settings.state_dir / "review" / name)
    if not resume:
        found.clear()
    return found


def placeholder_key(settings: Settings) -> bytes:
    """The same in each run; another one where none can be kept."""
    file = settings.state_dir / "review" / "key"
    with contextlib.suppress(OSError, Unusable):
        if own(file.parent):
            if file.is_file() and is_private(file.lstat()):
                return file.read_bytes()[:16].ljust(16, b"\0")
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
            with os.fdopen(os.open(file, flags, 0o600), "wb") as out:
                out.write(key := os.urandom(16))
            return key
    return os.urandom(16)
