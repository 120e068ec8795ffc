"""Public packages whose source distributions hold their tests; fetched once, never committed.

pip gets them, and what their tests need, from whichever registry it is set up for. Their tests
run in an environment of its own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from platformdirs import user_cache_path

# What the tests need beside the packages themselves.
REQUIREMENTS: Final = (
    "pytest==9.2.0",
    "coverage==7.17.4",
    "hypothesis==6.170.17",
    "markupsafe==3.0.4",
    "mdurl==0.1.2",
    "pytest-regressions==2.11.0",
    "trio==0.35.0",
)


class Package(NamedTuple):
    """``source`` is the directory that goes on the path, ``code`` the package in it, ``tests``
    what pytest is given; all from the root of the archive."""

    name: str
    version: str
    sha256: str
    source: str
    code: tuple[str, ...]
    tests: tuple[str, ...] = ("tests",)

    @property
    def label(self) -> str:
        return f"{self.name.replace('-', '_')}-{self.version}"


PACKAGES: Final = (
    Package(
        "attrs",
        "26.1.0",
        "d03ceb89cb322a8fd706d4fb91940737b6642aa36998fe130a9bc96c985eff32",
        "src",
        ("attr",),
    ),
    Package(
        "boltons",
        "26.2.0",
        "d39cfd15c1a1c3bd4d705c82252fa9edb8e4f5e8cc039f8e39afac7b1b47e92c",
        ".",
        ("boltons",),
    ),
    Package(
        "click",
        "8.5.1",
        "9bbfada76703fd1d784b83eea012e3e8c6a001a876543ef104fa56aaaeb072b4",
        "src",
        ("click",),
    ),
    Package(
        "jinja2",
        "3.1.6",
        "0137fb05990d35f1275a587e9aee6d56da821fc83491a0fb838183be43f66d6d",
        "src",
        ("jinja2",),
    ),
    Package(
        "markdown-it-py",
        "4.3.0",
        "91a58fa5b72c71a40cf7177250fd767480d7a2bb3ac426ccfb76fb90305fdaaa",
        ".",
        ("markdown_it",),
    ),
    Package(
        "mistune",
        "3.4.0",
        "2eaf7952af928ca8d33b779762effc1da517b62c6ad85ec8ca957e3b07b9782a",
        "src",
        ("mistune",),
    ),
    Package(
        "more-itertools",
        "11.2.1",
        "cbf08fd0af284dc69718b9b76a8e6203df624d70209ea511e4219d350c856f63",
        ".",
        ("more_itertools",),
    ),
    Package(
        "networkx",
        "3.6.1",
        "26b7c357accc0c8cde558ad486283728b65b6a95d85ee1cd66bafab4c8168509",
        ".",
        (
            "networkx/classes",
            "networkx/utils",
            "networkx/algorithms/flow",
            "networkx/algorithms/shortest_paths",
        ),
        (
            "networkx/classes",
            "networkx/utils",
            "networkx/algorithms/flow",
            "networkx/algorithms/shortest_paths",
        ),
    ),
    Package(
        "sqlparse",
        "0.6.1",
        "ca722573f848ff2d30e40ea30f53a104b7dea7635ea9285891263eb2c58fb6e7",
        ".",
        ("sqlparse",),
    ),
    Package(
        "toolz",
        "1.2.0",
        "9667a038e9d6ecba37995e26cb2f59ec6420b6ad8dd9677de59db9b956b08490",
        ".",
        ("toolz",),
        ("toolz",),
    ),
)


def home() -> Path:
    cache = os.environ.get("INGLENOOK_TEST_CACHE")
    return (Path(cache) if cache else user_cache_path("inglenook-dev")) / "refactors"


def sources_of(package: Package) -> Path:
    """The unpacked archive; fetched first if it is not there. Nobody writes into it."""
    root = home() / package.label
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent, prefix="fetch-") as workdir:
            with tarfile.open(_fetched(package, Path(workdir))) as tar:
                tar.extractall(Path(workdir) / "unpacked", filter="data")
            [unpacked] = (Path(workdir) / "unpacked").iterdir()
            # Some packages ask for their own version.
            about = unpacked / package.source / f"{package.name}.egg-info"
            about.mkdir(exist_ok=True)
            (about / "PKG-INFO").write_bytes((unpacked / "PKG-INFO").read_bytes())
            unpacked.rename(root)  # it gets its name only when it is whole
    return root


def _fetched(package: Package, workdir: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-cache-dir", "--no-binary", package.name]
    command += ["--dest", str(workdir), f"{package.name}=={package.version}"]
    subprocess.run(command, check=True)
    [archive] = workdir.glob("*.tar.gz")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != package.sha256:
        sys.exit(f"The archive of {package.name} is not what it should be: its SHA-256 differs.")
    return archive


def environment() -> Path:
    """The Python that runs the tests; its environment is made first if it is not there."""
    wanted = hashlib.sha256("\n".join([sys.version, *REQUIREMENTS]).encode()).hexdigest()[:12]
    root = home() / f"environment-{wanted}"
    if not (root / "ready").is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(root)], check=True)
        install = [str(root / "bin/python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "--disable-pip-version-check", *REQUIREMENTS], check=True)
        (root / "ready").touch()
    return root / "bin/python"
