"""Keys that are also somebody else's: without a ghost they do what they did before, to the letter.

Each drawing is also what Neovim makes of the same keys without the plugin, which is tried first.
"""

from __future__ import annotations

import pytest

from tests.support.editors_nvim import Open, Screen

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

ADD = "def add(a, b):\n    █\n"
# What was mapped before, the keys, and what stands in the line then.
TABS = {
    "a function": (
        "vim.keymap.set('i', '<Tab>', function() vim.api.nvim_paste('!', 0, -1) end)",
        "A<Tab>",
        "ab!█",
    ),
    "a function that gives keys": (
        "vim.keymap.set('i', '<Tab>', function() return '<Left>!' end, { expr = true })",
        "A<Tab>",
        "a!█b",
    ),
    "a function that gives raw keys": (
        "vim.keymap.set('i', '<Tab>', function() return '<Left>!' end,"
        " { expr = true, replace_keycodes = false })",
        "A<Tab>",
        "ab<Left>!█",
    ),
    "the popup or a tab": (
        "vim.cmd([[inoremap <expr> <Tab> pumvisible() ? '<C-n>' : '<Tab>']])",
        "A<Tab>x",
        "ab  x█",
    ),
    "the popup or a tab, escaped": (
        r"""vim.cmd([[inoremap <expr> <Tab> pumvisible() ? "\<lt>C-n>" : "\<lt>Tab>"]])""",
        "A<Tab>x",
        "ab  x█",
    ),
    "the popup or a tab, mapped again": (
        "vim.cmd([[imap <expr> <Tab> pumvisible() ? '<C-n>' : '<Tab>']])",
        "A<Tab><Tab>x",
        "ab      x█",
    ),
    "itself and more": ("vim.cmd('imap <Tab> <Tab>x')", "A<Tab><Tab>", "ab  x   x█"),
    "another map": ("vim.cmd('imap <Tab> <F2>!|inoremap <F2> ?')", "A<Tab>", "ab?!█"),
    "a plug": ("vim.cmd('inoremap <Plug>(it) it|imap <Tab> <Plug>(it)')", "A<Tab>", "abit█"),
    "of a script": (
        "vim.fn.writefile({ 'func! s:it()', 'return 42', 'endfunc', "
        " 'inoremap <silent> <expr> <Tab> <SID>it()' }, 'its.vim') vim.cmd('source its.vim')",
        "A<Tab>",
        "ab42█",
    ),
    "of a script, by name": (
        "vim.fn.writefile({ 'inoremap <SID>it 43', 'imap <script> <Tab> <SID>it' }, 'its.vim')"
        " vim.cmd('source its.vim')",
        "A<Tab>",
        "ab43█",
    ),
    "an error": (
        "vim.cmd([[imap <expr> <Tab> g:counted > 0 ? '<Tab>' : nothing]])"
        " vim.keymap.set('i', '<F3>', function() vim.g.counted = 1 end)",
        "A<Tab><F3><Tab>x",
        "ab  x█",
    ),
    "in a macro": (
        "vim.cmd('imap <Tab> <Tab>x') vim.fn.setreg('q', 'A\\t\\t')",
        "@q",
        "ab  x   x█",
    ),
    "nothing": ("vim.cmd('inoremap <Tab> <Nop>')", "A<Tab>!", "ab!█"),
}
MAPPED = "return vim.fn.maparg('<Tab>', 'i', false, true).desc or ''"
FRESH = "vim.g.counted = 0 vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'ab' })"
SET_UP = "require('inglenook').setup { cmd = { vim.g.inglenook_program[1], 'serve' } }"


def pressed(screen: Screen, tab: str) -> None:
    _, keys, line = TABS[tab]
    screen.lua(FRESH)
    screen.press(keys)
    screen.until(lambda: (tab, screen.drawing()), (tab, line))
    screen.press("<Esc>")
    screen.until(lambda: screen.lua("return vim.api.nvim_get_mode().mode"), "n")


def test_tab_without_a_ghost_does_what_it_did(open_file: Open) -> None:
    screen = open_file("ab█\n", "")
    for tab, (made, _, _) in TABS.items():
        screen.nvim.command("imapclear")
        screen.lua(made)
        pressed(screen, tab)
        for _ in range(2):  # setup{} that is called again forgets nothing
            screen.lua(SET_UP)
            assert screen.lua(MAPPED).startswith("Inglenook: ")
            pressed(screen, tab)
        screen.lua("package.loaded['inglenook.keys'], package.loaded.inglenook = nil, nil")
        screen.lua(SET_UP)  # nor does a plugin that is loaded again
        pressed(screen, tab)


def test_keys_that_are_set_to_others_are_given_back(open_file: Open) -> None:
    screen = open_file("ab█\n", "", first="vim.cmd('inoremap <Tab> !|inoremap <F5> ?')")
    screen.lua(SET_UP.replace("cmd =", "accept = '<F5>', cmd ="))
    assert screen.lua(MAPPED) == ""
    screen.press("A<Tab><F5>")
    screen.until(screen.drawing, "ab!?█")
    screen.lua(SET_UP.replace("cmd =", "accept = false, cmd ="))
    assert screen.nvim.funcs.maparg("<F5>", "i") == "?"
    assert "(inglenook-was-Tab" not in screen.nvim.funcs.execute("imap")


def test_a_map_of_the_buffer_goes_before_and_is_not_that_of_others(open_file: Open) -> None:
    first = "vim.cmd('inoremap <Tab> !|inoremap <buffer> <Tab> ?')"
    screen = open_file("ab█\n", "", first=first)
    screen.lua("vim.cmd('inoremap <buffer> <Tab> ?')")
    screen.lua(SET_UP)
    screen.press("A<Tab>")
    screen.until(screen.drawing, "ab?█")
    screen.nvim.command("iunmap <buffer> <Tab>")
    screen.press("<Tab>")
    screen.until(screen.drawing, "ab?!█")


def test_with_a_ghost_a_map_of_others_is_left_out(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b", first="vim.cmd('imap <expr> <Tab> \"<Tab>x\"')")
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.press("<Tab><Tab>")
    screen.until(screen.drawing, "def add(a, b):\n    return a + b    x█")
