"""Ghost text in a real VS Code, from the packaged extension and the real server.

Two sessions are driven by vscode/drive.js, with a restart between them; each test judges a part of
what it saw. The fake models number their answers, so that an old ghost and a new one can be told
apart.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.editors_canary import canary
from tests.support.editors_stub import stub_extension
from tests.support.editors_vscode import VSCode
from tests.support.editors_watched import Watched, backend, watched_server
from tests.support.editors_workbench import workbench

pytestmark = pytest.mark.editor

FILES = {
    "accepted.py": "def first(values):\r\n    \r\n",
    "typed.py": "def second(values):\n    \n",
    "middle.py": "say('😀🔥é',), end='')\n",
    "popup.py": "volume_total = 1\ndef third():\n    \n",
    "picked.py": "def fourth(values):\n    \n",
    "again.py": "def fifth(values):\n    \n",
    "spoken.py": "def sixth(values):\n    \n",
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
    """What was seen first, and again after a restart."""

    seen: dict[str, Any]
    again: dict[str, Any]
    folder: Path
    watched: Watched
    prompts: list[tuple[str, str]]
    machine: dict[str, Any]
    connections: int  # to the canary

    def on_disk(self, name: str) -> str:
        return (self.folder / "ws" / name).read_bytes().decode()


def drive(editor: VSCode, extension: Path, folder: Path) -> Session:
    files = {name: text.encode() for name, text in FILES.items()}
    files[NOTEBOOK] = json.dumps(notebook()).encode()
    with (
        watched_server(folder, "value_{n}") as watched,
        backend("other_{n}", "qwen2.5-coder:7b") as other,
        canary() as evil,
    ):
        machine = {"models": [entry("Second", other), entry("Gone", "http://127.0.0.1:9")]}
        own = {"inglenook.machine": machine}
        bench = workbench(editor, watched.server, files, folder / "session", own)
        bench.install(extension)
        seen = bench.drive("first")
        bench.install(stub_extension("supermaven", "supermaven", folder))
        variants = hostile(evil.url, folder)
        settings = bench.workspace / ".vscode/settings.json"
        settings.parent.mkdir()
        settings.write_text(json.dumps(variants.pop("variant-0")))
        again = bench.drive("again", received=str(folder / "run1/received"), variants=variants)
        return Session(
            seen, again, folder / "session", watched, watched.prompts(), machine, evil.connections()
        )


def entry(name: str, address: str) -> dict[str, Any]:
    """An entry of a configuration's `models`."""
    model = {"name": name, "provider": "llama.cpp", "model": name.lower()}
    return {**model, "apiBase": address, "roles": ["autocomplete"]}


def hostile(evil: str, folder: Path) -> dict[str, dict[str, Any]]:
    """A workspace's settings that ask for another endpoint and another program, by the name of a
    language that is in each of them."""
    program = folder / "evil-inglenook"
    program.write_text(f"#!/bin/sh\ntouch {folder}/evil-ran\n")
    program.chmod(0o755)
    machine = {"models": [entry("Evil", evil)], "inglenook": {"models": {"autocomplete": "Evil"}}}
    path = {"path": str(program)}
    variants: list[dict[str, Any]] = [
        {"inglenook": {"machine": machine, **path}},
        {"inglenook.machine": machine, "inglenook.path": str(program)},
        {"inglenook": {"machine.models": machine["models"]}},
        {"Inglenook": {"Machine": machine}, "INGLENOOK.MACHINE": machine},
        {"inglenook": {"Machine": machine}, "inglenook.MACHINE": machine},
        {"[python]": {"inglenook.machine": machine, "inglenook": {"machine": machine}}},
        {"inglenook.models": {"machine": machine, "models": machine["models"]}},
        # VS Code 1.139 has this in what it merges, so it is what the picker then looks for.
        {"inglenook.machine.models": machine["models"]},
    ]
    for number, settings in enumerate(variants):
        nested = settings.get("inglenook", settings)
        key = "disabledLanguages" if nested is not settings else "inglenook.disabledLanguages"
        nested[key] = [f"variant-{number}"]
    return {f"variant-{number}": settings for number, settings in enumerate(variants)}


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
    assert session.seen["status"] == "Inglenook: idle, qwen2.5-coder:0.5b (declared-local)"


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
    assert session.again["blocked"] == []


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


