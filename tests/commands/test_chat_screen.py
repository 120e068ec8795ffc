"""``inglenook chat`` on a terminal: what its user sees, byte for byte and sign for sign."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.markdown import Markdown

from inglenook.commands.chat_screen import Block, finished, unfenced
from inglenook.engine.markdown.safe import safe_markdown
from tests.support.command import ALONE
from tests.support.fake_backend import fake_backend
from tests.support.terminal import INTERRUPT, Screen, terminal

ANSWER = """\
It **adds** the `prices`:

- one by one,
- from the left.

```python
return sum(prices)
```

That is all.
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "cart.py"
    file.write_text("def total(prices):\n    return sum(prices)\n")
    return file


@pytest.mark.parametrize(("chunk", "token_ms"), [(0, 0), (3, 1), (1, 12)])
async def test_markdown_is_rendered_the_same_however_it_comes(
    tmp_path: Path, source: Path, chunk: int, token_ms: int
) -> None:
    async with (
        fake_backend(text=ANSWER, chunk=chunk, token_ms=token_ms) as backend,
        terminal(tmp_path, "chat", *ALONE, f"{source}:2", "What?", address=backend.url) as here,
    ):
        assert await here.end() == 0
    assert here.screen.text == (
        "It adds the prices:\n\n • one by one,\n • from the left.\n\n\n"
        " return sum(prices)\n\n\nThat is all.\n"
        "Read: cart.py (selection, scope)"
    )
    assert here.screen.cursor_shown
    assert any("1" in style.split(";") for style in here.screen.styles)  # bold


async def test_an_answer_longer_than_the_screen_scrolls_by_whole(
    tmp_path: Path, source: Path
) -> None:
    """Also a block of code that alone is longer."""
    code = "\n".join(f"line_{number} = {number}" for number in range(40))
    paragraphs = "\n\n".join(f"Paragraph {number}." for number in range(20))
    text = f"{paragraphs}\n\n```python\n{code}\n```\n\nThe end.\n"
    async with (
        fake_backend(text=text, chunk=40, token_ms=20) as backend,
        terminal(
            tmp_path, "chat", *ALONE, str(source), "What?", address=backend.url, height=8
        ) as here,
    ):
        assert await here.end() == 0
    lines = [line.strip() for line in here.screen.text.split("\n") if line.strip()]
    assert lines == [
        *(f"Paragraph {number}." for number in range(20)),
        *(f"line_{number} = {number}" for number in range(40)),
        *("The end.", "Read: cart.py"),
    ]


CONTROLS = (
    *("\x1b]0;owned\x07", "\x1b[2J", "\x1b[6n", "\x1bc", "\x1b[95m", "\x1b[7A", "\x9b95m"),
    *("\x1b]8;;https://a.example\x07", "\x1b[?1049h", "\x08", "\x7f", "\u202e", "\u2066"),
)


@pytest.mark.parametrize("chunk", [0, 1])
async def test_no_escape_of_a_model_reaches_the_terminal(
    tmp_path: Path, source: Path, chunk: int
) -> None:
    """In prose, code, a fence's name, a table, an address; spelled as an entity; and as thought."""
    every = " ".join(CONTROLS)
    evil = (
        f"{every} `{every}` &#27;[95m &#x1b;[95m &#155;95m [l](https://a.example/?{every}) <b>\n\n"
        f"# {every}\n\n- {every}\n\n```{every}\n{every}\n```\n\n"
        f"| {every} | b |\n|---|---|\n| &#27;[95m | {every} |\n\n    {every}\n"
    )
    async with (
        fake_backend(text=evil, thinking=evil, chunk=chunk) as backend,
        terminal(
            tmp_path,
            *("chat", *ALONE, str(source), "What?"),
            address=backend.url,
            provider="ollama",
        ) as here,
    ):
        assert await here.end() == 0  # the screen refuses all but what rich has reason to send
    for control in CONTROLS:
        assert control.encode() not in here.sent
    assert not any("95" in style.split(";") for style in here.screen.styles)
    assert here.screen.text.count("\\x1b]0;owned\\x07") > 10


def test_the_renderer_is_not_believed_either() -> None:
    """With what the engine lets nothing through of, an entity that rich decodes too."""
    console = Console(file=StringIO(), width=40, force_terminal=True, color_system=None)
    console.print(Block("one \x1b[2Jtwo &#x202e;5 [three](https://a.example)", "none"))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert "one \\x1b[2Jtwo \\u{202E}5" in shown
    assert shown.replace("\n", "").isprintable()  # no link either


def _combined(styles: set[str]) -> set[str]:
    """Those without any colour."""
    return {each for each in styles if all(int(part) < 10 for part in each.split(";"))}


async def test_without_colour_there_is_none(tmp_path: Path, source: Path) -> None:
    async with (
        fake_backend(text=ANSWER) as backend,
        terminal(
            tmp_path, "chat", *ALONE, str(source), "What?", address=backend.url, NO_COLOR="1"
        ) as here,
    ):
        assert await here.end() == 0
    assert here.screen.styles == _combined(here.screen.styles)


async def test_a_terminal_that_can_do_nothing_gets_plain_text(tmp_path: Path, source: Path) -> None:
    async with (
        fake_backend(text=ANSWER) as backend,
        terminal(
            tmp_path, "chat", *ALONE, str(source), "What?", address=backend.url, TERM="dumb"
        ) as here,
    ):
        assert await here.end() == 0
    assert b"\x1b" not in here.sent
    assert here.screen.text == ANSWER + "Read: cart.py"


