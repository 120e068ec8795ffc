"""Record a real session: Neovim in tmux, the real server, the real model.

    python -m benchmarks.record_neovim [PICTURE]

The screen is looked at ten times a second. A wait of more than two seconds, for a model on a busy
machine, is shown as two; nothing else is made faster.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from benchmarks.animated_svg import Frame, animated
from tests.support.editors_neovim import neovim
from tests.support.editors_server import installed
from tests.support.test_model import CODER, obtain
from tests.support.tmux import Terminal, terminal

COLUMNS, ROWS = 104, 24
PLUGIN: Final = Path(__file__).parents[1] / "editors/neovim"
PICTURE: Final = PLUGIN / "images/session.svg"
LONGEST: Final = 2.0  # seconds that one frame is shown
KEY: Final = 0.07  # seconds between two keys of somebody who types
CODE: Final = '''"""Marks of a class."""


def average(marks: list[float]) -> float:
    """The mean of all marks; 0.0 if there are none."""
    return sum(marks) / len(marks)


'''
INIT: Final = """
vim.o.swapfile, vim.o.shada, vim.o.termguicolors = false, '', true
vim.o.number, vim.o.laststatus, vim.o.ruler, vim.o.showcmd = true, 3, false, false
vim.opt.runtimepath:prepend({plugin})
require('inglenook').setup {{ cmd = {{ {program}, 'serve' }}, accept_line = '<C-l>' }}
vim.o.statusline = " %t %= %{{v:lua.require'inglenook'.statusline()}} "
"""


@dataclass(slots=True)
class Recorder:
    """Looks at the screen ten times a second, in a thread of its own."""

    shown: Terminal
    frames: list[Frame] = field(default_factory=list)
    start: float = field(default_factory=time.monotonic)
    _ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self._ended.wait(0.1):
            self.look()

    def look(self) -> None:
        screen, cursor = self.shown.screen(colours=True), self.shown.cursor()
        last = self.frames[-1] if self.frames else None
        if last is None or (last.screen, last.cursor) != (screen, cursor):
            at = time.monotonic() - self.start if self.frames else 0.0
            self.frames.append(Frame(at, screen, cursor))

    def end(self) -> None:
        self._ended.set()


def play(shown: Terminal) -> None:
    """The session: a ghost, a part of one, a question, and an edit that is checked."""

    def slowly(text: str) -> None:
        for key in text:
            shown.type(key)
            time.sleep(KEY)

    def until(holds: Callable[[str], bool], stay: float) -> None:
        shown.until(holds, patience=120)
        time.sleep(stay)

    slowly("Go")
    slowly("def best(marks: list[float]) -> float:")
    shown.press("Enter")
    until(lambda seen: "return" in seen.split("def best")[1], 1.5)
    shown.press("Tab")
    time.sleep(1.5)
    shown.press("Escape")
    slowly(":4,6Inglenook edit Return 0.0 if there are no marks")
    shown.press("Enter")
    until(lambda seen: "ZZ: accept" in seen, 4)
    shown.type("ZZ")
    time.sleep(2)
    slowly(":4,8Inglenook chat In one sentence: what does it do?")
    shown.press("Enter")
    until(lambda seen: "Sent to" in seen, 3)


def shortened(frames: list[Frame], longest: float) -> list[Frame]:
    """The same frames, none of them seen for more than ``longest`` seconds."""
    cut, kept = 0.0, frames[:1]
    for before, frame in pairwise(frames):
        cut += max(0.0, frame.at - before.at - longest)
        kept.append(replace(frame, at=frame.at - cut))
    return kept


def main(picture: Path) -> int:
    model = obtain(CODER)
    editor, program = neovim(), installed()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "marks.py").write_text(CODE)
        init = folder / "init.lua"
        init.write_text(
            INIT.format(plugin=json.dumps(str(PLUGIN)), program=json.dumps(str(program)))
        )
        kinds = ("CONFIG", "STATE", "DATA", "CACHE")
        env = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in kinds}
        env |= {"INGLENOOK_MODELS_DIR": str(model.parent)}
        if editor.runtime:
            env["VIMRUNTIME"] = str(editor.runtime)
        command = [editor.program, "--clean", "-u", init, "marks.py"]
        with terminal(command, folder, env, width=COLUMNS, height=ROWS) as shown:
            shown.until(lambda seen: "inglenook: idle" in seen, patience=120)
            recorder = Recorder(shown)
            thread = threading.Thread(target=recorder.run)
            recorder.look()
            thread.start()
            try:
                play(shown)
            finally:
                recorder.end()
                thread.join()
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(animated(shortened(recorder.frames, LONGEST), COLUMNS, ROWS))
    print(f"{picture}: {len(recorder.frames)} frames, {picture.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else PICTURE))
