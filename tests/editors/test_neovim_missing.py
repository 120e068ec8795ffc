"""Before there is a program, and before `setup`: what is said, and that it works once it can."""

from __future__ import annotations

from pathlib import Path

import psutil
import pynvim
import pytest

from tests.support.editors_neovim import Neovim
from tests.support.editors_nvim import INIT, PLUGIN, READY, Screen, command, leave
from tests.support.editors_server import fake_server
from tests.support.editors_talk import SAID, said, text

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

INSTALL = 'Install it from a clone (uv tool install ".[embedded]", or pipx install ".[embedded]")'


def health(screen: Screen) -> str:
    screen.nvim.command("checkhealth inglenook")
    told = text(screen)
    screen.nvim.command("bwipeout!")
    return told


def test_without_the_program_every_command_says_how_to_get_it_until_it_is_there(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    server = fake_server(tmp_path, "return a + b", program=program)
    absent, file = tmp_path / "absent", tmp_path / "case.py"
    file.write_text("x = 1\n")
    nvim = pynvim.attach("child", argv=command(editor, tmp_path, server.env))
    screen = Screen(nvim, file)
    try:
        nvim.exec_lua("vim.opt.runtimepath:prepend(...)", str(PLUGIN))
        assert "ERROR require('inglenook').setup {} was not called." in health(screen)
        nvim.exec_lua(INIT, {"cmd": [str(absent), "serve"]}, str(PLUGIN), "", SAID)
        short = f"inglenook: {absent} is not a program; :Inglenook says what to do."
        assert said(screen) == [short]
        nvim.command(f"edit {file}")
        for words in ("", "get", "chat x", "edit x", "model", "doctor"):
            nvim.command(f"Inglenook {words}")
            assert said(screen)[-1].startswith(f"inglenook: {absent} is not a program. {INSTALL}")
        assert said(screen).count(said(screen)[-1]) == 6
        told = health(screen)
        assert f"ERROR {absent} is not a program." in told
        assert "was not called" not in told
        absent.symlink_to(program)
        nvim.command("Inglenook status")
        screen.until(lambda: nvim.exec_lua(READY, "idle"), True)
    finally:
        leaving += leave(nvim)
