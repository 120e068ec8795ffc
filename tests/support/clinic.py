"""A machine of its own for ``inglenook doctor``: nothing of the real one is looked at.

As a program (``python -m tests.support.clinic doctor``) it is the command line, on a machine
where nothing listens at the usual ports of llama.cpp and LM Studio.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support import fake_backend as fakes
from tests.support.command import Run
from tests.support.layers import CLONE

NOWHERE: Final = "http://127.0.0.1:9"  # the discard port: nobody listens
CURRENT: Final = "0.30.7"  # of which no hole is known
_PR_CAPBSET_DROP: Final = 24
_CAP_DAC_OVERRIDE: Final = 1
_CAP_DAC_READ_SEARCH: Final = 2


async def examine(
    home: Path,
    *arguments: str,
    ollama: str = NOWHERE,
    config: str | None = "",
    cwd: Path = CLONE,
    before: Callable[[], None] | None = None,
    **more: str,
) -> Run:
    """Run the doctor for a user with this home and configuration; None: as it lies there.

    ``cwd`` is the workspace that is judged.
    ``before`` runs in the new process, before the program does.
    """
    if config is not None:
        configure(home, config)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.clinic", "doctor", *arguments),
        env=environment(home, ollama) | more,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=before,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 60)
    return Run(process.returncode or 0, out.decode(), errors.decode())


def configure(home: Path, config: str) -> None:
    """The user's own file."""
    directory = home / ".config" / "inglenook"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.yaml").write_text(config)


def environment(home: Path, ollama: str) -> dict[str, str]:
    """That of a user with this home."""
    own = {
        "HOME": str(home),
        "INGLENOOK_CONFIG": str(home / ".config" / "inglenook" / "config.yaml"),
        "INGLENOOK_MODELS_DIR": str(home / "models"),
        "INGLENOOK_STATE_DIR": str(home / "state"),
        "INGLENOOK_CACHE_DIR": str(home / "cache"),
        "OLLAMA_HOST": ollama,
        "PYTHONPATH": str(CLONE),
    }
    inherited = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    return {**inherited, **own}


def ollama_versions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The version that fake Ollamas tell: the last one, which at first has no known holes."""
    versions = [CURRENT]
    answer = fakes.ollama_reply

    def told(script: Any, path: str, request: Any, pieces: Any) -> Any:
        if path == "/api/version":
            return 200, None, iter([{"version": versions[-1]}])
        return answer(script, path, request, pieces)

    monkeypatch.setattr(fakes, "ollama_reply", told)
    return versions


def without_privileges() -> None:
    """To be run before a program: the modes of files hold for root too."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            if libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")


def without_space() -> None:
    """To be run before a program: no file of its can grow, as on a full disk."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@asynccontextmanager
async def everywhere(port: int) -> AsyncIterator[str]:
    """What listens on loopback at ``port``, also on every network; gives its new address."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, here), pipe(there, writer))

    server = await asyncio.start_server(serve, "0.0.0.0", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def _main() -> int:
    from inglenook.engine import settings

    settings.LLAMA_CPP_ADDRESS = settings.LM_STUDIO_ADDRESS = NOWHERE
    from inglenook.cli import main  # it reads the addresses when it is imported

    return main()


if __name__ == "__main__":
    sys.exit(_main())
