"""What is selected, how the server is started, where windows open: `:Inglenook` in odd places."""

from __future__ import annotations

import shlex
from pathlib import Path

import psutil
import pytest

from tests.support.editors_neovim import Neovim
from tests.support.editors_nvim import Screen, opened
from tests.support.editors_server import fake_server
from tests.support.editors_talk import SAID, Talk, said, text

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

COST = "def cost(price, count):\n    return price * count + 1█\n"
MEAN = "def mean(rows):\n    return sum(rows) / len(rows)█\n"
GUARDED = "def mean(rows):\n    if not rows:\n        return 0\n    return sum(rows) / len(rows)"
EDITED = f"```python\n{GUARDED}\n```"
OPEN = """
return vim.tbl_map(function(window)
  local buf = vim.api.nvim_win_get_buf(window)
  return { vim.fs.basename(vim.api.nvim_buf_get_name(buf)), vim.wo[window].diff }
end, vim.api.nvim_tabpage_list_wins(0))
"""
STOPPED = "inglenook: the edit was stopped."


def listed(screen: Screen) -> list[str]:
    return list(screen.lua("return _G.listed"))


def test_a_refactor_is_about_the_characters_that_are_selected(talk: Talk) -> None:
    screen = talk(COST, "")
    screen.press("2GV:Inglenook refactor<CR>")
    screen.until(lambda: len(listed(screen)) > 0 or len(said(screen)) > 0, True)
    assert not [title for title in listed(screen) if title.startswith("Extract variable")]
    screen.lua("_G.wanted = 'Extract variable'")
    screen.press("<Esc>2G011lv12l:Inglenook refactor<CR>")  # price * count
    screen.until(lambda: text(screen).count("\n"), 2)
    _, made, used = text(screen).split("\n")
    name = made.split()[0]
    assert made == f"    {name} = price * count"
    assert used == f"    return {name} + 1"


def test_up_to_the_end_of_a_line_is_no_further(talk: Talk) -> None:
    screen = talk("def cost(price, count):\n    return price * count█\n", "")
    screen.lua("_G.wanted = 'Extract variable'")
    screen.press("2G011lv$:Inglenook refactor<CR>")
    screen.until(lambda: text(screen).count("\n"), 2)
    assert text(screen).split("\n")[1].endswith(" = price * count")


PROGRAM = """\
if [ "$1 $2" = "models get" ]; then echo "$3" >{got}; exit; fi
exec {program} "$@"
"""


def test_a_program_of_several_words_does_the_other_commands_too(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    server = fake_server(tmp_path, "", program=program)
    script, got = tmp_path / "script", tmp_path / "got"
    words = {"got": shlex.quote(str(got)), "program": shlex.quote(str(program))}
    script.write_text(PROGRAM.format(**words))
    setup = {"cmd": ["sh", str(script), "serve", "--log-level", "error"]}
    with opened(editor, MEAN, tmp_path, server, first=SAID, setup=setup, leaving=leaving) as screen:
        screen.nvim.command("Inglenook doctor")
        screen.until(lambda: "fake" in text(screen), True)
        screen.nvim.command("close")
        screen.nvim.command("checkhealth inglenook")
        assert "OK inglenook " in text(screen)
        screen.nvim.command("close")
        screen.lua("_G.wanted = 'Download'")
        screen.nvim.command("Inglenook get")
        screen.until(lambda: said(screen)[-1:], ["inglenook: qwen2.5-coder:0.5b is here."])
        assert got.read_text() == "qwen2.5-coder:0.5b\n"


SLOW = """\
if [ "$1 $2" = "models get" ]; then echo begun; exec cat; fi
exec {program} "$@"
"""


def test_a_download_is_stopped_where_it_is_seen(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> None:
    server = fake_server(tmp_path, "", program=program)
    script = tmp_path / "script"
    script.write_text(SLOW.format(program=shlex.quote(str(program))))
    setup = {"cmd": ["sh", str(script), "serve"]}
    with opened(editor, MEAN, tmp_path, server, first=SAID, setup=setup, leaving=leaving) as screen:
        screen.lua("_G.wanted = 'Download'")
        screen.nvim.command("Inglenook get")
        screen.until(lambda: "begun" in text(screen), True)
        screen.press("<C-c>")
        stopped = ["inglenook: qwen2.5-coder:0.5b was not downloaded."]
        screen.until(lambda: said(screen), stopped)
        screen.press("<C-c>")  # once more, when there is nothing to stop
        screen.nvim.command("close")
        assert screen.nvim.vvars["errmsg"] == ""


def test_a_pause_that_there_is_not_is_none(talk: Talk) -> None:
    screen = talk(MEAN, "")
    screen.nvim.command("Inglenook pause langauge")
    unknown = "there is no pause langauge; there are: everywhere, language, folder."
    assert said(screen) == [f"inglenook: {unknown}"]
    assert screen.statusline() == "inglenook: idle (fake)"
    screen.nvim.command("new")
    screen.nvim.command("Inglenook pause language")
    assert said(screen)[-1] == "inglenook: this buffer has no file type."
    screen.nvim.command("Inglenook pause")
    assert said(screen)[-1] == "inglenook: ghost text is paused everywhere."


@pytest.mark.parametrize("switchbuf", ["useopen", "usetab", "uselast,newtab"])
def test_an_edit_is_shown_beside_the_code_whatever_switchbuf_says(
    talk: Talk, switchbuf: str
) -> None:
    screen = talk(MEAN, EDITED)
    screen.nvim.command(f"set switchbuf={switchbuf}")
    screen.nvim.command("1,2Inglenook edit Return 0 for no rows")
    screen.until(lambda: text(screen), GUARDED)
    assert screen.lua(OPEN) == [["case.py", True], ["", True]]
    assert len(screen.nvim.tabpages) == 2
    screen.press("ZZ")
    screen.until(lambda: screen.lua(OPEN), [["case.py", False]])
    assert text(screen) == GUARDED
    assert len(screen.nvim.tabpages) == 1


def test_an_edit_is_stopped_and_what_comes_late_is_not_shown(talk: Talk) -> None:
    screen = talk(MEAN, EDITED, first_token_ms=1000)
    screen.nvim.command("1,2Inglenook edit Return 0 for no rows")
    screen.nvim.command("Inglenook stop")
    assert said(screen)[-1] == STOPPED
    screen.until(lambda: screen.lua("return next(vim.lsp.get_clients()[1].requests) == nil"), True)
    assert len(screen.nvim.tabpages) == 1
    screen.nvim.command("Inglenook stop")
    assert said(screen)[-1] == "inglenook: nothing is being written."
    screen.nvim.command("1,2Inglenook edit Return 0")
    screen.nvim.command("1,2Inglenook edit Return 0 for no rows")  # takes the place of the other
    assert said(screen).count(STOPPED) == 2
    screen.until(lambda: text(screen), GUARDED)
    assert len(screen.nvim.tabpages) == 2
    assert len(said(screen)) == 6
