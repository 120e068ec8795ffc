"""Public code in languages that ctags knows, fetched once and never committed.

Packages of Debian 12 (``apt-get download``, from whichever mirror it is set up for; those of
Rust are of amd64) and one of npm, which has Java inside. Nothing of them is installed or run.
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


class Source(NamedTuple):
    package: str
    version: str
    sha256: str
    endings: tuple[str, ...]  # of the files that are looked at


SOURCES: Final = {
    "go": (
        Source(
            "golang-github-spf13-cobra-dev",
            "1.6.1-1",
            "4f5d20855133319beef3c5b49d3c21a0406f270bf94fb4b6f4d406b691283cb2",
            (".go",),
        ),
        Source(
            "golang-golang-x-net-dev",
            "1:0.7.0+dfsg-1",
            "ddfa0ab08e6caf68eb51c96f9b8ba7c3ab6c93aada7147c3a20a187e38a9d259",
            (".go",),
        ),
    ),
    "rust": (
        Source(
            "librust-regex-dev",
            "1.7.1-1",
            "9b8c87bb5aa87c0095f4cc36ed829c80e815c2f71337325bd6e25f8de1fba7f7",
            (".rs",),
        ),
        Source(
            "librust-clap-dev",
            "4.0.32-1",
            "00922f24c3eb5a899ae4438ebf7be2e82085559ee45055dbc856cdb113de9ebb",
            (".rs",),
        ),
    ),
    "java": (
        Source(
            "npm:react-native-svg",
            "15.16.1",
            "6142083abdb5772be857ff2ad196488a032591aeb956750ff9bf0ea52bae77e1",
            (".java",),
        ),
    ),
    "c": (
        Source(
            "zlib1g-dev",
            "1:1.2.13.dfsg-1",
            "f9ce531f60cbd5df37996af9370e0171be96902a17ec2bdbd8d62038c354094f",
            (".h", ".c"),
        ),
        Source(
            "npm:tree-sitter",
            "0.21.1",
            "49d8edf6b34cd719a3e44a0ce154211f996039eee6b6a4b297c3e84f766d6d70",
            ("lib/src/*.c", "lib/src/*.h", "tree_sitter/api.h"),
        ),
    ),
    "cpp": (
        Source(
            "libtclap-dev",
            "1.2.5-1+b1",
            "c2105688fb4e46db159272543960fa21623485c275aabecebdf2f76b49fd1362",
            (".h",),
        ),
        Source(
            "nlohmann-json3-dev",
            "3.11.2-2",
            "ec57940def6b6186c30be0e0ee81d1e58f86d11a54a145b28686a1e3e4aae801",
            (".hpp",),
        ),
        Source(
            "npm:node-addon-api",
            "8.5.0",
            "d12f07c8162283b6213551855f1da8dac162331374629830b5e640f130f07910",
            ("napi.h", "napi-inl.h"),
        ),
    ),
    "ruby": (
        Source(
            "ruby-thor",
            "1.2.1-2",
            "509715d16039ee7336531718e2497d0f81ae125b9ee53f321dd909c2f03fd2e1",
            (".rb",),
        ),
    ),
    "php": (
        Source(
            "php-monolog",
            "2.9.1-1",
            "f8a26688b521e33cf6ef73b75ae5eac0cb026d986a336161456dd37dbb710681",
            (".php",),
        ),
    ),
    "shellscript": (
        Source(
            "bash-completion",
            "1:2.11-6",
            "8f79fbfae64b85ea54f63c6db688f2cd8cb079f40b6164f8b1f9451e37790549",
            ("bash_completion", "completions/*"),
        ),
    ),
}


def files_of(source: Source) -> list[Path]:
    """The source files of a package, in an order that stays."""
    found: set[Path] = set()
    root = _home(source)
    for ending in source.endings:
        found.update(root.rglob(f"*{ending}" if ending.startswith(".") else ending))
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _home(source: Source) -> Path:
    """The directory with what a package holds; fetched first if it is not there."""
    cache = os.environ.get("INGLENOOK_TEST_CACHE")
    name = source.package.removeprefix("npm:")
    root = Path(cache) if cache else user_cache_path("inglenook-dev")
    root = root / "definitions" / f"{name}-{source.version.replace(':', '_')}"
    if not root.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent, prefix="fetch-") as workdir:
            archive = _fetched(source, Path(workdir))
            if hashlib.sha256(archive.read_bytes()).hexdigest() != source.sha256:
                sys.exit(f"The package {name} is not what it should be: its SHA-256 differs.")
            unpacked = Path(workdir) / "unpacked"
            if archive.suffix == ".deb":
                subprocess.run(["dpkg-deb", "-x", str(archive), str(unpacked)], check=True)
            else:
                with tarfile.open(archive) as tar:
                    tar.extractall(unpacked, filter="data")
            unpacked.rename(root)  # it gets its name only when it is whole
    return root


def _fetched(source: Source, workdir: Path) -> Path:
    """The package's file."""
    if source.package.startswith("npm:"):
        what = f"{source.package.removeprefix('npm:')}@{source.version}"
        command = ["npm", "pack", "--silent", what]
    else:
        command = ["apt-get", "download", "-qq", f"{source.package}={source.version}"]
    subprocess.run(command, cwd=workdir, check=True, stdout=subprocess.DEVNULL)
    [archive] = (path for path in workdir.iterdir() if path.suffix in (".deb", ".tgz"))
    return archive
