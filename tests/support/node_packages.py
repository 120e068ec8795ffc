"""Packages of npm that a test asks something: installed once, and run by node."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.support.editors_cache import install_once, run
from tests.support.editors_vscode import node_24

_FILES: Final = ("package.json", "package-lock.json", ".npmrc", "run.mjs")


@dataclass(frozen=True, slots=True)
class NodePackages:
    """``source`` has a lock file, as which they come, and `run.mjs`, which reads JSON and answers
    with JSON. ``what`` they are is said to who cannot install them."""

    source: Path
    what: str

    def folder(self) -> Path:
        """Where they are, installed once for what is in ``source``."""
        digest = hashlib.sha256(b"".join((self.source / name).read_bytes() for name in _FILES))
        name = self.source.name.replace("_", "-")
        return install_once(f"{name}-{digest.hexdigest()[:12]}", self._install)

    def ask(self, question: object) -> Any:
        """What `run.mjs` answers."""
        done = subprocess.run(
            [str(node_24()), "run.mjs"],
            input=json.dumps(question),
            cwd=self.folder(),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def _install(self, folder: Path) -> None:
        for name in _FILES:
            shutil.copy(self.source / name, folder)
        path = os.pathsep.join([str(node_24().parent), os.environ.get("PATH", "")])
        npm = ["npm", "ci", "--no-audit", "--no-fund"]
        advice = f"Let npm install {self.what} (it needs Node.js with npm)"
        run(npm, cwd=folder, env={"PATH": path}, advice=advice, tries=2)
