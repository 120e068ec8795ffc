"""Packages of npm that ship their sources, as the lock file has them; fetched once, never
committed. Nothing of them is run but the functions and tests that are asked for."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.support.editors_cache import install_once, run

_PROJECT: Final = Path(__file__).with_name("project")
_LOCKED: Final = ("package.json", "package-lock.json", ".npmrc")
_SCRIPTS: Final = ("typescript.mjs", "behaviour.mjs", "tokens.mjs")
_NO_SOURCES: Final = (".d.ts", ".d.mts", ".d.cts", ".spec.ts", ".test.ts", ".bench.ts")
_ADVICE: Final = "Let npm install the packages of benchmarks/refactors_typescript/project"


class Package(NamedTuple):
    """``sources`` is the folder with the sources; ``tests`` the folder that vitest runs, if the
    package ships its tests."""

    name: str
    sources: str
    tests: str = ""


PACKAGES: Final = (
    Package("@noble/hashes", "src"),
    Package("@preact/signals-core", "src"),
    Package("@scure/base", "."),
    Package("@tanstack/query-core", "src"),
    Package("ajv", "lib"),
    Package("css-select", "src"),
    Package("css-what", "src", "src"),
    Package("domutils", "src"),
    Package("entities", "src"),
    Package("htmlparser2", "src"),
    Package("immer", "src"),
    Package("nth-check", "src"),
    Package("rxjs", "src"),
    Package("zod", "src/v4", "src/v4/core/tests"),
)


class Tree:
    """A copy of one package beside what it needs; ``files`` are its sources."""

    def __init__(self, package: Package, version: str, root: Path) -> None:
        self.package, self.version, self.root = package, version, root
        every = (root / package.sources).rglob("*.*ts") if package.sources != "." else ()
        own = root.glob("*.ts") if package.sources == "." else every
        self.files = sorted(
            path.relative_to(root).as_posix()
            for path in own
            if not path.name.endswith(_NO_SOURCES)
            and not {"tests", "__fixtures__", "node_modules", "deno"} & set(path.parts)
        )

    def text(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def asked(self, script: str, **job: Any) -> Any:
        """What a script of the project answers about this tree."""
        given = {"root": str(self.root), "files": self.files, **job}
        done = subprocess.run(
            ["node", "--no-warnings", str(self.root.parent / script)],
            input=json.dumps(given),
            cwd=self.root.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def tests(self) -> dict[str, str]:
        """How each of the package's tests ends, by its name; empty if it ships none."""
        if not self.package.tests:
            return {}
        report = self.root.parent / "report.json"
        report.unlink(missing_ok=True)
        vitest = self.root.parent / "node_modules/vitest/vitest.mjs"
        command = ["node", str(vitest), "run", "--root", str(self.root), "--reporter=json"]
        command += ["--outputFile", str(report), "--maxWorkers=1", "--dir", self.package.tests]
        subprocess.run(command, cwd=self.root, capture_output=True, check=False)
        ends: dict[str, str] = {}
        for file in json.loads(report.read_text(encoding="utf-8"))["testResults"]:
            name = Path(file["name"]).name
            ends[name] = file["status"]
            for test in file["assertionResults"]:
                ends[f"{name}: {test['fullName']}"] = test["status"]
        return ends

    @contextmanager
    def changed(self, path: str, text: str) -> Iterator[None]:
        file = self.root / path
        original = file.read_bytes()
        file.write_bytes(text.encode())
        try:
            yield
        finally:
            file.write_bytes(original)


@contextmanager
def tree_of(package: Package) -> Iterator[Tree]:
    digest = hashlib.sha256(b"".join((_PROJECT / name).read_bytes() for name in _LOCKED))
    home = install_once(f"refactors-typescript-{digest.hexdigest()[:12]}", _install)
    source = home / "node_modules" / package.name
    version = json.loads((source / "package.json").read_text(encoding="utf-8"))["version"]
    with tempfile.TemporaryDirectory(prefix="refactors-") as folder:
        place = Path(folder).resolve()
        for script in _SCRIPTS:
            shutil.copy(_PROJECT / script, place)
        (place / "node_modules").symlink_to(home / "node_modules")
        root = place / "package"
        shutil.copytree(source, root, ignore=shutil.ignore_patterns("node_modules"))
        yield Tree(package, version, root)


def _install(folder: Path) -> None:
    for name in _LOCKED:
        shutil.copy(_PROJECT / name, folder)
    npm = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    run(npm, cwd=folder, advice=_ADVICE, tries=2)
