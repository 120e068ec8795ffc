"""Where the test editors live, and how one is put there exactly once.

A tool sits in a folder of its own, keyed by name and version, under
``$INGLENOOK_TEST_CACHE/editors`` or the user's cache directory. A marker file, written last,
says that it is whole; anything without its marker is a half-done installation and goes away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

MARKER = "installed"


class InstallationError(Exception):
    """An editor cannot be installed here; the message is one sentence that says what to do."""


def editors_cache() -> Path:
    override = os.environ.get("INGLENOOK_TEST_CACHE")
    root = Path(override) if override else user_cache_path("inglenook-dev", appauthor=False)
    return root.absolute() / "editors"


def install_once(name: str, install: Callable[[Path], None]) -> Path:
    """The folder of the tool ``name`` (with its version), installed by ``install`` if missing."""
    folder = editors_cache() / name
    if (folder / MARKER).exists():
        return folder
    with _locked(folder.with_name(f"{name}.lock")):
        if not (folder / MARKER).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            install(folder)
            (folder / MARKER).touch()
    return folder


def run(
    command: Sequence[str | Path],
    *,
    advice: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    tries: int = 1,
) -> str:
    """What ``command`` printed; `InstallationError` with ``advice`` if it failed every time.

    ``env`` is added to this process's environment. Registries have moments in which a version
    that exists is not there, hence ``tries``.
    """
    words = [str(word) for word in command]
    output = ""
    for _ in range(tries):
        try:
            done = subprocess.run(
                words,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError as error:
            raise InstallationError(f"{advice} ({words[0]} did not start: {error}).") from error
        if done.returncode == 0:
            return done.stdout
        output = done.stdout
    log = editors_cache() / "failed.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(output)
    raise InstallationError(f"{advice} ({words[0]} failed; its output is in {log}).")


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One installation at a time; the kernel lets the lock go if its holder dies."""
    try:
        import fcntl
    except ImportError as error:
        raise InstallationError(
            "The test editors install themselves on Debian only; run `make test-core` here."
        ) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
