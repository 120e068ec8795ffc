"""Somebody who types at a site: every key is an edit and a request for what comes next."""

from __future__ import annotations

import asyncio
import string
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks.sites import Site, read_file
from tests.support.lsp_client import Answer, LspClient, position, replacing

INVOKED: Final = 1
AUTOMATIC: Final = 2
FOLDER: Final = "file:///workspace/"
_LIMIT: Final = 40.0  # seconds that an answer may take


@dataclass(frozen=True, slots=True)
class Key:
    """One key: when its first byte was written and when the whole answer was read, in ns."""

    sent: int
    answer: Answer

    @property
    def received(self) -> int:
        return self.answer.received

    @property
    def milliseconds(self) -> float:
        return (self.answer.received - self.sent) / 1e6

    @property
    def texts(self) -> list[str]:
        return [item["insertText"] for item in self.answer.result["items"]]


class Typist:
    """Types into one open document; ASCII only, so that columns are characters."""

    def __init__(
        self, client: LspClient, site: Site, folder: Path | None = None, limit: float = _LIMIT
    ) -> None:
        self.client = client
        self.site = site
        self.limit = limit
        self.folder = FOLDER if folder is None else f"{folder.as_uri()}/"
        self.uri = self.folder + site.path
        self.column = site.column
        self.version = 1
        self._chance = Random(site.name)
        self._words = 0

    def open(self, files: tuple[str, ...] = ()) -> None:
        """Open the document, after other files that stand beside it."""
        for path in files:
            self.client.open(self.folder + path, read_file(path))
        self.client.open(self.uri, self.site.text)

    def type(self, text: str) -> int:
        """Insert at the cursor; returns when the first byte was written."""
        at = (self.site.line, self.column)
        self.column += len(text)
        return self._change(replacing(at, at, text))

    def rewrite(self, text: str) -> int:
        """Put ``text`` in place of all that was typed at the site; the cursor ends after it."""
        start, end = (self.site.line, self.site.column), (self.site.line, self.column)
        self.column = self.site.column + len(text)
        return self._change(replacing(start, end, text))

    def rewrite_line(self, text: str) -> int:
        """Replace the cursor's line as far as the cursor; the cursor ends after ``text``."""
        line = self.site.line
        end, self.column = self.column, len(text)
        return self._change(replacing((line, 0), (line, end), text))

    def begin(self, kind: int = INVOKED) -> Any:
        """Ask at the cursor; returns the id of the request."""
        return self.client.begin("textDocument/inlineCompletion", self.params(kind))

    async def key(self, text: str, kind: int = INVOKED) -> Key:
        """Insert ``text`` and wait for the answer."""
        sent = self.type(text)
        return Key(sent, await self.client.answer(self.begin(kind), self.limit))

    async def ask(self, kind: int = INVOKED) -> Key:
        """Wait for the answer to a request without an edit."""
        id = self.begin(kind)
        answer = await self.client.answer(id, self.limit)
        return Key(answer.sent, answer)

    def mark_above(self) -> None:
        """Insert a fresh comment on a line of its own, two lines above the cursor."""
        at = (self.site.line - 1, 0)
        self._change(replacing(at, at, f"# {self.fresh_word()}\n"))
        self.site = replace(self.site, line=self.site.line + 1)

    def params(self, kind: int) -> dict[str, Any]:
        return {
            "textDocument": {"uri": self.uri},
            "position": position(self.site.line, self.column),
            "context": {"triggerKind": kind},
        }

    def fresh_word(self) -> str:
        """The beginning of a word that was never typed here before."""
        self._words += 1
        number, word = self._words, ""
        for _ in range(3):
            number, digit = divmod(number, 26)
            word += string.ascii_lowercase[digit]
        return "v" + word

    def letter(self) -> str:
        """Any but the first letters of the answers, which would be typing the answer through."""
        return self._chance.choice("abcefghjklmnoprstuwxyz")

    def _change(self, change: dict[str, Any]) -> int:
        self.version += 1
        return self.client.change(self.uri, self.version, change)


async def rest(milliseconds: float) -> None:
    await asyncio.sleep(milliseconds / 1000)
