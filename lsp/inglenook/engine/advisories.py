"""Known holes of the programs that run models, by version: a small table with a date.

Nothing is fetched: the table is as old as this release of Inglenook, and `is_old` says when that
is too old to be trusted. It holds what has a published identifier and a known version, and of
those what a model server on a developer's own machine can be hit by.

Sources: GitHub's advisory database and the projects' own trackers (ollama/ollama#13738,
ggml-org/llama.cpp#22267, golang/vulndb#5748), NVD's pages of the identifiers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from inglenook.models.spec import Provider

DATED: Final = date(2026, 11, 23)
OLD_AFTER: Final = timedelta(days=90)

Version = tuple[int, ...]

# llama.cpp numbers its builds by counting commits, and a build from a shallow clone counts few.
_LEAST_BUILD: Final = 1000
_DOTTED: Final = re.compile(r"v?(\d{1,6}(?:\.\d{1,6})+)", re.ASCII)
_BUILD: Final = re.compile(r"b?(\d{1,9})(?:$|-)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Advisory:
    """One hole. Where the first version without it is not known, ``last`` is one that has it."""

    id: str
    program: Provider
    what: str  # reads on after "a hole by which "
    fixed: Version = ()
    last: Version = ()

    @property
    def cure(self) -> str:
        """The version to have, as words after "update to "."""
        if self.fixed:
            return f"{_written(self.program, self.fixed)} or later"
        return f"a version after {_written(self.program, self.last)}"

    def concerns(self, version: Version) -> bool:
        return version < self.fixed if self.fixed else version <= self.last


_OLLAMA: Final = Provider.OLLAMA
_LLAMA_CPP: Final = Provider.LLAMA_CPP
_VLLM: Final = Provider.VLLM

TABLE: Final = (
    Advisory("CVE-2024-28224", _OLLAMA, "a web page can use the server", fixed=(0, 1, 29)),
    Advisory("CVE-2024-37032", _OLLAMA, "a model can write files anywhere", fixed=(0, 1, 34)),
    Advisory(
        "CVE-2025-51471", _OLLAMA, "a registry can have its token sent elsewhere", fixed=(0, 14, 3)
    ),
    Advisory("CVE-2026-7482", _OLLAMA, "a request can read the server's memory", fixed=(0, 17, 1)),
    Advisory("CVE-2026-7020", _OLLAMA, "a model can reach files anywhere", last=(0, 20, 2)),
    Advisory("CVE-2024-32878", _LLAMA_CPP, "a model file can crash the server", fixed=(2740,)),
    Advisory(
        "CVE-2024-42479", _LLAMA_CPP, "the RPC backend lets others write memory", fixed=(3561,)
    ),
    Advisory("CVE-2025-49847", _LLAMA_CPP, "a model file can write memory", fixed=(5662,)),
    Advisory("CVE-2025-52566", _LLAMA_CPP, "a long text can write memory", fixed=(5721,)),
    # The fix was merged two days after this build.
    Advisory("CVE-2026-21869", _LLAMA_CPP, "a request can write memory", last=(8864,)),
    Advisory("CVE-2025-47277", _VLLM, "another machine can run code", fixed=(0, 9, 0)),
    Advisory("CVE-2025-48956", _VLLM, "a request can stop the server", fixed=(0, 10, 1, 1)),
    Advisory("CVE-2025-59425", _VLLM, "an API key can be guessed by time", fixed=(0, 11, 0)),
)


def applying(program: Provider, version: str) -> tuple[Advisory, ...]:
    """What is known of ``program`` at ``version``; nothing if the version cannot be compared."""
    numbers = _numbers(program, version)
    if numbers is None:
        return ()
    return tuple(
        each for each in TABLE if each.program is program and each.concerns(_even(numbers, each))
    )


def is_old(today: date) -> bool:
    """Whether the table may well miss what is known by now."""
    return today - DATED > OLD_AFTER


def _numbers(program: Provider, version: str) -> Version | None:
    if program is Provider.LLAMA_CPP:
        build = _BUILD.match(version)
        return (int(build[1]),) if build and int(build[1]) >= _LEAST_BUILD else None
    dotted = _DOTTED.match(version)
    if dotted is None or "dev" in version:  # built by hand: the number says nothing
        return None
    numbers = tuple(map(int, dotted[1].split(".")))
    return numbers if any(numbers) else None  # Ollama calls itself 0.0.0 when built by hand


def _even(numbers: Version, advisory: Advisory) -> Version:
    """``numbers`` with noughts at the end, so that 0.11 is no older than 0.11.0."""
    missing = len(advisory.fixed or advisory.last) - len(numbers)
    return numbers + (0,) * missing


def _written(program: Provider, version: Version) -> str:
    letter = "b" if program is Provider.LLAMA_CPP else ""
    return letter + ".".join(map(str, version))
