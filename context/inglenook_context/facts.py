"""What is known of one file without its text: what it defines, imports and exports.

Facts of files that are open and of files on the disk are the same, so that names are resolved in
both alike. `dump` and `load` carry them through a file or a pipe.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from inglenook_context.digest import blake2b
from inglenook_context.imports import Import, imports_of
from inglenook_context.parse import Parse
from inglenook_context.symbols import Definition, definitions_of
from inglenook_context.text import Text, encode

_REACH: Final = 1 << 20  # characters in which imports are looked for
_STEP: Final = 64  # definitions that are taken up at once
FORMAT: Final = 2  # of `dump`; another one is no facts


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """``path`` is as it is shown to a model; ``defines`` maps a name to indexes into
    ``definitions``, of any parent; ``digest`` is of all that other files could be told, wherever
    in the file it stands."""

    path: str
    language: str  # LSP language identifier
    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]
    defines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    digest: int = 0


def facts_of(path: str, language: str, text: str) -> Facts:
    """All at once; for a worker, not for the event loop. Never raises on any text."""
    whole = Text.of(text)
    parse = Parse(language, whole)
    while not parse.done:
        parse.advance(1_000)
    syntax = parse.tree()
    definitions = definitions_of(syntax) if syntax is not None else ()
    return made(path, language, definitions, imports_of(whole, language, _REACH))


def made(
    path: str,
    language: str,
    definitions: tuple[Definition, ...],
    imports: tuple[Import, ...],
) -> Facts:
    """Facts of these parts."""
    *_, facts = making(path, language, definitions, imports)
    assert facts is not None
    return facts


def making(
    path: str,
    language: str,
    definitions: tuple[Definition, ...],
    imports: tuple[Import, ...],
) -> Iterator[Facts | None]:
    """`made`, a little at each step: yields None, and the facts last."""
    digest = blake2b(encode(f"{language} {imports!r}"), digest_size=8)
    for number, definition in enumerate(definitions):
        told = (definition.kind, definition.name, definition.parent, definition.signature)
        digest.update(encode("\0".join((*told, definition.type, *definition.bases))))
        if number % _STEP == _STEP - 1:
            yield None
    made_of = int.from_bytes(digest.digest()[:7], "big")
    yield Facts(path, language, definitions, imports, _numbers(definitions), made_of)


def _numbers(definitions: tuple[Definition, ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number, definition in enumerate(definitions):
        found.setdefault(definition.name, []).append(number)
    return {name: tuple(numbers) for name, numbers in found.items()}


def dump(facts: Facts) -> bytes:
    """``facts`` but for their path, as bytes."""
    body = {
        "format": FORMAT,
        "language": facts.language,
        "digest": facts.digest,
        "definitions": [_row(definition) for definition in facts.definitions],
        "imports": [
            [each.name, each.module, each.original, each.exported] for each in facts.imports
        ],
    }
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def load(path: str, data: bytes) -> Facts | None:
    """The facts that `dump` wrote; None if they are none of this version."""
    try:
        body = json.loads(data)
        if body["format"] != FORMAT:
            return None
        definitions = tuple(_definition(*row) for row in body["definitions"])
        imports = tuple(Import(*row) for row in body["imports"])
        defines = _numbers(definitions)
        return Facts(path, body["language"], definitions, imports, defines, body["digest"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _row(definition: Definition) -> list[Any]:
    return [
        definition.name,
        definition.kind,
        definition.start,
        definition.stop,
        definition.signature,
        definition.parent,
        definition.doc,
        definition.bases,
        definition.type,
    ]


def _definition(
    name: str,
    kind: str,
    start: int,
    stop: int,
    signature: str,
    parent: str,
    doc: str,
    bases: list[str],
    type_: str,
) -> Definition:
    return Definition(name, kind, start, stop, signature, parent, doc, tuple(bases), type_)
