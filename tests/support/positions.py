"""Fifty holes in short files, the same on every machine: what every adapter is asked.

A hole is made in a line with something on it: at its beginning, or behind one of its words. The
rest of the line goes. Every third hole wants more than a line; in two of the files they come with
a piece of another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import inglenook
from inglenook.models.model import CompletionRequest, Fill, Way
from inglenook.models.render import Layout
from inglenook_context.document import Cursor, Document
from inglenook_context.prompt import Prompt, Snippet
from inglenook_context.text import Text
from inglenook_context.window import Budget, window
from tests.support.positions_text import OWN

COUNT: Final = 50
_DEMO: Final = Path(inglenook.__file__).parent / "demo_workspace"
_FILES: Final = ("inventory.py", "orders.py", "cart.ts")
_LANGUAGES: Final = {".py": "python", ".ts": "typescript"}
# Characters. A prompt is of at most 150 tokens or so, and most of it is that of the hole before.
_MOST: Final = 480
_BUDGET: Final = Budget(snippets=0, prefix=_MOST, step=1, suffix=60)
_OTHER: Final = {
    "orders.py": Snippet("inventory.py", "def restock(inventory, sku, units): ...\n"),
    "cart.ts": Snippet("money.ts", "export function format(cents: number): string;\n"),
}
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Position:
    """One hole. ``name`` is its file and place."""

    name: str
    prompt: Prompt
    single_line: bool

    def request(self, max_tokens: int, layout: Layout | None = None) -> CompletionRequest:
        """Greedy; with ``layout``, by the model's own template, else as the adapter likes."""
        return CompletionRequest(
            self.prompt,
            max_tokens,
            single_line=self.single_line,
            way=Way(Fill.TEMPLATE, "qwen-coder", layout) if layout else None,
        )


def positions() -> tuple[Position, ...]:
    """All of them, neighbours in a file side by side, as an editor would ask."""
    texts = {name: _beginning((_DEMO / name).read_text("utf-8")) for name in _FILES} | OWN
    every = [(name, text, place) for name, text in texts.items() for place in _places(text)]
    chosen = [every[index * len(every) // COUNT] for index in range(COUNT)]
    return tuple(_position(*each, number) for number, each in enumerate(chosen))


def _beginning(text: str) -> str:
    return text[: text.rfind("\n", 0, _MOST) + 1]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """For every line with words in it, the start of a hole and the end of the line."""
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        words = list(_WORD.finditer(line))
        if len(words) > 1:
            word = words[number % len(words)]
            inside = word.start() + 1 if number % 4 == 1 else word.end()
            yield start + (words[0].start() if number % 4 == 0 else inside), start + len(line) - 1
        start += len(line)


def _position(name: str, text: str, place: tuple[int, int], number: int) -> Position:
    cut, end = place
    document = Document(
        f"file:///{name}", _LANGUAGES[Path(name).suffix], 1, Text.of(text[:cut] + text[end:])
    )
    shown = window(Cursor(document, cut), _BUDGET)
    other = _OTHER.get(name)
    prompt = Prompt(
        path=name,
        language=document.language,
        snippets=(other,) if other else (),
        prefix=shown.prefix,
        typed=shown.typed,
        suffix=shown.suffix,
    )
    return Position(f"{name}@{cut}", prompt, single_line=number % 3 != 2)
