"""Somebody types three hundred keys, faster than the model answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.editors_neovim import Neovim
from tests.support.editors_nvim import opened
from tests.support.editors_server import fake_server

pytestmark = [
    pytest.mark.editor,
    pytest.mark.soak,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

PAUSE = 0.06  # seconds between two keys
KEYS = 300
LINES = ["value = total(rows)", "if value > 0: print(value)", "rows.append((value, 'é'))", "x = {}"]
COUNT = """
_G.sent, _G.ended, _G.said = 0, 0, {}
local ours = 'textDocument/inlineCompletion'
vim.notify = function(text) table.insert(_G.said, text) end
vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)
  local client = vim.lsp.get_client_by_id(event.data.client_id)
  local request = client.rpc.request
  client.rpc.request = function(method, params, callback, answered)
    if method ~= ours then return request(method, params, callback, answered) end
    _G.sent = _G.sent + 1
    return request(method, params, function(err, result)
      if err then table.insert(_G.said, vim.inspect(err)) end
      return callback(err, result)
    end, function(...) -- at every answer, also one that says that the request was cancelled
      _G.ended = _G.ended + 1
      return answered(...)
    end)
  end
end })
"""


def typed() -> Iterator[str]:
    """The keys, one by one: lines, over and over."""
    keys = [key for line in LINES for key in [*line, "<CR>"]]
    for number in range(KEYS):
        key = keys[number % len(keys)]
        yield "<lt>" if key == "<" else key


def test_three_hundred_keys_and_a_slow_model(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    server = fake_server(tmp_path, "value_{n} = rows", first_token_ms=300, program=program)
    with opened(editor, "█\n", tmp_path, server, first=COUNT, leaving=leaving) as screen:
        screen.nvim.command("setlocal noautoindent indentexpr= ")
        screen.press("i")
        start = time.monotonic()
        for number, key in enumerate(typed()):
            # Keys come at their times: this is what is tested, not a wait for something.
            time.sleep(max(0.0, start + number * PAUSE - time.monotonic()))
            screen.press(key)
        text = "".join("\n" if key == "<CR>" else key for key in typed())
        screen.until(screen.drawing, f"{text}█")
        counted = "return { _G.sent, _G.ended, _G.sent == _G.ended }"
        screen.until(lambda: screen.lua(counted)[2], True)
        assert screen.lua("return _G.said") == []
        assert screen.lua(counted)[0] > 50
        screen.some(screen.ghost)  # when the typing ends, there is one
