"""The trees that are indexed: Django's package, its whole source distribution, and a made one.

pip gets Django from whichever registry it is set up for; to know what a source distribution is,
pip asks its build backend, so here (and nowhere else) code of Django's runs.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import django

_SHA256: Final = "1a47f7a7a3d43ce64570d350e008d2949abe8c7e21737b351b6a1611277c6d89"
_BESIDE: Final = 50  # made files in one directory
_MADE: Final = '''"""Module {i} of a made tree."""

from __future__ import annotations

import os
from pathlib import Path
from pkg{a}.mod{b} import Thing{b}, make_{b}

LIMIT_{i} = {i}


class Thing{i}:
    """Holds a value."""

    def __init__(self, value: int, other: Thing{b} | None = None) -> None:
        self.value = value
        self.other = other

    def total(self) -> int:
        """Everything together."""
        return self.value + LIMIT_{i}


def make_{i}(value: int) -> Thing{i}:
    """Make one."""
    return Thing{i}(value, make_{b}(value - 1))


def read_{i}(path: Path) -> int:
    """Read one."""
    return int((path / os.sep).read_text())
'''


def package() -> Path:
    """The directory ``django/``: 883 Python files."""
    return django.home() / "django"


def distribution() -> Path:
    """The whole source distribution: 2,818 Python files; fetched first if it is not there."""
    root = django.home().with_name(f"django-{django.VERSION}-sdist")
    if not root.is_dir():
        with tempfile.TemporaryDirectory(dir=root.parent, prefix="django-") as workdir:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--disable-pip-version-check", "--no-cache-dir", "--no-binary=Django"]
            subprocess.run([*command, "--dest", workdir, f"Django=={django.VERSION}"], check=True)
            [archive] = Path(workdir).glob("*.tar.gz")
            if hashlib.sha256(archive.read_bytes()).hexdigest() != _SHA256:
                sys.exit("The archive of Django is not what it should be: its SHA-256 differs.")
            with tarfile.open(archive) as tar:
                tar.extractall(Path(workdir) / "unpacked", filter="data")
            [unpacked] = (Path(workdir) / "unpacked").iterdir()
            unpacked.rename(root)  # it gets its name only when it is whole
    return root


def make(root: Path, count: int) -> None:
    """So many files of 33 lines, 6 definitions and 4 imports, each of which imports another."""
    for number in range(count):
        directory = root / f"pkg{number // _BESIDE}"
        if number % _BESIDE == 0:
            directory.mkdir(parents=True)
        before = max(number - 1, 0)
        text = _MADE.format(i=number, b=before, a=before // _BESIDE)
        (directory / f"mod{number}.py").write_text(text)
