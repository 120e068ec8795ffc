"""What stays beside a configuration that is imported: secrets, and texts with braces."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inglenook.engine.config.files import continue_directory
from inglenook.engine.config.imported import Judged
from inglenook.engine.config.secrets import Secrets, asked_in
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Level, Notice

_MOST_NAMED: Final = 20


def left_behind(
    judged: Judged, made: Value, target: Path, environ: Mapping[str, str]
) -> Notice | None:
    """One notice on the secrets that the new file asks for and would not find as the old one did.

    ``made`` is what the new file says, ``target`` where it will be. No value is in the notice.
    """
    before, after = _secrets(judged.place.directory, environ), _secrets(target.parent, environ)
    names = [name for name in asked_in(made) if before.get(name) not in (None, after.get(name))]
    if not names:
        return None
    named = ", ".join(names[:_MOST_NAMED]) + (" and more" if len(names) > _MOST_NAMED else "")
    text = (
        f"{before.files[0]}: {target} does not look here for these secrets: {named}; "
        f"copy their lines to {after.files[0]}, or set them in the environment"
    )
    return Notice(Level.WARNING, text)


def left_where_they_are(judged: Judged) -> Notice | None:
    """One notice on the files in Markdown that are named, because YAML would fill their text."""
    blocks = judged.written.blocks.values()
    entries = [entry for found in blocks for entry in found if judged.is_literal(entry)]
    files = list(dict.fromkeys(entry.file for entry in entries))
    if not files:
        return None
    named = ", ".join(files[1:_MOST_NAMED]) + (" and more" if len(files) > _MOST_NAMED else "")
    text = (
        f"{files[0]}: its text has ${{{{ … }}}}, which would be filled in YAML; the new file names "
        "this one instead, so keep it where it is"
    )
    return Notice(Level.WARNING, text + (f"; likewise: {named}" if named else ""))


def _secrets(directory: Path, environ: Mapping[str, str]) -> Secrets:
    """Those of a configuration in ``directory``."""
    theirs = continue_directory(environ)
    return Secrets([directory / ".env", *([theirs / ".env"] if theirs else [])], environ)
