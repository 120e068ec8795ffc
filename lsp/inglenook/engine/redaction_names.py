"""Secrets that are known by the name that they are given: ``password = "…"``, ``API_KEY=…``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_KEYS: Final = (
    r"(?:password|passwd|passphrase|pwd|secret|token|credentials?"
    r"|(?:api|access|auth|account|private|signing|encryption|master|service|client|license|shared"
    r"|storage|session|secret|app|application|admin|webhook|hmac|jwt)[_.-]?key"
    r"|(?<![A-Za-z])pass(?:code)?(?![A-Za-z])|connection[_-]?string)"
)
# What says that a name is not of the secret itself but of something about it.
_ABOUT: Final = re.compile(
    # a word of its own: ANDROID ends with "id", PROFILE with "file"
    rf"(?:^(?i:{_KEYS})?|[_.-]|(?<=[a-z\d])(?=[A-Z]))"
    r"(?i:field|name|url|uri|path|file|dir|type|label|template|view|form|help|hint|regex"
    r"|pattern|len|length|column|header|prefix|suffix|id|ids|alg|algorithm|hasher|hashers|class"
    r"|model|param|parameter|generator|validator|validators|endpoint|policy|scheme|format|length"
    r"|error|message|msg|title|description|placeholder|required|changed|incorrect|expires?|expiry"
    r"|expiration|ttl|timeout|version|ref|reference|size|count|kind|source|env|var|salt|command|cmd"
    r"|key[_-]?(?:path|file|name|id|type|spec|alg)|input|element|selector|pos|index|audience|issuer"
    r"|scope|scopes|action|event|strategy|mode|limit|status|state|usage|reset|change"
    r"|address)(?i:e?s)?$"
)
_NAME: Final = re.compile(rf"{_KEYS}[\w-]{{0,40}}", re.IGNORECASE)
# What is read behind a name: what closes it, its type, and the sign of assignment.
_CLOSED: Final = r"(?:\\?[\"'`])?[\])]?"
_TYPE: Final = r"(?:\s*:\s*[&?]?[A-Za-z_'][\w.\[\], |']{0,40}?(?=\s*=))?"
_QUOTED: Final = re.compile(
    rf"{_CLOSED}{_TYPE}\s*(?P<op>=>|:=|[=!]==?|[=:,(]|(?<=[\"'])\s*value\s*=)\s*\(?"
    r"(?:[brfu@$]{1,2}(?=[\"']))?(?P<quote>\\?[\"'`])(?P<value>(?:(?!(?P=quote)).){4,300})",
    re.IGNORECASE,
)
# What a name gets if the environment has no other value for it.
_ELSE: Final = re.compile(
    rf"{_CLOSED}{_TYPE}\s*[=:][^=\n].{{0,80}}?(?:\|\||\?\?|\bor\b|,)\s*"
    r"[bru]?(?P<quote>[\"'`])(?P<value>[^\"'`]{4,300})(?P=quote)[\s)\];,}]*$",
    re.IGNORECASE,
)
# Values without quotes: what stands before the name, and what behind it.
_UNQUOTED: Final = (
    # a shell, an .env file
    (re.compile(r""), re.compile(r"=(?P<value>[^\s\"'`#;,(){}\[\]&|<>]{6,300})")),
    # YAML, INI
    (
        re.compile(r"\s*(?:-\s+)?[\"']?[\w.-]*\Z"),
        re.compile(
            r"[\"']?\s*[:=]\s*(?P<value>[^\s\"'`,;(){}\[\]<>]{6,300})"
            r"(?:\s*(?:(?:#|//).*)?$|(?<=[^\s\"'`,;(){}\[\]<>]{300}))",
        ),
    ),
    # an option of a command
    (re.compile(r"(?:.*\s)?--?\Z"), re.compile(r"[ =](?P<value>[^\s\"'`;|()]{6,300})")),
    # XML
    (re.compile(r".*<(?:\w+:)?[\w.-]*\Z"), re.compile(r">(?P<value>[^<\s]{6,300})</")),
    # a Dockerfile, other shells
    (
        re.compile(r"\s*(?i:ENV|ARG|setenv|set(?: -\w+)?)\s+\w*\Z"),
        re.compile(r"\s+(?P<value>[^\s\"'`]{6,300})"),
    ),
    # .netrc
    (re.compile(r".*\blogin\s+\S+\s+\Z"), re.compile(r"\s+(?P<value>\S{6,300})")),
)
# With names that would say too little elsewhere.
_ASIDE: Final = (
    re.compile(
        r"(?<=[;?&\"'])\s*(?P<key>password|pwd|pass|passwd|token|access_token|api_?key|key|secret"
        r"|sig|signature)=(?P<value>[^;\s\"'`&{}<>]{4,300})(?=[;&\"'`\s]|$)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<key>bearer|basic|token)\s+(?P<value>[\w+/=.~-]{16,2000})", re.IGNORECASE),
)
_ADDRESS: Final = re.compile(
    r"[A-Za-z][\w+.-]{1,20}://[^\s:/@\"'<>{}]{0,80}:(?P<value>[^\s/\"'`<>{}]{3,200})@(?=[\w\[$.-])"
)
_ENVIRONMENT: Final = re.compile(r"^\s*(?:export\s+|- )?\w*PASSWORD=(?P<value>[a-z]{6,})\s*$")
_PAIR: Final = re.compile(
    r"\bauth\s*=\s*\(\s*[\"'][^\"']*[\"']\s*,\s*[\"'](?P<value>[^\"']{6,300})[\"']"
)
_OPENS: Final = re.compile(rf"{_CLOSED}{_TYPE}\s*[=:,(]\s*[(\[\\]?\s*$", re.IGNORECASE)
_OPTION_U: Final = re.compile(r"\s(?:-u|--user)[ =]?[\"']?[\w.@-]+:(?P<value>[^\s\"'`:]{6,300})")
_LONGEST: Final = 300  # characters of a value, after which it goes on as far as
_REST: Final = re.compile(r"[\w+/=~.%:-]*")
_TEMPLATED: Final = re.compile(
    r"\{\{|\$\{|\{[\w.!:]*\}|<[\w -]+>|\$\(|^\$[A-Za-z_]\w*$"
    r"|%\(\w+\)|%[sdr](?!\w)|\.\.\.|\*{3}|x{6}",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"(?:[^\W\d_]*\d{0,3}|v?\d{1,4})\Z")
_SEPARATORS: Final = re.compile(r"[\s._/:,;#@$|()\[\]-]+")
_PASSWORD: Final = re.compile(r"(?:pass(?:word|wd|phrase)?|pwd)", re.IGNORECASE)
_MEANT: Final = re.compile(
    r"pass|pwd|secret|token|key|change|example|your|dummy|test|user|credential"
)
_BEGUN: Final = re.compile(
    rf"{_CLOSED}{_TYPE}\s*[=:]\s*[brfu]{{0,2}}(?P<quote>[\"'`])(?P<value>[^\s\"'`{{<]{{4,}})\Z",
    re.IGNORECASE,
)


def named(line: str) -> Iterator[tuple[int, int, str]]:
    """Where in a line something stands that its name says to be a secret."""
    for name in _NAME.finditer(line):
        for key, match, assigned in _values(line, name):
            if _is_meant(key, match["value"], assigned):
                yield match.start("value"), _stop(line, match), _kind(key)
    for pattern in _ASIDE:
        for match in pattern.finditer(line):
            if _is_meant(match["key"], match["value"], assigned=False):
                yield *match.span("value"), _kind(match["key"])
    if "://" in line:
        for match in _ADDRESS.finditer(line):
            value = match["value"]
            told = is_wordy(value) and _MEANT.search(value.lower())
            if not told and not _TEMPLATED.search(value):
                yield *match.span("value"), "PASSWORD"
    for pattern in (_OPTION_U, _PAIR, _ENVIRONMENT):
        for match in pattern.finditer(line):
            if _is_meant("password", match["value"], assigned=True):
                yield *match.span("value"), "PASSWORD"


def _stop(line: str, match: re.Match[str]) -> int:
    """Where a value ends: one of the greatest length that is looked at goes on."""
    start, stop = match.span("value")
    rest = _REST.match(line, stop) if stop - start >= _LONGEST else None
    return rest.end() if rest else stop


def _values(line: str, name: re.Match[str]) -> Iterator[tuple[str, re.Match[str], bool]]:
    """What may be the value of a name; with the name, and whether it is assigned in quotes."""
    at = name.end()
    if match := _QUOTED.match(line, at):
        yield name[0], match, match["op"] in ("=", ":", "=>", ":=")
    if match := _ELSE.match(line, at):
        yield name[0], match, True
    if line[at : at + 1] in "\"'=:> \t":
        before = line[max(0, name.start() - 100) : name.start()]
        for ahead, behind in _UNQUOTED:
            if (match := behind.match(line, at)) and ahead.match(before):
                yield name[0], match, False


def is_open(line: str) -> bool:
    """Whether the value of a name stands on the next line."""
    return any(_OPENS.match(line, name.end()) for name in _NAME.finditer(line))


def is_begun(line: str) -> bool:
    """Whether ``line`` ends inside the quoted value of a name."""
    return any(
        (begun := _BEGUN.match(line, name.end()))
        and not _ABOUT.search(name[0])
        and (_PASSWORD.match(name[0]) or any(map(str.isdigit, begun["value"])))
        for name in _NAME.finditer(line)
    )


def is_wordy(value: str) -> bool:
    """Whether a text is made of words and small numbers: a path, a name, a version."""
    parts = _SEPARATORS.split(value)
    return all(_PART.match(part) and not is_random(part) for part in parts)


def is_random(text: str) -> bool:
    """Whether capitals, small letters and digits follow each other as in no name."""
    shapes = ["d" if mark.isdigit() else "u" if mark.isupper() else "l" for mark in text]
    changes = sum(one != other for one, other in pairwise(shapes))
    return len(text) >= 12 and len(set(shapes)) > 1 and changes > len(text) * 0.38


def _kind(key: str) -> str:
    if _PASSWORD.match(key):
        return "PASSWORD"
    return "TOKEN" if "token" in key.lower() or "bearer" in key.lower() else "KEY"


def _is_meant(key: str, value: str, assigned: bool) -> bool:
    """Whether a value is the secret itself and not a word about it."""
    if _ABOUT.search(key) or _TEMPLATED.search(value) or value.startswith("--"):
        return False
    if " " in value or "://" in value or len(set(value)) < 4:
        return False
    letters = any(map(str.isalpha, value))
    digits = sum(map(str.isdigit, value))
    signs = any(sign in value for sign in "!@#%^&*?~+=")
    if _PASSWORD.match(key):
        return letters and len(value) >= 6 and _is_password(value, digits, signs, assigned)
    return letters and digits > 0 and len(value) >= 12 and not is_wordy(value)


def _is_password(value: str, digits: int, signs: bool, assigned: bool) -> bool:
    if is_wordy(value):
        mentions = _MEANT.search(value.lower()) is not None
        if digits:
            return digits > 2 if mentions else _SEPARATORS.search(value) is None
        return assigned and not mentions and value.isalpha() and value.isascii()
    return digits > 0 or signs
