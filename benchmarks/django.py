"""The sources of Django 5.2, which the benchmarks type in; fetched once, never committed.

pip gets the wheel from whichever registry it is set up for. Nothing of it is installed or run.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

VERSION: Final = "5.2"
_SHA256: Final = "91ceed4e3a6db5aedced65e3c8f963118ea9ba753fc620831c77074e620e7d83"


def home() -> Path:
    """The directory that holds the package ``django``; fetched first if it is not there."""
    cache = os.environ.get("INGLENOOK_TEST_CACHE")
    root = (Path(cache) if cache else user_cache_path("inglenook-dev")) / f"django-{VERSION}"
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent, prefix="django-") as workdir:
            unpacked = Path(workdir) / "unpacked"
            with zipfile.ZipFile(_download(Path(workdir))) as wheel:
                wheel.extractall(unpacked)
            unpacked.rename(root)  # it gets its name only when it is whole
    return root


def _download(workdir: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-cache-dir", "--only-binary=:all:"]
    subprocess.run([*command, "--dest", str(workdir), f"Django=={VERSION}"], check=True)
    [wheel] = workdir.glob("*.whl")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != _SHA256:
        sys.exit("The wheel of Django is not what it should be: its SHA-256 differs.")
    return wheel
