"""What a team does not want to be told: comments in the code, and a file of the workspace.

    total = a / b  # inglenook: ignore[correctness/missing-case] b is checked above until=2027-01-01

A comment of its own line speaks of the next line of code. A rule may be a reviewer's name, which
means all of its rules. A reason is required; after its date a suppression counts no more. The same
in ``.inglenook/suppressions.yaml``, with ``paths``. Rules that guard the review itself
(``review/``) cannot be suppressed: whoever writes the code would write that too. Whoever calls the
review can: ``--without review/injection``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

import yaml

from inglenook.review.scope import Scope
from inglenook.review.values import Finding, Suppressed
from inglenook_context.languages import language_of

FILE: Final = ".inglenook/suppressions.yaml"
_LARGEST: Final = 256 * 1024  # bytes of the file
_MOST: Final = 5_000  # suppressions
GUARD: Final = "review/"  # of rules that nobody who writes the code can switch off
_COMMENT: Final = re.compile(
    r"(?:\#|//|/\*|--|;|%|<!--)\s*inglenook:\s*ignore\b(?:\[([^\]\n]{0,400})\])?([^\n]{0,400})"
)
# What lines of comments begin with. A line of C may begin with `*p`, `--n` or `#define`.
_SLASHES: Final = ("//", "/*", "* ", "*/")
_ANY_SIGN: Final = ("#", *_SLASHES, "--", "; ", ";;", "%", "<!--")
_SIGNS: Final = {
    **dict.fromkeys(
        "c cpp csharp java javascript javascriptreact typescript typescriptreact go rust".split(),
        _SLASHES,
    ),
    **dict.fromkeys("python ruby shellscript toml yaml".split(), ("#",)),
    "php": ("#", *_SLASHES),
}
_UNTIL: Final = re.compile(r"\buntil=(\S+)")
_RULE: Final = re.compile(r"[a-z][a-z0-9-]*(?:/[a-z0-9-]+)?")
_TAIL: Final = re.compile(r"\s*(?:\*/|-->)\s*$")


@dataclass(frozen=True, slots=True)
class Suppression:
    """``line`` is the one that it speaks of, 0 for all of the files that match ``path``."""

    rules: tuple[str, ...]
    reason: str
    where: Literal["inSource", "external"]
    path: str
    line: int = 0
    until: date | None = None
    place: str = ""  # where it is written, for remarks
    seen: bool = True  # whether the line was looked at

    def covers(self, finding: Finding) -> bool:
        if finding.rule.startswith(GUARD):
            return False
        named = any(rule in (finding.rule, finding.rule.partition("/")[0]) for rule in self.rules)
        if not named:
            return False
        if self.where == "inSource":
            return finding.path == self.path and finding.line <= self.line <= finding.end_line
        return fnmatchcase(finding.path, self.path)

    def is_in(self, scope: Scope) -> bool:
        """Whether whatever it could cover would have been found."""
        if not all(scope.has_rule(rule, self.path) for rule in self.rules):
            return False
        return self.seen if self.where == "inSource" else scope.has_files(self.path)


def in_text(path: str, text: str) -> tuple[list[Suppression], list[str]]:
    """The suppressions in a file, and remarks on those that are none."""
    found: list[Suppression] = []
    remarks: list[str] = []
    if "inglenook:" not in text:
        return found, remarks
    lines, signs = text.split("\n"), _SIGNS.get(language_of(path) or "", _ANY_SIGN)
    code = 0  # the next line of code, from 0; it only goes on, so that this takes linear time
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line)
        if match is None or len(found) >= _MOST:
            continue
        place = f"{path}:{number}"
        if line[: match.start()].strip():
            target = number
        else:
            code = max(code, number)
            while code < len(lines) and not _is_code(lines[code], signs):
                code += 1
            target = code + 1 if code < len(lines) else number
        said = _parsed(match[1], _TAIL.sub("", match[2]), place)
        if isinstance(said, str):
            remarks.append(said)
            continue
        rules, reason, until = said
        found.append(Suppression(rules, reason, "inSource", path, target, until, place))
    return found, remarks


def _is_code(line: str, signs: tuple[str, ...]) -> bool:
    """Whether a line has anything but a comment, of which there may be more."""
    text = f"{line.strip()} "
    return bool(text.strip()) and not text.startswith(signs)


_Said = tuple[tuple[str, ...], str, date | None]


def _parsed(rules: str | None, rest: str, place: str) -> _Said | str:
    if not rules or not rules.strip():
        return f"{place}: a suppression names its rules, as in ignore[correctness/off-by-one]."
    names = tuple(each.strip() for each in rules.split(","))
    for name in names:
        if not _RULE.fullmatch(name):
            return f"{place}: what stands between [ and ] is no list of rules."
        if f"{name}/".startswith(GUARD):
            return f"{place}: {name} guards the review and cannot be suppressed."
    match = _UNTIL.search(rest)
    until = _date(match[1]) if match else None
    if match and until is None:
        return f"{place}: what stands behind until= is no date, as in until=2027-01-01."
    reason = " ".join(_UNTIL.sub("", rest).split()).strip("-:, ")
    if not reason:
        return f"{place}: a suppression needs a reason behind its rules."
    return names, reason, until


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_file(data: bytes) -> tuple[list[Suppression], list[str]]:
    """Those of the workspace's file: a list of mappings with rules, paths, reason and until."""
    if len(data) > _LARGEST:
        return [], [f"{FILE} is larger than {_LARGEST >> 10} kB; nothing of it counts."]
    try:
        told = yaml.safe_load(data.decode("utf-8", "replace"))
    except (yaml.YAMLError, ValueError, RecursionError):
        return [], [f"{FILE} is no YAML; nothing of it counts."]
    listed = told.get("suppressions") if isinstance(told, dict) else told
    if listed is None:
        return [], []
    if not isinstance(listed, list) or len(listed) > _MOST:
        return [], [f"{FILE} must be a list of at most {_MOST} suppressions; nothing of it counts."]
    found: list[Suppression] = []
    remarks: list[str] = []
    for number, entry in enumerate(listed, 1):
        for each in _entry(entry, f"{FILE}, entry {number}"):
            if isinstance(each, str):
                remarks.append(each)
            elif len(found) < _MOST:
                found.append(each)
            else:  # one list can stand in many entries
                return [], [f"{FILE} has more than {_MOST} suppressions; nothing of it counts."]
    return found, remarks


