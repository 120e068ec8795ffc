"""One question to the publisher of a file: the whole of it, or what is still missing.

This is the one place that talks to another machine. No proxy is used, certificates are verified,
and a redirect (publishers answer with one to their storage) is followed over https only. What an
answer claims to be is checked before its first byte is taken (RFC 9110, sections 13.1.5 and 14).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from inglenook.models.errors import ModelError

if TYPE_CHECKING:
    import aiohttp

_HOPS: Final = 5
_CONNECT_SECONDS: Final = 15
_SILENCE_SECONDS: Final = 30
_HEAD_SECONDS: Final = 120  # until it is known what will come, with all redirects
_PACE_SECONDS: Final = 60  # over which it is looked how fast it comes
_PACE: Final = 1000  # bytes a second; what comes more slowly does not end within days
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # another try may be answered
_BLOCK: Final = 1 << 20

_STRONG_TAG: Final = re.compile(r'"[!#-~]{1,500}"')
_DATE: Final = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_CONTENT_RANGE: Final = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})")
_SURE_SECONDS: Final = 60  # by which two clocks of one publisher do not differ


class DownloadFailed(ModelError):
    """Why there is no file, in one sentence."""


class Interrupted(DownloadFailed):
    """It may go on with the next try."""


class Unreachable(Interrupted):
    """Not even a connection: without one before, the next try would hardly have one."""


class Misfit(DownloadFailed):
    """What comes does not fit what is there; from the beginning it may be right."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file of ``size`` bytes is asked for, and whose certificates count."""

    address: str
    size: int
    trust: ssl.SSLContext

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or "the source"


class _Pace:
    """How much came lately."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._bytes = 0

    def count(self, size: int) -> None:
        self._bytes += size

    def is_too_slow(self) -> bool:
        now = time.monotonic()
        if now - self._since < _PACE_SECONDS:
            return False
        slow = self._bytes < _PACE * (now - self._since)
        self._since, self._bytes = now, 0
        return slow


@dataclass(frozen=True, slots=True)
class Answer:
    """What will come: at most ``length`` bytes of the file, from ``start``."""

    start: int
    length: int
    validator: str | None
    host: str
    content: aiohttp.StreamReader
    pace: _Pace = field(default_factory=_Pace)

    async def read(self) -> bytes:
        """The next bytes; none at the end."""
        if self.pace.is_too_slow():  # said now, when what came before is kept
            raise Interrupted(f"{self.host} sends less than {_PACE / 1000:g} kB a second.")
        with _ours(self.host):
            block = await self.content.read(_BLOCK)
        self.pace.count(len(block))
        return block


@contextlib.asynccontextmanager
async def asked(origin: Origin, offset: int, validator: str | None) -> AsyncIterator[Answer]:
    """Ask for the file from ``offset``; the answer may have it from the beginning all the same.

    With a validator, a file that has changed is sent whole. `DownloadFailed` for every answer
    that is neither.
    """
    import aiohttp

    headers = {"Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
        if validator is not None:
            headers["If-Range"] = validator
    limits = aiohttp.ClientTimeout(
        total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SILENCE_SECONDS
    )
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=origin.trust),
        timeout=limits,
        trust_env=False,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        with _ours(origin.host):
            async with asyncio.timeout(_HEAD_SECONDS):
                response = await _follow(session, origin, headers)
        async with response:
            yield _checked(response, origin, offset, validator)


def _checked(
    response: aiohttp.ClientResponse, origin: Origin, offset: int, validator: str | None
) -> Answer:
    """The answer to a question from ``offset``, if it is what it has to be."""
    fresh = validator_of(response.headers)
    if response.status == 200:
        if response.content_length not in (None, origin.size):
            raise DownloadFailed(f"{origin.host} has another file: its size differs.")
        return Answer(0, origin.size, fresh, origin.host, response.content)
    told = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    start, last, total = map(int, told.groups()) if told else (-1, -1, -1)
    length = last - start + 1
    if (
        response.status != 206
        or not 0 < offset == start <= last < total == origin.size
        or response.content_length not in (None, length)
    ):
        raise Misfit(f"{origin.host} does not send the piece that it was asked for.")
    if _differ(validator, fresh):
        raise Misfit(f"The file at {origin.host} has changed meanwhile.")
    return Answer(start, length, validator, origin.host, response.content)


def validator_of(headers: Mapping[str, str]) -> str | None:
    """What ``If-Range`` may say of a file that came with these headers, if anything.

    A strong entity tag; without any tag, a date of change that is safely before the answer's own
    (a file that changes twice in one second keeps its date).
    """
    tag, changed = headers.get("ETag"), headers.get("Last-Modified", "")
    if tag is not None:
        return tag if is_validator(tag) else None
    try:
        age = parsedate_to_datetime(headers.get("Date", "")) - parsedate_to_datetime(changed)
        sure = age.total_seconds() >= _SURE_SECONDS
    except (ValueError, TypeError):
        return None
    return changed if sure and is_validator(changed) else None


def is_validator(text: Any) -> bool:
    """Whether it has the form of one, so that it can stand in a header."""
    return isinstance(text, str) and bool(_STRONG_TAG.fullmatch(text) or _DATE.fullmatch(text))


def _differ(before: str | None, after: str | None) -> bool:
    """Whether two validators of one kind say that the file has changed."""
    if before is None or after is None or before.startswith('"') != after.startswith('"'):
        return False
    return before != after


@contextlib.contextmanager
def _ours(host: str) -> Iterator[None]:
    """Every error of the network becomes `DownloadFailed`."""
    import aiohttp

    try:
        yield
    except aiohttp.ClientConnectorCertificateError as error:
        raise DownloadFailed(f"{error.host} has no certificate that can be trusted.") from error
    except aiohttp.ClientSSLError as error:
        raise DownloadFailed(f"{error.host} could not be reached over TLS.") from error
    except aiohttp.ClientConnectorError as error:
        raise Unreachable(f"{error.host} could not be reached: there may be no network.") from error
    except aiohttp.ConnectionTimeoutError as error:
        raise Unreachable(f"{host} did not answer in time.") from error
    except TimeoutError as error:
        raise Interrupted(f"{host} did not answer in time.") from error
    except UnicodeError as error:
        raise _misled(host) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Interrupted(f"The connection to {host} broke off.") from error


def _misled(host: str) -> DownloadFailed:
    return DownloadFailed(f"{host} sends the download to a place that is no address.")


async def _follow(
    session: aiohttp.ClientSession, origin: Origin, headers: Mapping[str, str]
) -> aiohttp.ClientResponse:
    """The answer with the file, behind at most `_HOPS` redirects, each over https."""
    from yarl import URL

    url = URL(origin.address)
    for _ in range(_HOPS + 1):
        if url.scheme != "https" or url.host is None or url.user is not None:
            raise DownloadFailed(f"{origin.host} sends the download to a place without https.")
        response = await session.get(url, headers=headers, allow_redirects=False)
        if response.status in (200, 206) or (response.status == 416 and "Range" in headers):
            return response
        location = response.headers.get("Location", "")
        response.close()
        if response.status not in _REDIRECTS or not location:
            kind = Interrupted if response.status in _PASSING else DownloadFailed
            raise kind(f"{url.host} answered with the HTTP status {response.status}.")
        try:
            # The signature in a storage address holds for its exact spelling.
            url = url.join(URL(location, encoded=True))
            _ = url.port  # it is not read before
        except ValueError:
            raise _misled(origin.host) from None
    raise DownloadFailed(f"{origin.host} redirects more than {_HOPS} times.")
