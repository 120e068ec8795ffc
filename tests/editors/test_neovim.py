"""Ghost text in a real Neovim, from the real server with the fake model."""

from __future__ import annotations

import pytest

from tests.support.editors_nvim import Open

pytestmark = pytest.mark.editor

ADD = "def add(a, b):\n    █\n"
RETURN = "return a + b"


def test_ghost_is_drawn_and_tab_accepts_it(open_file: Open) -> None:
    screen = open_file(ADD, RETURN)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    assert screen.line_on_screen(2) == "    return a + b"
    assert screen.drawing() == ADD.rstrip("\n")
    screen.press("<Tab>")
    screen.until(screen.drawing, "def add(a, b):\n    return a + b█")
    assert screen.ghost() == ""


def test_escape_dismisses_the_ghost(open_file: Open) -> None:
    screen = open_file(ADD, RETURN)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.press("<Esc>")
    screen.until(screen.ghost, "")
    assert screen.file.read_text() == ADD.replace("█", "")
    assert "return" not in screen.drawing()


def test_tab_without_a_ghost_is_a_tab(open_file: Open) -> None:
    screen = open_file("total = 1█\n", "")
    screen.press("A<Tab>")
    screen.until(screen.drawing, "total = 1   █")


def test_mid_line_the_rest_of_the_line_stays_visible(open_file: Open) -> None:
    screen = open_file("print(add(█), end='')\n", "1, 2")
    screen.press("i")
    screen.until(screen.ghost, "1, 2")
    assert screen.line_on_screen(1) == "print(add(1, 2), end='')"
    screen.press("<Tab>")
    screen.until(screen.drawing, "print(add(1, 2█), end='')")


def test_typing_on_keeps_a_matching_ghost(open_file: Open) -> None:
    screen = open_file(ADD, RETURN)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.press("ret")
    screen.until(screen.drawing, "def add(a, b):\n    ret█")
    screen.until(screen.ghost, "urn a + b")
    assert screen.line_on_screen(2) == "    return a + b"
    screen.press("<Tab>")
    screen.until(screen.drawing, "def add(a, b):\n    return a + b█")


def test_typing_something_else_drops_the_ghost_before_there_is_a_new_one(
    open_file: Open,
) -> None:
    screen = open_file(ADD, "value_{n}", first_token_ms=700)
    screen.press("A")
    old = screen.some(screen.ghost)
    screen.press("x")
    screen.until(screen.drawing, "def add(a, b):\n    x█")
    screen.until(screen.ghost, "")
    assert screen.line_on_screen(2) == "    x"
    new = screen.some(screen.ghost)
    assert new not in (old, old[1:])


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("ret<Tab>", "    return a + b█"),
        ("ret<Tab>x", "    return a + bx█"),
        ("rex<Tab>", "    rex █"),
        ("<BS><Tab>", "    █"),
    ],
)
def test_accepting_at_once_after_typing_leaves_no_stray_characters(
    open_file: Open, keys: str, line: str
) -> None:
    screen = open_file(ADD, RETURN)
    screen.press("A")
    screen.until(screen.ghost, "return a + b")
    screen.press(keys)
    screen.until(screen.drawing, f"def add(a, b):\n{line}")


def test_ghost_of_several_lines(open_file: Open) -> None:
    body = "if not rows:\n        return 0\n    return sum(rows)"
    screen = open_file("def mean(rows):\n    █\n\nx = 1\n", body)
    screen.press("A")
    screen.until(screen.ghost, body)
    shown = [screen.line_on_screen(row) for row in (2, 3, 4, 5, 6)]
    assert shown == [*f"    {body}".split("\n"), "", "x = 1"]
    screen.press("<Tab>")
    screen.until(screen.drawing, f"def mean(rows):\n    {body}█\n\nx = 1")


def test_a_file_with_crlf_keeps_its_line_ends(open_file: Open) -> None:
    body = "if not rows:\n        return 0\n    return sum(rows)"
    screen = open_file("def mean(rows):\n    █\n", body, line_end="\r\n")
    screen.press("A")
    screen.until(screen.ghost, body)
    screen.press("<Tab>")
    screen.until(screen.drawing, f"def mean(rows):\n    {body}█")
    screen.press("<Esc>:write<CR>")
    expected = f"def mean(rows):\n    {body}\n".replace("\n", "\r\n")
    screen.until(lambda: screen.file.read_bytes().decode(), expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_characters_beyond_the_first_plane_before_the_cursor(
    open_file: Open, encoding: str
) -> None:
    screen = open_file("say('😀🔥é', █)\n", "loud=True", encoding=encoding)
    screen.press("i")
    screen.until(screen.ghost, "loud=True")
    assert screen.line_on_screen(1) == "say('😀🔥é', loud=True)"
    screen.press("lo<Tab>")
    screen.until(screen.drawing, "say('😀🔥é', loud=True█)")


def test_the_last_prompt_can_be_read_and_follows(open_file: Open) -> None:
    screen = open_file("x = 1\n█\n", "value_{n}")
    screen.press("A")
    screen.until(screen.ghost, "value_1")
    screen.nvim.command("stopinsert")
    screen.nvim.command("split inglenook://prompt")
    prompt = screen.nvim.current.buffer

    def text() -> str:
        return "\n".join(prompt)

    screen.until(lambda: text().startswith("The prompt for case.py, line 2, column 1\n"), True)
    assert text().endswith("\n--- case.py\nx = 1\n█\n")
    assert not prompt.options["modifiable"]
    assert not prompt.options["modified"]
    attached = "return #vim.lsp.get_clients({ bufnr = 0 })"
    assert screen.nvim.exec_lua(attached) == 0
    screen.nvim.command("wincmd p")
    screen.press("Ozorblat")
    screen.until(lambda: "zorblat" in text(), True)
    screen.nvim.command("stopinsert")
    screen.nvim.command("split inglenook://prompt/case.py")
    prompt = screen.nvim.current.buffer
    screen.until(lambda: text().startswith("The prompt for case.py"), True)
