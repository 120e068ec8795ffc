"""``textDocument/completion``: the same text for clients that know no inline completion.

The item's range begins at the word left of the cursor and its text repeats that word, so that
every client's own filter lets it through.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from inglenook.engine.ask import Ask
from inglenook.server.positions import PositionError, offset_at, position_at

if TYPE_CHECKING:
    from inglenook.server.serving import Serving

_LONGEST_WORD = 200
_LABEL = 60  # characters of an item's first line that the popup shows


def completion(serving: Serving, params: types.CompletionParams) -> Awaitable[types.CompletionList]:
    """Copies the document before anything is awaited; the rest happens in what is returned.

    Typing and asking by hand cannot be told apart here (both are `Invoked`, LSP 3.18), so every
    request counts as automatic.
    """
    served = serving.served(params.text_document.uri)
    if served is None or not serving.serves(
        served.document.uri, served.document.language, automatic=True
    ):
        return _nothing()
    try:
        offset = offset_at(
            served.text, params.position.line, params.position.character, serving.encoding
        )
    except PositionError as error:
        raise JsonRpcInvalidParams(
            message=f"The position is not in the document: {error}"
        ) from None
    return _answer(serving, params, Ask(served.cursor(offset), automatic=True))


async def _nothing() -> types.CompletionList:
    return types.CompletionList(is_incomplete=True, items=[])


async def _answer(
    serving: Serving, params: types.CompletionParams, ask: Ask
) -> types.CompletionList:
    uri = params.text_document.uri
    with serving.progress(params.work_done_token, "Completing"):
        answer = await serving.completer.complete(ask)
    serving.report(uri, answer)
    served = serving.served(uri)
    if served is None:
        return await _nothing()
    offset, texts = served.fitted(answer)
    word = _word(served.line_before(offset))
    place = types.Range(
        types.Position(*position_at(served.text, offset - len(word), serving.encoding)),
        types.Position(*position_at(served.text, offset, serving.encoding)),
    )
    items = [_item(word, place, rest) for rest in texts]
    return types.CompletionList(is_incomplete=True, items=items)


def _word(line_before: str) -> str:
    """The word that ends a line; what is longer than any word is none."""
    tail = line_before[-_LONGEST_WORD:]
    start = len(tail)
    while start and (tail[start - 1].isalnum() or tail[start - 1] in "_$"):
        start -= 1
    return tail[start:] if start or len(tail) < _LONGEST_WORD else ""


def _item(word: str, place: types.Range, rest: str) -> types.CompletionItem:
    first = (word + rest).strip().splitlines()[0]
    return types.CompletionItem(
        label=first if len(first) <= _LABEL else first[: _LABEL - 1] + "…",
        kind=types.CompletionItemKind.Text,
        detail="Inglenook",
        documentation=types.MarkupContent(types.MarkupKind.PlainText, word + rest),
        filter_text=word or None,
        sort_text="\0",
        preselect=False,
        text_edit=types.TextEdit(place, word + rest),
        insert_text_format=types.InsertTextFormat.PlainText,
    )
