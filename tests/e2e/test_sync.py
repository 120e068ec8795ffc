"""The text that the server holds equals the editor's."""

from __future__ import annotations

from random import Random

import pytest

from tests.support.lsp_client import replacing
from tests.support.servers import OURS, PLAIN, held_text, serving
from tests.support.sync_oracle import ALPHABETS, ENCODINGS, ByteEditor, Typist
from tests.support.sync_run import run

URI = "file:///shop/a.py"


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_random_edits_leave_both_sides_with_the_same_text(encoding: str, alphabet: str) -> None:
    for seed in range(92, 112):
        _, difference = run(seed, encoding, alphabet, batches=12)
        assert difference is None, difference


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_random_edits_over_stdio(encoding: str) -> None:
    typist = Typist(ByteEditor(encoding), Random(7), ALPHABETS["mixed"])
    async with serving(OURS, encodings=[encoding]) as client:
        client.open(URI, typist.open())
        for version in range(2, 40):
            client.change(URI, version, *typist.batch())
            assert await held_text(client, URI) == typist.editor.text


async def test_only_the_three_line_ends_of_the_protocol_end_a_line() -> None:
    texts = {}
    for server in (PLAIN, OURS):
        async with serving(server) as client:
            client.open(URI, "a = '\u2028'\nb = '\f'\nc")
            client.change(URI, 2, replacing((1, 0), (1, 1), "name"))
            texts[server] = await held_text(client, URI)
    assert texts[OURS] == "a = '\u2028'\nname = '\f'\nc"
    assert texts[PLAIN] != texts[OURS]  # the trap: pygls took U+2028 for a line end


async def test_a_character_joined_from_two_edits_is_one_as_in_the_editor() -> None:
    async with serving(OURS) as client:
        client.open(URI, "[\ud83d]")
        client.change(URI, 2, replacing((0, 2), (0, 2), "\ude00"))
        client.change(URI, 3, replacing((0, 3), (0, 3), "!"))
        assert await held_text(client, URI) == "[😀!]"


async def test_every_spelling_of_a_uri_is_the_same_document() -> None:
    async with serving(OURS) as client:
        client.open("file:///c%3A/x%20y.py", "one")
        client.change("file:///C:/x y.py", 2, {"text": "two"})
        assert await held_text(client, "file:///c:/x%20y.py") == "two"
        client.close_document("file:///c:/x%20y.py")
        assert await held_text(client, "file:///c%3A/x%20y.py") is None
