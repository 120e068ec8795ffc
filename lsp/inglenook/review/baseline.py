"""Findings that a team knows of: a file of their fingerprints, to be told only what is new.

The file is made to be kept in a repository: sorted, one finding a line, without times and paths of
a machine. Its messages are for readers; only fingerprints count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.review.bad_input import BadInput
from inglenook.review.scope import Scope
from inglenook.review.suppressions import GUARD
from inglenook.review.values import Finding, Known

_FORMAT: Final = 1
_LARGEST: Final = 64 << 20  # bytes
_KEYS: Final = ("fingerprint", "anywhere", "rule", "path", "message")


def read(file: Path) -> dict[str, Known]:
    """The known findings by their fingerprints; raises `BadInput`."""
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
    found: dict[str, Known] = {}
    for each in listed:
        if not isinstance(each, dict) or not all(isinstance(each.get(key), str) for key in _KEYS):
            raise BadInput(f"{file} has an entry that is no finding; make it anew.")
        found[each["fingerprint"]] = Known(*(each[key] for key in _KEYS))
    return found


@dataclass(frozen=True, slots=True)
class Parted:
    """Findings that are ``new`` and those that are ``old``; of what is known ``met`` was found."""

    new: tuple[Finding, ...]
    old: tuple[Finding, ...]
    met: frozenset[str]


def parted(
    findings: Iterable[Finding], known: Mapping[str, Known], is_there: Callable[[str], bool]
) -> Parted:
    """What is known is known by its fingerprint, or, once its file is not there any more, wherever
    the same stands now: each once. What guards the review is always new: whoever writes the code
    could write a baseline, too."""
    found = tuple(findings)
    known = {name: each for name, each in known.items() if not each.rule.startswith(GUARD)}
    met = {each.fingerprint for each in found if each.fingerprint in known}
    moved: dict[str, list[str]] = {}
    for each in known.values():
        if each.fingerprint not in met and not is_there(each.path):
            moved.setdefault(each.anywhere, []).append(each.fingerprint)
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in found:
        if finding.fingerprint in known:
            old.append(finding)
        elif finding.anywhere and (names := moved.get(finding.anywhere)):
            met.add(names.pop())
            old.append(finding)
        else:
            new.append(finding)
    return Parted(tuple(new), tuple(old), frozenset(met))


def missing(
    met: Collection[str], known: Mapping[str, Known], scope: Scope | None
) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """Of what is known and was not met: what is gone, and what nobody looked for. Without a scope
    nothing is gone: the review did not come to its end."""
    gone: list[Known] = []
    kept: list[Known] = []
    for each in sorted(known.values(), key=lambda each: (each.path, each.fingerprint)):
        if each.fingerprint not in met:
            (gone if scope is not None and scope.holds(each) else kept).append(each)
    return tuple(gone), tuple(kept)


def text_of(findings: Iterable[Finding | Known]) -> str:
    """What a baseline file holds."""
    rows = sorted(
        {
            json.dumps({key: getattr(each, key) for key in _KEYS}, ensure_ascii=True)
            for each in findings
            if not each.rule.startswith(GUARD)
        }
    )
    lines = ",\n".join(f"    {row}" for row in rows)
    body = f"[\n{lines}\n  ]" if rows else "[]"
    return f'{{\n  "inglenook-baseline": {_FORMAT},\n  "findings": {body}\n}}\n'
