"""`inglenook/edit` over stdio: a wish and a selection in, a checked edit out, or a refusal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from inglenook.server.positions import Encoding
from tests.support.edit_desk import ABLE, block, studio

TOTAL = """\
def total(items):
    net = 0
    ⟦for item in items:
        net += item.price⟧
    return net  # ü𝄞
"""
SUMMED = """\
def total(items):
    net = 0
    for item in items:
        net += item.price * item.count
    return net  # ü𝄞
"""
RIGHT = block("    for item in items:\n        net += item.price * item.count")
UNDEFINED = block("    for item in items:\n        net += price * item.count")
BROKEN = block("    for item in items\n        net += item.price")


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_a_selection_is_edited(tmp_path: Path, encoding: Encoding) -> None:
    async with studio(tmp_path, RIGHT, encoding=encoding) as here:
        here.open(f"# ü𝄞\n{TOTAL}")
        result = (await here.edit("Multiply by the count.")).result
        assert here.after(result["edit"]) == f"# ü𝄞\n{SUMMED}"
        assert result["title"] == "Edit the selection: Multiply by the count."
        assert result["model"] == "qwen2.5-coder:0.5b"
        assert result["rounds"] == 1
        assert {"path": "case.py", "what": "selection"} in result["used"]
        [edited] = result["edit"]["documentChanges"]  # one undo takes it back
        assert all(each["newText"] == " * item.count" for each in edited["edits"])
        [why] = result["edit"]["changeAnnotations"].values()
        assert why["label"] == result["title"]
        assert why["needsConfirmation"] is True
        assert why["description"].startswith("Written by qwen2.5-coder:0.5b and checked: it parses")
        assert "signature is as it was" in why["description"]


@pytest.mark.parametrize(
    ("purpose", "drawing", "answer", "expected"),
    [
        (
            "fix",
            "def f(items):\n    return ⟦⟧itms[0]\n",
            block("def f(items):\n    return items[0]"),
            "def f(items):\n    return items[0]\n",
        ),
        (
            "simplify",
            "def f(x):\n    ⟦if x:\n        return True\n    else:\n        return False⟧\n",
            block("    return bool(x)"),
            "def f(x):\n    return bool(x)\n",
        ),
        (
            "docstring",
            "def f(x):\n    ⟦⟧return x\n",
            json.dumps({"summary": "Return x.", "details": ""}),
            'def f(x):\n    """Return x."""\n    return x\n',
        ),
        (
            "types",
            "def f(x=1):\n    ⟦⟧return x\n",
            json.dumps({"x": "int", "return": "int"}),
            "def f(x: int = 1) -> int:\n    return x\n",
        ),
    ],
)
async def test_what_an_edit_is_for(
    tmp_path: Path, purpose: str, drawing: str, answer: str, expected: str
) -> None:
    async with studio(tmp_path, answer) as here:
        here.open(drawing)
        trouble = [{"range": here.range, "message": '"itms" is not defined', "severity": 1}]
        params = here.params(purpose=purpose, diagnostics=trouble)
        result = (await here.client.request("inglenook/edit", params)).result
        assert here.after(result["edit"]) == expected
        [why] = result["edit"]["changeAnnotations"].values()
        assert why.get("needsConfirmation", False) is (purpose in ("fix", "simplify"))
        if purpose == "fix":
            assert '"itms" is not defined' in here.asked[-1].json["messages"][-1]["content"]


async def test_line_ends_and_tabs_stay(tmp_path: Path) -> None:
    async with studio(tmp_path, block("if x:\n    return 2")) as here:
        here.open("def f(x):\r\n\t⟦return 1⟧\r\n\treturn 3\r\n")
        result = (await here.edit("Only if x, and 2.")).result
        assert here.after(result["edit"]) == (
            "def f(x):\r\n\tif x:\r\n\t\treturn 2\r\n\treturn 3\r\n"
        )


async def test_what_fails_a_check_is_mended_once(tmp_path: Path) -> None:
    async with studio(tmp_path, UNDEFINED, RIGHT) as here:
        here.open(TOTAL)
        result = (await here.edit()).result
        assert here.after(result["edit"]) == SUMMED
        assert result["rounds"] == 2
        assert "price" in here.asked[1].json["messages"][-1]["content"]


@pytest.mark.parametrize(("answer", "check"), [(UNDEFINED, "undefined"), (BROKEN, "parses")])
async def test_what_fails_twice_is_refused(tmp_path: Path, answer: str, check: str) -> None:
    async with studio(tmp_path, answer) as here:
        here.open(TOTAL)
        failed = await here.edit()
        assert failed.error_code == -32803
        assert check in failed.message["error"]["message"]
        assert check in failed.message["error"]["data"]["checks"]
        assert len(here.asked) == 2


async def test_the_users_own_checks_count(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "case.py").write_text("x = 1\n")
    told = "import sys; sys.exit('no twos [here](command:x)' if '2' in sys.stdin.read() else 0)"
    check = {"name": "ours", "command": [sys.executable, "-c", told]}
    settings = json.dumps({"checks": [check]})
    answers = [block("x = 2"), block("x = 2"), block("x = 3")]
    async with studio(tmp_path, *answers, settings=f"inglenook: {settings}") as here:
        here.client.notify(
            "workspace/didChangeWorkspaceFolders",
            {"event": {"added": [{"uri": house.as_uri(), "name": "h"}], "removed": []}},
        )
        here.open("x = ⟦1⟧\n", uri=(house / "case.py").as_uri())
        failed = await here.edit("Add one.")
        # VS Code makes a link of what has no space there, and one that runs a command.
        assert "ours: no twos [here] (command:x)" in failed.message["error"]["message"]
        assert (await here.edit("Add two.")).result["rounds"] == 1


# What happens meanwhile


async def test_cancelled_the_socket_is_closed(tmp_path: Path) -> None:
    async with studio(tmp_path, text="word " * 500, token_ms=20, chunk=5) as here:
        here.open(TOTAL)
        asked = here.client.begin("inglenook/edit", here.params(instruction="Do it."))
        await here.begun()
        here.client.cancel(asked)
        assert (await here.client.answer(asked)).error_code == -32800
        assert await here.closed()


async def test_cancelled_by_its_progress(tmp_path: Path) -> None:
    async with studio(tmp_path, text="word " * 500, token_ms=20, chunk=5) as here:
        here.open(TOTAL)
        params = here.params(instruction="Do it.", workDoneToken="mine")
        asked = here.client.begin("inglenook/edit", params)
        await here.begun()
        here.client.notify("window/workDoneProgress/cancel", {"token": "mine"})
        assert (await here.client.answer(asked)).error_code == -32800
        assert await here.closed()
        [begun] = here.progress("begin")
        assert begun["cancellable"] is True
        assert begun["title"] == "Editing"
        assert len(here.progress("end")) == 1


async def test_a_document_that_changes_elsewhere(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT, first_token_ms=300, token_ms=1) as here:
        here.open(TOTAL)
        asked = here.client.begin("inglenook/edit", here.params(instruction="Do it."))
        await here.begun()
        here.insert(0, "# A note.\n")
        here.insert(len(here.text), "\nprint(total([]))\n")
        result = (await here.client.answer(asked)).result
        assert here.after(result["edit"]) == f"# A note.\n{SUMMED}\nprint(total([]))\n"
        assert len(here.asked) == 1


async def test_a_document_that_changes_there(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT, first_token_ms=300, token_ms=1) as here:
        here.open(TOTAL)
        asked = here.client.begin("inglenook/edit", here.params(instruction="Do it."))
        await here.begun()
        here.insert(here.text.index(".price"), "s")
        answer = await here.client.answer(asked)
        assert answer.error_code == -32803
        assert answer.message["error"]["message"] == (
            "The code has changed while the edit was being written: ask again."
        )


async def test_a_document_that_is_closed(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT, first_token_ms=300, token_ms=1) as here:
        here.open(TOTAL)
        asked = here.client.begin("inglenook/edit", here.params(instruction="Do it."))
        await here.begun()
        here.client.close_document(here.uri)
        answer = await here.client.answer(asked)
        assert "was closed" in answer.message["error"]["message"]


async def test_a_document_that_is_opened_again_in_another_language(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT, first_token_ms=300, token_ms=1) as here:
        here.open(TOTAL)
        asked = here.client.begin("inglenook/edit", here.params(instruction="Do it."))
        await here.begun()
        here.client.close_document(here.uri)
        here.client.open(here.uri, here.text, "ruby")
        answer = await here.client.answer(asked)
        assert answer.message["error"]["message"] == (
            "The document is of another language by now: ask again."
        )


async def test_a_file_that_is_too_long_is_shown_to_no_model(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL + "# " + "x" * 1_000_000 + "\n")
        answer = await here.edit()
        assert answer.message["error"]["message"] == (
            "The file is too long for an edit that is checked: it has more than 1,000,000 "
            "characters."
        )
        assert not here.asked
        trouble = here.diagnostic("price", "no such attribute")
        assert not await here.actions(diagnostics=[trouble])


# Clients


@pytest.mark.parametrize("applied", [True, False])
async def test_the_editor_applies_it(tmp_path: Path, applied: bool) -> None:
    def editor(method: str, _params: Any) -> Any:
        return {"applied": applied} if method == "workspace/applyEdit" else None

    async with studio(tmp_path, RIGHT) as here:
        here.client.answer_to = editor
        here.open(TOTAL)
        command = {
            "command": "inglenook.server.edit",
            "arguments": [here.params(instruction="Do it.", apply=True)],
        }
        result = (await here.client.request("workspace/executeCommand", command)).result
        assert result["applied"] is applied
        [asked] = [each for each in here.client.requests if each["method"] == "workspace/applyEdit"]
        assert asked["params"]["label"] == result["title"]
        assert asked["params"]["metadata"] == {"isRefactoring": True}
        assert here.after(asked["params"]["edit"]) == SUMMED


async def test_a_client_that_can_little(tmp_path: Path) -> None:
    capabilities = {"window": {"workDoneProgress": False}}
    async with studio(tmp_path, RIGHT, capabilities=capabilities) as here:
        here.open(TOTAL)
        result = (await here.edit()).result
        assert list(result["edit"]["changes"]) == [here.uri]
        assert here.after(result["edit"]) == SUMMED
        assert not here.client.seen("$/progress")
        refused = await here.edit(apply=True)
        assert "cannot be asked to apply" in refused.message["error"]["message"]
        assert len(here.asked) == 1


async def test_a_client_without_metadata(tmp_path: Path) -> None:
    edits = {"documentChanges": True}
    capabilities = {**ABLE, "workspace": {"applyEdit": True, "workspaceEdit": edits}}
    async with studio(tmp_path, RIGHT, capabilities=capabilities) as here:
        here.client.answer_to = lambda _method, _params: {"applied": True}
        here.open(TOTAL)
        assert (await here.edit(apply=True)).result["applied"]
        [asked] = [each for each in here.client.requests if each["method"] == "workspace/applyEdit"]
        assert "metadata" not in asked["params"]
        assert "changeAnnotations" not in asked["params"]["edit"]


# What cannot be asked


CANNOT: list[tuple[dict[str, Any], str]] = [
    ({"instruction": "  "}, "instruction: say what is to be changed"),
    ({"instruction": 7}, "instruction"),
    ({"purpose": "rename"}, "purpose: expected one of edit, fix, types, docstring, simplify"),
    ({"purpose": ["fix"]}, "purpose"),
    ({"purpose": "fix"}, "diagnostics"),
    ({"purpose": "fix", "diagnostics": [{"message": "x"}, 3]}, "diagnostics"),
    ({"range": None}, "range"),
    ({"range": {"start": {"line": 99, "character": 0}}}, "range"),
    ({"apply": "yes"}, "apply: expected true or false"),
    ({"textDocument": 3}, "textDocument"),
    ({"textDocument": {"uri": "file:///house/none.py"}}, "none.py is not open here"),
]


async def test_what_cannot_be_asked(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        for more, sentence in CANNOT:
            params = here.params(instruction="Do it.") | more
            answer = await here.client.request("inglenook/edit", params)
            assert answer.error_code == -32602, more
            assert sentence in answer.message["error"]["message"]
        assert not here.asked
        for params in (None, [], "edit", {}):
            answer = await here.client.request("inglenook/edit", params)
            assert "textDocument" in answer.message["error"]["message"]


async def test_a_cell_of_a_notebook(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        cell = "vscode-notebook-cell:///house/a.ipynb#one"
        notebook = {
            "uri": "file:///house/a.ipynb",
            "notebookType": "jupyter-notebook",
            "version": 1,
            "cells": [{"kind": 2, "document": cell}],
        }
        text = {"uri": cell, "languageId": "python", "version": 1, "text": "x = 1\n"}
        here.client.notify(
            "notebookDocument/didOpen", {"notebookDocument": notebook, "cellTextDocuments": [text]}
        )
        here.uri, here.text, here.range = cell, "x = 1\n", {}
        params = here.params(instruction="Do it.") | {"range": _nothing()}
        answer = await here.client.request("inglenook/edit", params)
        assert "Cells of a notebook" in answer.message["error"]["message"]
        assert not here.asked


async def test_a_model_that_is_gone_is_told_of(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        here.backend.script.status = 500
        answer = await here.edit()
        assert answer.error_code == -32803
        assert "500" in answer.message["error"]["message"]


def _nothing() -> dict[str, Any]:
    return {end: {"line": 0, "character": 0} for end in ("start", "end")}
