"""Chat, checked edits, refactors and what else `:Inglenook` does, in a real Neovim."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tests.support.editors_neovim import Neovim
from tests.support.editors_nvim import opened
from tests.support.editors_server import Server, fake_server
from tests.support.editors_talk import SAID, Talk, chat, said

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

MEAN = "def mean(rows):\n    return sum(rows) / len(rows)█\n\n\nx = 1\n"
GUARDED = "def mean(rows):\n    if not rows:\n        return 0\n    return sum(rows) / len(rows)"
BUFFER = """
return { vim.bo.buftype, vim.bo.filetype, vim.bo.modeline, vim.bo.modifiable,
  #vim.lsp.get_clients({ bufnr = 0 }), vim.fn.foldclosed(5), vim.fn.foldclosedend(5) }
"""


def test_a_question_about_a_selection_streams_in_and_is_followed_up(talk: Talk) -> None:
    answer = "It is a *mean*:\n\n```python\nx = 1\n```\n\nvim: set ft=lua:"
    screen = talk(MEAN, answer, thinking="One.\nTwo.", chunk=4, token_ms=2)
    screen.press("ggVj:Inglenook chat What is it?<CR>")
    expected = (
        "## case.py, lines 1 to 2\n\nWhat is it?\n\n> One.\n> Two.\n\n"
        f"{answer}\n\n*Sent to fake: case.py ("
    )
    screen.until(lambda: chat(screen)[: len(expected)], expected)
    screen.until(lambda: chat(screen).endswith(".*\n"), True)
    assert screen.lua("return vim.bo.filetype") == "python"  # the cursor stays where it was
    screen.press("<C-w>l")
    screen.until(lambda: screen.lua("return vim.b.inglenook_chat"), True)
    assert screen.lua(BUFFER) == ["nofile", "markdown", False, False, 0, 5, 6]
    screen.lua("_G.typed = 'And why?'")
    screen.press("<CR>")
    screen.until(lambda: chat(screen).count("*Sent to fake"), 2)
    assert "## case.py\n\nAnd why?\n\n" in chat(screen)
    screen.press("<C-w>h:Inglenook! chat<CR>")
    screen.until(lambda: chat(screen), "")
    assert said(screen) == []


def test_an_answer_is_stopped_and_what_cannot_be_answered_is_said(talk: Talk) -> None:
    screen = talk(MEAN, "word " * 400, chunk=5, token_ms=20)
    screen.nvim.command("Inglenook chat Go on")
    screen.until(lambda: chat(screen).count("word") > 3, True)
    screen.nvim.command("Inglenook stop")
    screen.until(lambda: chat(screen).endswith("\n\n*Stopped.*\n"), True)
    stopped = chat(screen)
    screen.until(lambda: screen.lua("return next(vim.lsp.get_clients()[1].requests) == nil"), True)
    assert chat(screen) == stopped
    assert 3 < stopped.count("word") < 400
    screen.nvim.command("new | setfiletype python")
    screen.nvim.command("Inglenook chat Here?")
    screen.until(lambda: chat(screen) != stopped or said(screen) != [], True)


def test_what_a_terminal_would_obey_is_not_in_the_chat(talk: Talk) -> None:
    screen = talk(
        MEAN, "a\u001b[31mred\u202etxt\u200b\u0007 b <script>x</script>\n![i](http://x/y)"
    )
    screen.nvim.command("Inglenook chat What?")
    screen.until(lambda: chat(screen).endswith(".*\n"), True)
    assert not [char for char in "\x1b\x07\u202e\u200b" if char in chat(screen)]
    assert "red" in chat(screen)


def test_an_edit_is_shown_as_a_diff_and_accepted_in_one_step(talk: Talk) -> None:
    screen = talk(MEAN, f"```python\n{GUARDED}\n```")
    screen.nvim.command("1,2Inglenook edit Return 0 for no rows")
    screen.until(lambda: len(screen.nvim.tabpages), 2)
    proposal = f"{GUARDED}\n\n\nx = 1"
    screen.until(lambda: "\n".join(screen.nvim.current.buffer), proposal)
    assert screen.lua("return vim.wo.diff and vim.bo.buftype == 'nofile'")
    assert "ZZ: accept, ZQ: discard" in screen.lua("return vim.wo.winbar")
    assert screen.file.read_text() == MEAN.replace("█", "")
    screen.press("ZZ")
    screen.until(lambda: len(screen.nvim.tabpages), 1)
    screen.until(lambda: "\n".join(screen.nvim.current.buffer), proposal)
    assert not screen.lua("return vim.wo.diff")
    screen.press("u")
    screen.until(lambda: "\n".join(screen.nvim.current.buffer) + "\n", MEAN.replace("█", ""))
    screen.press("ggVj:Inglenook edit<CR>")  # which asks
    screen.lua("_G.typed = 'Return 0'")
    screen.press("ggVj:Inglenook edit<CR>")
    screen.until(lambda: len(screen.nvim.tabpages), 2)
    screen.press("ZQ")
    screen.until(lambda: len(screen.nvim.tabpages), 1)
    assert "\n".join(screen.nvim.current.buffer) + "\n" == MEAN.replace("█", "")
    assert said(screen)[-1] == "inglenook: discarded."


def test_an_edit_that_fails_its_checks_is_not_shown(talk: Talk) -> None:
    screen = talk(MEAN, "```python\ndef mean(rows:\n```")
    screen.nvim.command("1,2Inglenook edit Break it")
    screen.until(lambda: len(said(screen)), 2)
    assert len(screen.nvim.tabpages) == 1
    assert said(screen)[1].startswith("inglenook: ")


def test_a_refactor_is_chosen_applied_and_undone_in_one_step(talk: Talk) -> None:
    drawing = "def total(rows):\n    return sum(rows) * 2 + sum(rows) * 2█\n"
    screen = talk(drawing, "")
    screen.lua("_G.wanted = 'Extract function'")
    screen.press("2GV:Inglenook refactor<CR>")
    before = drawing.replace("█", "")
    screen.until(lambda: len(screen.lua("return _G.listed")) > 0, True)
    screen.until(lambda: "\n".join(screen.nvim.current.buffer) + "\n" != before, True)
    screen.press("u")
    screen.until(lambda: "\n".join(screen.nvim.current.buffer) + "\n", before)


def test_one_command_for_everything(talk: Talk) -> None:
    screen = talk(MEAN, "")
    complete = screen.nvim.funcs.getcompletion
    names = "chat doctor edit explain get model pause refactor resume status stop".split()
    assert complete("Inglenook ", "cmdline") == names
    assert complete("Inglenook pause ", "cmdline") == ["everywhere", "language", "folder"]
    assert complete("Inglenook chat /ex", "cmdline") == ["/explain"]
    screen.nvim.command("Inglenook status")
    assert said(screen) == [
        "inglenook: idle. The model is fake (verified-local). And ghost text is on here."
    ]
    screen.nvim.command("Inglenook nonsense")
    assert said(screen)[-1] == "inglenook: there is no :Inglenook nonsense."
    screen.nvim.command("Inglenook explain")
    screen.until(lambda: "\n".join(screen.nvim.current.buffer) != "", True)
    assert screen.nvim.current.buffer.name == "inglenook://prompt"
    screen.nvim.command("close")
    screen.nvim.command("Inglenook get")  # and the user wants none
    assert screen.lua("return _G.listed") == ["Download", "Cancel"]
    screen.nvim.command("Inglenook doctor")
    screen.until(lambda: "fake" in "\n".join(screen.nvim.current.buffer), True)
    screen.nvim.command("close")
    screen.nvim.command("checkhealth inglenook")
    health = "\n".join(screen.nvim.current.buffer)
    assert "OK inglenook " in health
    assert "The model is fake" in health
    assert "ERROR" not in health
    assert "OK <Tab>: accept" in health


def test_the_help_has_a_tag_for_every_command_and_option(talk: Talk) -> None:
    screen = talk(MEAN, "")
    for tag in ("inglenook", ":Inglenook-edit", "inglenook.get()", "inglenook-options"):
        screen.nvim.command(f"help {tag}")
        assert screen.nvim.current.buffer.name.endswith("doc/inglenook.txt")
    doc = Path(screen.nvim.current.buffer.name)
    kept = (doc.parent / "tags").read_text()
    copy = screen.file.parent / "doc"
    copy.mkdir()
    (copy / "inglenook.txt").write_text(doc.read_text())
    screen.nvim.command(f"helptags {copy}")
    assert (copy / "tags").read_text() == kept


PROGRAM = """#!/bin/sh
if [ "$1 $2" = "models get" ]; then
  mv {found} {config} && echo "Got $3." && exit 0
fi
exec {program} "$@"
"""


def test_without_a_model_one_is_got_and_completes_without_a_reload(
    editor: Neovim, tmp_path: Path, leaving: list[psutil.Process]
) -> None:
    server = fake_server(tmp_path, "return a + b")
    config, found = tmp_path / "config.yaml", tmp_path / "found.yaml"
    config.rename(found)
    config.write_text("models: []\n")
    program = tmp_path / "inglenook"
    program.write_text(PROGRAM.format(found=found, config=config, program=server.program))
    program.chmod(0o755)
    alone = {"INGLENOOK_MODELS_DIR": str(tmp_path / "none"), "OLLAMA_HOST": "127.0.0.1:9"}
    bare = Server(program, {**server.env, **alone})
    drawing = "def add(a, b):\n    █\n"
    with opened(
        editor, drawing, tmp_path, bare, first=SAID, leaving=leaving, state="offline"
    ) as screen:
        screen.until(lambda: len(said(screen)), 1)
        assert said(screen)[0].startswith("inglenook: No local model was found")
        assert said(screen)[0].endswith(" (:Inglenook get does the latter.)")
        screen.lua("_G.wanted = 'Download'")
        screen.nvim.command("Inglenook get")
        screen.until(lambda: said(screen)[1:], ["inglenook: qwen2.5-coder:0.5b is here."])
        screen.until(screen.statusline, "inglenook: idle (fake)")
        screen.nvim.command("wincmd p | stopinsert")
        screen.press("A")
        screen.until(screen.ghost, "return a + b")
