"""What no file of the repository may hold, and what a wheel of it must."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

from tests.support.layers import CLONE

# Put together here, so that this file does not hold what it looks for.
_REGISTRIES: Final = [
    rf"{name}\.{ending}"
    for name, ending in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("npmmirror", "com"),
        ("crates", "io"),
    )
]
REGISTRY: Final = re.compile("|".join(_REGISTRIES), re.IGNORECASE)
MACHINE: Final = re.compile(
    r"(?<![\w.<>$}])/(?:" + "|".join(["wo" + "rk", "fa" + "rm", "ro" + "ot"]) + r")/\w"
    r"|(?<![\w.<>$}])/(?:ho" + r"me|Us" + r"ers)/(?!me\b|you\b|user\b|runner\b|ada\b)\w+/"
)
_MARKS: Final = "|".join(["sk" + "ip", "x" + "fail", "import" + "orskip"])
LEFT_OUT: Final = re.compile(rf"pytest\.(?:mark\.)?(?:{_MARKS})|unittest\.sk" + "ip")
SECRET: Final = re.compile("-----BEGIN [A-Z ]*PRIV" + "ATE KEY-----|AKI" + r"A[0-9A-Z]{16}")


def tracked() -> list[Path]:
    """The files of the repository: what git tracks, and what it would if it were told to."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=CLONE, capture_output=True, check=True)
    names = {name for name in done.stdout.decode().split("\0") if name}
    return [path for name in sorted(names) if (path := CLONE / name).is_file()]


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    found = []
    for file in files:
        content = file.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{file.relative_to(CLONE)}:{number}: {line.strip()[:80]}")
    return found


def test_no_registry_is_named() -> None:
    assert lines_with(REGISTRY, tracked()) == []


def test_no_path_of_a_machine_is_named() -> None:
    assert lines_with(MACHINE, tracked()) == []


def test_no_secret_is_kept() -> None:
    assert lines_with(SECRET, tracked()) == []


def test_no_test_leaves_itself_out() -> None:
    tests = [file for file in tracked() if file.is_relative_to(CLONE / "tests")]
    assert len(tests) > 10
    assert lines_with(LEFT_OUT, tests) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRY, "resolved https://registry." + "npmjs" + ".org/x"),
        (REGISTRY, "https://files." + "python" + "hosted" + ".org/x"),
        (MACHINE, 'path = "/wo' + 'rk/main"'),
        (MACHINE, "file:///ho" + "me/somebody/x"),
        (LEFT_OUT, "@pytest.mark." + "sk" + "ip"),
        (LEFT_OUT, "pytest." + "import" + "orskip('x')"),
        (SECRET, "-----BEGIN PRIV" + "ATE KEY-----"),
    ],
)
def test_what_is_looked_for_is_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize(
    "text", ["$HOME/wo" + "rk/x", "tests/wo" + "rk/x", "https://pypi.example/simple"]
)
def test_what_is_harmless_is_not(text: str) -> None:
    assert not REGISTRY.search(text)
    assert not MACHINE.search(text)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository's files, without what a working tree collects beside them."""
    copy = tmp_path_factory.mktemp("clone")
    for file in tracked():
        target = copy / file.relative_to(CLONE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return copy


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that is built from the clone."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--wheel-dir", str(out), str(clone)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("inglenook-*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_all_that_the_packages_hold(clone: Path, wheel: set[str]) -> None:
    sources = {
        file.relative_to(root).as_posix()
        for root in (clone / "lsp", clone / "context")
        for file in root.rglob("*")
        if file.is_file()
    }
    assert sources - wheel == set()
    assert {"inglenook/py.typed", "inglenook_context/py.typed"} <= wheel
    with_queries = {name.split("/")[2] for name in wheel if name.endswith(".scm")}
    assert {"python", "javascript", "typescript"} <= with_queries


def test_a_wheel_holds_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    ours = {"inglenook", "inglenook_context"}
    assert {top for top in tops - ours if not top.endswith(".dist-info")} == set()
    assert any(name.endswith("/licenses/LICENSE") for name in wheel)
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel)
