"""Who looks at the code: declarative files, those of this package and the user's own.

The user's lie in ``reviewers`` beside their configuration; one of the same name replaces ours. A
workspace adds none and switches none off: it is what is reviewed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml

from inglenook.review.bad_input import BadInput
from inglenook.review.values import Reviewer, Rule, Severity
from inglenook_context.languages import LANGUAGES

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_KEYS: Final = frozenset({"name", "title", "prompt", "rules", "languages"})
_RULE_KEYS: Final = frozenset({"id", "description", "severity"})
_RESERVED: Final = frozenset({"code", "review"})  # of the checks that ask no model
_LONGEST: Final = 4_000  # characters of a prompt
_LARGEST: Final = 64 * 1024  # bytes of a file
_MOST: Final = 50  # rules of one reviewer, and files of the user


class BadReviewer(BadInput):
    """What is wrong with a reviewer's file or name, in one sentence for the user."""


def reviewers(directory: Path | None = None) -> tuple[Reviewer, ...]:
    """All that there are, in the order in which they are asked: ours first. ``directory`` has the
    user's own."""
    found = {each.name: each for each in _ours()}
    for file in _users(directory):
        try:
            data = file.read_bytes()[: _LARGEST + 1]
        except OSError as error:
            raise BadReviewer(f"{file} cannot be read: {error.strerror}.") from None
        each = _read(data, str(file))
        found[each.name] = each
    return tuple(found.values())


def chosen(
    every: Sequence[Reviewer], only: Collection[str] = (), without: Collection[str] = ()
) -> tuple[Reviewer, ...]:
    """Those that look. Without ``only`` all look that are not among ``without``."""
    found = {each.name: each for each in every}
    for name in (*only, *without):
        if name not in found:
            raise BadReviewer(f"There is no reviewer {name!a}; there are: {', '.join(found)}.")
    names = [name for name in found if (not only or name in only) and name not in without]
    if not names:
        raise BadReviewer("No reviewer is left: name one with --reviewers.")
    return tuple(found[name] for name in names)


# Of what we wrote ourselves; it takes a tenth of the time, and is not in every build of PyYAML.
_QUICK: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OURS: Final = ("correctness", "security", "concurrency", "api", "tests", "readability")


def _ours() -> Iterable[Reviewer]:
    here = files("inglenook.review") / "reviewers"
    return [_read((here / f"{name}.yaml").read_bytes(), f"{name}.yaml", _QUICK) for name in _OURS]


def _users(directory: Path | None) -> list[Path]:
    if directory is None or not directory.is_dir():
        return []
    found = sorted(each for each in directory.iterdir() if each.suffix in (".yaml", ".yml"))
    if len(found) > _MOST:
        raise BadReviewer(f"{directory} has more than {_MOST} reviewers.")
    return found


def _read(data: bytes, source: str, loader: Any = yaml.SafeLoader) -> Reviewer:
    if len(data) > _LARGEST:
        raise BadReviewer(f"{source} is larger than {_LARGEST // 1024} KB.")
    try:
        said = yaml.load(data, loader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        raise BadReviewer(f"{source} is no YAML.") from None
    entry = _mapping(said, _KEYS, source)
    name = _text(entry, "name", source)
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise BadReviewer(
            f"{source}: name must be small letters, digits and hyphens, and not "
            f"{' or '.join(sorted(_RESERVED))}."
        )
    listed = entry.get("rules")
    if not isinstance(listed, list) or not 1 <= len(listed) <= _MOST:
        raise BadReviewer(f"{source}: rules must be a list of 1 to {_MOST} rules.")
    rules = tuple(_rule(each, name, source) for each in listed)
    if len({each.id for each in rules}) < len(rules):
        raise BadReviewer(f"{source}: two rules have the same id.")
    languages = entry.get("languages", [])
    if not isinstance(languages, list) or not all(isinstance(each, str) for each in languages):
        raise BadReviewer(f"{source}: languages must be a list of language identifiers.")
    for each in languages:
        if each not in LANGUAGES:
            known = ", ".join(sorted(LANGUAGES))
            raise BadReviewer(f"{source}: the language {each!a} is not known; there are: {known}.")
    title = _text(entry, "title", source)
    return Reviewer(
        name, title, _text(entry, "prompt", source), rules, frozenset(languages), source
    )


def _rule(said: object, reviewer: str, source: str) -> Rule:
    entry = _mapping(said, _RULE_KEYS, source)
    name = _text(entry, "id", source)
    if not _NAME.fullmatch(name):
        raise BadReviewer(f"{source}: the id {name!a} must be small letters, digits and hyphens.")
    level = _text(entry, "severity", source)
    if level not in (words := [each.word for each in Severity]):
        raise BadReviewer(f"{source}: the severity of {name} must be {', '.join(words)}.")
    return Rule(f"{reviewer}/{name}", _text(entry, "description", source), Severity[level.upper()])


def _mapping(said: object, keys: frozenset[str], source: str) -> Mapping[str, Any]:
    if not isinstance(said, dict) or not all(isinstance(key, str) for key in said):
        raise BadReviewer(f"{source}: expected keys and values: {', '.join(sorted(keys))}.")
    for key in said:
        if key not in keys:
            raise BadReviewer(
                f"{source}: {key!a} is not known; there are: {', '.join(sorted(keys))}."
            )
    return said


def _text(entry: Mapping[str, Any], key: str, source: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadReviewer(f"{source}: {key} must be a text.")
    if len(value) > _LONGEST:
        raise BadReviewer(f"{source}: {key} is longer than {_LONGEST} characters.")
    return value.strip()
