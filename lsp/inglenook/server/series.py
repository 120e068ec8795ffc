"""Edits of all definitions of a file that lack something: one model's edit after another, each
checked, and what comes of them as one edit.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from inglenook.engine.refactor.stale import followed
from inglenook.engine.refactor.suggested import Suggestion, lacking
from inglenook.engine.refactor.wish import NotOffered, Wish, Written
from inglenook.engine.refactor.writer import MOVED
from inglenook.models.errors import ModelError
from inglenook.server.writing import Told, Writing

if TYPE_CHECKING:
    from inglenook_context.document import Document
    from inglenook_context.text import Text

_JOINED: Final = 3  # times, while the document goes on changing


async def write_series(
    writing: Writing, uri: str, found: Suggestion, paths: tuple[str, ...], told: Told
) -> Written:
    """What was refused is in the notes; raises `NotOffered` if all was, and `ModelError` if the
    model cannot be asked at all."""
    document = writing.document(uri)
    places = await _places(writing, document, found)
    parts: list[Written] = []
    notes: list[str] = []
    for number, (_, name) in enumerate(places):
        now = writing.document(uri)
        if now.text is not document.text:
            places = await asyncio.to_thread(_followed, document.text, now.text, places)
            document = now
        at = places[number][0]
        if at < 0:
            notes.append(f"{name}: the code has changed.")
            continue
        said = f"{name} ({number + 1} of {len(places)})"
        told(said)
        wish = Wish(document, at, at, found.purpose, paths=paths)
        try:
            part = await writing.write(uri, wish, _prefixed(said, told), tests=False)
        except NotOffered as error:
            notes.append(f"{name}: {error}")
        except ModelError as error:
            if not parts:
                raise
            notes.append(f"From {name} on nothing was written: {error}")
            break
        else:
            parts.append(part)
    return await _together(writing, uri, found, parts, notes)


def _prefixed(said: str, told: Told) -> Told:
    return lambda what: told(f"{said}: {what}")


async def _places(writing: Writing, document: Document, found: Suggestion) -> list[tuple[int, str]]:
    syntax = await writing.syntax(document)
    if syntax is None:
        raise NotOffered("The file is still being parsed, or was changed: ask again in a moment.")
    places = await asyncio.to_thread(lacking, document, syntax, found.purpose)
    if not places:
        raise NotOffered("Nothing in the file lacks them any more.")
    return list(places)


def _followed(old: Text, new: Text, places: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The places in what the text became, -1 for those that cannot be followed; for a thread."""
    before, after = str(old), str(new)
    return [
        (place[0] if at >= 0 and (place := followed(before, after, at, at + 1)) else -1, name)
        for at, name in places
    ]


async def _together(
    writing: Writing, uri: str, found: Suggestion, parts: list[Written], notes: list[str]
) -> Written:
    if not parts:
        raise NotOffered(f"No edit passed the checks. {' '.join(notes[:3])}")
    for _ in range(_JOINED):
        current, moved = [], []
        for each in parts:
            try:
                current.append(await writing.now(uri, each))
            except NotOffered:
                moved.append("An edit is left out: its code has changed meanwhile.")
        document = writing.document(uri)
        if not current:
            break
        if any(each.document.text is not document.text for each in current):
            continue
        whole = await writing.as_one(current, found.title, [*notes, *moved])
        if writing.document(uri).text is whole.document.text:
            return whole
    raise NotOffered(MOVED)
