"""A checked edit is shown to who waits for it, else on demand; none is taken by mistake."""

from __future__ import annotations

import pytest

from tests.support.editors_nvim import Screen
from tests.support.editors_talk import Talk, said, text

pytestmark = [
    pytest.mark.editor,
    pytest.mark.parametrize("editor", ["0.12", "0.11"], indirect=True, scope="session"),
]

MEAN = "def mean(rows):\n    return sum(rows) / len(rows)█\n\n\nx = 1\n"
BEFORE = MEAN.replace("█", "").rstrip("\n")
GUARDED = "def mean(rows):\n    if not rows:\n        return 0\n    return sum(rows) / len(rows)"
AFTER = f"{GUARDED}\n\n\nx = 1"
EDITED = f"```python\n{GUARDED}\n```"
READY = "inglenook: the edit is ready; :Inglenook edit shows it."
WRITING = "inglenook: writing and checking the edit … (:Inglenook stop ends it.)"
ASK = "1,2Inglenook edit Return 0 for no rows"
# The answers to requests for an edit wait here until the test lets them through.
HOLD = """
local client = vim.lsp.get_clients({ name = 'inglenook' })[1]
local request = client.request
client.request = function(self, method, params, answered, ...)
  return request(self, method, params, method ~= 'inglenook/edit' and answered or function(...)
    local answer = { ... }
    _G.held = function() answered(unpack(answer)) end
  end, ...)
end
"""


def held(screen: Screen) -> None:
    screen.lua("_G.held = nil")
    screen.nvim.command(ASK)
    screen.until(lambda: screen.lua("return _G.held ~= nil"), True)


def tabs(screen: Screen) -> int:
    return len(screen.nvim.tabpages)


def test_an_edit_does_not_open_under_somebody_who_is_typing(talk: Talk) -> None:
    screen = talk(MEAN, EDITED)
    screen.lua(HOLD)
    held(screen)
    screen.press("Goy = a")
    screen.until(screen.drawing, f"{BEFORE}\ny = a█")
    screen.lua("vim.schedule(_G.held)")
    screen.until(lambda: said(screen)[-1], READY)
    screen.press("ZZ a")
    screen.until(screen.drawing, f"{BEFORE}\ny = aZZ a█")
    assert tabs(screen) == 1
    screen.press("<Esc>:Inglenook edit<CR>")
    screen.until(lambda: text(screen), f"{AFTER}\ny = aZZ a")
    assert "Other lines have changed since it was checked." in screen.lua("return vim.wo.winbar")
    screen.press("aiqx<Esc>")  # what somebody types by mistake neither accepts nor discards
    screen.until(lambda: screen.lua("return vim.api.nvim_get_mode().mode"), "n")
    assert tabs(screen) == 2
    screen.press("ZZ")
    screen.until(lambda: tabs(screen), 1)
    screen.until(lambda: text(screen), f"{AFTER}\ny = aZZ a")
    screen.press("u")
    screen.until(lambda: text(screen), f"{BEFORE}\ny = aZZ a")


def test_an_edit_waits_for_somebody_who_is_elsewhere_and_fits_its_own_lines_only(
    talk: Talk,
) -> None:
    screen = talk(MEAN, EDITED)
    screen.lua(HOLD)
    held(screen)
    screen.nvim.command("new")
    screen.lua("_G.held()")
    assert said(screen) == [WRITING, READY]
    assert tabs(screen) == 1
    screen.nvim.command("Inglenook edit")  # from there as well
    assert text(screen) == AFTER
    screen.press("ZQ")
    screen.until(lambda: tabs(screen), 1)
    assert text(screen) == ""  # the new window again
    screen.nvim.command("close")
    held(screen)
    screen.press("v")
    screen.until(lambda: screen.nvim.funcs.mode(), "v")
    screen.lua("_G.held()")
    assert said(screen)[-1] == READY
    screen.press("<Esc>2Gx")
    screen.until(lambda: text(screen) != BEFORE, True)
    changed = text(screen)
    screen.nvim.command("Inglenook edit")
    assert said(screen)[-1] == "inglenook: the lines of the edit have changed since; ask again."
    assert (tabs(screen), text(screen)) == (1, changed)
    screen.press("uggOimport os<Esc>")
    screen.until(lambda: text(screen), f"import os\n{BEFORE}")
    screen.press("u")
    screen.until(lambda: text(screen), BEFORE)
    held(screen)
    screen.press("ggOimport os<Esc>")
    screen.until(lambda: text(screen), f"import os\n{BEFORE}")
    screen.lua("_G.held()")
    screen.nvim.command("Inglenook edit")
    assert text(screen) == f"import os\n{AFTER}"


def test_what_cannot_be_done_with_an_edit_is_said_in_one_sentence(talk: Talk) -> None:
    screen = talk(MEAN, EDITED)
    screen.lua(HOLD)
    held(screen)
    screen.nvim.command("set nomodifiable")
    screen.lua("_G.held()")
    fixed = "inglenook: the file of the edit cannot be changed ('nomodifiable')."
    assert said(screen)[-1] == fixed
    screen.nvim.command("set modifiable")
    held(screen)
    screen.press("q:")
    screen.until(lambda: screen.nvim.funcs.getcmdwintype(), ":")
    screen.lua("_G.held()")
    assert said(screen)[-1] == READY
    screen.press("iInglenook edit<CR>")  # leaves the command-line window, and runs it
    screen.until(lambda: text(screen), AFTER)
    screen.nvim.command("tabonly | only")
    screen.press("ZQ")
    screen.until(lambda: text(screen), BEFORE)
    assert not screen.lua("return vim.wo.diff or vim.wo.winbar ~= ''")
    held(screen)
    screen.lua("_G.held()")
    assert text(screen) == AFTER
    screen.nvim.command("bwipeout! case.py")
    screen.press("ZZ")
    gone = "inglenook: the file of the edit is not open any more. Nothing was applied."
    screen.until(lambda: said(screen)[-1], gone)
    screen.press("ZQ")
    screen.until(lambda: text(screen), "")
    assert screen.nvim.vvars["errmsg"] == ""


def test_in_the_command_line_window_nothing_is_opened(talk: Talk) -> None:
    screen = talk(MEAN, EDITED)
    screen.press("q:")
    screen.until(lambda: screen.nvim.funcs.getcmdwintype(), ":")
    for command in ("edit x", "chat x", "doctor", "explain"):
        screen.nvim.command(f"Inglenook {command}")
        assert said(screen)[-1] == "inglenook: leave the command-line window first."
