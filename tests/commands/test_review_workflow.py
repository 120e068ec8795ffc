"""The example of a workflow: its own commands, one step after the other, as a runner runs them."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from tests.support.chat_command import git
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.house import config_for
from tests.support.review_model import Reviewing, Wrong, commit, repository, write

WORKFLOW: Final = Path(__file__).parents[2] / "examples/github-actions/review.yml"
CART: Final = "def last(items):\n    return items[-1]\n"
BROKEN: Final = CART.replace("-1", "len(items)")
OFF: Final = Wrong("    return items[len(items)]", "off-by-one", "One too high.")
FETCHES: Final = ("Install", "Get the model")  # what only a machine with a network can do


class Runner:
    """What a workflow finds on one; ``gh`` writes down what it is asked to send."""

    def __init__(self, directory: Path) -> None:
        self.shop = repository(directory, {"cart.py": CART})
        base = git(self.shop, "rev-parse", "HEAD").strip()
        git(self.shop, "checkout", "--quiet", "-b", "topic")
        write(self.shop, {"cart.py": BROKEN})
        commit(self.shop)
        self.work, self.scratch = directory / "work", directory / "scratch"
        programs = directory / "bin"
        for each in (self.work, self.scratch, programs):
            each.mkdir()
        self._program(programs / "inglenook", f'exec "{sys.executable}" -m inglenook "$@"')
        self._program(programs / "gh", f'printf "%s\\n" "$@" > "{self.scratch}/gh"')
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "GITHUB_SERVER_URL": f"file://{directory}",
            "GITHUB_REPOSITORY": "shop",
            "GITHUB_REF": "refs/pull/1/merge",
            "GITHUB_STEP_SUMMARY": str(self.scratch / "summary.md"),
            "RUNNER_TEMP": str(self.scratch),
            "BASE": base,
            "HEAD": git(self.shop, "rev-parse", "HEAD").strip(),
            "TOKEN": "of nobody",
        }

    @staticmethod
    def _program(place: Path, line: str) -> None:
        place.write_text(f"#!/bin/sh\n{line}\n")
        place.chmod(0o755)

    async def run(self, step: dict[str, Any], more: dict[str, str]) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *("bash", "-e", "-o", "pipefail", "-c", step["run"]),
            cwd=self.work,
            env={**os.environ, **more, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 120)
        return process.returncode or 0, out.decode()


async def test_each_step_of_the_workflow(tmp_path: Path) -> None:
    [job] = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    steps = {each["name"]: each for each in job["steps"]}
    assert not any("uses" in each for each in steps.values())
    runner = Runner(tmp_path)
    backend: FakeBackend
    async with fake_backend(answer=Reviewing([OFF])) as backend:
        found = config_for(tmp_path, "llama.cpp", backend.url)
        ends = {
            name: await runner.run(step, found)
            for name, step in steps.items()
            if name not in FETCHES
        }
    assert {name: code for name, (code, _) in ends.items()} == {
        "Check out": 0,
        "Review": 1,
        "Show the findings as alerts": 0,
    }, ends
    assert "::error file=cart.py,line=2" in ends["Review"][1]
    assert "off-by-one" in (runner.scratch / "summary.md").read_text()
    asked = (runner.scratch / "gh").read_text()
    assert f"commit_sha={runner.environment['HEAD']}" in asked
    packed = (runner.scratch / "review.b64").read_bytes()
    log = json.loads(gzip.decompress(base64.b64decode(packed)))
    assert log["runs"][0]["results"][0]["ruleId"] == "correctness/off-by-one"
