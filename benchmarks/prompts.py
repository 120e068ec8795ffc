"""What a prompt holds of other files, judged without any code of the server.

The prompts are those of the Qwen 2.5 Coder family: each other file is a section that begins with
``<|file_sep|>`` and the file's path; the section with ``<|fim_prefix|>`` is the cursor's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from benchmarks.sites import Site

ENOUGH: Final = 1600  # characters of other files
FILES: Final = 3
_CALL: Final = re.compile(r"(\w+)\s*\(")
_NAME: Final = re.compile(r"\w+")
_DEFINITION: Final = re.compile(r"^[ \t]*(?:async[ ]+)?(?:def|class)[ ]+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Held:
    """What of other files a prompt holds.

    ``called`` and ``used`` are the shares of the characters that belong to definitions whose
    names are called, or stand at all, within 30 lines of the cursor.
    """

    characters: int
    files: tuple[str, ...]
    called: float
    used: float
    names: tuple[str, ...]
    text: str

    @property
    def good(self) -> bool:
        return self.characters >= ENOUGH and len(self.files) >= FILES and self.called > 0.5


def calls_near(site: Site) -> frozenset[str]:
    """What is called within 30 lines of the cursor (definitions there look like calls: kept)."""
    return frozenset(_CALL.findall(site.near(30)))


def names_near(site: Site) -> frozenset[str]:
    return frozenset(_NAME.findall(site.near(30)))


def held(prompt: str, called: frozenset[str], near: frozenset[str]) -> Held:
    """Measure the sections of other files in a prompt."""
    sections = [
        section.partition("\n")
        for section in prompt.split("<|file_sep|>")[1:]
        if "<|fim_prefix|>" not in section
    ]
    total = calls = uses = 0
    names: list[str] = []
    for _, _, code in sections:
        total += len(code)
        for name, text in _definitions(code):
            if name in called:
                calls += len(text)
                names.append(name)
            uses += len(text) if name in near else 0
    paths = tuple(path for path, _, code in sections if code.strip())
    everything = "".join(code for _, _, code in sections)
    whole = total or 1
    return Held(total, paths, calls / whole, uses / whole, tuple(names), everything)


def _definitions(code: str) -> list[tuple[str, str]]:
    """Names and texts; a class line that only frames the member below belongs to the member."""
    found = list(_DEFINITION.finditer(code))
    stops = [match.start() for match in found[1:]] + [len(code)] * bool(found)
    result: list[tuple[str, str]] = []
    frame = ""
    for match, stop in zip(found, stops, strict=True):
        text = frame + code[match.start() : stop]
        frame = ""
        if match[0].startswith("class") and text.rstrip().count("\n") == 0 and stop < len(code):
            frame = text
            continue
        result.append((match[1], text))
    return result
