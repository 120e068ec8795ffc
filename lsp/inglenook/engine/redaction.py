"""Secrets are taken out of everything that is sent: the last thing that happens to a prompt.

    password = "hunter2x"      ->  password = "REDACTED_PASSWORD_kqzfa"

The placeholder is an identifier, so that what is shown stays code: in quotes, in an address and
bare; it is ASCII, in no template's tokens, and ends in a letter, so that token healing takes back
no part of it. Its letters are a keyed digest of the secret: equal secrets look equal, and no
other text can change them, so the engine's cache of the prompt holds from key to key.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final
from urllib.parse import quote

from inglenook.engine.redaction_blocks import is_body, over_lines
from inglenook.engine.redaction_names import is_begun, is_open, is_random, is_wordy
from inglenook.engine.redaction_patterns import (
    Pattern,
    Secret,
    apart,
    is_suspicious,
    known_patterns,
    secrets_in,
    wants_known,
)
from inglenook_context.prompt import Prompt
from inglenook_context.text import encode

log = logging.getLogger(__name__)

_LINES: Final = 8000  # that are remembered
_PIECES: Final = 200  # whole pieces of other files, likewise
_LONG: Final = 1200  # characters of a line; a longer one is looked at in pieces
_OVERLAP: Final = 400
_LETTERS: Final = 5
_BESIDE: Final = "beside"  # the kind of a line that is one only beside others
_AGAIN: Final = 8  # characters of a secret that is looked for wherever else it stands
_MUCH: Final = 20_000  # characters that no turn of the event loop looks through
# What goes on behind a piece of a long line, and a secret without its beginning.
_RUN: Final = re.compile(r"(?:[\w+/=~.]|-(?!-)|\\+[nr](?!-))*")
_CUT: Final = re.compile(rf"{_RUN.pattern}(?=[\"'`\s;,)\\-]|\Z)")


@dataclass(slots=True)
class Redactor:
    """What is remembered of lines, so that a key costs the line that it changed.

    A line that may hold a secret is remembered by a keyed digest, with the secret's place.
    """

    known: tuple[Pattern, ...] | None = None  # of detect-secrets, once they are needed
    _key: bytes = field(default_factory=lambda: os.urandom(16))
    _plain: set[str] = field(default_factory=set)
    _clean: set[str] = field(default_factory=set)  # whole pieces of other files without a secret
    _seen: dict[bytes, tuple[Secret, ...]] = field(default_factory=dict)
    _loading: asyncio.Task[None] | None = None

    async def prepare(self, prompt: Prompt) -> None:
        """Load what `redacted` needs for this prompt, once, in a thread; call it before."""
        await self.prepare_for(_texts(prompt))

    async def prepare_for(self, texts: Iterable[str]) -> None:
        """The same for any texts."""
        if self.known is None and any(
            piece not in self._plain and wants_known(piece)
            for text in texts
            if text not in self._clean
            for line in text.split("\n")
            for _, piece in _pieces(line)
        ):
            await self.load()

    async def load(self) -> None:
        """Load the patterns of detect-secrets, unless they are there."""
        if self.known is None:
            if self._loading is None:
                self._loading = asyncio.create_task(self._load())
            await asyncio.shield(self._loading)

    @property
    def loaded(self) -> bool:
        return self.known is not None

    async def _load(self) -> None:
        try:
            known = await asyncio.to_thread(known_patterns)
        except Exception as error:  # our own patterns go on alone
            log.error("detect-secrets cannot be used: %s", type(error).__name__)
            known = ()
        self.known = known
        self._plain.clear()
        self._clean.clear()
        self._seen.clear()

    def placeholder(self, secret: str, kind: str) -> str:
        digest = int.from_bytes(blake2b(encode(secret), key=self._key, digest_size=8).digest())
        letters = ""
        for _ in range(_LETTERS):
            digest, letter = divmod(digest, 26)
            letters += chr(ord("a") + letter)
        return f"REDACTED_{kind}_{letters}"

    def find(self, text: str) -> list[Secret]:
        """The secrets of a text with their places in it, in order and apart."""
        lines = text.split("\n")
        found: list[Secret] = []
        more = "PRIVATE KEY" in text
        start = 0
        for line in lines:
            for skipped, piece in _pieces(line):
                if piece in self._plain:
                    continue
                for at, stop, kind in self._look(piece):
                    more = more or kind == _BESIDE
                    if kind != _BESIDE:
                        if stop == len(piece):  # it may go on behind the piece
                            stop = _run_on(line, skipped + stop) - skipped
                        found.append(Secret(start + skipped + at, start + skipped + stop, kind))
            start += len(line) + 1
        return apart(found + over_lines(lines)) if more or found else found

    def find_again(self, text: str) -> list[Secret]:
        """`find` for a text that is likely to come again as it is."""
        if text in self._clean:
            return []
        found = self.find(text)
        if not found:
            if len(self._clean) >= _PIECES:
                self._clean.clear()
            self._clean.add(text)
        return found

    def _look(self, line: str) -> tuple[Secret, ...]:
        """What a line holds that is not known to be unsuspicious."""
        if not is_suspicious(line):
            if len(self._plain) >= _LINES:
                self._plain.clear()
            self._plain.add(line)
            return ()
        digest = blake2b(encode(line), key=self._key, digest_size=16).digest()
        known = self._seen.get(digest)
        if known is not None:
            return known
        found = tuple(secrets_in(line, self.known or ()))
        if not found and (is_body(line) or is_open(line)):
            found = (Secret(0, 0, _BESIDE),)
        if found or self.known is not None:
            if len(self._seen) >= _LINES:
                self._seen.clear()
            self._seen[digest] = found
        return found


def _pieces(line: str) -> Iterator[tuple[int, str]]:
    """A line, if it is long in pieces that overlap: some patterns need time by the square of a
    length."""
    if len(line) <= _LONG:
        yield 0, line
        return
    for at in range(0, len(line), _LONG - _OVERLAP):
        yield at, line[at : at + _LONG]


def _run_on(line: str, at: int) -> int:
    match = _RUN.match(line, at)
    return match.end() if match else at


def keyed(key: bytes) -> Redactor:
    """One whose placeholders are the same from run to run; ``key`` is 16 random bytes."""
    return Redactor(_key=key)


def redacted(prompt: Prompt, redactor: Redactor) -> Prompt | None:
    """``prompt`` without secrets; None if the cursor stands in or right behind one.

    There a model could only go on after a placeholder, or make a secret up.
    """
    own = prompt.prefix + prompt.typed + prompt.suffix
    frozen, cursor = len(prompt.prefix), len(prompt.prefix) + len(prompt.typed)
    line = own[own.rfind("\n", 0, cursor) + 1 : cursor]
    if is_suspicious(line) and is_begun(line):
        return None
    texts = [own, *(snippet.text for snippet in prompt.snippets)]
    found = [redactor.find(own), *map(redactor.find_again, texts[1:])]
    if cut := _cut(own):
        found[0] = apart([*found[0], cut])
    if not any(found):
        return prompt
    found = _everywhere(texts, found)
    if any(secret.start < cursor <= secret.stop for secret in found[0]):
        return None
    hidden = [_Hidden(*each, redactor) for each in zip(texts, found, strict=True)]
    return replace(
        prompt,
        snippets=tuple(
            replace(snippet, text=text.part(0, len(text.text)))
            for snippet, text in zip(prompt.snippets, hidden[1:], strict=True)
        ),
        prefix=hidden[0].part(0, frozen),
        typed=hidden[0].part(frozen, cursor),
        suffix=hidden[0].part(cursor, len(own)),
    )


async def redacted_texts(texts: Sequence[str], redactor: Redactor) -> list[str]:
    """Texts that are sent together, without secrets; if they are long, in a thread."""
    if sum(map(len, texts)) > _MUCH:
        await redactor.load()
        return await asyncio.to_thread(_without_secrets, texts, redactor)
    await redactor.prepare_for(texts)
    return _without_secrets(texts, redactor)


def _without_secrets(texts: Sequence[str], redactor: Redactor) -> list[str]:
    found = _everywhere(texts, [redactor.find_again(text) for text in texts])
    return [
        _Hidden(text, secrets, redactor).part(0, len(text))
        for text, secrets in zip(texts, found, strict=True)
    ]


async def hidden_in(texts: Sequence[str], redactor: Redactor) -> dict[str, str]:
    """The secrets of texts that are sent together, by the placeholders that stand for them.

    A placeholder that two secrets share stands for neither.
    """
    await redactor.prepare_for(texts)
    return await asyncio.to_thread(_by_placeholder, texts, redactor)


def _by_placeholder(texts: Sequence[str], redactor: Redactor) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    places = _everywhere(texts, [redactor.find_again(text) for text in texts])
    for text, secrets in zip(texts, places, strict=True):
        for each in secrets:
            secret = text[each.start : each.stop]
            found.setdefault(redactor.placeholder(secret, each.kind), set()).add(secret)
    return {name: next(iter(each)) for name, each in found.items() if len(each) == 1}


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A text and its secrets."""

    text: str
    secrets: Sequence[Secret]
    redactor: Redactor

    def part(self, start: int, stop: int) -> str:
        """``text[start:stop]``; the placeholder of a secret over an edge is where it begins."""
        pieces, at = [], start
        for secret in self.secrets:
            if secret.stop <= start or secret.start >= stop:
                continue
            if secret.start >= start:
                shown = self.redactor.placeholder(
                    self.text[secret.start : secret.stop], secret.kind
                )
                pieces += [self.text[at : secret.start], shown]
            at = min(secret.stop, stop)
        return "".join([*pieces, self.text[at:stop]])


