"""The demo as its user sees it, with a server that says what the test wants."""

from __future__ import annotations

import argparse
import ast
import sys
from pathlib import Path

import pytest

from inglenook.cli import main
from inglenook.commands import demo, demo_scenes
from inglenook.commands.demo_screen import Shot, figures, picture
from inglenook.commands.lsp_session import Buffer

TOY = Path(__file__).parent.parent / "support" / "demo_server.py"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(demo, "_KEY_SECONDS", 0)
    return monkeypatch


def says(server: pytest.MonkeyPatch, state: str, ghost: str) -> None:
    server.setattr(demo, "SERVER", (sys.executable, str(TOY), state, ghost))


def drawn(text: str, ghost: str, typed: int = 0) -> str:
    """``text`` has its cursor at █, and ``typed`` characters before it were typed."""
    stop = text.index("█")
    shot = Shot(text.replace("█", ""), stop - typed, stop, ghost)
    return str(picture(shot, colour=False))


def test_ghost_text_stands_in_its_place() -> None:
    assert drawn("def add(a, b):\n    ret█\n\nadd(1, 2)\n", "urn a + b", typed=3) == (
        "    1   def add(a, b):\n    2       ret{+urn a + b+}\n    3   \n    4   add(1, 2)\n"
    )


def test_every_line_that_was_not_there_before_is_marked() -> None:
    assert drawn("a\n  b\n  c█\nd\ne\nf\n", "\n  x\n  y", typed=4) == (
        "    1   a\n    2     b\n    3 |   c{+\n    4 |   x\n    5 |   y+}\n    6   d\n    7   e\n"
    )


def test_colour_needs_no_marks() -> None:
    shot = Shot("ret\n", 0, 3, "urn")
    line = picture(shot, colour=True)
    assert "return\n" in str(line)
    assert any(span.style == "italic cyan" for span in line.spans)


def test_a_model_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in drawn("x = █\n", "\x1b[2J1")


def test_figures_name_what_the_engine_said() -> None:
    report = {
        "model": "m",
        "backend": "b",
        "cached": False,
        "ms": {"total": 12.25},
        "prompt": {"tokens": 400, "evaluated": 7, "reused": None},
        "predicted": {"tokens": 11, "perSecond": 50.6},
    }
    assert figures(report, 13.4) == [
        "m on b, generated",
        "13 ms from the last key to the answer (12.2 ms of them in the server)",
        "prompt: 400 tokens, 7 evaluated, an untold number reused",
        "answer: 11 tokens, 51 tokens a second",
    ]


def test_figures_of_a_server_that_tells_nothing() -> None:
    assert figures({}, 5.0) == [
        "? on ?, generated",
        "5 ms from the last key to the answer",
        "prompt: the engine told nothing of it",
    ]


@pytest.mark.parametrize("word", ["restock", "zorblat"])
def test_the_sample_is_good_code_under_any_word(word: str) -> None:
    files = demo_scenes.sample_files(word)
    for name, text in files.items():
        if name.endswith(".py"):
            ast.parse(text)
    assert f"def {word}(" in files["inventory.py"]
    assert f"function {word}(" in files["cart.ts"]
    assert word == demo_scenes.WORD or demo_scenes.WORD not in "".join(files.values())


@pytest.mark.parametrize("scene", demo_scenes.SCENES, ids=lambda scene: scene.title)
def test_a_scene_types_at_the_end_of_its_line(scene: demo_scenes.Scene) -> None:
    text = demo_scenes.sample_files("zorblat")[scene.file]
    line = demo_scenes.renamed(scene.line, "zorblat")
    assert text.count(line) == 1
    assert text[demo_scenes.place_of(scene, text, "zorblat")] == "\n"
    assert "zorblat" not in scene.keys
    assert demo_scenes.WORD not in scene.keys


@pytest.mark.parametrize("word", ["two words", "1st", "", "x", "class", "interface", "Order"])
def test_a_word_that_would_break_the_sample_is_refused(word: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        demo_scenes.function_name(word)


def test_positions_count_utf16() -> None:
    assert Buffer("u", "python", "é\n😀x", cursor=4).position == {"line": 1, "character": 3}


def test_a_demo_in_a_pipe(server: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    says(server, "idle", " zorblat()")
    assert main(["demo", "--word", "zorblat"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "loading  toy-coder  Loading." in out
    assert "        total +={+ zorblat()+}\n" in out
    assert out.count("toy-coder on toy, generated") == len(demo_scenes.SCENES)
    assert out.count("prompt: 400 tokens, 7 evaluated, 393 reused") == len(demo_scenes.SCENES)
    assert "5 of 5 places completed; in 5 of them the model wrote zorblat" in out


def test_a_model_that_offers_nothing(
    server: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says(server, "idle", "")
    assert main(["demo"]) == 1
    assert "the model offered nothing here" in capsys.readouterr().out


@pytest.mark.parametrize("state", ["offline", "refused"])
def test_without_a_model_it_says_how_to_get_one(
    server: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    says(server, state, "")
    assert main(["demo"]) == 3
    err = capsys.readouterr().err
    assert "ollama pull" in err
    assert "inglenook models get qwen2.5-coder:0.5b" in err
    assert "Traceback" not in err


def test_a_server_that_dies_is_told_in_one_sentence(
    server: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.setattr(demo, "SERVER", (sys.executable, "-c", "raise SystemExit('gone')"))
    assert main(["demo"]) == 3
    err = capsys.readouterr().err
    assert err.splitlines() == ["The demo ended early: the server has ended.", "gone"]
