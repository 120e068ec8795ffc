"""The hook for pre-commit, out of this very repository, as a team's repository would use it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.support.chat_command import git
from tests.support.fake_backend import fake_backend
from tests.support.house import config_for
from tests.support.review_model import Reviewing, Wrong, commit, repository, write

ROOT: Final = Path(__file__).parents[2]
CART: Final = "def last(items):\n    return items[-1]\n"
BROKEN: Final = CART.replace("-1", "len(items)")
OFF: Final = Wrong("    return items[len(items)]", "off-by-one", "One too high.")
PATIENCE: Final = 900.0  # seconds: pre-commit installs the hook before it runs it


def test_what_the_hooks_say_of_themselves() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    entries = {each["id"]: each["entry"].split() for each in hooks}
    staged = ["inglenook", "review", "--staged"]
    assert entries == {"inglenook-review": staged, "inglenook-checks": [*staged, "--no-model"]}
    for each in hooks:
        assert (each["language"], each["pass_filenames"]) == ("python", False)


@pytest.mark.editor
async def test_a_commit_is_stopped_by_an_error(tmp_path: Path) -> None:
    """Marked as what installs something: with it comes an environment of pre-commit's own."""
    shop = repository(tmp_path, {"cart.py": CART})
    hooks = _hooks(tmp_path)
    ids = [{"id": "inglenook-review"}, {"id": "inglenook-checks"}]
    listed = {"repo": str(hooks), "rev": git(hooks, "rev-parse", "HEAD").strip(), "hooks": ids}
    write(shop, {".pre-commit-config.yaml": yaml.safe_dump({"repos": [listed]})})
    commit(shop)
    write(shop, {"cart.py": BROKEN})
    git(shop, "add", "cart.py")
    async with fake_backend(answer=Reviewing([OFF])) as backend:
        code, told = await _run(tmp_path, shop, backend.url)
    assert code == 1, told
    assert "cart.py:2 error correctness/off-by-one" in told
    async with fake_backend(answer=Reviewing()) as backend:
        code, told = await _run(tmp_path, shop, backend.url)
    assert code == 0, told
    code, told = await _run(tmp_path, shop, "http://127.0.0.1:9")  # no model is no review
    assert code == 1, told
    assert "exit code: 3" in told
    assert "Failed" not in told.partition("inglenook checks")[2]  # which need none
    write(shop, {"cart.py": f"<<<<<<< HEAD\n{CART}=======\n{BROKEN}>>>>>>> x\n"})
    git(shop, "add", "cart.py")
    _, told = await _run(tmp_path, shop, "http://127.0.0.1:9")
    assert "cart.py:1 error code/conflict-marker" in told.partition("inglenook checks")[2]


def _hooks(directory: Path) -> Path:
    """The files of this repository as they are, as a repository that pre-commit can clone."""
    folder = directory / "hooks"
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        wanted = name.startswith(("lsp/", "context/")) or "/" not in name
        if wanted and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    git(directory, "init", "--quiet", str(folder))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
    return folder


async def _run(directory: Path, shop: Path, address: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pre_commit", "run", "--color=never"),
        cwd=shop,
        env={
            **os.environ,
            **config_for(directory, "llama.cpp", address),
            "PRE_COMMIT_HOME": str(directory / "pre-commit"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode or 0, out.decode()
