"""What a person sees of Neovim in a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.editors_neovim import Neovim, neovim, older_neovim
from tests.support.editors_nvim import PLUGIN
from tests.support.editors_server import Server, fake_server
from tests.support.tmux import terminal

pytestmark = pytest.mark.editor

INIT = """
vim.o.swapfile, vim.o.shada, vim.o.termguicolors, vim.o.number = false, '', true, true
vim.g.loaded_python3_provider = 0 -- several Pythons are started to look for it
vim.opt.runtimepath:prepend({plugin})
vim.api.nvim_set_hl(0, 'InglenookGhost', {{ fg = '#0a0b0c' }})
require('inglenook').setup {{ cmd = {{ {program}, 'serve' }} }}
vim.o.laststatus, vim.o.statusline = 3, "%{{v:lua.require'inglenook'.statusline()}}"
"""
IDLE = "inglenook: idle (fake)"


def shown(editor: Neovim, server: Server, folder: Path, text: str) -> Any:
    init = folder / "init.lua"
    plugin, program = json.dumps(str(PLUGIN)), json.dumps(str(server.program))
    init.write_text(INIT.format(plugin=plugin, program=program))
    (folder / "case.py").write_text(text)
    env = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "STATE", "DATA")}
    if editor.runtime:
        env["VIMRUNTIME"] = str(editor.runtime)
    command = [editor.program, "--clean", "-u", init, "case.py"]
    return terminal(command, folder, {**env, **server.env}, width=100)


def test_the_ghost_has_its_own_colour_until_it_is_text(tmp_path: Path) -> None:
    server = fake_server(tmp_path, "return a + b")
    with shown(neovim(), server, tmp_path, "def add(a, b):\n    \n") as screen:
        screen.until(lambda seen: IDLE in seen)
        screen.type("2GA")
        screen.until(lambda seen: "  2     return a + b\n" in seen)
        ghostly = re.compile(r"\x1b\[[0-9;]*38;2;10;11;12m\S*return a \+ b")
        assert ghostly.search(screen.screen(colours=True))
        screen.press("Tab")
        screen.press("Escape")
        screen.type(":write")
        screen.press("Enter")
        file = tmp_path / "case.py"
        screen.until(lambda _: "return a + b\n" in file.read_text())
        assert not ghostly.search(screen.screen(colours=True))
        assert "  2     return a + b\n" in screen.screen()


def test_the_chat_is_beside_the_code_and_what_was_thought_is_folded(tmp_path: Path) -> None:
    talk = {"chat": "It adds **two** numbers.", "thinking": "Let me see.\nIt adds."}
    server = fake_server(tmp_path, "", talk=talk)
    with shown(older_neovim(), server, tmp_path, "def add(a, b):\n    return a + b\n") as screen:
        screen.until(lambda seen: IDLE in seen)
        screen.type(":%Inglenook chat What is it?")
        screen.press("Enter")
        seen = screen.until(lambda seen: "Sent to fake" in seen)
        assert "  1 def add(a, b):" in seen
        assert "It adds **two** numbers." in seen
        assert "+ Reasoning, 2 lines" in seen
        assert "Let me see" not in seen
