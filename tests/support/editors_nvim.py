"""One real Neovim in which Inglenook's plugin runs; its state is read as data, never scraped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pynvim

from tests.support.drawn import MARK
from tests.support.editors_neovim import Neovim
from tests.support.editors_processes import end_of, family_of
from tests.support.editors_server import Server

PLUGIN = Path(__file__).parents[2] / "editors/neovim"
PATIENCE = 30.0  # seconds until what should happen counts as not happening
T = TypeVar("T")

INIT = """
local options, plugin, encoding, first = ...
vim.o.swapfile = false
vim.o.shada = ''
-- Python's file type asks for it, and Neovim starts several Pythons to find out: most of a second.
vim.g.loaded_python3_provider = 0
vim.opt.runtimepath:prepend(plugin)
if encoding ~= '' then
  local general = { positionEncodings = { encoding } }
  vim.lsp.config('*', { capabilities = { general = general } })
end
load(first)()
require('inglenook').setup(options)
"""

GHOST = """
local shown = {}
for _, name in ipairs({ 'nvim.lsp.inline_completion', 'inglenook' }) do
  local namespace = vim.api.nvim_create_namespace(name)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
    local text = ''
    for _, chunk in ipairs(mark[4].virt_text or {}) do text = text .. chunk[1] end
    for _, line in ipairs(mark[4].virt_lines or {}) do
      text = text .. '\\n'
      for _, chunk in ipairs(line) do text = text .. chunk[1] end
    end
    table.insert(shown, text)
  end
end
return table.concat(shown, '|')
"""

SCREEN_LINE = """
vim.cmd.redraw()
local cells = ''
for column = 1, vim.o.columns do cells = cells .. vim.fn.screenstring(..., column) end
return (cells:gsub('%s+$', ''))
"""

READY = """
local client = vim.lsp.get_clients({ name = 'inglenook', bufnr = 0 })[1]
return client ~= nil and client.initialized == true and require('inglenook').status.state == ...
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a test does to Neovim, and what it sees there."""

    nvim: Any  # pynvim.Nvim, which is untyped
    file: Path

    def press(self, keys: str) -> None:
        """Keys in Neovim's notation, as its main loop reads them from a keyboard."""
        self.nvim.input(keys)

    def ghost(self) -> str:
        """The ghost text that is drawn now, its lines joined; empty if there is none."""
        return str(self.nvim.exec_lua(GHOST))

    def drawing(self) -> str:
        """The buffer, with the cursor in it."""
        lines = list(self.nvim.current.buffer)
        row, column = self.nvim.current.window.cursor
        line = lines[row - 1].encode()
        lines[row - 1] = line[:column].decode() + MARK + line[column:].decode()
        return "\n".join(lines)

    def line_on_screen(self, row: int) -> str:
        return str(self.nvim.exec_lua(SCREEN_LINE, row))

    def statusline(self) -> str:
        return str(self.nvim.exec_lua("return require('inglenook').statusline()"))

    def server(self) -> int:
        """The process of the server that this Neovim runs; 0 if there is none."""
        editor = psutil.Process(self.nvim.funcs.getpid())
        found = [each for each in editor.children(recursive=True) if _serves(each)]
        return found[0].pid if found else 0

    def lua(self, code: str) -> Any:
        return self.nvim.exec_lua(code)

    def some(self, value: Callable[[], str]) -> str:
        """``value`` as soon as it is not empty."""
        self.until(lambda: value() != "", True)
        return value()

    def until(self, value: Callable[[], T], expected: T) -> None:
        """Wait until ``value`` is what is expected; AssertionError with what it was instead."""
        end = time.monotonic() + PATIENCE
        while (seen := value()) != expected and time.monotonic() < end:
            time.sleep(0.01)
        assert seen == expected, f"{seen!r} is not {expected!r}"


def _serves(process: psutil.Process) -> bool:
    try:
        return "serve" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


Open = Callable[..., Screen]  # (drawing, text, …): see the fixture `open_file`


@contextmanager
def opened(
    neovim: Neovim,
    drawing: str,
    folder: Path,
    server: Server,
    *,
    line_end: str = "\n",
    encoding: str = "",
    first: str = "",
    setup: Mapping[str, Any] | None = None,
    leaving: list[psutil.Process] | None = None,
    state: str = "idle",
) -> Iterator[Screen]:
    """Neovim with the drawn file open and the cursor at its mark, the server in its ``state``.

    ``encoding`` is the one position encoding that Neovim offers (empty: all of its own), ``first``
    is Lua that runs first, and ``setup`` what the plugin is told besides. Whoever gives a list to
    ``leaving`` sees to it that the processes in it end; else they are waited for.
    """
    before, _, after = drawing.partition(MARK)
    file = folder / "case.py"
    file.write_bytes((before + after).replace("\n", line_end).encode())
    options: dict[str, Any] = {"cmd": [str(server.program), "serve"], "native": neovim.native}
    options |= setup or {}
    nvim = pynvim.attach("child", argv=command(neovim, folder, server.env))
    try:
        nvim.exec_lua(INIT, options, str(PLUGIN), encoding, first)
        nvim.command(f"edit {file}")
        screen = Screen(nvim, file)
        screen.until(lambda: nvim.exec_lua(READY, state), True)
        row, column = before.count("\n"), len(before.rpartition("\n")[2].encode())
        nvim.current.window.cursor = (row + 1, column)
        yield screen
    finally:
        family = leave(nvim)
        if leaving is None:
            assert not end_of(family, PATIENCE)
        else:
            leaving += family


def command(neovim: Neovim, folder: Path, env: Mapping[str, str]) -> list[str]:
    """Neovim in an environment and a folder of its own: no file of the user is read or written,
    and its server has nothing else to index."""
    own = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "STATE", "DATA")}
    if neovim.runtime:
        own["VIMRUNTIME"] = str(neovim.runtime)
    settings = [f"{key}={value}" for key, value in {**own, **env}.items()]
    nvim = [str(neovim.program), "--clean", "--embed", "--headless"]
    return ["env", "-C", str(folder), "-u", "NVIM", *settings, *nvim]


def leave(nvim: Any) -> list[psutil.Process]:
    """Neovim and its server, which are about to end."""
    family = family_of(psutil.Process(nvim.funcs.getpid()))
    with suppress(OSError, EOFError, pynvim.NvimError):
        nvim.command("qall!")
    nvim.close()
    return family
