"""Taking a part of a ghost text, another one, none; what is late, what is off, what crashed."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support.editors_nvim import Open, Screen
from tests.support.editors_server import installed

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize(
        "editor", ["0.12 native", "0.12", "0.11"], indirect=True, scope="session"
    ),
]

ADD = "def add(a, b):\n    █\n"
BODY = "if not rows:\n        return 0\n    return sum(rows)"
SAID = """
_G.said = {}
vim.notify = function(text) table.insert(_G.said, text) end
"""
POPUP = """
vim.bo.completefunc = 'v:lua.Words'
function _G.Words(findstart)
  return findstart == 1 and 4 or { 'repeat', 'reverse' }
end
"""
# Every ghost that is drawn, with the line as it was then; one that is drawn again is kept once.
DRAWN = """
_G.drawn = {}
local set = vim.api.nvim_buf_set_extmark
vim.api.nvim_buf_set_extmark = function(buf, ns, row, col, options)
  local text = options.virt_text and options.virt_text[1] and options.virt_text[1][1] or ''
  local seen = { vim.api.nvim_get_current_line(), text }
  if text:find('value_', 1, true) and not vim.deep_equal(seen, _G.drawn[#_G.drawn]) then
    table.insert(_G.drawn, seen)
  end
  return set(buf, ns, row, col, options)
end
"""
# The answers to requests for a ghost wait here until the test lets them through.
HOLD = """
_G.held = {}
local start = vim.lsp.rpc.start
vim.lsp.rpc.start = function(...)
  local rpc = start(...)
  local request = rpc.request
  rpc.request = function(method, params, callback, ...)
    if method ~= 'textDocument/inlineCompletion' then
      return request(method, params, callback, ...)
    end
    return request(method, params, function(...)
      local answer = { ... }
      table.insert(_G.held, function() callback(unpack(answer)) end)
    end, ...)
  end
  return rpc
end
"""


def said(screen: Screen) -> list[str]:
    return list(screen.lua("return _G.said"))


def test_a_word_or_a_line_is_taken_and_the_rest_stays(open_file: Open) -> None:
    screen = open_file("def mean(rows):\n    █\n\nx = 1\n", BODY)
    screen.press("A")
    screen.until(screen.ghost, BODY)
    screen.press("<C-Right>")
    screen.until(screen.drawing, "def mean(rows):\n    if█\n\nx = 1")
    screen.until(screen.ghost, BODY.removeprefix("if"))
    screen.press(" n<C-Right><C-Right>")  # what was typed since is accounted for
    screen.until(screen.drawing, "def mean(rows):\n    if not rows█\n\nx = 1")
    screen.until(screen.ghost, BODY.removeprefix("if not rows"))
    screen.press("<C-Down>")
    screen.until(screen.drawing, "def mean(rows):\n    if not rows:█\n\nx = 1")
    screen.press("<C-Down>")
    screen.until(screen.drawing, "def mean(rows):\n    if not rows:\n        return 0█\n\nx = 1")
    screen.until(screen.ghost, "\n    return sum(rows)")
    shown = [screen.line_on_screen(row) for row in (3, 4, 5, 6)]
    assert shown == ["        return 0", "    return sum(rows)", "", "x = 1"]
    screen.press("<Tab>")
    screen.until(screen.drawing, f"def mean(rows):\n    {BODY}█\n\nx = 1")


def test_another_one_is_shown_and_stays_while_it_fits(open_file: Open) -> None:
    screen = open_file(ADD, "value_{n}")
    screen.press("A")
    first = screen.some(screen.ghost)
    screen.press("<M-]>")
    screen.until(lambda: screen.ghost() not in ("", first), True)
    second = screen.ghost()
    screen.press("<M-]>")
    screen.until(lambda: screen.ghost() not in ("", second), True)
    third = screen.ghost().partition(" ")[0]
    screen.press(third[:2])
    screen.until(lambda: screen.ghost().partition(" ")[0], third[2:])
    screen.press("<Tab>")
    screen.until(screen.drawing, f"def add(a, b):\n    {third}█")


def test_a_dismissed_ghost_comes_back_only_when_the_text_changes(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b")
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.press("<C-]>")
    screen.until(screen.ghost, "")
    screen.press("<Left><Right>")
    screen.until(screen.drawing, ADD.rstrip("\n"))
    assert screen.ghost() == ""
    screen.press("r")
    screen.until(screen.ghost, "eturn a + b")


def test_with_the_popup_open_the_ghost_is_seen_and_taken(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b", first="vim.o.completeopt = 'menuone,noselect'")
    screen.lua(POPUP)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.press("re<C-x><C-u>")
    screen.until(lambda: screen.nvim.funcs.pumvisible(), 1)
    screen.until(screen.ghost, "turn a + b")
    screen.press("<Tab>")
    screen.until(screen.drawing, "def add(a, b):\n    return a + b█")


def test_while_somebody_types_no_ghost_of_a_slow_model_is_for_what_was_typed_before(
    open_file: Open,
) -> None:
    screen = open_file(ADD, "value_{n}", first_token_ms=400)
    screen.lua(DRAWN)
    screen.press("A")
    for typed in ("a", "ab", "abc", "abcd"):
        screen.press(typed[-1])
        screen.until(screen.drawing, f"def add(a, b):\n    {typed}█")
    ghost = screen.some(screen.ghost)
    assert screen.lua("return _G.drawn") == [["    abcd", ghost]]


def test_a_bracket_that_a_plugin_closes_contradicts_the_ghost(open_file: Open) -> None:
    screen = open_file(ADD, "f(a)", first_token_ms=400)
    screen.lua("vim.keymap.set('i', '(', '()<Left>', { buffer = 0 })")
    screen.press("A")
    screen.until(screen.ghost, "f(a)")
    screen.press("f")
    screen.until(screen.ghost, "(a)")
    screen.press("(")
    screen.until(screen.drawing, "def add(a, b):\n    f(█)")
    assert not screen.ghost().startswith("a)")  # with which it would become f(a))


def test_a_late_answer_to_what_was_typed_before_is_never_shown(open_file: Open) -> None:
    """Not even from a server that answers what was cancelled: all answers are held back here."""
    screen = open_file(ADD, "value_{n}", first=HOLD)
    held = "return #_G.held"
    screen.press("A")
    screen.until(lambda: screen.lua(held), 1)
    screen.press("x")
    screen.until(lambda: screen.lua(held), 2)
    screen.until(screen.drawing, "def add(a, b):\n    x█")
    screen.lua("_G.held[1]()")
    assert screen.ghost() == ""
    assert screen.line_on_screen(2) == "    x"
    screen.lua("_G.held[2]()")
    new = screen.some(screen.ghost)
    screen.lua("_G.held[1]()")
    assert screen.ghost() == new
    assert screen.line_on_screen(2) == f"    x{new}"


def test_nothing_is_shown_while_it_is_paused(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b", first=SAID)
    for paused in ("language", "folder", "everywhere"):
        screen.nvim.command(f"Inglenook pause {paused}")
        assert screen.statusline() == "inglenook: paused (fake)"
        screen.press("A")
        screen.press("re<BS><BS><Esc>")
        screen.until(lambda: screen.nvim.funcs.mode(), "n")
        assert screen.ghost() == ""
        screen.nvim.command("Inglenook resume")
    assert said(screen)[-1] == "inglenook: ghost text is on here."
    assert said(screen)[0] == "inglenook: ghost text is paused for python."
    screen.press("A")
    screen.until(screen.ghost, "return a + b")


@pytest.mark.parametrize("ends", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_is_killed_takes_its_ghost_and_comes_back(
    open_file: Open, ends: signal.Signals
) -> None:
    screen = open_file(ADD, "return a + b", first=SAID, program=installed())
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    old = screen.server()
    os.kill(old, ends)
    screen.until(screen.ghost, "")
    screen.until(lambda: screen.server() not in (0, old), True)
    screen.until(screen.statusline, "inglenook: idle (fake)")
    again = "inglenook: the server ended unexpectedly; it is started again."
    assert said(screen).count(again) == 1
    screen.press("<Esc>A")
    screen.until(screen.ghost, "return a + b")


def test_a_server_that_is_told_to_end_does_not_come_back(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b", first=SAID)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.lua("vim.lsp.get_clients()[1]:stop()")
    screen.until(screen.statusline, "inglenook: offline")
    assert screen.ghost() == ""
    assert screen.server() == 0
    screen.press("r")
    screen.until(screen.drawing, ADD.rstrip().replace("█", "r█"))
    screen.lua("vim.lsp.enable('inglenook')")
    screen.until(screen.statusline, "inglenook: idle (fake)")
    screen.press("<BS>")
    screen.until(screen.ghost, "return a + b")
    screen.lua("vim.lsp.buf_detach_client(0, vim.lsp.get_clients()[1].id)")
    screen.until(screen.ghost, "")
    assert said(screen) == []
    assert screen.nvim.vvars["errmsg"] == ""


# As blink.cmp and nvim-cmp do: a map of the buffer, made late, that falls back to the global one.
MENU = """
vim.api.nvim_create_autocmd('InsertEnter', { callback = function(event)
  vim.keymap.set('i', '<Tab>', function()
    if _G.menu then return '!' end
    local map = vim.iter(vim.api.nvim_get_keymap('i')):find(function(m) return m.lhs == '<Tab>' end)
    vim.schedule(function() map.callback() end)
    return ''
  end, { expr = true, buffer = event.buf })
end })
"""


def test_a_menu_of_a_completion_plugin_goes_before_and_falls_back(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b", first=MENU)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.press("<Tab>")
    screen.until(screen.drawing, "def add(a, b):\n    return a + b█")
    screen.lua("_G.menu = true")
    screen.press("<Tab>")
    screen.until(screen.drawing, "def add(a, b):\n    return a + b!█")


def test_other_buffers_have_ghosts_too_also_those_without_a_name(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b", first=SAID)
    buffers = "return #vim.api.nvim_list_bufs()"
    for command, line in (
        ("edit other.py", "n = "),
        ("enew! | setfiletype python", "x = "),
        ("enew! | setfiletype python", "y = "),
    ):
        screen.nvim.command(command)
        screen.until(lambda: screen.lua("return #vim.lsp.get_clients({ bufnr = 0 })"), 1)
        before = screen.lua(buffers)
        screen.press(f"i{line}")
        screen.until(screen.drawing, f"{line}█")
        screen.until(screen.ghost, "return a + b")
        screen.press("<Tab>")
        screen.until(screen.drawing, f"{line}return a + b█")
        screen.press("<Esc>")
        screen.until(screen.ghost, "")
        assert screen.lua(buffers) == before
    assert said(screen) == []
