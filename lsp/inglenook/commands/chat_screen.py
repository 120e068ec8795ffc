"""An answer on its way to the user: Markdown on a terminal, plain text in a pipe."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.markdown import Markdown
from rich.segment import ControlType, Segment
from rich.text import Text

from inglenook.commands.terminal import safe
from inglenook.engine.chat.answered import as_json
from inglenook.engine.chat.question import Piece, Reply
from inglenook.engine.markdown.signs import plain

_OFTEN: Final = 0.1  # seconds between two drawings, at least
_SHARE: Final = 9  # times as long as a drawing took there is none: a tenth of one core at most


class Shows(Protocol):
    """``show`` is called for each piece and, if it comes to that, for the reply; ``close`` once,
    whatever the end was."""

    def show(self, told: Piece | Reply) -> None: ...

    def close(self) -> None: ...


def shows(model: str, *, as_object: bool, message: bool) -> Shows:
    """How the answer of a model is shown; a ``message`` in a pipe is one for another program."""
    if as_object:
        return Whole(lambda reply: json.dumps(as_json(reply)))
    if sys.stdout.isatty():
        console = Console(highlight=False)
        if console.is_terminal and not console.is_dumb_terminal:
            return Screen(console, f"{safe(model)} is asked; Ctrl-C ends it.")
    elif message:
        return Whole(lambda reply: safe(unfenced(reply.plain)))
    return Stream()


class Stream:
    """Text as it comes; reasoning is left out."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, told: Piece | Reply) -> None:
        if isinstance(told, Piece) and told.text:
            sys.stdout.write(told.text)
            sys.stdout.flush()
            self._last = told.text[-1]

    def close(self) -> None:
        if self._last not in ("", "\n"):
            print(flush=True)


class Whole:
    """Everything at the end, or nothing if there is none."""

    def __init__(self, render: Callable[[Reply], str]) -> None:
        self._render = render

    def show(self, told: Piece | Reply) -> None:
        if isinstance(told, Reply) and (text := self._render(told)):
            print(text, flush=True)

    def close(self) -> None:
        pass


class Screen:
    """Blocks that are finished are printed for good; the one being written is drawn anew.

    Of a block that is longer than the screen its end is drawn, until it is finished. ``waiting``
    is shown until something comes.
    """

    def __init__(self, console: Console, waiting: str) -> None:
        self._console = console
        self._drawn = 0  # lines that are drawn and not printed
        self._pending = ""
        self._thinks = False  # what is pending is reasoning
        self._begun = self._printed = False
        self._next = 0.0  # when it may be drawn again
        self._timer: asyncio.TimerHandle | None = None
        line = Text(waiting, "dim", no_wrap=True, overflow="ellipsis")
        self._draw_lines(console.render_lines(line, pad=False))

    def show(self, told: Piece | Reply) -> None:
        if isinstance(told, Reply):
            return
        self._take(told.reasoning, thinks=True)
        self._take(told.text, thinks=False)
        wait = self._next - time.monotonic()
        if wait <= 0:
            self._draw()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait, self._draw_late)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._console:  # all of it is one write
            self._erase()
            self._print(len(self._pending))
            if self._begun:
                self._console.show_cursor(True)

    def _take(self, text: str, *, thinks: bool) -> None:
        if not text:
            return
        if thinks is not self._thinks:
            with self._console:
                self._erase()
                self._print(len(self._pending))
            self._thinks = thinks
        self._pending += text

    def _draw_late(self) -> None:
        with suppress(OSError):  # a terminal that is gone is told of by what is drawn next
            self._draw()

    def _draw(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        began = time.monotonic()
        with self._console:
            if not self._begun:
                self._begun = True
                self._console.show_cursor(False)
            self._erase()
            self._print(finished(self._pending))
            if self._pending.strip():
                self._draw_tail()
        now = time.monotonic()
        self._next = now + max(_OFTEN, (now - began) * _SHARE)

    def _draw_tail(self) -> None:
        """The last lines of what is being written, as many as the screen has."""
        block, options = self._block(self._pending), self._console.options
        lines = self._console.render_lines(block, options.update(height=None), pad=False)
        self._draw_lines([[], *lines] if self._printed else lines)

    def _draw_lines(self, lines: list[list[Segment]]) -> None:
        lines = lines[-max(self._console.height - 1, 1) :]
        self._console.print(_Lines(lines), end="")
        self._drawn = len(lines)

    def _erase(self) -> None:
        if self._drawn:
            line = (ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2)
            self._console.control(
                Control(
                    ControlType.CARRIAGE_RETURN,
                    (ControlType.ERASE_IN_LINE, 2),
                    *(line * (self._drawn - 1)),
                )
            )
            self._drawn = 0

    def _print(self, stop: int) -> None:
        """What is finished, with an empty line between blocks."""
        text, self._pending = self._pending[:stop], self._pending[stop:]
        if not text.strip():
            return
        if self._printed:
            self._console.print()
        self._console.print(self._block(text))
        self._printed = True

    def _block(self, text: str) -> Block:
        return Block(text, "dim" if self._thinks else "none")


class Block:
    """Markdown that rich renders. The engine has made it safe; that nothing in it reaches the
    terminal as anything but a sign is seen to once more, behind the renderer."""

    def __init__(self, text: str, style: str) -> None:
        self._markdown = Markdown(text, style=style, hyperlinks=False)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        begun = False
        for segment in console.render(self._markdown, options):
            begun = begun or segment.text != "\n"  # rich has an empty line before a list
            if begun and not segment.control:
                yield Segment(plain(segment.text), segment.style)


class _Lines:
    """Lines that are rendered already."""

    def __init__(self, lines: list[list[Segment]]) -> None:
        self._lines = lines

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        for number, line in enumerate(self._lines):
            if number:
                yield Segment.line()
            yield from line


def finished(text: str) -> int:
    """How many characters of Markdown belong to blocks that nothing that follows can change.

    Those are all but the last one of what consists of whole lines.
    """
    whole = text[: text.rfind("\n") + 1]
    starts = [each.map[0] for each in Markdown(whole).parsed if each.level == 0 and each.map]
    if not starts:
        return 0
    return sum(len(line) + 1 for line in whole.split("\n")[: starts[-1]])


def unfenced(text: str) -> str:
    """A message without the block of code that a model may have put round all of it."""
    lines = text.strip().split("\n")
    fence = lines[0][: len(lines[0]) - len(lines[0].lstrip("`"))]
    if len(lines) > 2 and len(fence) >= 3 and lines[-1] == fence:
        lines = lines[1:-1]
    return "\n".join(lines).strip()
