"""Downloads of one small file from a publisher that has a bad character."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import trustme

from inglenook.models.catalogue import Entry
from inglenook.models.download import DownloadFailed, download
from tests.support.source_server import Reply, Source, publishing

BODY: Final = random.Random(1).randbytes(200_000)
ENTRY: Final = Entry(
    name="tiny:1b",
    file="tiny.gguf",
    source="https://unused.invalid/tiny.gguf",
    size=len(BODY),
    sha256=hashlib.sha256(BODY).hexdigest(),
    licence="Apache-2.0",
    about="",
)
HALF: Final = 98_304
MIDDLE: Final = f"bytes={HALF}-"
PART: Final = ".tiny.gguf.part"
RECORD: Final = ".tiny.gguf.part.json"
LOCK: Final = ".tiny.gguf.lock"
CUT: Final = Reply(cut=HALF)


@dataclass(frozen=True, slots=True)
class Publisher:
    """A source, where it is, and a directory to fetch its file into."""

    source: Source
    address: str
    directory: Path
    trust: ssl.SSLContext

    async def get(self, seen: list[int] | None = None) -> bytes:
        """What the file holds after a download that ended well; nothing is beside it."""
        told = seen.append if seen is not None else lambda _size: None
        path = await download(ENTRY, self.directory, told, source=self.address, trust=self.trust)
        assert self.files() == [ENTRY.file]
        return path.read_bytes()

    async def refused(self) -> str:
        """The sentence of a download that failed; the file has no name."""
        with pytest.raises(DownloadFailed) as failure:
            await self.get()
        sentence = str(failure.value)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert not (self.directory / ENTRY.file).exists()
        assert not (self.directory / LOCK).exists()
        return sentence

    async def cut_off(self) -> None:
        """A download of which half comes, and then nobody listens any more."""
        self.source.plan = [CUT, Reply(status=404)]
        await self.refused()
        assert (self.directory / PART).read_bytes() == BODY[:HALF]
        self.source.asked.clear()

    def files(self) -> list[str]:
        return sorted(file.name for file in self.directory.iterdir())

    def record(self) -> dict[str, Any]:
        body = json.loads((self.directory / RECORD).read_text("utf-8"))
        assert isinstance(body, dict)
        return body


@contextlib.asynccontextmanager
async def visiting(directory: Path) -> AsyncIterator[Publisher]:
    """An honest publisher of the file, until a plan is made for it."""
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    source = Source(BODY)
    async with publishing(authority, tiny=source) as address:
        yield Publisher(source, f"{address}/tiny", directory, trust)
