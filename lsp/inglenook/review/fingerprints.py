"""What a finding is known by from run to run: the same when lines move, another when the code does.

It is made of the rule, the file, the symbol and the words of the quoted lines; of several that have
all of these in common their order tells them apart. Layout does not count. Of a secret, which no
quote shows, there is a digest that is too short to guess it by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from inglenook.review.values import Finding

VERSION: Final = 1  # of what it is made of; part of its name in SARIF
_SPACES: Final = re.compile(r"\s+")
_SECRET: Final = re.compile(r"(REDACTED_[A-Z_]+)_[a-z]{5}")  # whose letters are one user's


def fingerprinted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in their order, each with its fingerprint. The same finding stays once."""
    by_place = sorted(findings, key=_place)
    told: Counter[str] = Counter()
    numbers: dict[int, int] = {}
    for each in by_place:
        told[_words(each)] += 1
        numbers[id(each)] = told[_words(each)]
    return tuple(replace(each, fingerprint=_digest(each, numbers[id(each)])) for each in by_place)


def former(findings: Iterable[Finding], renamed: Mapping[str, str]) -> dict[str, str]:
    """By the fingerprints of findings in ``renamed`` files (now, before) those that they had before
    it."""
    by_path: dict[str, list[Finding]] = {}
    for each in findings:
        if each.path in renamed:
            by_path.setdefault(each.path, []).append(each)
    return {
        now.fingerprint: before.fingerprint
        for path, found in by_path.items()
        for now, before in zip(
            sorted(found, key=_place),
            fingerprinted(replace(each, path=renamed[path]) for each in found),
            strict=True,
        )
    }


def _place(finding: Finding) -> tuple[str, int, str]:
    return finding.path, finding.line, finding.rule


def _words(finding: Finding) -> str:
    quote = _SECRET.sub(r"\1", _SPACES.sub("", finding.quote))
    told = (finding.rule, finding.path, finding.symbol, quote)
    return "\0".join((*told, finding.hint) if finding.hint else told)


def hint_of(secret: str) -> str:
    """20 bits of a digest: another secret has the same once in a million times, and of the
    passwords that somebody tries out one in a million fits, so that it confirms none."""
    return blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()[:5]


def _digest(finding: Finding, number: int) -> str:
    text = f"{VERSION}\0{_words(finding)}\0{number}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
