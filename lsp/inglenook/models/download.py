"""Fetches one file of the catalogue; only the command ``inglenook models get`` comes here.

This is the one place that talks to another machine, because its user asked for it by a command.
No proxy is used, certificates are verified, and a redirect (publishers answer with one to their
storage) is followed over https only. The file gets its name after its digest was verified.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from inglenook.models.catalogue import Entry
from inglenook.models.errors import ModelError

if TYPE_CHECKING:
    import aiohttp

_HOPS: Final = 5
_CONNECT_SECONDS: Final = 15
_SILENCE_SECONDS: Final = 60
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BLOCK: Final = 1 << 20
_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})

Progress = Callable[[int], None]


class DownloadFailed(ModelError):
    """Why there is no file, in one sentence. Nothing was left behind."""


async def download(
    entry: Entry,
    directory: Path,
    progress: Progress,
    *,
    source: str | None = None,
    trust: ssl.SSLContext | None = None,
) -> Path:
    """Put ``entry`` into ``directory`` and return its path; `DownloadFailed` otherwise.

    ``progress`` is told how many bytes have come so far. A verified file that is there already
    is kept. ``source`` and ``trust`` replace the publisher's address and the system's
    certificates; only tests give them.
    """
    target = directory / entry.file
    try:
        if await asyncio.to_thread(_is_there, target, entry):
            return target
        if shutil.disk_usage(directory).free < entry.size:
            raise DownloadFailed(_no_space(entry, directory))
        with _partial(target) as (out, partial):
            await _fetch(entry, source or entry.source, trust, out, progress)
            out.flush()
            os.fsync(out.fileno())
            out.close()  # Windows renames no open file
            partial.replace(target)
    except OSError as error:
        if error.errno in _FULL:
            raise DownloadFailed(_no_space(entry, directory)) from error
        reason = error.strerror or type(error).__name__
        raise DownloadFailed(f"{directory} cannot be written: {reason}.") from error
    return target


def _is_there(target: Path, entry: Entry) -> bool:
    """Whether the verified file is there; its directory is, afterwards."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or target.stat().st_size != entry.size:
        return False
    with target.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == entry.sha256


def _no_space(entry: Entry, directory: Path) -> str:
    megabytes = -(-entry.size // 1_000_000)
    return f"{directory} has no room for the {megabytes} MB of {entry.name}."


@contextlib.contextmanager
def _partial(target: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file beside ``target`` that is gone at the end, unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out, partial
    finally:
        partial.unlink(missing_ok=True)


async def _fetch(
    entry: Entry,
    source: str,
    trust: ssl.SSLContext | None,
    out: IO[bytes],
    progress: Progress,
) -> None:
    """Write the body to ``out`` and verify its size and digest."""
    digest = hashlib.sha256()
    size = 0
    async for block in _blocks(entry, source, trust):
        size += len(block)
        if size > entry.size:
            raise DownloadFailed(f"{_host(source)} sends more than the {entry.size} bytes of it.")
        digest.update(block)
        out.write(block)
        progress(size)
    if size < entry.size:
        raise DownloadFailed(f"The download broke off after {size} of {entry.size} bytes.")
    if digest.hexdigest() != entry.sha256:
        raise DownloadFailed(
            f"What {_host(source)} sent is not {entry.name}: its SHA-256 is not the pinned one."
        )


async def _blocks(entry: Entry, source: str, trust: ssl.SSLContext | None) -> AsyncIterator[bytes]:
    """The body in pieces; every error of the network becomes `DownloadFailed`."""
    import aiohttp

    limits = aiohttp.ClientTimeout(
        total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SILENCE_SECONDS
    )
    connector = aiohttp.TCPConnector(ssl=trust or ssl.create_default_context())
    try:
        async with (
            aiohttp.ClientSession(
                connector=connector,
                timeout=limits,
                trust_env=False,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity"},
            ) as session,
            await _follow(session, source) as response,
        ):
            if response.content_length not in (None, entry.size):
                raise DownloadFailed(f"{_host(source)} has another file: its size differs.")
            async for block in response.content.iter_chunked(_BLOCK):
                yield block
    except aiohttp.ClientConnectorCertificateError as error:
        raise DownloadFailed(f"{error.host} has no certificate that can be trusted.") from error
    except aiohttp.ClientSSLError as error:
        raise DownloadFailed(f"{error.host} could not be reached over TLS.") from error
    except aiohttp.ClientConnectorError as error:
        raise DownloadFailed(f"{error.host} could not be reached: is there a network?") from error
    except TimeoutError as error:
        raise DownloadFailed(f"{_host(source)} did not answer in time.") from error
    except (aiohttp.ClientError, ValueError) as error:
        raise DownloadFailed(f"The connection to {_host(source)} broke off.") from error


async def _follow(session: aiohttp.ClientSession, source: str) -> aiohttp.ClientResponse:
    """The answer with the file, behind at most `_HOPS` redirects, each over https."""
    from yarl import URL

    url = URL(source)
    for _ in range(_HOPS + 1):
        if url.scheme != "https" or url.host is None or url.user is not None:
            raise DownloadFailed(f"{_host(source)} sends the download to a place without https.")
        response = await session.get(url, allow_redirects=False)
        if response.status == 200:
            return response
        location = response.headers.get("Location", "")
        response.release()
        if response.status not in _REDIRECTS or not location:
            raise DownloadFailed(f"{url.host} answered with the HTTP status {response.status}.")
        # The signature in a storage address holds for its exact spelling.
        url = url.join(URL(location, encoded=True))
    raise DownloadFailed(f"{_host(source)} redirects more than {_HOPS} times.")


def _host(source: str) -> str:
    return urlsplit(source).hostname or "the source"
