"""Ghost text in a real VS Code, from the packaged extension and the real server.

One session is driven by vscode/drive.js; each test judges a part of what it saw. The fake model
numbers its answers, so that an old ghost and a new one can be told apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.editors_cache import InstallationError
from tests.support.editors_vscode import package_extension, vscode
from tests.support.editors_watched import Watched, watched_server
from tests.support.editors_workbench import drive

pytestmark = pytest.mark.editor

FILES = {
    "accepted.py": "def first(values):\r\n    \r\n",
    "typed.py": "def second(values):\n    \n",
    "middle.py": "say('😀🔥é',), end='')\n",
    "popup.py": "volume_total = 1\ndef third():\n    \n",
}
NOTEBOOK: Final = "circles.ipynb"
CELLS = (
    ("code", "def area(radius):\n    return 3.14 * radius**2"),
    ("markdown", "## Circles\nTheir areas."),
    ("code", "small = "),
)
DEFINITION = "# %%\ndef area(radius):\n    return 3.14 * radius**2\n\n"
NOTE = "# %% [markdown]\n# ## Circles\n# Their areas."


@dataclass(frozen=True, slots=True)
class Session:
    seen: dict[str, Any]
    folder: Path
    watched: Watched

    def on_disk(self, name: str) -> str:
        return (self.folder / "ws" / name).read_bytes().decode()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("vscode")
    try:
        editor = vscode()
        extension = package_extension(folder)
    except InstallationError as error:
        pytest.fail(str(error), pytrace=False)
    files = {name: text.encode() for name, text in FILES.items()}
    files[NOTEBOOK] = json.dumps(notebook()).encode()
    with watched_server(folder, "value_{n}") as watched:
        seen = drive(editor, extension, watched.server, files, folder / "session")
        assert "error" not in seen, f"{seen}; screenshots are in {folder / 'session/shots'}"
        yield Session(seen, folder / "session", watched)


def notebook() -> dict[str, Any]:
    """A notebook as Jupyter writes it, never run."""
    cells = []
    for number, (kind, text) in enumerate(CELLS):
        cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
        cell["source"] = text.splitlines(keepends=True)
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    metadata = {"language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def test_status_bar_says_that_the_server_is_idle(session: Session) -> None:
    assert session.seen["status"].startswith("Inglenook: idle")


def test_ghost_is_seen_and_tab_puts_it_on_disk(session: Session) -> None:
    ghost = session.seen["ghost"]
    assert session.seen["lineWithGhost"] == f"    return {ghost}"
    assert session.seen["lineAccepted"] == f"    return {ghost}"
    assert session.on_disk("accepted.py") == f"def first(values):\r\n    return {ghost}\r\n"


def test_typing_on_keeps_a_matching_ghost(session: Session) -> None:
    assert f"val{session.seen['kept']}" == session.seen["offered"]


def test_typing_something_else_drops_the_ghost(session: Session) -> None:
    kept, dropped = session.seen["kept"], session.seen["dropped"]
    assert dropped not in (kept, kept[1:])
    assert session.on_disk("typed.py") == "def second(values):\n    return valx\n"


def test_mid_line_the_rest_of_the_line_stays_visible(session: Session) -> None:
    ghost = session.seen["middle"]
    assert session.seen["middleLine"] == f"say('😀🔥é', {ghost}), end='')"
    assert session.on_disk("middle.py") == f"say('😀🔥é', {ghost}), end='')\n"


def test_beside_the_suggestions_the_selected_one_is_inserted_once(session: Session) -> None:
    assert session.seen["selected"] == "volume_total"
    assert re.fullmatch(r"    return volume_totalvalue_\d+", session.seen["besidePopup"])
    assert (
        session.on_disk("popup.py") == "volume_total = 1\ndef third():\n    return volume_total\n"
    )


def test_nothing_but_loopback_was_asked_for(session: Session) -> None:
    assert session.seen["blocked"] == []


def test_in_a_cell_the_ghost_is_seen_and_tab_puts_it_on_disk(session: Session) -> None:
    seen = session.seen
    assert seen["cellLine"] == f"small = a{seen['cellGhost']}"
    cells = json.loads(session.on_disk(NOTEBOOK))["cells"]
    small, large = f"small = a{seen['cellGhost']}\n", f"large = a{seen['movedGhost']}"
    assert [cell["source"] for cell in cells] == [
        CELLS[0][1].splitlines(keepends=True),
        [small, large],
        CELLS[1][1].splitlines(keepends=True),
    ]


def test_the_model_is_shown_the_other_cells_in_their_order(session: Session) -> None:
    prompts = session.watched.prompts()
    small = f"small = a{session.seen['cellGhost']}"
    assert (f"{DEFINITION}{NOTE}\n\n# %%\nsmall =", "") in prompts  # " a" is healed
    assert (f"{DEFINITION}# %%\n{small}\nlarge =", f"\n\n{NOTE}") in prompts


def test_cells_are_opened_with_their_notebook_and_not_by_themselves(session: Session) -> None:
    received = session.watched.received()
    (opened,) = _params_of("notebookDocument/didOpen", received)
    cells = [cell["document"] for cell in opened["notebookDocument"]["cells"]]
    assert len(cells) == len(CELLS)
    asked = _params_of("textDocument/inlineCompletion", received)
    assert cells[2] in [params["textDocument"]["uri"] for params in asked]
    for method in ("didOpen", "didChange", "didSave"):
        told = _params_of(f"textDocument/{method}", received)
        assert told
        assert not [params for params in told if NOTEBOOK in params["textDocument"]["uri"]]


def test_why_the_last_prompt_was_as_it_was_can_be_read_and_not_changed(session: Session) -> None:
    assert re.fullmatch(
        rf"The prompt for {NOTEBOOK}, line \d+, column \d+", session.seen["promptLine"]
    )
    assert session.seen["promptTyped"] == session.seen["promptLine"]
    received = session.watched.received()
    asked = _params_of("workspace/textDocumentContent", received)
    assert asked
    assert {params["uri"] for params in asked} == {"inglenook:prompt"}
    for method in ("didOpen", "didChange"):
        told = _params_of(f"textDocument/{method}", received)
        assert not [each for each in told if each["textDocument"]["uri"].startswith("inglenook:")]


def test_every_request_was_answered_once_and_nothing_was_odd(session: Session) -> None:
    received, sent = session.watched.received(), session.watched.sent()
    asked = [message["id"] for message in received if {"id", "method"} <= message.keys()]
    answered = [message["id"] for message in sent if "method" not in message]
    last = [message["id"] for message in received if message.get("method") == "shutdown"]
    # VS Code does not wait long for the answer to its last request, nor for the server's end.
    assert set(asked) - set(last) <= set(answered) <= set(asked)
    assert len(set(answered)) == len(answered)
    assert not _params_of("window/showMessage", sent)
    log = session.watched.log().splitlines()
    assert [line for line in log if "inglenook.server.lifetime" not in line] == []


def _params_of(method: str, messages: list[dict[str, Any]]) -> list[Any]:
    return [message["params"] for message in messages if message.get("method") == method]
