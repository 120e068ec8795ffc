"""The scripted model."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from inglenook.models.errors import BackendOffline, ModelMissing
from inglenook.models.fake import FakeModel, FakeScript, connect
from inglenook.models.model import Chunk, CompletionRequest
from inglenook_context.prompt import Prompt

REQUEST = CompletionRequest(Prompt("a.py", "python", (), "", "", ""), 9)


async def _chunks(model: FakeModel, request: CompletionRequest = REQUEST) -> list[Chunk]:
    return [chunk async for chunk in model.complete(request)]


async def test_it_says_what_the_script_says(tmp_path: Path) -> None:
    script = tmp_path / "quiet.json"
    script.write_text(json.dumps({"text": "x{n}\ny", "chunk": 2, "note": "ignored"}))
    model = connect(str(script))
    assert model.info.name == "quiet"
    assert [chunk.text for chunk in await _chunks(model)] == ["x1", "\ny", ""]
    single = CompletionRequest(REQUEST.prompt, 9, single_line=True)
    assert [chunk.text for chunk in await _chunks(model, single)] == ["x2", ""]
    assert model.requests == [REQUEST, single]


async def test_it_fails_when_told_to() -> None:
    with pytest.raises(BackendOffline):
        await _chunks(FakeModel(FakeScript(error="offline")))


ODD = [
    f'{{"{key}": {value}}}'
    for key in ("text", "error", "chunk", "token_ms")
    for value in ("[]", "{}", "null", "-1", "NaN", "1" + "0" * 400)
]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"error": "odd"}', *ODD])
def test_a_script_that_is_none(tmp_path: Path, text: str) -> None:
    script = tmp_path / "script.json"
    script.write_text(text)
    with pytest.raises(ModelMissing):
        connect(str(script))


if sys.platform != "win32":  # which has no pipes among its files

    def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "script.json")
        with pytest.raises(ModelMissing):
            connect(str(tmp_path / "script.json"))


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        connect(str(tmp_path / "none.json"))
