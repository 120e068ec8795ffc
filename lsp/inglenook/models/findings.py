"""What probes found, kept from one start to the next: a small file for each model and backend.

The key is the digest of the weights and the version of the backend, so a model that changes is
probed again. Any file may vanish or be damaged; then the model is probed again, too.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from inglenook.file_lock import Lock, take
from inglenook.models.bodies import count, mapping, number, objects, text
from inglenook.models.model import Fill, ModelInfo, Way
from inglenook.models.probe import Finding, Tried
from inglenook.models.render import Layout
from inglenook.models.templates import TEMPLATES
from inglenook.private import is_private

_FORMAT: Final = 1
_MOST_BYTES: Final = 64 * 1024
_MOST_FILES: Final = 200
_DAY: Final = 86_400.0
# A backend that tells no digest can have another model under the name by tomorrow.
_MOST_SECONDS_BY_NAME: Final = _DAY


def load(directory: Path, info: ModelInfo) -> Finding | None:
    """What was found for this model, or None. Never raises."""
    file = _file(directory, info)
    try:
        with open(file, "rb", opener=_opened) as opened:
            status = os.fstat(opened.fileno())
            age = time.time() - status.st_mtime
            known = info.identified or 0 <= age < _MOST_SECONDS_BY_NAME
            if not known or not is_private(status):
                return None
            body = json.loads(opened.read(_MOST_BYTES))
        return _finding(body)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _opened(path: str, flags: int) -> int:
    """Open a file of our own: no link, and nothing whose opening waits for somebody."""
    more = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | more)


def claim(directory: Path, info: ModelInfo) -> Lock | None:
    """The right to probe a model, which one process has at a time; None if another has it."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return take(_file(directory, info).with_suffix(".lock"))
    except OSError:
        return None


def save(directory: Path, info: ModelInfo, finding: Finding) -> None:
    """Keep a finding; silently not, where nothing can be written. Never raises."""
    import tempfile  # costs a few milliseconds, and only a probe saves anything

    body = {"format": _FORMAT, "model": info.name, "backend": info.backend} | asdict(finding)
    file = _file(directory, info)
    with contextlib.suppress(OSError):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=directory, prefix=".probe-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(body, out)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _tidy(directory)


def _file(directory: Path, info: ModelInfo) -> Path:
    digest = blake2b(digest_size=16)
    for part in (info.backend, info.version, info.digest):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return directory / f"{digest.hexdigest()}.json"


def _tidy(directory: Path) -> None:
    files = sorted(directory.glob("*.json"), key=lambda file: file.stat().st_mtime)
    for file in files[:-_MOST_FILES]:
        file.unlink(missing_ok=True)


def _finding(body: Any) -> Finding:
    """The finding in a JSON value; raises for what is none."""
    if body["format"] != _FORMAT:
        raise ValueError("another format")
    told = {key: body[key] for key in ("confirmed", "complete")}
    if not all(isinstance(value, bool) for value in told.values()):
        raise TypeError("not a truth value")
    reuses = body["reuses"]
    return Finding(
        way=_way(mapping(body, "way")),
        confirmed=told["confirmed"],
        complete=told["complete"],
        tried=tuple(
            Tried(_way(mapping(each, "way")), tuple(map(bool, each["answers"])))
            for each in objects(body, "tried")
        ),
        context_tokens=count(body, "context_tokens") or 0,
        reuses=reuses if isinstance(reuses, bool) else None,
        evaluated=count(body, "evaluated"),
        first_token=number(body, "first_token"),
        prompt_per_second=number(body, "prompt_per_second"),
        predicted_per_second=number(body, "predicted_per_second"),
    )


def _way(body: dict[str, Any]) -> Way:
    way = Way(Fill(text(body, "fill")), text(body, "family"), Layout(text(body, "layout")))
    if way.fill is Fill.TEMPLATE and way.family not in TEMPLATES:
        raise ValueError("a family that this version does not know")
    return way
