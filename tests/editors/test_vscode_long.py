"""Three hundred keys in a real VS Code, 60 ms apart, at a model that needs 300 ms for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.editors_vscode import VSCode
from tests.support.editors_watched import Watched, watched_server
from tests.support.editors_workbench import workbench

pytestmark = pytest.mark.editor

KEYS: Final = "".join(f"total_{n} = first + second * {n}\n" for n in range(11))


@dataclass(frozen=True, slots=True)
class Session:
    seen: dict[str, Any]
    text: str
    watched: Watched


def drive(editor: VSCode, extension: Path, folder: Path) -> Session:
    with watched_server(folder, "value_{n}", first_token_ms=300) as watched:
        bench = workbench(editor, watched.server, {"long.py": b""}, folder / "session", {})
        bench.install(extension)
        seen = bench.drive("long", keys=KEYS)
        text = (bench.workspace / "long.py").read_text()
    return Session(seen, text, watched)


def test_the_file_holds_what_was_typed(session: Session) -> None:
    assert len(KEYS) >= 300
    assert session.text == KEYS


def test_nothing_is_said_on_screen(session: Session) -> None:
    assert session.seen["toasts"] == []


def test_every_request_was_answered_once(session: Session) -> None:
    asked = [each for each in session.watched.received() if {"id", "method"} <= each.keys()]
    completions = [each for each in asked if each["method"] == "textDocument/inlineCompletion"]
    assert len(completions) >= 250  # VS Code asks at nearly every key
    answered = [each["id"] for each in session.watched.sent() if "method" not in each]
    last = [each["id"] for each in asked if each["method"] == "shutdown"]
    # VS Code does not wait long for the answer to its last request, nor for the server's end.
    assert {each["id"] for each in asked} - set(last) <= set(answered)
    assert len(set(answered)) == len(answered)
