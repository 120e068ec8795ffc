"""What a finding is known by from run to run: the same when lines move, another when the code does.

It is made of the rule, the file, the symbol and the words of the quoted lines; of several places in
the symbol that have these words their order tells them apart, whether or not the others are
findings. Layout does not count. Of a secret, which no quote shows, there is a digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from inglenook.engine.redaction_names import is_random, is_wordy
from inglenook.review.numbering import words_of
from inglenook.review.values import Finding

VERSION: Final = 1  # of what it is made of; part of its name in SARIF
_SECRET: Final = re.compile(r"(REDACTED_[A-Z_]+)_[a-z]{5}")  # whose letters are one user's
_TELLING: Final = 12  # characters of a quote that do not stand in any file
_LONG: Final = 20  # characters of a secret that nobody guesses, unless it is made of words


def fingerprinted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by their places, each with its fingerprint, and with the one that it has in
    whatever file, unless its quote says too little for that."""
    by_place = sorted(findings, key=lambda each: (each.path, each.line, each.rule))
    return tuple(
        replace(
            each,
            fingerprint=_digest(each.path, each),
            anywhere=_digest("", each)
            if each.hint or len(words_of(each.quote)) >= _TELLING
            else "",
        )
        for each in by_place
    )


def hint_of(secret: str) -> str:
    """A digest of a secret. Of one that could be guessed only so much that a list of guesses has
    many that fit, so that it confirms none; another one has the same once in 256 times then."""
    strong = is_random(secret) or (len(secret) >= _LONG and not is_wordy(secret))
    digest = blake2b(secret.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return digest if strong else digest[:2]


def _digest(path: str, finding: Finding) -> str:
    quote = _SECRET.sub(r"\1", words_of(finding.quote))
    told = (str(VERSION), finding.rule, path, finding.symbol, quote, finding.hint, str(finding.nth))
    text = "\0".join(told)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
