"""``${{ secrets.NAME }}`` in the user's own files, put in from .env files and the environment.

The .env files are the one beside the user's configuration and Continue's own; that of a workspace
is never read. What was put in is hidden: no report and no message shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from inglenook.engine.config.reading import read_bytes
from inglenook.engine.config.tree import Value, walk

_TEMPLATE: Final = re.compile(r"\$\{\{\s*(secrets|inputs)\.([^}\s]{1,200})\s*\}\}")
_LINE: Final = re.compile(
    r"""\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*"""
    r"""(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^#\r\n]*?))\s*(?:\#.*)?"""
)
_ESCAPES: Final = {r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\"": '"', r"\\": "\\"}


class Secrets:
    """Secrets by name; the files are read when one is first asked for."""

    def __init__(self, files: Iterable[Path], environ: Mapping[str, str]) -> None:
        self.files = tuple(dict.fromkeys(files))
        self.asked = False  # so that the files matter
        self._environ = environ
        self._known: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """A secret: of the first file that has it, else of the environment."""
        if not self.asked:
            self.asked = True
            for file in reversed(self.files):
                self._known |= _read(file)
        name = _bare(name)
        return self._known.get(name) or self._environ.get(name) or None

    def fill(self, value: Value, inputs: Mapping[str, Value] | None = None) -> Value:
        """``value`` with its templates filled; what lacks a secret is no value any more.

        ``inputs`` are what a block was given for its ``${{ inputs.NAME }}``; the others are
        secrets, as Continue has them.
        """
        if isinstance(value.data, tuple):
            return replace(value, data=tuple(self.fill(each, inputs) for each in value.data))
        if isinstance(value.data, Mapping):
            filled = {key: self.fill(each, inputs) for key, each in value.data.items()}
            return replace(value, data=filled)
        if isinstance(value.data, str) and "${{" in value.data:
            return self._filled(value, value.data, inputs or {})
        return value

    def _filled(self, value: Value, text: str, inputs: Mapping[str, Value]) -> Value:
        missing: list[str] = []
        hidden = value.hidden

        def put(match: re.Match[str]) -> str:
            nonlocal hidden
            given = inputs.get(match[2]) if match[1] == "inputs" else None
            if given is not None and isinstance(given.data, str):
                hidden = hidden or given.hidden
                return given.data
            hidden = True
            found = self.get(match[2])
            if found is None:
                missing.append(match[2])
            return found or ""

        text = _TEMPLATE.sub(put, text)
        if not missing:
            return replace(value, data=text, hidden=hidden)
        name = _bare(missing[0])
        where = self.files[0] if self.files else ".env"
        why = f"the secret {name} is not set; expected {name}=… in {where} or the environment"
        return Value(None, value.file, value.line, unread=why)


def asked_in(value: Value) -> tuple[str, ...]:
    """The names of the secrets that templates ask for, each once."""
    texts = [each.data for each in walk(value) if isinstance(each.data, str)]
    found = (match for text in texts if "${{" in text for match in _TEMPLATE.finditer(text))
    return tuple(dict.fromkeys(_bare(match[2]) for match in found))


def _bare(name: str) -> str:
    """Continue puts the owners of a block before the name of a secret."""
    return name.rpartition("/")[2]


def _read(file: Path) -> dict[str, str]:
    """The lines NAME=value of a file; what is no such line says nothing."""
    data, _ = read_bytes(file)
    found = {}
    for line in (data or b"").decode("utf-8-sig", "replace").splitlines():
        if match := _LINE.fullmatch(line):
            quoted = re.sub(
                r"\\.", lambda escape: _ESCAPES.get(escape[0], escape[0]), match[2] or ""
            )
            found[match[1]] = quoted or match[3] or match[4] or ""
    return found
