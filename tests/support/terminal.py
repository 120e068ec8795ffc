"""A terminal for one command: a real pty, and what a user would see on it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.support.house import config_for

INTERRUPT: Final = b"\x03"  # what Ctrl-C sends
# All that is understood: colours, the cursor hidden or shown, up, and a line erased.
_SIGN: Final = re.compile(
    r"\x1b\[([0-9;?]*)([A-Za-z])|[\r\n]|[^\x00-\x1f\x7f-\x9f]+|(.)", re.DOTALL
)


class Screen:
    """``lines`` are all that were ever scrolled by, and those on the screen.

    Raises ValueError at a control that the command itself has no reason to send.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.lines = [""]
        self.row = self.column = 0
        self.cursor_shown = True
        self.styles: set[str] = set()

    def feed(self, text: str) -> None:
        for match in _SIGN.finditer(text):
            numbers, letter, odd = match.groups()
            if odd is not None:
                raise ValueError(f"{odd!r} before {text[match.end() : match.end() + 20]!r}")
            if letter:
                self._steer(numbers, letter)
            elif match[0] == "\r":
                self.column = 0
            elif match[0] == "\n":
                self._down()
            else:
                for sign in match[0]:
                    self._put(sign)

    def _steer(self, numbers: str, letter: str) -> None:
        if letter == "m":
            self.styles.add(numbers)
        elif letter == "A":
            top = max(len(self.lines) - self.height, 0)
            self.row = max(self.row - int(numbers or 1), top)
        elif letter == "K" and numbers == "2":
            self.lines[self.row] = ""
        elif (numbers, letter) in (("?25", "l"), ("?25", "h")):
            self.cursor_shown = letter == "h"
        else:
            raise ValueError(f"an escape sequence: {numbers}{letter}")

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def _put(self, sign: str) -> None:
        if self.column == self.width:
            self.column = 0
            self._down()
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + sign + line[self.column + 1 :]
        self.column += 1

    @property
    def text(self) -> str:
        """All lines, without the blanks at their ends."""
        return "\n".join(line.rstrip() for line in self.lines).rstrip("\n")


class Terminal:
    """``sent`` is all that the command has written, to stdout or stderr."""

    def __init__(self, screen: Screen, master: int, process: asyncio.subprocess.Process) -> None:
        self.screen, self.process = screen, process
        self.sent = b""
        self._master = master

    def read(self) -> None:
        """For the event loop, when there is something."""
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # the command has ended
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._master)
        self.sent += data

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    async def until(self, seen: Callable[[str], bool]) -> None:
        async with asyncio.timeout(30):
            while not seen(self.sent.decode(errors="replace")):
                await asyncio.sleep(0.005)

    async def end(self) -> int:
        """The exit code; the screen shows what was sent."""
        code = await asyncio.wait_for(self.process.wait(), 30)
        self.read()
        self.screen.feed(self.sent.decode().replace("\r\n", "\n\r"))
        return code


@asynccontextmanager
async def terminal(
    directory: Path,
    *arguments: str,
    address: str,
    provider: str = "llama.cpp",
    width: int = 60,
    height: int = 12,
    cwd: Path | None = None,
    **more: str,
) -> AsyncIterator[Terminal]:
    """A command of ours with the terminal as its stdin, stdout and stderr."""
    unset = {"NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    environment = {**inherited, **config_for(directory, provider, address)}
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "inglenook", *arguments),
        env={**environment, "TERM": "xterm-256color", **more},
        cwd=cwd,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,  # Ctrl-C is for it
    )
    os.close(slave)
    opened = Terminal(Screen(width, height), master, process)
    asyncio.get_running_loop().add_reader(master, opened.read)
    try:
        yield opened
    finally:
        asyncio.get_running_loop().remove_reader(master)
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(master)
