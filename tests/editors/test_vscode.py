"""Ghost text in a real VS Code, from the packaged extension and the real server.

One session is driven by vscode/drive.js; each test judges a part of what it saw. The fake model
numbers its answers, so that an old ghost and a new one can be told apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.editors_cache import InstallationError
from tests.support.editors_server import fake_server
from tests.support.editors_vscode import package_extension, vscode
from tests.support.editors_workbench import drive

pytestmark = pytest.mark.editor

FILES = {
    "accepted.py": "def first(values):\r\n    \r\n",
    "typed.py": "def second(values):\n    \n",
    "middle.py": "say('😀🔥é',), end='')\n",
    "popup.py": "volume_total = 1\ndef third():\n    \n",
}


@dataclass(frozen=True, slots=True)
class Session:
    seen: dict[str, Any]
    folder: Path

    def on_disk(self, name: str) -> str:
        return (self.folder / "ws" / name).read_bytes().decode()


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("vscode")
    try:
        editor = vscode()
        extension = package_extension(folder)
    except InstallationError as error:
        pytest.fail(str(error), pytrace=False)
    server = fake_server(folder, "value_{n}")
    files = {name: text.encode() for name, text in FILES.items()}
    seen = drive(editor, extension, server, files, folder / "session")
    assert "error" not in seen, f"{seen}; screenshots are in {folder / 'session/shots'}"
    return Session(seen, folder / "session")


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
