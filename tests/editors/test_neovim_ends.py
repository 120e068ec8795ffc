"""What ends too early: the server, the buffer of a chat, what the chat was about."""

from __future__ import annotations

import os
import signal

import pytest

from tests.support.editors_nvim import Screen
from tests.support.editors_talk import Talk, chat, said, text

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

MEAN = "def mean(rows):\n    return sum(rows) / len(rows)█\n"
LONG = "word " * 400
LOST = "inglenook: the server ended, and the edit with it; ask again."
WRITING = "inglenook: writing and checking the edit … (:Inglenook stop ends it.)"
AGAIN = "inglenook: the server ended unexpectedly; it is started again."
SERVED = "return #vim.lsp.get_clients({ bufnr = 0 })"
RELOAD = """
for name in pairs(package.loaded) do
  if name:find('^inglenook') then package.loaded[name] = nil end
end
require('inglenook').setup { cmd = vim.g.inglenook_program }
"""


def told(screen: Screen) -> list[str]:
    """By the plugin: Neovim says that the server ended, too."""
    return [each for each in said(screen) if each.startswith("inglenook: ")]


def ended(screen: Screen) -> None:
    """The server is ended from outside, and another is there."""
    old = screen.server()
    os.kill(old, signal.SIGTERM)
    screen.until(lambda: screen.server() not in (0, old), True)
    screen.until(screen.statusline, "inglenook: idle (fake)")
    screen.until(lambda: screen.lua(SERVED), 1)


def begun(screen: Screen, question: str) -> None:
    before = chat(screen).count("word")
    screen.nvim.command(f"Inglenook chat {question}")
    screen.until(lambda: chat(screen).count("word") > before + 3, True)


def test_the_server_ends_while_it_writes_and_the_next_one_goes_on(talk: Talk) -> None:
    screen = talk(MEAN, LONG, chunk=5, token_ms=20)
    begun(screen, "Go on")
    ended(screen)
    assert chat(screen).endswith("\n\n*The server ended, and the answer with it; ask again.*\n")
    assert told(screen) == [AGAIN]
    begun(screen, "Go on")
    screen.nvim.command("Inglenook stop")
    assert chat(screen).endswith("*Stopped.*\n")
    screen.nvim.command("1,2Inglenook edit Return 0")
    ended(screen)
    assert told(screen)[1:] == [
        WRITING,
        LOST,
        AGAIN,
    ]
    screen.nvim.command("Inglenook stop")
    assert said(screen)[-1] == "inglenook: nothing is being written."


def test_a_chat_whose_buffer_is_deleted_begins_again(talk: Talk) -> None:
    screen = talk(MEAN, LONG, chunk=5, token_ms=20)
    for delete in ("bdelete", "bwipeout"):
        begun(screen, "Go on")
        screen.nvim.command(f"{delete} {screen.nvim.funcs.bufnr('inglenook-chat')}")
        screen.until(lambda: chat(screen), "")
        screen.nvim.command("Inglenook stop")
        assert said(screen)[-1] == "inglenook: nothing is being written."
    begun(screen, "Before it is loaded again")
    screen.nvim.command(f"bdelete {screen.nvim.funcs.bufnr('inglenook-chat')}")
    screen.lua(RELOAD)
    begun(screen, "And now?")
    assert chat(screen).startswith("## case.py\n\nAnd now?\n\nword")
    screen.nvim.command("Inglenook stop")
    screen.lua(RELOAD)
    begun(screen, "After that?")
    assert "And now?" in chat(screen)
    screen.nvim.command("Inglenook stop")
    screen.press("<C-w>l")
    screen.until(lambda: screen.lua("return vim.b.inglenook_chat"), True)
    screen.nvim.command("only")
    screen.press("q")
    screen.until(lambda: text(screen) + "\n", MEAN.replace("█", ""))
    assert screen.nvim.vvars["errmsg"] == ""


def test_what_is_asked_in_the_chat_is_about_the_same_file(talk: Talk) -> None:
    screen = talk(MEAN, "Sure.")
    screen.nvim.command("1,2Inglenook chat What is it?")
    screen.until(lambda: chat(screen).count("*Sent to fake: case.py"), 1)
    screen.press("<C-w>l")
    screen.until(lambda: screen.lua("return vim.b.inglenook_chat"), True)
    screen.press(":Inglenook chat And why?<CR>")
    screen.until(lambda: chat(screen).count("*Sent to fake"), 2)
    assert chat(screen).count("*Sent to fake: case.py") == 2
    assert "\n## case.py\n\nAnd why?\n\nSure.\n" in chat(screen)
    screen.press("ggVG:Inglenook chat Once more<CR>")  # the lines are not those of the file
    screen.until(lambda: chat(screen).count("*Sent to fake"), 3)
    assert "\n## case.py\n\nOnce more\n\n" in chat(screen)
    screen.nvim.command("Inglenook! chat")
    assert chat(screen) == ""
    screen.nvim.command("bwipeout! case.py")
    screen.nvim.command("Inglenook chat Who?")
    assert said(screen) == ["inglenook: the chat is about no file that is open; ask from one."]


def test_a_new_conversation_knows_nothing_of_the_one_before(talk: Talk) -> None:
    screen = talk(MEAN, "Sure.")

    def sent_the_selection(question: str, turns: int) -> bool:
        screen.nvim.command(question)
        screen.until(lambda: chat(screen).count("*Sent to fake: case.py ("), turns)
        return "(selection)" in chat(screen).rpartition("*Sent to ")[2]

    screen.nvim.command("Inglenook! chat")  # of which there is none yet
    assert sent_the_selection("1,2Inglenook chat What is it?", 1)
    assert sent_the_selection("Inglenook chat And why?", 2)  # it still knows of it
    screen.nvim.command("Inglenook! chat")
    assert not sent_the_selection("Inglenook chat What is it?", 1)
    assert chat(screen).startswith("## case.py\n\nWhat is it?")
    screen.press("<C-w>lq")
    screen.until(lambda: len(screen.nvim.windows), 1)


def test_a_new_conversation_forgets_every_file_in_the_split(talk: Talk) -> None:
    """The selection is sent again where the turn in which it was sent is forgotten."""
    screen = talk(MEAN, "Sure.")
    screen.nvim.command("1,2Inglenook chat What is it?")
    screen.until(lambda: chat(screen).count("*Sent to fake: case.py (selection)"), 1)
    other = screen.file.with_name("other.py")
    other.write_text("def most(rows):\n    return max(rows)\n")
    screen.nvim.command(f"edit {other}")
    screen.until(lambda: screen.lua(SERVED), 1)
    screen.nvim.command("1,2Inglenook chat What is it?")
    screen.until(lambda: chat(screen).count("*Sent to fake: other.py (selection)"), 1)
    screen.nvim.command("Inglenook! chat")
    screen.nvim.command("buffer case.py")
    screen.nvim.command("Inglenook chat And why?")
    screen.until(lambda: chat(screen).count("*Sent to fake"), 1)
    assert "(selection)" not in chat(screen)
