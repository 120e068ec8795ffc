"""A review that somebody does not hear to its end: the exit code and what is written stay right."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.support.chat_command import git
from tests.support.command import Run, run
from tests.support.review_model import commit, repository, review, write

CONFLICT = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> x\n"
NOBODY = "http://127.0.0.1:9"
REVIEW = (sys.executable, "-m", "inglenook", "review", "--no-model")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shop = repository(tmp_path, {"cart.py": "a = 1\n"})
    write(shop, {"cart.py": CONFLICT})
    return shop


async def in_shell(directory: Path, shop: Path, script: str, *arguments: str) -> Run:
    """``"$@"`` is the review, whose exit code is that of the script."""
    script = f'{script}; exit "${{PIPESTATUS[0]}}"'
    return await run(directory, *arguments, cwd=shop, program=("bash", "-c", script, "-", *REVIEW))


@pytest.mark.parametrize(
    "script",
    [
        '"$@" | true',
        '"$@" | (exec <&-; sleep 1)',
        '"$@" 2>&1 | true',
        '"$@" --format json | head -1',
        '"$@" --format github | grep -q .',
    ],
)
async def test_whoever_stops_reading_does_not_make_it_clean(
    tmp_path: Path, shop: Path, script: str
) -> None:
    done = await in_shell(tmp_path, shop, script)
    assert (done.code, done.errors) == (1, "")


async def test_a_full_disk_behind_standard_output(tmp_path: Path, shop: Path) -> None:
    file = tmp_path / "x.json"
    done = await in_shell(
        tmp_path, shop, '"$@" > /dev/full', "--format=text", f"--format=json={file}"
    )
    assert (done.code, json.loads(file.read_text())["exit_code"]) == (2, 2)
    assert "The report cannot be shown: No space left on device." in done.errors
    assert "cart.py:1 error code/conflict-marker" in done.errors
    done = await in_shell(tmp_path, shop, '"$@" > /dev/full 2>&1')
    assert (done.code, done.errors) == (2, "")


async def test_what_git_cannot_read_is_not_called_clean(tmp_path: Path, shop: Path) -> None:
    """It ends in the middle of an object that is damaged; what comes after is read all the same."""
    text = "".join(f"x{each} = {each * 7919 % 1_000_003}\n" for each in range(3_000))
    write(shop, {"a.py": text, "b.py": CONFLICT, "cart.py": "a = 1\n"})
    commit(shop)
    name = git(shop, "rev-parse", "HEAD:a.py").strip()
    place = shop / ".git/objects" / name[:2] / name[2:]
    place.chmod(0o644)
    place.write_bytes(place.read_bytes()[:-2_000])
    file = tmp_path / "x.json"
    done = await review(
        tmp_path,
        *("--no-model", "--diff", "HEAD~..HEAD", "--fail-on=never", f"--format=json={file}"),
        address=NOBODY,
        cwd=shop,
    )
    report = json.loads(file.read_text())
    assert (done.code, report["exit_code"]) == (3, 3)
    assert [each["path"] for each in report["findings"]] == ["b.py"]
    assert [(each["path"], each["missed"]) for each in report["coverage"]["skipped"]] == [
        ("a.py", True)
    ]
