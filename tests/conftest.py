"""No test reads or writes what the user of this machine keeps."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

# A shell has what it runs in the background ignore Ctrl-C, and processes that tests start inherit
# that; one that has a handler does not hand it on.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _own_directories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INGLENOOK_STATE_DIR", str(home / "state"))
        patch.setenv("INGLENOOK_CACHE_DIR", str(home / "cache"))
        patch.setenv("INGLENOOK_RUNTIME_DIR", str(home / "run"))
        patch.setenv("INGLENOOK_ENGINE_IDLE", "1")
        yield
