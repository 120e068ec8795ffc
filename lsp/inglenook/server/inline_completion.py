"""``textDocument/inlineCompletion`` (LSP 3.18): ghost text.

An item carries only what is inserted, with an explicit empty range at the cursor: Neovim hides
what a non-empty range covers, and an early 0.12 crashes without one. With a selected item of the
editor's popup the range is that item's, because VS Code shows nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from inglenook.engine.ask import Answer, Ask, Selected
from inglenook.server.positions import Encoding, PositionError, offset_at, position_at
from inglenook.server.served import Served
from inglenook_context.text import Text

if TYPE_CHECKING:
    from inglenook.server.serving import Serving

_ALTERNATIVES = 3  # of a request that the user made by hand
_EMPTY = types.InlineCompletionList(items=[])


def inline_completion(
    serving: Serving, params: types.InlineCompletionParams
) -> Awaitable[types.InlineCompletionList]:
    """Copies the document before anything is awaited; the rest happens in what is returned."""
    served = serving.served(params.text_document.uri)
    automatic = params.context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
    if served is None or not _is_wanted(serving, served, automatic=automatic):
        return _nothing(serving, params)
    text, encoding = served.text, serving.encoding
    try:
        offset = offset_at(text, params.position.line, params.position.character, encoding)
        selected = _selected(text, params.context.selected_completion_info, encoding)
    except PositionError as error:
        serving.supersede(params.text_document.uri)
        raise JsonRpcInvalidParams(
            message=f"The position is not in the document: {error}"
        ) from None
    if selected is not None and not _extends(text, offset, selected):
        return _nothing(serving, params)
    moved = selected and Selected(
        selected.start + served.start, selected.stop + served.start, selected.text
    )
    wanted = 1 if automatic else _ALTERNATIVES
    ask = Ask(served.cursor(offset), automatic, moved, wanted)
    return _answer(serving, params, ask, selected)


def _is_wanted(serving: Serving, served: Served, *, automatic: bool) -> bool:
    return serving.serves(served.document.uri, served.document.language, automatic=automatic)


async def _nothing(
    serving: Serving, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """An empty answer; what was asked for the document before is ended by it all the same."""
    serving.supersede(params.text_document.uri)
    return _EMPTY


async def _answer(
    serving: Serving, params: types.InlineCompletionParams, ask: Ask, selected: Selected | None
) -> types.InlineCompletionList:
    uri = params.text_document.uri
    with serving.progress(params.work_done_token, "Completing"):
        answer = await serving.completer.complete(ask)
    serving.report(uri, answer)
    served = serving.served(uri)
    if served is None:
        return _EMPTY
    return types.InlineCompletionList(_items(serving.encoding, served, answer, selected))


def _items(
    encoding: Encoding, served: Served, answer: Answer, selected: Selected | None
) -> list[types.InlineCompletionItem]:
    offset, texts = served.fitted(answer)
    start = stop = offset
    head = ""
    if selected is not None:
        start, stop, head = selected.start, selected.stop, selected.text
    first = _position(served.text, start, encoding)
    last = first if stop == start else _position(served.text, stop, encoding)
    place = types.Range(first, last)
    return [types.InlineCompletionItem(head + text, range=place) for text in texts]


def _position(text: Text, offset: int, encoding: Encoding) -> types.Position:
    return types.Position(*position_at(text, offset, encoding))


def _selected(
    text: Text, info: types.SelectedCompletionInfo | None, encoding: Encoding
) -> Selected | None:
    if info is None:
        return None
    start, end = info.range.start, info.range.end
    return Selected(
        offset_at(text, start.line, start.character, encoding),
        offset_at(text, end.line, end.character, encoding),
        info.text,
    )


def _extends(text: Text, offset: int, selected: Selected) -> bool:
    """Whether ghost text can continue the item: it ends at the cursor, on the cursor's line."""
    same_line = text.line_at(selected.start) == text.line_at(offset)
    return selected.start <= offset == selected.stop and same_line
