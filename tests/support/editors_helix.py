"""Helix for the tests: the user's own, else Debian sid's, unpacked to the side."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.support.editors_cache import InstallationError, install_once
from tests.support.editors_debian import unpack_from_sid

ADVICE = "Install Helix as `hx` on PATH"


def helix() -> Path:
    """The program."""
    found = shutil.which("hx")
    if found:
        return Path(found)
    return install_once("helix-sid", _install) / "root/usr/bin/hx"


def _install(folder: Path) -> None:
    program = unpack_from_sid("hx", "usr/bin/hx", folder, ADVICE)
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise InstallationError(f"{ADVICE} (Debian sid's does not run here: {done.stderr[:200]}).")
