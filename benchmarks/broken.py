"""Typing inside what is not closed yet: a string, a bracket, an f-string."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchmarks.backend import backend
from benchmarks.figures import summary
from benchmarks.servers import ours, settled
from benchmarks.sites import long_site, sites
from benchmarks.typist import Key, Typist, rest

OPENERS: Final = {
    'unclosed """': '            {word} = """',
    "unclosed (": "            {word} = self._extract(",
    "f-string": '            {word} = f"{{self.',
}
_WORDS: Final = 9  # letters typed behind each opener
_BETWEEN: Final = 60.0  # ms


async def measure(count: int, folder: Path | None = None) -> list[dict[str, Any]]:
    """The keys that open and those typed inside, with 6 open files; the opener goes each time."""
    figures = []
    async with backend(text="value_{n}") as fake:
        for site in (sites()[1], long_site()):
            for name, opener in OPENERS.items():
                async with ours(fake, folder=folder) as client:
                    typist = Typist(client, site, folder)
                    typist.open(site.open_files)
                    await settled(client)
                    await type_words(typist, opener, 20)
                    keys = await type_words(typist, opener, count)
                figures.append({"state": name, "lines": site.lines, **_summary(keys)})
    return figures


def _summary(keys: list[Key]) -> dict[str, Any]:
    opening = keys[:: _WORDS + 1]
    return {
        **summary([key.milliseconds for key in keys]),
        "opening key: median": summary([key.milliseconds for key in opening])["median"],
        "empty": sum(not key.texts for key in keys),
    }


async def type_words(typist: Typist, opener: str, count: int) -> list[Key]:
    """``count`` keys: the opener's last character, then letters, then all of it again."""
    keys: list[Key] = []
    while len(keys) < count:
        typist.rewrite_line(typist.site.line_text)
        await rest(_BETWEEN)
        line = opener.format(word=typist.fresh_word())
        typist.rewrite_line(line[:-1])
        await rest(_BETWEEN)
        keys.append(await typist.key(line[-1]))
        for _ in range(_WORDS):
            await rest(_BETWEEN)
            keys.append(await typist.key(typist.letter()))
    return keys[:count]
