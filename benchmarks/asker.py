"""Somebody who selects code at a site and asks about it, and when each piece of an answer came."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final

from benchmarks.sites import Site, read_file
from benchmarks.typist import Typist
from tests.support.lsp_client import Answer, LspClient, position

CHAT: Final = "inglenook/chat"
# Code, a list, emphasis and an address: an answer as models write it.
ANSWER: Final = """\
The method **filters** the rows of `self` and returns a *clone* of the query set:

1. `_not_support_combined_queries("filter")` refuses a combined query.
2. `_filter_or_exclude(False, args, kwargs)` does the work, see
   [the documentation](https://docs.djangoproject.com/en/5.2/ref/models/querysets/).

```python
def filter(self, *args, **kwargs):
    if args or kwargs and self.query.is_sliced:
        raise TypeError("Cannot filter a query once a slice has been taken.")
    clone = self._chain()
    clone.query.add_q(Q(*args, **kwargs))
    return clone
```

> Nothing is read from the database <b>before</b> the rows are iterated over; a < b && c.

"""


class Timed(list[dict[str, Any]]):
    """The notifications that a client reads; ``times`` says when (monotonic ns)."""

    def __init__(self, seen: Iterable[dict[str, Any]]) -> None:
        super().__init__(seen)
        self.times = [0] * len(self)

    def append(self, message: dict[str, Any]) -> None:
        self.times.append(time.monotonic_ns())
        super().append(message)


class Asker:
    """Asks about lines of one open document; every selection is another."""

    def __init__(self, typist: Typist, lines: int = 30) -> None:
        self.client: LspClient = typist.client
        self._typist = typist
        self._lines = lines
        self._asked = 0
        self.client.notifications = self.noted = Timed(self.client.notifications)

    def open(self, files: tuple[str, ...]) -> None:
        for path in files:
            self.client.open(self._typist.folder + path, read_file(path))
        self.client.open(self._typist.uri, self._typist.site.text)

    def begin(self, question: str, *, follow_up: bool = False) -> Any:
        """Ask; the token of the pieces is ``token``. A follow-up is about the same selection."""
        self._asked += not follow_up
        last = self._typist.site.lines - self._lines
        first = self._asked * 137 % last
        return self.client.begin(
            CHAT,
            {
                "textDocument": {"uri": self._typist.uri},
                "range": {"start": position(first, 0), "end": position(first + self._lines, 0)},
                "question": question,
                "conversation": self.token,
                "partialResultToken": self.token,
            },
        )

    @property
    def token(self) -> str:
        return f"chat {self._asked}"

    async def ask(self, question: str, *, follow_up: bool = False) -> Answer:
        answer = await self.client.answer(self.begin(question, follow_up=follow_up), 120)
        if not answer.result["text"]:
            raise AssertionError("nothing was answered")
        return answer

    async def nothing(self) -> Answer:
        """Have a conversation forgotten that there never was."""
        document = {"uri": self._typist.uri}
        params = {"textDocument": document, "conversation": "none"}
        return await self.client.request("inglenook/forgetChat", params)

    def pieces(self) -> list[int]:
        """When each piece of the answer that was asked for last was read."""
        return [
            at
            for message, at in zip(self.noted, self.noted.times, strict=True)
            if message["method"] == "$/progress" and message["params"]["token"] == self.token
        ]


def at_site(client: LspClient, site: Site, folder: Any = None, lines: int = 30) -> Asker:
    """The site's document and the files beside it open."""
    asker = Asker(Typist(client, site, folder), lines)
    asker.open(site.open_files)
    return asker
