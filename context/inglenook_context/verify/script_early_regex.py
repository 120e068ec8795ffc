"""What is wrong with a regular expression of a script, by ECMAScript's section 22.2.1."""

from __future__ import annotations

import re
from typing import Final

_FLAGS: Final = frozenset("dgimsuvy")
_GROUP: Final = re.compile(r"\(\?(?:[:=!]|<[=!]|<[^>]+>|[ims]*(?:-[ims]*)?:)")
_COUNT: Final = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_NAMED: Final = re.compile(r"\\[pPu]\{[^}]*\}")
_RANGE: Final = re.compile(r"\\(?:[pPu]\{[^}]*\}|.)|([^\\])-([^\\])|[^\\]", re.DOTALL)


def broken_flags(flags: str) -> str | None:
    if not set(flags) <= _FLAGS:
        return f"a regular expression has no flags {flags}"
    if len(set(flags)) < len(flags) or {"u", "v"} <= set(flags):
        return f"the flags {flags} of a regular expression exclude each other"
    return None


class _Reader:
    """``groups`` tell of each open group whether it may be repeated."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.unicode = "u" in flags or "v" in flags
        self.nests = "v" in flags
        self.at = 0
        self.repeats = False
        self.groups: list[bool] = []

    def broken(self) -> str | None:
        while self.at < len(self.pattern):
            if (wrong := self._one(self.pattern[self.at])) is not None:
                return wrong
        return "a group of a regular expression has no end" if self.groups else None

    def _one(self, sign: str) -> str | None:
        if sign == "(":
            return self._open()
        if sign == "[":
            return self._set()
        count = _COUNT.match(self.pattern, self.at) if sign == "{" else None
        if sign in "*+?" or count is not None:
            return self._repeat(count)
        if sign == ")":
            if not self.groups:
                return "a group of a regular expression has no begin"
            self.repeats = self.groups.pop()
        elif sign == "\\":
            self.repeats = self.pattern[self.at + 1 : self.at + 2] not in ("b", "B")
            named = _NAMED.match(self.pattern, self.at) if self.unicode else None
            self.at += len(named[0]) - 1 if named is not None else 1
        elif sign in "]{}" and self.unicode:
            return f"{sign} stands alone in a regular expression with the flag u or v"
        else:
            self.repeats = sign not in "|^$"
        self.at += 1
        return None

    def _open(self) -> str | None:
        step = 1
        repeats = True
        if self.pattern.startswith("(?", self.at):
            group = _GROUP.match(self.pattern, self.at)
            if group is None:
                return "a group of a regular expression begins with what is not known"
            step = len(group[0])
            ahead = group[0] in ("(?=", "(?!")
            repeats = group[0] not in ("(?<=", "(?<!") and not (ahead and self.unicode)
        self.groups.append(repeats)
        self.repeats = False
        self.at += step
        return None

    def _repeat(self, count: re.Match[str] | None) -> str | None:
        if not self.repeats:
            return "a regular expression repeats nothing"
        if count is not None and count[2] and _less(count[2], count[1]):
            return "a regular expression repeats at least more than at most"
        self.at += len(count[0]) if count is not None else 1
        self.at += self.pattern.startswith("?", self.at)
        self.repeats = False
        return None

    def _set(self) -> str | None:
        start = at = self.at + 1
        depth = 1
        while depth and at < len(self.pattern):
            sign = self.pattern[at]
            at += 2 if sign == "\\" else 1
            depth += (sign == "[" and self.nests) - (sign == "]")
        if depth:
            return "a set of a regular expression has no end"
        self.at = at
        self.repeats = True
        inner = self.pattern[start : at - 1].removeprefix("^")
        for each in _RANGE.finditer("" if self.nests else inner):
            if each[1] and each[1] > each[2]:
                return f"the range {each[0]} of a regular expression runs backwards"
        return None


def broken_pattern(pattern: str, flags: str) -> str | None:
    """The first thing that is wrong; sets of the flag `v` nest and are not looked into."""
    return _Reader(pattern, flags).broken()


def _less(one: str, other: str) -> bool:
    one, other = one.lstrip("0"), other.lstrip("0")
    return (len(one), one) < (len(other), other)
