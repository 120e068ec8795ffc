"""The passages that are shown for a cursor, of all that a session has open and remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from inglenook.engine.recent import Recent, same_file, working_uri
from inglenook_context.before import replaced
from inglenook_context.document import Cursor
from inglenook_context.nearby import names_in
from inglenook_context.passages import BEFORE, COMES, MOST, Passage, Seen, fill, room, seen, still
from inglenook_context.similar import Shape, Wanted, similar, wanted
from inglenook_context.spots import recent
from inglenook_context.text import Text
from inglenook_context.window import Budget

_RELATED: Final = 0.15  # of the weight of the names near the cursor, that it must have
_REPLACED: Final = 0.2  # that being what is written anew is worth by itself


@dataclass(frozen=True, slots=True)
class Other:
    """An open document that may be shown: not one whose name is a secret, nor one of which the
    user wants nothing shown. ``shape`` is of when it was last outlined."""

    path: str
    text: Text
    shape: Shape | None = None


def passages(
    cursor: Cursor,
    open_: Mapping[str, Other],
    remembered: Recent,
    budget: Budget,
    kept: Sequence[Passage] = (),
    comes: float = COMES,
) -> tuple[Passage, ...]:
    """What is shown beside signatures at a cursor.

    ``open_`` are the documents of the cursor's kind of language by their URIs, its own among
    them; ``kept`` is what is shown now, and ``comes`` the score that anything else must have.
    """
    own, most = open_.get(cursor.document.uri), min(room(budget), MOST)
    if own is None or not most:
        return ()
    shapes = [each.shape for uri, each in open_.items() if each.shape and not working_uri(uri)]
    shown = seen(cursor, own.path, budget)
    what = wanted(cursor, shapes)
    if not what.weights:
        return ()
    size = most - max((len(each.path) for each in open_.values()), default=0) - len(BEFORE) - 4
    texts = {each.path: each.text for uri, each in open_.items() if not working_uri(uri)}
    # A shape may be older than its document: what is not there any more is not shown.
    alike = [still(each, texts[each.path]) for each in similar(what, shapes, shown, size)]
    found = [
        *(each for each in alike if each is not None),
        *recent(what, remembered.spots(_shown_as(open_), size, _hidden(cursor, shown))),
        *_replaced(what, cursor, open_, remembered, size),
    ]
    return fill(found, shown, most, _kept(kept, what, texts, found), comes)


def _kept(
    kept: Sequence[Passage], what: Wanted, texts: Mapping[str, Text], found: Sequence[Passage]
) -> list[Passage]:
    """What is shown now, as far as it is still there, with what it is worth here."""
    scores = {(each.path, each.text): each.score for each in found}
    result = []
    for each in kept:
        score = scores.get((each.path, each.text))
        if score is None and (text := texts.get(each.path)) is not None:
            moved = still(each, text)
            score = what.share(frozenset(names_in(each.text))) if moved else None
            each = moved or each
        if score is not None:
            result.append(replace(each, score=score))
    return result


def _shown_as(open_: Mapping[str, Other]) -> Callable[[str], tuple[str, Text] | None]:
    def shown(uri: str) -> tuple[str, Text] | None:
        other = None if working_uri(uri) else open_.get(uri)
        return (other.path, other.text) if other else None

    return shown


def _hidden(cursor: Cursor, shown: Seen) -> tuple[str, int, int]:
    """The cursor's document, and from where to where the window shows it."""
    text = cursor.document.text
    stop = text.line_start(shown.stop) if shown.stop < text.line_count else text.length
    return cursor.document.uri, text.line_start(shown.first), stop


def _replaced(
    what: Wanted, cursor: Cursor, open_: Mapping[str, Other], remembered: Recent, most: int
) -> Iterator[Passage]:
    """What is being written anew, as it was: by the other side of an open diff, else as opened."""
    document = cursor.document
    sides = [each.text for uri, each in open_.items() if same_file(working_uri(uri), document.uri)]
    as_opened = remembered.before(document.uri)
    for old in (*sides, *((as_opened,) if as_opened else ())):
        shown = replaced(old, document.text, cursor.line, most)
        if shown is not None:
            share = what.share(frozenset(names_in(shown.text)))
            if share >= _RELATED:
                path = open_[document.uri].path + BEFORE
                yield Passage.made(path, shown, share + _REPLACED, "before", old)
            return
