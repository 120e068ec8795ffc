"""Traps of pygls in synchronisation: what cannot be true of an equal text is noticed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lsp_client import replacing
from tests.support.servers import OURS, PLAIN, held_text, serving

URI = "file:///shop/a.py"
HERE = ((0, 1), (0, 1))

IMPOSSIBLE: dict[str, tuple[int, dict[str, Any]]] = {
    "stale version": (3, replacing(*HERE, "X")),
    "same version": (5, replacing(*HERE, "X")),
    "negative version": (-1, replacing(*HERE, "X")),
    "reversed range": (6, replacing((0, 3), (0, 1), "X")),
    "reversed lines": (6, replacing((1, 0), (0, 0), "X")),
    "line behind the end": (6, replacing((9, 0), (9, 0), "X")),
    "character behind the end": (6, replacing((2, 1), (2, 1), "X")),
    "inside a surrogate pair": (6, replacing((1, 2), (1, 2), "X")),
}
# Changes that cannot even be read.
MALFORMED: dict[str, tuple[Any, Any]] = {
    "negative line": (6, replacing((-1, 0), (0, 0), "X")),
    "text is null": (6, {"text": None}),
    "version is a word": ("6", replacing(*HERE, "X")),
    "no changes": (6, None),
}


async def test_an_impossible_change_makes_the_document_dirty() -> None:
    text = "abc\nd😀e"
    async with serving(OURS) as client:
        for name, (version, change) in IMPOSSIBLE.items():
            client.open(URI, text, version=5)
            client.change(URI, version, change)
            assert await held_text(client, URI) is None, name
            client.change(URI, 7, replacing(*HERE, "Y"))
            assert await held_text(client, URI) is None, name
            client.change(URI, 8, {"text": "whole"}, replacing((0, 0), (0, 0), "the "))
            assert await held_text(client, URI) == "the whole", name
    async with serving(PLAIN) as client:
        for name, (version, change) in IMPOSSIBLE.items():
            client.open(URI, text, version=5)
            client.change(URI, version, change)
            # The trap: whatever became of it is taken for the editor's text.
            assert isinstance(await held_text(client, URI), str), name


async def test_a_dirty_document_is_told_once() -> None:
    async with serving(OURS) as client:
        client.open(URI, "abc", version=5)
        for version in (3, 6, 4, 7):
            client.change(URI, version, replacing((9, 0), (9, 0), "X"))
        assert await held_text(client, URI) is None
        assert len(client.seen("window/showMessage")) == 1


async def test_a_malformed_change_makes_the_document_dirty() -> None:
    async with serving(OURS) as client:
        for name, (version, change) in MALFORMED.items():
            client.open(URI, "abc", version=5)
            params = {
                "textDocument": {"uri": URI, "version": version},
                "contentChanges": None if change is None else [change],
            }
            client.notify("textDocument/didChange", params)
            assert await held_text(client, URI) is None, name
            client.open(URI, "opened again", version=1)
            assert await held_text(client, URI) == "opened again", name


async def test_a_change_of_a_document_that_is_not_open_is_told_once() -> None:
    async with serving(OURS) as client:
        for version in range(2, 20):
            client.change(URI, version, replacing(*HERE, "X"))
        assert await held_text(client, URI) is None
        shown = client.seen("window/showMessage")
        assert len(shown) == 1
        assert "a.py" in shown[0]["message"]
        client.open(URI, "opened")
        assert await held_text(client, URI) == "opened"


async def test_many_dirty_documents_are_no_storm_of_popups() -> None:
    async with serving(OURS) as client:
        for number in range(200):
            client.change(f"file:///shop/{number}.py", 2, replacing(*HERE, "X"))
        assert await held_text(client, URI) is None
        assert len(client.seen("window/showMessage")) <= 5


async def test_a_document_over_two_megabytes_is_kept_in_step_without_features() -> None:
    line = "x" * 1023 + "\n"
    async with serving(OURS) as client:
        client.open(URI, line * 2049)
        assert await held_text(client, URI) is None
        client.change(URI, 2, replacing((0, 0), (2047, 0), "small again\n"))
        assert await held_text(client, URI) == "small again\n" + line * 2
        assert not client.seen("window/showMessage")


async def test_a_document_over_sixteen_megabytes_is_dropped_with_one_message() -> None:
    async with serving(OURS) as client:
        client.open(URI, "x" * (16 * 1024 * 1024 + 1))
        for version in range(2, 9):
            client.change(URI, version, replacing((0, 9), (0, 9), "y"))
        assert await held_text(client, URI) is None
        assert len(client.seen("window/showMessage")) == 1
        client.change(URI, 9, {"text": "small"})
        assert await held_text(client, URI) == "small"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_the_end_of_the_text_can_be_said_as_one_line_more(encoding: str) -> None:
    async with serving(OURS, encodings=[encoding]) as client:
        client.open(URI, "a\nb")
        client.change(URI, 2, replacing((0, 0), (2, 0), "c"))
        client.change(URI, 3, replacing((0, 0), (0, 2**31 - 1), "d"))
        assert await held_text(client, URI) == "d"


async def test_saving_changes_nothing() -> None:
    async with serving(OURS) as client:
        client.open(URI, "abc")
        client.save(URI)
        client.notify("textDocument/didSave", {"textDocument": {"uri": URI}, "text": 7})
        assert await held_text(client, URI) == "abc"