async def test_reasoning_is_dim_and_before_the_answer(tmp_path: Path, source: Path) -> None:
    async with (
        fake_backend(text="It **adds**.", thinking="Let me see.\n\nWell.", chunk=4) as backend,
        terminal(
            tmp_path,
            *("chat", *ALONE, str(source), "What?"),
            address=backend.url,
            provider="ollama",
        ) as here,
    ):
        assert await here.end() == 0
    assert here.screen.text == "Let me see.\n\nWell.\n\nIt adds.\nRead: cart.py"
    sent = here.sent.decode()
    assert "\x1b[2mLet me see." in sent
    assert "\x1b[2mIt" not in sent


async def test_ctrl_c_leaves_what_came_and_the_terminal_as_it_was(
    tmp_path: Path, source: Path
) -> None:
    """With the index running, whose processes the terminal interrupts too."""
    (tmp_path / ".git").mkdir()
    async with (
        fake_backend(text="word " * 500, chunk=5, token_ms=20) as backend,
        terminal(tmp_path, "chat", f"{source}:2", "Tell.", address=backend.url) as here,
    ):
        await here.until(lambda sent: "word word" in sent)
        here.type(INTERRUPT)
        assert await here.end() == 130
        (seen,) = backend.generations
        assert (seen.finished_ns, seen.client_end_ns is not None) == (None, True)
    assert here.screen.text.replace("^C", "").startswith("word word")
    assert "Traceback" not in here.screen.text
    assert here.screen.cursor_shown


# -- blocks --------------------------------------------------------------------------------------


async def test_until_something_comes_it_is_said_who_is_asked(tmp_path: Path, source: Path) -> None:
    """And how to end it, which leaves nothing of that."""
    async with (
        fake_backend(
            text="Yes.",
            first_token_ms=60_000,
        ) as backend,
        terminal(tmp_path, "chat", *ALONE, str(source), "What?", address=backend.url) as here,
    ):
        await here.until(lambda sent: "is asked" in sent)
        here.type(INTERRUPT)
        assert await here.end() == 130
    assert here.screen.text.replace("^C", "").strip() == ""
    assert here.screen.cursor_shown


@pytest.mark.parametrize(
    "drawing",
    [
        "a paragraph that goes on",
        "█one\n\ntwo",
        "one\n\n█two\nstill two\n",
        "one\n\n- a\n- b\n\n█three\n",
        "one\n\n█- a\n\n- b\n\n  still b\n",
        "█```python\nx = 1\n\n\ny = 2\n",
        "```\nx\n```\n█last\n",
        "# A\n█one\n",
        "one\n\n█> two\n\n",
        "█one\n#",  # the last line can become anything
        "one\n\n█| a | b |\n|---|---|\n| 1 | 2 |\n",
        "█",
        "\n\n",
    ],
)
def test_what_is_finished_stands_before_the_mark(drawing: str) -> None:
    assert finished(drawing.replace("█", "")) == max(drawing.find("█"), 0)


def test_cut_anywhere_the_blocks_are_the_same() -> None:
    """What was printed as finished is never changed by what comes after."""
    for stop in range(len(ANSWER) + 1):
        done = finished(ANSWER[:stop])
        assert finished(ANSWER) >= done
        assert ANSWER[:done] == "" or ANSWER[:done].endswith("\n")
        assert finished(ANSWER[done:]) + done == finished(ANSWER)


LINES = st.sampled_from(
    [
        *(
            "",
            "one",
            "two",
            "- a",
            "- b",
            "  c",
            "1. d",
            "> e",
            "```",
            "```py",
            "    f",
            "# g",
            "---",
        ),
        *(
            "===",
            "| a | b |",
            "|---|---|",
            "~~~",
            "***",
            "  - h",
            "\tx",
            "-",
            "#",
            ">",
            "[x]: y",
            ":",
        ),
    ]
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=9).map("\n".join).map(safe_markdown))
def test_nothing_that_follows_changes_what_is_finished(text: str) -> None:
    whole = _blocks(text)
    for stop in range(len(text) + 1):
        done = _blocks(text[: finished(text[:stop])])
        assert done == whole[: len(done)]


def _blocks(text: str) -> list[tuple[str, str]]:
    """All that a renderer is told of the blocks."""
    return [(each.type, each.content) for each in Markdown(text).parsed]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Add x", "Add x"),
        ("\nAdd x\n\nIt was wanted.\n", "Add x\n\nIt was wanted."),
        ("```\nAdd x\n```", "Add x"),
        ("```text\nAdd x\n\n- y\n```\n", "Add x\n\n- y"),
        ("Add `x`:\n```\ny\n```", "Add `x`:\n```\ny\n```"),
        ("```\n```", "```\n```"),
        ("", ""),
    ],
)
def test_a_message_has_no_fence_round_it(text: str, message: str) -> None:
    assert unfenced(text) == message


def test_the_screen_of_these_tests_draws_over_what_it_drew() -> None:
    screen = Screen(10, 3)
    screen.feed("one\n\rtwo\r\x1b[2K\x1b[1A\x1b[2KONE")
    assert screen.lines == ["ONE", ""]
    with pytest.raises(ValueError, match="escape"):
        screen.feed("\x1b[2J")
    with pytest.raises(ValueError, match="x07"):
        screen.feed("\x07")
