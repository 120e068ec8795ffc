"""Refactors over stdio: what is offered for a selection, and the edit that it comes to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from inglenook.server.positions import Encoding
from tests.support.edit_desk import ABLE, EditDesk
from tests.support.house import server_for

TOTAL = """\
def total(items):
    net = 0
    for item in items:
        net += ⟦item.price * item.count⟧
    return net  # ü𝄞
"""
EXTRACTED = """\
def total(items):
    net = 0
    for item in items:
        value = item.price * item.count
        net += value
    return net  # ü𝄞
"""


@asynccontextmanager
async def desk(
    directory: Path, encoding: Encoding = Encoding.UTF16, capabilities: Any = ABLE
) -> AsyncIterator[EditDesk]:
    async with server_for(
        directory, "ollama", "http://127.0.0.1:9", encoding=encoding, capabilities=capabilities
    ) as client:
        yield EditDesk(client, encoding)


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_an_expression_becomes_a_variable(tmp_path: Path, encoding: Encoding) -> None:
    async with desk(tmp_path, encoding) as here:
        here.open(TOTAL)
        offers = await here.actions()
        assert "edit" not in offers["Extract variable value"]
        assert offers["Extract variable value"]["kind"] == "refactor.extract.variable"
        edit = (await here.resolved(offers["Extract variable value"]))["edit"]
        [change] = edit["documentChanges"]
        assert change["textDocument"] == {"uri": here.uri, "version": 1}
        assert here.applied(change["edits"]) == EXTRACTED
        [annotation] = {each["annotationId"] for each in change["edits"]}
        said = edit["changeAnnotations"][annotation]
        assert said["label"] == "Extract variable value"
        assert not said.get("needsConfirmation")


async def test_a_document_that_is_opened_again_in_another_language(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Extract variable value"]
        here.client.close_document(here.uri)
        here.client.open(here.uri, here.text, "ruby")
        answer = await here.client.request("codeAction/resolve", offer)
        assert answer.message["error"]["message"] == (
            "The document is of another language by now: ask again."
        )


async def test_functions_and_inlining(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.open(TOTAL)
        offers = await here.actions()
        [title] = [title for title in offers if title.startswith("Extract function")]
        [change] = (await here.resolved(offers[title]))["edit"]["documentChanges"]
        assert "def " in here.applied(change["edits"]).partition("def total")[0]
        here.open("def f(x):\n    ⟦⟧y = x + 1\n    return y * 2\n", "b.py")
        offers = await here.actions()
        assert list(offers) == ["Inline variable y"]
        [change] = (await here.resolved(offers["Inline variable y"]))["edit"]["documentChanges"]
        assert here.applied(change["edits"]) == "def f(x):\n    return (x + 1) * 2\n"


async def test_typescript(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.open(
            "export function f(a: number): number {\n    return ⟦a * 2⟧ + 1;\n}\n",
            "a.ts",
            "typescript",
        )
        offers = await here.actions()
        [title] = offers
        [change] = (await here.resolved(offers[title]))["edit"]["documentChanges"]
        assert "const " in here.applied(change["edits"])


async def test_a_document_that_has_changed_elsewhere(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Extract variable value"]
        here.insert(0, "# A note.\n")
        here.insert(len(here.text), "\nprint(total([]))\n")
        [change] = (await here.resolved(offer))["edit"]["documentChanges"]
        assert change["textDocument"]["version"] == 3
        assert here.applied(change["edits"]) == f"# A note.\n{EXTRACTED}\nprint(total([]))\n"


async def test_a_document_that_has_changed_there(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Extract variable value"]
        here.insert(here.text.index(" * item"), "s")
        answer = await here.client.request("codeAction/resolve", offer)
        assert answer.error_code == -32803
        assert "has changed since" in answer.message["error"]["message"]
        offer["data"] = 999
        answer = await here.client.request("codeAction/resolve", offer)
        assert "too long ago" in answer.message["error"]["message"]


async def test_a_document_that_was_closed(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Extract variable value"]
        here.client.close_document(here.uri)
        answer = await here.client.request("codeAction/resolve", offer)
        assert "not open any more" in answer.message["error"]["message"]


async def test_a_client_that_can_little(tmp_path: Path) -> None:
    async with desk(tmp_path, capabilities={}) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Extract variable value"]
        [(uri, edits)] = offer["edit"]["changes"].items()
        assert uri == here.uri
        assert here.applied(edits) == EXTRACTED
        assert all("annotationId" not in each for each in edits)


@pytest.mark.parametrize(
    ("drawing", "context"),
    [
        (TOTAL, {"only": ["quickfix"]}),
        (TOTAL, {"only": ["refactor.inline"]}),
        ("def total(items:\n    x = ⟦items * 2⟧ (\n", {}),
        ("⟦import os⟧\n", {}),
        ("⟦⟧", {}),
    ],
)
async def test_nothing_is_offered(tmp_path: Path, drawing: str, context: dict[str, Any]) -> None:
    async with desk(tmp_path) as here:
        here.open(drawing)
        assert await here.actions(**context) == {}


async def test_only_the_kinds_that_are_wanted(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.open(TOTAL)
        offers = await here.actions(only=["refactor.extract.function"])
        assert {each["kind"] for each in offers.values()} == {"refactor.extract.function"}
        assert (await here.actions(only=["refactor"])).keys() > offers.keys()
