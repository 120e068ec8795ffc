"""What an engine is started with, and what its exit code says when it cannot serve."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from enum import IntEnum
from hashlib import blake2b
from pathlib import Path
from typing import Final

from inglenook import __version__

LOAD_SECONDS: Final = 300.0
STARTS: Final = 3  # so many starts within so many seconds, then it stays down for a while
STARTS_SECONDS: Final = 600.0
TOO_OFTEN: Final = f"The embedded engine has stopped {STARTS} times and is left alone for a while."


class Ending(IntEnum):
    """Exit codes of a shared engine that never served."""

    MISSING = 3  # xllamacpp is not installed
    UNLOADABLE = 4  # it does not take the file
    TAKEN = 5  # another engine of this name runs
    HOMELESS = 6  # the directory cannot be written


@dataclass(frozen=True, slots=True)
class Plan:
    """``model`` is the absolute path of a GGUF file; ``batch_tokens`` are evaluated at once."""

    model: str
    digest: str  # of the file, as `ModelInfo.digest`
    context_tokens: int
    batch_tokens: int
    engine: str  # its version

    @property
    def file(self) -> Path:
        return Path(self.model)

    @property
    def name(self) -> str:
        """The same for all who can share one engine, and for nobody else.

        With the name of the machine, because a directory may be one on several machines or
        containers, and each of them has a loopback of its own.
        """
        real = asdict(self) | {"model": str(self.file.resolve())}
        told = json.dumps([real, __version__, platform.node()], sort_keys=True)
        return blake2b(told.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def stopped(code: int | None = None) -> str:
    why = "" if code is None else f" ({code})"
    return f"The embedded engine stopped by itself{why}. It starts again with the next use."


def slow(plan: Plan) -> str:
    return f"The embedded engine did not load {plan.file.name} within {LOAD_SECONDS:g} s."


def unloadable(plan: Plan) -> str:
    return f"The embedded engine cannot load {plan.file.name}: is it a GGUF model?"
