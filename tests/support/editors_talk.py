"""A Neovim in which a model is talked to, and what it said."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.editors_nvim import Screen

# What the user is told is kept in `said`, what they are offered in `listed`; they choose what has
# the words `wanted`, and type `typed`.
SAID = """
_G.said, _G.listed = {}, {}
vim.notify = function(text) table.insert(_G.said, text) end
vim.lsp.handlers['window/showMessage'] = function(_, message)
  table.insert(_G.said, message.message)
end
vim.ui.input = function(_, typed) typed(_G.typed) end
vim.ui.select = function(items, options, chosen)
  _G.listed = vim.tbl_map(options.format_item or tostring, items)
  for i, text in ipairs(_G.listed) do
    if _G.wanted and text:find(_G.wanted, 1, true) then return chosen(items[i], i) end
  end
end
"""
CHAT = """
local buf = vim.fn.bufnr('inglenook-chat')
return buf < 0 and '' or table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\\n')
"""
Talk = Callable[..., Screen]  # (drawing, said, …): see the fixture `talk`


def said(screen: Screen) -> list[str]:
    return list(screen.lua("return _G.said"))


def chat(screen: Screen) -> str:
    return str(screen.lua(CHAT))


def text(screen: Screen) -> str:
    """The buffer in the current window."""
    return "\n".join(screen.nvim.current.buffer)
