"""Runs of a package's tests: how each test ends, and which test files run a line of the code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.refactors.packages import Package, environment, sources_of

_PLUGIN: Final = Path(__file__).parent / "plugin"
_LONGEST: Final = 300  # seconds
_PYTEST: Final = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "inglenook_observed")


class Lines(NamedTuple):
    """Of one file: the lines that can run, and those that tests ran, with their test files.

    A line that ran only while the file was imported has none.
    """

    possible: frozenset[int]
    tests: dict[int, frozenset[str]]


class Tree:
    """A copy of a package in which one file at a time is written anew."""

    def __init__(self, package: Package, root: Path) -> None:
        self.package, self.root = package, root

    def ends(self, tests: Sequence[str], *options: str) -> dict[str, str]:
        """How each test of some files ends; it is left out if it does not begin."""
        return self._run([*_PYTEST, *options, *tests], {})

    @contextmanager
    def written(self, path: str, text: str) -> Iterator[None]:
        """The tree with another ``text`` of the file at ``path``."""
        file = self.root / path
        before = file.read_bytes()
        file.write_bytes(text.encode())
        try:
            yield
        finally:
            file.write_bytes(before)

    def covered(self) -> dict[str, Lines]:
        """What all tests run, for each file of the code."""
        rules = self.root / "inglenook.coveragerc"  # instead of the package's own
        base = (self.root / self.package.source).resolve()
        source = ",".join(str(base / code) for code in self.package.code)
        rules.write_text("[run]\nomit = */tests/*\n", encoding="utf-8")
        data = {"COVERAGE_FILE": str(self.root / "inglenook.coverage")}
        command = ["-m", "coverage", "run", f"--rcfile={rules}", f"--source={source}", *_PYTEST]
        self._run([*command, *self.package.tests], data)
        out = self.root / "inglenook-coverage.json"
        command = ["-m", "coverage", "json", "--quiet", f"--rcfile={rules}", "--show-contexts"]
        self._call([*command, "-o", str(out)], data)
        found: dict[str, Lines] = {}
        for name, file in json.loads(out.read_bytes())["files"].items():
            path = (self.root / name).resolve().relative_to(self.root.resolve())
            found[path.as_posix()] = Lines(
                frozenset(file["executed_lines"]) | frozenset(file["missing_lines"]),
                {
                    int(line): frozenset(contexts) - {""}
                    for line, contexts in file["contexts"].items()
                },
            )
        return found

    def _run(self, command: list[str], more: dict[str, str]) -> dict[str, str]:
        observed = self.root / "inglenook-observed.json"
        observed.unlink(missing_ok=True)
        self._call(command, {"INGLENOOK_OBSERVED": str(observed), **more})
        found: dict[str, str] = json.loads(observed.read_bytes()) if observed.is_file() else {}
        return found

    def _call(self, command: list[str], more: dict[str, str]) -> None:
        path = os.pathsep.join([str((self.root / self.package.source).resolve()), str(_PLUGIN)])
        rest = {
            "PYTHONPATH": path,
            "PYTHONDONTWRITEBYTECODE": "1",  # which would outlive a file written in the same second
            "PYTHONHASHSEED": "0",
        }
        try:
            subprocess.run(
                [str(environment()), *command],
                cwd=self.root,
                env={**os.environ, **rest, **more},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return  # no test ended: all of them differ


@contextmanager
def tree_of(package: Package) -> Iterator[Tree]:
    with tempfile.TemporaryDirectory(prefix="inglenook-refactors-") as workdir:
        root = Path(workdir) / package.label
        shutil.copytree(sources_of(package), root)
        yield Tree(package, root)