def _entry(entry: Any, place: str) -> Iterator[Suppression | str]:
    if not isinstance(entry, dict):
        yield f"{place}: expected rules, paths, reason."
        return
    texts = {key: _listed(entry.get(key)) for key in ("rules", "paths")}
    rules, paths = texts["rules"], texts["paths"]
    if not rules or not paths:
        yield f"{place}: rules and paths must be lists of texts."
        return
    reason, until = entry.get("reason"), entry.get("until")
    if not isinstance(reason, str) or not reason.strip():
        yield f"{place}: a suppression needs a reason, which is a text."
        return
    if not isinstance(until, str | date | None):  # of whatever size
        yield f"{place}: until must be a date, as in 2027-01-01."
        return
    rest = f"{reason} {f'until={until}' if until is not None else ''}"
    said = _parsed(",".join(rules), rest, place)
    if isinstance(said, str):
        yield said
        return
    names, reason, day = said
    for path in paths:
        yield Suppression(names, reason, "external", path, until=day, place=place)


def _listed(value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if isinstance(values, list) and all(isinstance(each, str) and each for each in values):
        return values
    return []


def applied(
    findings: Iterable[Finding],
    suppressions: Sequence[Suppression],
    today: date,
    scope: Scope | None,
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...], tuple[str, ...]]:
    """What is left, what is suppressed, and remarks on suppressions that are of no use, as far as
    what they speak of was looked at: nothing was without a ``scope``."""
    left: list[Finding] = []
    hidden: list[Suppressed] = []
    used: set[int] = set()
    for finding in findings:
        covering = [each for each in suppressions if each.covers(finding)]
        used.update(map(id, covering))
        valid = [each for each in covering if each.until is None or today <= each.until]
        if valid:
            hidden.append(Suppressed(finding, valid[0].reason, valid[0].where))
        else:
            left.append(finding)
    remarks = []
    for each in suppressions:
        rules = ", ".join(each.rules)
        if id(each) not in used and scope is not None and each.is_in(scope):
            remarks.append(f"{each.place}: the suppression of {rules} is not used.")
        elif id(each) in used and each.until is not None and today > each.until:
            remarks.append(f"{each.place}: the suppression of {rules} has expired ({each.until}).")
    return tuple(left), tuple(hidden), tuple(dict.fromkeys(remarks))