def test_a_cell_is_paused_with_the_folder_of_its_notebook(session: Session) -> None:
    paused = "Inglenook: paused: nothing is completed in the folder ws"
    assert session.seen["pausedCell"].startswith(paused)


def test_the_model_is_shown_the_other_cells_in_their_order(session: Session) -> None:
    prompts = session.prompts
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
    assert all(params["uri"].startswith("inglenook:prompt?") for params in asked)
    for method in ("didOpen", "didChange"):
        told = _params_of(f"textDocument/{method}", received)
        assert not [each for each in told if each["textDocument"]["uri"].startswith("inglenook:")]


def test_the_models_are_offered_with_what_is_known_of_them(session: Session) -> None:
    automatic, fake, second, gone, language = session.seen["models"]
    assert automatic.startswith("check  Automatic, ")
    assert re.fullmatch(
        r"fake, qwen2\.5-coder:0\.5b · llama\.cpp · 0\.5 GB · declared-local · loaded"
        r" · \d+\.\d\d s to the first token( · \d+ tokens/s)?",
        fake,
    )
    assert second.startswith("Second, qwen2.5-coder:7b · llama.cpp · ")
    assert gone.startswith("circle-slash  Gone, Nothing answers at http://127.0.0.1:9.")
    assert language == "For python files only…"
    assert session.seen["refusedStays"] == [gone]


def test_the_next_completion_is_the_chosen_models_also_after_a_restart(session: Session) -> None:
    assert session.seen["picked"].startswith("other_")
    assert session.seen["statusPicked"] == "Inglenook: idle, qwen2.5-coder:7b (declared-local)"
    assert session.again["remembered"].startswith("other_")


def test_a_language_can_have_a_model_of_its_own(session: Session) -> None:
    assert session.again["spoken"].startswith("value_")


def test_no_settings_of_a_workspace_add_an_endpoint_or_a_program(session: Session) -> None:
    assert session.connections == 0
    assert not (session.watched.folder / "evil-ran").exists()
    assert not [row for row in session.again["modelsAgain"] if "Evil" in row]
    received = session.watched.received(1)
    (initialize,) = _params_of("initialize", received)
    changes = _params_of("workspace/didChangeConfiguration", received)
    told = [initialize["initializationOptions"]["inglenook"]]
    told += [change["settings"]["inglenook"] for change in changes]
    # What may come from a workspace came from each, so all of them were read.
    markers = [each["disabledLanguages"] for each in told]
    assert {marker for each in markers for marker in each} == {f"variant-{n}" for n in range(8)}
    assert all(each["machine"] == session.machine for each in told)


def test_another_extension_that_completes_is_warned_of_once(session: Session) -> None:
    told = _params_of("inglenook/otherProviders", session.watched.received())
    assert told == [{"providers": []}]
    told = _params_of("inglenook/otherProviders", session.watched.received(1))
    assert told[-1] == {"providers": ["Supermaven"]}
    said = _params_of("window/showMessage", session.watched.sent(1))
    warnings = [each["message"] for each in said if "Supermaven" in each["message"]]
    assert len(warnings) == 1
    assert warnings[0].startswith("Supermaven offers inline completions in the editor too")


@pytest.mark.parametrize("run", [0, 1])
def test_every_request_was_answered_once(session: Session, run: int) -> None:
    received, sent = session.watched.received(run), session.watched.sent(run)
    asked = [message["id"] for message in received if {"id", "method"} <= message.keys()]
    answered = [message["id"] for message in sent if "method" not in message]
    last = [message["id"] for message in received if message.get("method") == "shutdown"]
    # VS Code does not wait long for the answer to its last request, nor for the server's end.
    assert set(asked) - set(last) <= set(answered) <= set(asked)
    assert len(set(answered)) == len(answered)


def test_nothing_was_odd(session: Session) -> None:
    assert not _params_of("window/showMessage", session.watched.sent())
    log = session.watched.log().splitlines()
    assert [line for line in log if "inglenook.server.lifetime" not in line] == []


def _params_of(method: str, messages: list[dict[str, Any]]) -> list[Any]:
    return [message["params"] for message in messages if message.get("method") == method]
