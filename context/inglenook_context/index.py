"""What the other files offer: their definitions by name, and which definitions use a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from inglenook_context.symbols import Definition
from inglenook_context.text import Text, encode

_NAME: Final = re.compile(r"[A-Za-z_$][\w$]{2,60}")
_BODY_LIMIT: Final = 2000  # characters of a definition in which used names are looked for


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """One file's definitions. ``defines`` and ``uses`` map a name to indexes into them."""

    path: str  # as it is shown to a model
    language: str  # LSP language identifier
    text: Text
    definitions: tuple[Definition, ...]
    defines: Mapping[str, tuple[int, ...]]
    uses: Mapping[str, tuple[int, ...]]
    digest: int = 0  # of the path and of every definition's text
    shown: dict[int, str] = field(default_factory=dict)  # definitions as a model is shown them


def outline(
    path: str, language: str, text: Text, definitions: tuple[Definition, ...]
) -> Iterator[Outline | None]:
    """Build an outline step by step: yields None after each definition, the outline last."""
    defines: dict[str, list[int]] = {}
    uses: dict[str, list[int]] = {}
    digest = blake2b(encode(f"{language} {path}"), digest_size=8)
    for number, definition in enumerate(definitions):
        defines.setdefault(definition.name, []).append(number)
        body = text.slice(definition.start, min(definition.stop, definition.start + _BODY_LIMIT))
        digest.update(encode(f"\0{definition.kind} {definition.name}\0{body}"))
        for name in set(_NAME.findall(body)):
            if name != definition.name:
                uses.setdefault(name, []).append(number)
        yield None
    yield Outline(
        path=path,
        language=language,
        text=text,
        definitions=definitions,
        defines={name: tuple(numbers) for name, numbers in defines.items()},
        uses={name: tuple(numbers) for name, numbers in uses.items()},
        digest=int.from_bytes(digest.digest(), "big"),
    )
