"""The head of a GGUF file: what the model says of itself, without loading it.

The format is in ggml-org/ggml, docs/gguf.md: magic, version, two counts, then keys with typed
values, little-endian. The small values come first in every file that llama.cpp's converters
write; reading stops at the first array, since those hold the vocabulary.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HEAD_BYTES: Final = 1 << 18
_STRING: Final = 8
_NUMBERS: Final = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}


@dataclass(frozen=True, slots=True)
class GgufHead:
    """``context_tokens`` is the window the model was trained for, 0 if the head does not tell."""

    architecture: str
    name: str  # "Qwen2.5 Coder 0.5B Instruct"; may be empty
    context_tokens: int


def read_head(file: Path) -> GgufHead | None:
    """The head of ``file``; None if it is no GGUF file or cannot be read."""
    try:
        if not file.is_file():
            return None  # to open a pipe would wait for its writer
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
    except OSError:
        return None
    if head[:4] != b"GGUF" or len(head) < 24:
        return None
    version, _, count = struct.unpack_from("<IQQ", head, 4)
    if version not in (2, 3):
        return None
    values = _values(head, count)
    architecture = str(values.get("general.architecture", ""))
    names = (values.get("general.basename", ""), values.get("general.name", ""))
    context = values.get(f"{architecture}.context_length", 0)
    return GgufHead(
        architecture=architecture,
        name=" ".join(str(name) for name in names if name),
        context_tokens=context if type(context) is int and context > 0 else 0,
    )


def _values(head: bytes, count: int) -> dict[str, str | float]:
    values: dict[str, str | float] = {}
    at = 24
    try:
        for _ in range(count):
            key, at = _text(head, at)
            (kind,) = struct.unpack_from("<I", head, at)
            at += 4
            if kind == _STRING:
                values[key], at = _text(head, at)
            elif kind in _NUMBERS:
                (values[key],) = struct.unpack_from(_NUMBERS[kind], head, at)
                at += struct.calcsize(_NUMBERS[kind])
            else:
                break
    except (struct.error, IndexError):
        pass  # the head ends here; what was read so far holds
    return values


def _text(head: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from("<Q", head, at)
    end = at + 8 + size
    if end > len(head):
        raise IndexError
    return head[at + 8 : end].decode(errors="replace"), end
