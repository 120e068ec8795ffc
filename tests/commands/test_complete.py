"""``inglenook complete`` as a shell sees it: arguments in; output, exit code, a sentence out."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.support.command import ALONE, Run, run
from tests.support.fake_backend import fake_backend
from tests.support.forked import PYTHON

SOURCE = "def total(prices):\n    \n\nprint(total([1]))\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "cart.py"
    file.write_text(SOURCE)
    return file


async def test_the_text_goes_to_stdout(tmp_path: Path, source: Path) -> None:
    async with fake_backend(text="return sum(prices)") as backend:
        done = await run(tmp_path, "complete", *ALONE, f"{source}:2:5", address=backend.url)
    assert done == Run(0, "return sum(prices)\n", "")


async def test_json_has_the_figures(tmp_path: Path, source: Path) -> None:
    async with fake_backend(text="return sum(prices)", prompt_tokens=40) as backend:
        done = await run(
            tmp_path, "complete", "--json", *ALONE, f"{source}:2:5", address=backend.url
        )
    body = json.loads(done.out)
    assert body["text"] == "return sum(prices)"
    assert (body["backend"], body["cached"]) == ("llama.cpp", False)
    assert body["model"]
    assert set(body["ms"]) == {"total", "context", "first_token"}
    assert all(value > 0 for value in body["ms"].values())
    assert body["prompt"] == {"tokens": 40, "reused": 39}


async def test_a_prompt_can_be_looked_at_without_any_backend(tmp_path: Path, source: Path) -> None:
    done = await run(tmp_path, "complete", "--show-prompt", *ALONE, f"{source}:2:5")
    assert done.out == "--- cart.py\n" + SOURCE.replace("    \n", "    █\n") + "\n"
    assert (done.code, done.errors) == (0, "")


async def test_columns_count_characters(tmp_path: Path) -> None:
    file = tmp_path / "emoji.py"
    file.write_text("x = '𝄞𝄞'\n")
    done = await run(tmp_path, "complete", "--show-prompt", *ALONE, f"{file}:1:7")
    assert "x = '𝄞█𝄞'" in done.out


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("cart.py", "'cart.py' is not FILE:LINE:COL, as in src/app.py:12:5."),
        ("{source}:0:1", "{source} has 5 lines; there is no line 0."),
        ("{source}:99:1", "{source} has 5 lines; there is no line 99."),
        ("{source}:2:9", "Line 2 of {source} has columns 1 to 5; there is no column 9."),
        ("{tmp}/missing.py:1:1", "There is no file {tmp}/missing.py."),
        ("{tmp}:1:1", "{tmp} is not a file."),
    ],
)
async def test_a_bad_place_is_one_sentence(
    tmp_path: Path, source: Path, place: str, sentence: str
) -> None:
    names = {"source": source, "tmp": tmp_path}
    done = await run(tmp_path, "complete", place.format(**names))
    assert done == Run(2, "", f"inglenook: {sentence.format(**names)}\n")


async def test_a_file_that_is_not_utf8_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "latin.py"
    file.write_bytes(b"x = '\xe9'\n")
    done = await run(tmp_path, "complete", f"{file}:1:1")
    assert done == Run(2, "", f"inglenook: {file} is not UTF-8 (byte 5); convert it first.\n")


async def test_no_backend_is_one_sentence(tmp_path: Path, source: Path) -> None:
    done = await run(tmp_path, "complete", *ALONE, f"{source}:2:5")
    assert (done.code, done.out) == (3, "")
    assert done.errors.startswith("inglenook: 'fake' of your configuration file cannot be used")
    assert done.errors.count("\n") == 1


async def test_an_unknown_model_is_one_sentence(tmp_path: Path, source: Path) -> None:
    done = await run(tmp_path, "complete", *ALONE, f"{source}:2:5", "--model", "nobody")
    assert (done.code, done.out) == (3, "")
    assert "'nobody'" in done.errors
    assert done.errors.count("\n") == 1


async def test_a_model_with_nothing_to_say_is_no_success(tmp_path: Path, source: Path) -> None:
    async with fake_backend(text="") as backend:
        done = await run(tmp_path, "complete", *ALONE, f"{source}:2:5", address=backend.url)
    assert (done.code, done.out) == (1, "")


async def test_a_backend_that_fails_is_one_sentence(tmp_path: Path, source: Path) -> None:
    async with fake_backend(status=500) as backend:
        done = await run(tmp_path, "complete", *ALONE, f"{source}:2:5", address=backend.url)
    assert (done.code, done.out) == (3, "")
    assert done.errors.count("\n") == 1


async def test_escapes_of_a_model_do_not_reach_the_terminal(tmp_path: Path, source: Path) -> None:
    async with fake_backend(text="x = '\x1b[31m'") as backend:
        done = await run(tmp_path, "complete", *ALONE, f"{source}:2:5", address=backend.url)
    assert "\x1b" not in done.out


async def test_a_path_cannot_steer_the_terminal(tmp_path: Path) -> None:
    done = await run(tmp_path, "complete", "w/\x1b[31mx.py:1:1")
    assert done == Run(2, "", "inglenook: There is no file w/\\x1b[31mx.py.\n")


async def test_a_terminal_that_knows_only_ascii_is_no_reason_to_fail(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    arguments = ("complete", "--show-prompt", *ALONE, f"{source}:2:5")
    done = await run(tmp_path, *arguments, program=PYTHON)
    assert (done.code, done.errors) == (0, "")
    assert "\\u2588" in done.out


async def test_a_full_disk_is_one_sentence(tmp_path: Path, source: Path) -> None:
    program = f'exec "{sys.executable}" -m inglenook complete --show-prompt'
    program += f' --index-seconds 0 "{source}:2:5"'
    process = await asyncio.create_subprocess_shell(
        program + " > /dev/full", stderr=asyncio.subprocess.PIPE
    )
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 3
    assert errors == b"inglenook: the command could not go on: No space left on device.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [(["--version"], 0, "inglenook 0.1.0\n"), ([], 2, ""), (["fly"], 2, ""), (["complete"], 2, "")],
)
async def test_arguments(tmp_path: Path, arguments: list[str], code: int, out: str) -> None:
    done = await run(tmp_path, *arguments)
    assert (done.code, done.out) == (code, out)
    assert "Traceback" not in done.errors


async def test_a_log_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    done = await run(tmp_path, "serve", "--log-file", str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert done.errors == "inglenook: the log file cannot be written: Is a directory.\n"
