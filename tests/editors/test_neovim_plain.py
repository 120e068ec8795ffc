"""`lsp/inglenook.lua` alone: the server in a Neovim that has no plugin of ours."""

from __future__ import annotations

from pathlib import Path

import psutil
import pynvim
import pytest

from tests.support.editors_neovim import Neovim
from tests.support.editors_nvim import PLUGIN, Screen, command, leave
from tests.support.editors_server import fake_server

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

INIT = """
local config, program = ...
vim.o.swapfile, vim.o.shada = false, ''
vim.o.completeopt = 'menuone,noselect'
vim.g.loaded_python3_provider = 0 -- several Pythons are started to look for it
vim.opt.runtimepath:prepend(config)
vim.lsp.config('inglenook', { cmd = { program, 'serve' }, handlers = {
  ['inglenook/status'] = function(_, status) _G.state = status.state end,
} })
vim.lsp.enable('inglenook')
if vim.lsp.inline_completion then
  vim.lsp.inline_completion.enable()
  vim.keymap.set('i', '<Tab>', function()
    if not vim.lsp.inline_completion.get() then return '<Tab>' end
  end, { expr = true })
else
  vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)
    vim.lsp.completion.enable(true, event.data.client_id, event.buf)
  end })
end
"""


def test_the_file_that_people_copy_is_enough(
    editor: Neovim, tmp_path: Path, leaving: list[psutil.Process]
) -> None:
    server = fake_server(tmp_path, "return a + b")
    config = tmp_path / "nvim"
    (config / "lsp").mkdir(parents=True)
    (config / "lsp/inglenook.lua").write_text((PLUGIN / "lsp/inglenook.lua").read_text())
    file = tmp_path / "case.py"
    file.write_text("def add(a, b):\n    \n")
    nvim = pynvim.attach("child", argv=command(editor, tmp_path, server.env))
    try:
        nvim.exec_lua(INIT, str(config), str(server.program))
        nvim.command(f"edit {file}")
        screen = Screen(nvim, file)
        screen.until(lambda: nvim.exec_lua("return _G.state"), "idle")
        screen.press("2GA")
        if nvim.funcs.has("nvim-0.12"):
            screen.until(screen.ghost, "return a + b")
            screen.press("<Tab>")
            screen.until(screen.drawing, "def add(a, b):\n    return a + b█")
        else:  # It knows no inline completion, and its own popup takes an item's first word only.
            screen.lua("vim.lsp.completion.get()")
            screen.until(lambda: nvim.funcs.pumvisible(), 1)
            screen.press("<C-n><C-y>")
            screen.until(screen.drawing, "def add(a, b):\n    return█")
    finally:
        leaving += leave(nvim)
