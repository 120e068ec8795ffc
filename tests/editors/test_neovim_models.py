"""In a real Neovim the user chooses the model, and says what else is in the editor."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tests.support.editors_canary import canary
from tests.support.editors_neovim import Neovim
from tests.support.editors_nvim import Open, Screen, opened
from tests.support.editors_server import fake_model, fake_server
from tests.support.editors_talk import SAID, chat

# One that draws by itself and one that does not: what else they do is the same.
pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12 native", "0.11"], indirect=True, scope="session"),
]

ADD = "def add(a, b):\n    █\n"

REMEMBER = """
_G.said, _G.listed = {}, {}
vim.notify = function(text) table.insert(_G.said, text) end
vim.lsp.handlers['window/showMessage'] = function(_, message)
  table.insert(_G.said, message.message)
end
vim.ui.select = function(items, options, chosen)
  _G.listed = vim.tbl_map(options.format_item, items)
  for _, item in ipairs(items) do
    if item.name == _G.wanted then chosen(item) end
  end
end
"""
# As a plugin does that merges the settings of a workspace into those of its server.
MERGE = """
vim.lsp.config('inglenook', {{ settings = {{ inglenook = {{ machine = {{ models = {{
  {{ name = 'Evil', provider = 'llama.cpp', model = 'evil', apiBase = '{url}' }},
}} }} }} }} }})
"""
TELL = """
local client = vim.lsp.get_clients({ name = 'inglenook' })[1]
client:notify('workspace/didChangeConfiguration', { settings = client.settings })
"""


def said(screen: Screen) -> list[str]:
    return list(screen.lua("return _G.said"))


def listed(screen: Screen) -> list[str]:
    return list(screen.lua("return _G.listed"))


def test_the_next_completion_is_the_chosen_models_also_after_a_restart(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    (tmp_path / ".git").mkdir()
    server = fake_server(
        tmp_path, "return a + b", others={"Second": "return b + a"}, program=program
    )
    with opened(editor, ADD, tmp_path, server, first=REMEMBER, leaving=leaving) as screen:
        screen.until(screen.statusline, "inglenook: idle (fake)")
        screen.press("A")
        screen.until(screen.ghost, "return a + b")
        screen.nvim.command("Inglenook model Second")
        chosen = ["inglenook: Second. You chose it in the editor for this folder."]
        screen.until(lambda: said(screen), chosen)
        screen.press("<Esc>A")
        screen.until(screen.ghost, "return b + a")
        screen.until(screen.statusline, "inglenook: idle (Second)")
    with opened(editor, ADD, tmp_path, server, first=REMEMBER, leaving=leaving) as screen:
        screen.press("A")
        screen.until(screen.ghost, "return b + a")
        screen.lua("require('inglenook').select('automatic')")
        chosen = ["inglenook: automatic. Nobody chose: the best that was found is used."]
        screen.until(lambda: said(screen), chosen)
        screen.press("<Esc>A")
        screen.until(screen.ghost, "return a + b")
        screen.until(screen.statusline, "inglenook: idle (fake)")


def test_the_models_are_offered_with_what_is_known_of_them(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    (tmp_path / ".git").mkdir()
    server = fake_server(
        tmp_path, "return a + b", others={"Second": "return b + a"}, program=program
    )
    gone = {"name": "Gone", "provider": "llama.cpp", "model": "gone", "roles": ["autocomplete"]}
    setup = {"machine": {"models": [{**gone, "apiBase": "http://127.0.0.1:9"}]}}
    with opened(
        editor, ADD, tmp_path, server, first=REMEMBER, setup=setup, leaving=leaving
    ) as screen:
        names = screen.nvim.funcs.getcompletion("Inglenook model ", "cmdline")
        assert names[:3] == ["automatic", "fake", "Second"]
        assert "Gone" not in names
        assert screen.nvim.funcs.getcompletion("Inglenook model sec", "cmdline") == ["Second"]
        screen.lua("_G.wanted = 'Gone'")
        screen.nvim.command("Inglenook model completions")
        screen.until(lambda: len(said(screen)), 1)
        assert "http://127.0.0.1:9" in said(screen)[0]
        assert listed(screen)[:3] == [
            "* automatic",
            "  fake (fake, verified-local, loaded)",
            "  Second (fake, verified-local, loaded)",
        ]
        assert f"  Gone ({said(screen)[0].removeprefix('inglenook: ')})" in listed(screen)
        screen.lua("_G.wanted = 'Second'")
        screen.nvim.command("Inglenook model completions")
        screen.until(lambda: len(said(screen)), 2)
        screen.lua("_G.wanted = nil")
        screen.nvim.command("Inglenook model completions")
        screen.until(lambda: listed(screen)[2][:8], "* Second")


def test_chats_and_edits_have_models_of_their_own(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    (tmp_path / ".git").mkdir()
    server = fake_server(tmp_path, "", talk={"chat": "Of the first."}, program=program)
    other = fake_model(tmp_path, "Other", "", talk={"chat": "Of the other."})
    setup = {"machine": {"models": [fake_model(tmp_path, "fake", "", talk={}), other]}}
    with opened(editor, ADD, tmp_path, server, first=SAID, setup=setup, leaving=leaving) as screen:
        complete = screen.nvim.funcs.getcompletion
        assert complete("Inglenook model c", "cmdline") == ["completions", "chat"]
        assert complete("Inglenook model chat ", "cmdline")[:3] == ["automatic", "fake", "Other"]
        assert complete("Inglenook model chat o", "cmdline") == ["Other"]
        screen.lua("_G.wanted = 'chats, and edits'")
        screen.nvim.command("Inglenook model")
        screen.until(lambda: [each[:8] for each in listed(screen)[:2]], ["* automa", "  fake ("])
        screen.nvim.command("Inglenook model chat Other")
        chosen = ["inglenook: chat: Other. You chose it in the editor for this folder."]
        screen.until(lambda: said(screen), chosen)
        screen.nvim.command("Inglenook chat Who?")
        screen.until(lambda: "Of the other.\n\n*Sent to Other: " in chat(screen), True)
        screen.lua("_G.wanted = 'fake ('")
        screen.nvim.command("Inglenook model edit")
        chosen.append("inglenook: edit: fake. You chose it in the editor for this folder.")
        screen.until(lambda: said(screen), chosen)


def test_what_setup_says_of_this_machine_is_used_and_nothing_in_its_place(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    server = fake_server(tmp_path, "return a + b", program=program)
    third = fake_model(tmp_path, "Third", "return a * b")
    setup = {"machine": {"models": [third]}, "models": {"autocomplete": "Third"}}
    with (
        canary() as evil,
        opened(
            editor,
            ADD,
            tmp_path,
            server,
            first=REMEMBER + MERGE.format(url=evil.url),
            setup=setup,
            leaving=leaving,
        ) as screen,
    ):
        screen.press("A")
        screen.until(screen.ghost, "return a * b")
        screen.lua(TELL)
        screen.nvim.command("Inglenook model completions")
        screen.until(lambda: len(listed(screen)) >= 3, True)
        assert not [line for line in listed(screen) if "Evil" in line]
        assert evil.connections() == 0
        assert said(screen) == []


def test_who_else_completes_is_told_and_warned_of_once(open_file: Open) -> None:
    screen = open_file(ADD, "return a + b", first=REMEMBER)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    assert said(screen) == []
    screen.lua("vim.g.loaded_copilot = 1")
    screen.press("<Esc>A")
    screen.until(lambda: len(said(screen)), 1)
    assert said(screen)[0].startswith("GitHub Copilot offers inline completions in the editor too")
    screen.press("<Esc>A")
    screen.lua("vim.g.copilot_enabled = 0")
    screen.press("<Esc>A")
    screen.until(screen.ghost, "return a + b")
    assert len(said(screen)) == 1
    assert screen.lua("return require('inglenook.others').providers()") == []
