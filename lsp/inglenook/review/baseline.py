"""Findings that a team knows of: a file of their fingerprints, to be told only what is new.

The file is made to be kept in a repository: sorted, one finding a line, without times and paths of
a machine. Its messages are for readers; only fingerprints count.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from inglenook.review.bad_input import BadInput
from inglenook.review.values import Finding

_FORMAT: Final = 1
_LARGEST: Final = 64 << 20  # bytes
_KEYS: Final = ("fingerprint", "rule", "path", "message")


def read(file: Path) -> dict[str, str]:
    """The messages of known findings by their fingerprints; raises `BadInput`."""
    try:
        if file.stat().st_size > _LARGEST:
            raise BadInput(f"{file} is larger than {_LARGEST >> 20} MB.")
        told = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BadInput(f"There is no baseline {file}; --write-baseline makes one.") from None
    except (OSError, ValueError, RecursionError):
        raise BadInput(f"{file} cannot be read as a baseline.") from None
    listed = told.get("findings") if isinstance(told, dict) else None
    if not isinstance(listed, list) or told.get("inglenook-baseline") != _FORMAT:
        raise BadInput(f"{file} is no baseline of this version; --write-baseline makes one.")
    found: dict[str, str] = {}
    for each in listed:
        if not isinstance(each, dict) or not all(isinstance(each.get(key), str) for key in _KEYS):
            raise BadInput(f"{file} has an entry that is no finding; make it anew.")
        found[each["fingerprint"]] = f"{each['path']}: {each['message']}"
    return found


def parted(
    findings: Iterable[Finding], known: Mapping[str, str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[tuple[str, str], ...]]:
    """New findings, known ones, and what is known and was not found any more."""
    new: list[Finding] = []
    old: list[Finding] = []
    for each in findings:
        (old if each.fingerprint in known else new).append(each)
    there = {each.fingerprint for each in old}
    fixed = sorted((name, said) for name, said in known.items() if name not in there)
    return tuple(new), tuple(old), tuple(fixed)


def text_of(findings: Iterable[Finding]) -> str:
    """What a baseline file holds."""
    rows = sorted(
        json.dumps({key: getattr(each, key) for key in _KEYS}, ensure_ascii=True)
        for each in findings
    )
    lines = ",\n".join(f"    {row}" for row in rows)
    body = f"[\n{lines}\n  ]" if rows else "[]"
    return f'{{\n  "inglenook-baseline": {_FORMAT},\n  "findings": {body}\n}}\n'


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
