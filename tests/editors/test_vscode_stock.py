"""VS Code as it comes, with its own chat switched on: our keys beside it, and edits one at a time.

One session is driven by vscode/stock.js; each test judges a part of what it saw.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.editors_vscode import VSCode
from tests.support.editors_watched import watched_server
from tests.support.editors_workbench import COUNTED, TOTAL, workbench

pytestmark = pytest.mark.editor

FILES: Final = ("looked.py", "other.py", "first.py", "second.py", "third.py")
SHOWN: Final = "Edit the selection: count them"  # the title of the diff
CELL: Final = {"cell_type": "code", "execution_count": None, "id": "one", "metadata": {}}
NOTEBOOK: Final = {
    "cells": [{**CELL, "outputs": [], "source": TOTAL.splitlines(keepends=True)}],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
STOCK: Final = {"chat.disableAIFeatures": False}


@dataclass(frozen=True, slots=True)
class Session:
    seen: dict[str, Any]
    folder: Path

    def on_disk(self, name: str) -> str:
        return (self.folder / "ws" / name).read_bytes().decode()


def drive(editor: VSCode, extension: Path, folder: Path) -> Session:
    files = {name: TOTAL.encode() for name in FILES}
    files["circles.ipynb"] = json.dumps(NOTEBOOK).encode()
    with watched_server(folder, "value_{n}") as watched:
        bench = workbench(editor, watched.server, files, folder / "session", {}, user=STOCK)
        bench.install(extension)
        seen = bench.drive("stock", backend=watched.backend)
    return Session(seen, folder / "session")


def test_a_file_that_is_only_looked_at_is_there_after_its_edit_was_discarded(
    session: Session,
) -> None:
    assert session.seen["isPreview"] == 1
    tabs, selection = session.seen["discarded"]
    assert tabs == ["looked.py"]
    assert selection == session.seen["selected"]


def test_and_after_its_edit_was_accepted_with_what_was_selected(session: Session) -> None:
    tabs, selection = session.seen["accepted"]
    assert "looked.py" in tabs
    assert selection == "Ln 4, Col 39 (61 selected)"
    assert session.on_disk("looked.py") == COUNTED


def test_the_keys_of_an_edit_act_in_its_own_diff_alone(session: Session) -> None:
    assert len(session.seen["otherDiff"]) == 4  # both files, and a diff of each
    assert SHOWN in session.seen["keptByOtherDiff"]
    assert session.on_disk("other.py") == TOTAL


def test_an_edit_that_is_shown_is_decided_on_before_there_is_another(session: Session) -> None:
    assert "waits to be accepted or discarded" in session.seen["isShown"]
    assert "net += item.price * item.count" in session.seen["shownAgain"]


def test_an_edit_that_is_being_written_makes_room_for_the_next(session: Session) -> None:
    assert "Cancel" in session.seen["progress"]
    assert session.seen["tabs"].count(SHOWN) == 1
    assert session.on_disk("first.py") == TOTAL
    assert session.on_disk("second.py") == COUNTED


def test_an_edit_that_is_being_written_can_be_stopped(session: Session) -> None:
    assert "third.py" in session.seen["cancelled"]
    assert SHOWN not in session.seen["cancelled"]
    assert "item.count" not in session.on_disk("third.py")


def test_a_key_that_nobody_else_has_takes_the_selection_to_the_chat(session: Session) -> None:
    assert session.seen["about"] == "About third.py, lines 3 to 4"


def test_what_is_being_written_stays_while_the_chat_is_away(session: Session) -> None:
    assert session.seen["draft"] == "What is"
    assert session.seen["draftAsked"] == ""


def test_code_is_inserted_into_a_file_that_something_else_hides(session: Session) -> None:
    assert "inserted = 1" in session.seen["insertedHidden"]
    assert session.on_disk("third.py").count("inserted = 1") == 1


def test_a_question_says_how_much_of_the_conversation_goes_with_it(session: Session) -> None:
    assert [turn.partition(" (")[2] for turn in session.seen["turns"]] == [
        "",
        "what was said before is not sent)",  # about another file
        "of what was said before, 1 of 2 answers are sent)",  # and about the first again
        "what was said before is not sent)",  # to a server that was started again
    ]


def test_in_a_cell_code_is_inserted_and_an_edit_is_refused_with_the_reason(
    session: Session,
) -> None:
    assert "edit a file, or ask in a chat" in session.seen["cellRefused"]
    assert session.seen["cellInserted"].count("inserted = 1") == 1


def test_nothing_but_loopback_was_asked_for(session: Session) -> None:
    assert session.seen["blocked"] == []
