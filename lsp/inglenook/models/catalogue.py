"""The models that ``inglenook models get`` knows, each pinned by its digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One GGUF file. Whatever sends it, it is this file only if ``sha256`` says so."""

    name: str
    file: str
    source: str  # the publisher's own address
    size: int  # bytes
    sha256: str
    licence: str  # SPDX identifier
    about: str


CATALOGUE: Final = (
    Entry(
        name="qwen2.5-coder:0.5b",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        source="https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/"
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        licence="Apache-2.0",
        about="small enough for any laptop's processor; fills in the middle",
    ),
)


def find(name: str) -> Entry | None:
    """The entry of this name (with ``-`` for ``:`` too) or of this file, ``.gguf`` or not."""
    wanted = name.lower().removesuffix(".gguf").replace(":", "-")
    for entry in CATALOGUE:
        if wanted in (entry.name.replace(":", "-"), entry.file.removesuffix(".gguf")):
            return entry
    return None
