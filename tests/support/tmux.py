"""A terminal as a person has it: a program in tmux, its screen with its colours, and keys."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.editors_cache import InstallationError

PATIENCE = 30.0  # seconds until what should be seen counts as not coming


@dataclass(frozen=True, slots=True)
class Terminal:
    """One window of a tmux server of its own."""

    socket: Path

    def press(self, *keys: str) -> None:
        """Keys by tmux's names (``Escape``, ``C-x``); other words are typed."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def screen(self, *, colours: bool = False) -> str:
        """What is seen, without the blanks at the ends of lines."""
        shown = self._tmux("capture-pane", "-p", *(["-e"] if colours else []))
        return "\n".join(line.rstrip() for line in shown.splitlines())

    def cursor(self) -> tuple[int, int]:
        """Its column and row, from 0."""
        told = self._tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return int(told[0]), int(told[1])

    def until(self, holds: Callable[[str], bool], *, patience: float = PATIENCE) -> str:
        """The screen as soon as that holds of it; AssertionError with what was seen instead."""
        end = time.monotonic() + patience
        while not holds(seen := self.screen()) and time.monotonic() < end:
            time.sleep(0.02)
        assert holds(seen), seen
        return seen

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self.socket), *words], capture_output=True, text=True, check=True
        )
        return done.stdout


@contextmanager
def terminal(
    command: Sequence[str | Path],
    folder: Path,
    env: Mapping[str, str],
    *,
    width: int = 80,
    height: int = 20,
) -> Iterator[Terminal]:
    """``command`` running in ``folder``, until it is left."""
    socket = folder / "tmux.socket"
    settings = [word for key, value in env.items() for word in ("-e", f"{key}={value}")]
    size = ["-x", str(width), "-y", str(height)]
    words = [str(word) for word in command]
    start = ["tmux", "-S", str(socket), "-f", "/dev/null", "new-session", "-d", *size]
    try:
        subprocess.run([*start, "-c", str(folder), *settings, *words], check=True, text=True)
    except OSError as error:
        raise InstallationError(f"Install tmux (it did not start: {error}).") from error
    try:
        yield Terminal(socket)
    finally:
        subprocess.run(["tmux", "-S", str(socket), "kill-server"], check=False, text=True)
