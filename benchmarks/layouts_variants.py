"""The prompt layouts that are measured: those of the product, and those that were tried beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from benchmarks.layouts_engine import Sent
from inglenook.models.render import HEAL_LIMIT, Layout, last_piece, render
from inglenook.models.templates import TEMPLATES
from inglenook_context import window as window_module
from inglenook_context.document import Cursor, Document
from inglenook_context.prompt import Prompt
from inglenook_context.text import Text
from inglenook_context.window import Budget, _start, window

Shape = Callable[[Cursor], Prompt]  # which part of the file is shown, and where it is frozen
Rule = Callable[[str], str]  # the end of the typed part of a line that is taken back

# The budgets of the measurements: the product's before lines above the cursor counted as typed.
SMALL: Final = Budget(snippets=1000, prefix=1000, step=600, suffix=400)
LARGE: Final = Budget(snippets=2400, prefix=2000, step=1000, suffix=1000)

_TEMPLATE: Final = TEMPLATES["qwen-coder"]
_WORD: Final = re.compile(r"(?:\s+|[ ]?[^\w\s]+|\W?\w+)\Z")
_NO_MARKS: Final = re.compile(r"[^\w\s]\Z")


def cursor_at(before: str, after: str) -> Cursor:
    """A cursor in a Python file."""
    source = Text.of(before + after)
    return Cursor(Document("file:///file.py", "python", 1, source), len(before))


def product(cursor: Cursor) -> Prompt:
    """The product's window on the current file alone."""
    view = window(cursor, window_module.SMALL)
    return Prompt("file.py", "python", (), view.prefix, view.typed, view.suffix)


def windowed(cursor: Cursor, budget: Budget = SMALL, lines_above: int = 0) -> Prompt:
    """Frozen at the start of a line at or above the cursor's, as the product's window once was."""
    text = cursor.document.text
    frozen = text.line_start(max(0, cursor.line - lines_above))
    start = _start(text, frozen, budget)
    return Prompt(
        "file.py",
        "python",
        (),
        text.slice(start, frozen),
        text.slice(frozen, cursor.offset),
        window(cursor, budget).suffix,
    )


def sliding(cursor: Cursor) -> Prompt:
    """As many characters before the cursor as the product's window shows on average."""
    before = cursor.before(SMALL.prefix + SMALL.step // 2)
    return replace(windowed(cursor), prefix="", typed=before)


def thawed(cursor: Cursor, lines: int) -> Prompt:
    """A window of which up to ``lines`` whole lines more count as typed."""
    prompt = windowed(cursor)
    kept = prompt.prefix.splitlines(keepends=True)
    cut = max(0, len(kept) - lines)
    return replace(prompt, prefix="".join(kept[:cut]), typed="".join(kept[cut:]) + prompt.typed)


def gridded(cursor: Cursor, grid: int, budget: Budget = SMALL) -> Prompt:
    """Frozen at every ``grid``-th line of the file, at least ``grid`` lines above the cursor.

    The window's start is reckoned from the frozen line, so both move at once. What counts as
    typed is taken off the prefix, so that a prompt is as long as in the other layouts.
    """
    lines_above = cursor.line - max(0, cursor.line // grid - 1) * grid
    return windowed(cursor, replace(budget, prefix=budget.prefix - 400), lines_above)


@dataclass(frozen=True, slots=True)
class Variant:
    """``rule`` None: nothing is taken back. ``force``: by a grammar, else the answer may fail."""

    name: str
    layout: Layout = Layout.FROZEN_LINE
    rule: Rule | None = None
    force: bool = True
    shape: Shape = windowed

    def sent(self, cursor: Cursor) -> Sent:
        prompt = self.shape(cursor)
        # Within the line, as `render` does it.
        piece = self.rule(prompt.typed.rpartition("\n")[2]) if self.rule else ""
        kept = prompt.typed[: len(prompt.typed) - len(piece)]
        if self.layout is Layout.PSM:
            rendered = render(replace(prompt, typed=kept), _TEMPLATE, self.layout)
            return Sent(replace(rendered, heal=piece), self.force)
        rendered = render(prompt, _TEMPLATE, self.layout)
        torn = rendered.text + rendered.heal
        text = torn[: len(torn) - len(piece)]
        return Sent(replace(rendered, text=text, heal=piece), self.force)


def whole_word(typed: str) -> str:
    """The whole last word with the mark or blank before it, whatever humps it has."""
    match = _WORD.search(typed[-3 * HEAL_LIMIT :])
    return match[0] if match else ""


def all_blanks(typed: str) -> str:
    """As the product's rule, but a run of blanks at the end is taken back as a whole."""
    run = typed[len(typed.rstrip()) :]
    return run[-HEAL_LIMIT:] or last_piece(typed)


def no_marks(typed: str) -> str:
    """As `all_blanks`, but what ends in a mark stays as it is."""
    return "" if _NO_MARKS.search(typed) else all_blanks(typed)


def _thawed(name: str, lines: int) -> Variant:
    return Variant(name, rule=all_blanks, shape=partial(thawed, lines=lines))


PRODUCT: Final = Variant("the product's window, healed", rule=last_piece, shape=product)
PSM: Final = Variant("psm", Layout.PSM)
PSM_HEALED: Final = Variant("psm healed", Layout.PSM, rule=all_blanks)
PSM_SLIDING: Final = Variant("psm, sliding start", Layout.PSM, shape=sliding)
HEALED: Final = Variant("frozen-line healed", rule=last_piece)
HEALED_LARGE: Final = replace(
    HEALED, name="frozen-line healed, LARGE", shape=partial(windowed, budget=LARGE)
)
ALL_BLANKS: Final = Variant("frozen-line healed, all blanks", rule=all_blanks)
WHOLE_WORD: Final = Variant("frozen-line healed, whole word", rule=whole_word)
NO_MARKS: Final = Variant("frozen-line healed, no marks", rule=no_marks)
TORN: Final = Variant("frozen-line torn")
DROPPED: Final = Variant("frozen-line dropped", rule=all_blanks, force=False)
BLOCK_3: Final = _thawed("frozen-block healed, 3 lines", 3)
BLOCK_8: Final = _thawed("frozen-block healed, 8 lines", 8)
BLOCK_8_DROPPED: Final = replace(BLOCK_8, name="frozen-block dropped, 8 lines", force=False)
BLOCK_16: Final = _thawed("frozen-block healed, 16 lines", 16)
ALL_TYPED: Final = _thawed("empty prefix, all typed, healed", 10_000)
GRID_8: Final = Variant(
    "frozen-block healed, grid of 8", rule=last_piece, shape=partial(gridded, grid=8)
)
GRID_8_ALL_BLANKS: Final = replace(
    GRID_8, name="frozen-block healed, grid of 8, all blanks", rule=all_blanks
)
GRID_8_LARGE: Final = replace(
    GRID_8,
    name="frozen-block healed, grid of 8, LARGE",
    shape=partial(gridded, grid=8, budget=LARGE),
)