def _everywhere(texts: Sequence[str], found: Sequence[list[Secret]]) -> list[list[Secret]]:
    """The same, and wherever else one of them stands, also encoded for an address or a header."""
    kinds: dict[str, str] = {}
    for text, secrets in zip(texts, found, strict=True):
        for start, stop, kind in secrets:
            secret = text[start:stop]
            if len(secret) < _AGAIN or "\n" in secret or is_wordy(secret):
                continue
            coded = encode(secret)
            forms = (secret, quote(coded, safe=""), b64encode(coded).decode().rstrip("="))
            for form in forms:
                kinds.setdefault(form, kind)
    if not kinds:
        return list(found)
    return [
        apart(
            secrets + [Secret(*span, kinds[form]) for form in kinds for span in _spans(form, text)]
        )
        for text, secrets in zip(texts, found, strict=True)
    ]


def _spans(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Where ``form`` stands; not by a regular expression, which Python would keep."""
    at = text.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = text.find(form, at + len(form))


def _cut(text: str) -> Secret | None:
    """The rest of a secret whose beginning the window has cut off, at the start of a text."""
    match = _CUT.match(text)
    if match is None or not is_random(match[0]):
        return None
    return Secret(0, match.end(), "KEY")


def _texts(prompt: Prompt) -> Iterable[str]:
    yield prompt.prefix + prompt.typed + prompt.suffix
    yield from (snippet.text for snippet in prompt.snippets)
