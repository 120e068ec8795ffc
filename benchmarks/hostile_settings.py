"""What reading a workspace's settings costs: hostile YAML, a whole hostile folder, a look again.

    python -m benchmarks.hostile_settings

Each text is read in a process of its own, after a small one: seconds of CPU, and by how much the
process has grown at its largest. The bounds (issue: under 1 s and 50 MB) are for one file.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.figures import save, table
from inglenook.engine.config.folder import load_folder
from inglenook.workspace.settings_files import MOST, read_settings_files, settings_stamp
from tests.support.hostile_settings import folder, user
from tests.support.hostile_yaml import BOMBS, LONG

_TEXTS: Final = {**{name: text for name, (text, _) in BOMBS.items()}, **LONG}
_LOOKS: Final = 200


def _read_one(name: str) -> None:
    """In a process of its own: print seconds and megabytes."""
    folder("rules: [Be brief.]")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    folder(_TEXTS[name])
    seconds = time.process_time() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(seconds, grown / 1024)


def texts() -> list[dict[str, Any]]:
    rows = []
    for name, text in _TEXTS.items():
        command = [sys.executable, "-m", "benchmarks.hostile_settings", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds, megabytes = map(float, done.stdout.split())
        rows.append({"text": name, "bytes": len(text), "s": seconds, "MB": megabytes})
    return rows


def folders() -> list[dict[str, Any]]:
    """The most that is read of one folder, and what it costs to look whether it changed."""
    with TemporaryDirectory() as directory:
        root = Path(directory)
        place = root / ".continue" / "models"
        place.mkdir(parents=True)
        for number in range(MOST):
            large = LONG["keys that are nearly known"] if number < 12 else "rules: [x]\n"
            (place / f"{number:03}.yaml").write_text(large)
        began = time.process_time()
        files = read_settings_files(root)
        found = load_folder(user(), directory, files)
        read = time.process_time() - began
        began = time.process_time()
        for _ in range(_LOOKS):
            settings_stamp(root)
        look = (time.process_time() - began) / _LOOKS
    total = sum(len(file.data or b"") for file in files)
    assert found.notices
    return [{"files": len(files), "bytes": total, "s": read, "ms a look": look * 1000}]


def main() -> None:
    rows, most = texts(), folders()
    save("hostile_settings", {"texts": rows, "folder": most})
    print(table(rows))
    print(table(most))


if __name__ == "__main__":
    if sys.argv[1:]:
        _read_one(sys.argv[1])
    else:
        main()
