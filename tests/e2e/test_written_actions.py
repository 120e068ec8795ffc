"""Code actions that a model writes, over stdio: what is offered at a place, and its edit."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.edit_desk import Studio, block, studio
from tests.support.lsp_client import ResponseError

TOTAL = """\
def total(items):
    net = 0
    for item in items:
        net += item.prise⟦⟧
    return net
"""
MENDED = TOTAL.replace("prise⟦⟧", "price")
RIGHT = block(MENDED.rstrip("\n"))
ELSEWHERE = block('def total(items):\n    """Sum."""\n    return sum(item.price for item in them)')


def trouble(here: Studio, part: str = "prise", message: str = "No such attribute.") -> Any:
    return here.diagnostic(part, message)


# What is offered


async def test_what_is_offered_at_a_place(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        offers = await here.actions(diagnostics=[trouble(here)])
        assert {title: each["kind"] for title, each in offers.items()} == {
            "Fix: No such attribute.": "quickfix",
            "Add types to total": "refactor.rewrite.types",
            "Write the docstring of total": "refactor.rewrite.docstring",
            "Simplify total": "refactor.rewrite.simplify",
            "Add the missing types in this file": "source.inglenook.types",
            "Write the missing docstrings in this file": "source.inglenook.docstrings",
        }
        assert offers["Fix: No such attribute."]["diagnostics"] == [trouble(here)]
        for each in offers.values():
            assert each["tags"] == [1]
            assert "edit" not in each
            assert not each.get("isPreferred")
        assert not here.asked  # nothing was asked of the model to offer it


async def test_only_what_lacks_something(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open('def f(x: int) -> int:\n    """Doc."""\n    return ⟦x⟧\n')
        offers = await here.actions(only=["refactor.rewrite", "source"])
        assert set(offers) == {"Write the docstring of f", "Simplify the selection"}
        here.open("package a\n\nfunc f(x int) int {\n\treturn ⟦⟧x\n}\n", "a.go", "go")
        assert set(await here.actions()) == {"Simplify f"}
        here.open("⟦⟧Some words.\n", "a.txt", "plaintext")
        assert await here.actions(diagnostics=[trouble(here, "words", "Misspelt.")]) == {}


async def test_the_worst_three_diagnostics(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        said = [("net", "A hint.", 4), ("items", "A warning.", 2), ("item", "An error.", 1)]
        given = [here.diagnostic(*each) for each in said]
        long = here.diagnostic("prise", f"Line one\n\u202e{'x' * 100}", 1)
        offers = await here.actions(diagnostics=[*given, long], only=["quickfix"])
        assert list(offers) == [
            "Fix: An error.",
            f"Fix: Line one \\u{{202E}}{'x' * 42}…",
            "Fix: A warning.",
        ]
        there = {end: {"line": 99, "character": 0} for end in ("start", "end")}
        gone = {"range": there, "message": "It is gone."}
        assert await here.actions(diagnostics=[gone], only=["quickfix"]) == {}


async def test_only_the_kinds_that_are_wanted(tmp_path: Path) -> None:
    types, docstrings = "source.inglenook.types", "source.inglenook.docstrings"
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        for only, kinds in (
            (["quickfix"], {"quickfix"}),
            (["refactor.rewrite.types"], {"refactor.rewrite.types"}),
            (["source.inglenook"], {types, docstrings}),
            (["source.fixAll"], set()),
            (["source.all", types], {types}),
        ):
            offers = await here.actions(diagnostics=[trouble(here)], only=only)
            assert {each["kind"] for each in offers.values()} == kinds


async def test_while_the_user_moves_no_file_is_gone_through(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        offers = await here.actions(triggerKind=2)
        assert not [each for each in offers.values() if each["kind"].startswith("source")]


@pytest.mark.parametrize("actions", [None, {}, {"resolveSupport": {"properties": ["command"]}}])
async def test_clients_that_cannot_resolve_get_none(tmp_path: Path, actions: Any) -> None:
    documents = {"inlineCompletion": {}, **({"codeAction": actions} if actions is not None else {})}
    async with studio(tmp_path, RIGHT, capabilities={"textDocument": documents}) as here:
        here.open(TOTAL)
        assert await here.actions(diagnostics=[trouble(here)]) == {}


async def test_without_the_tag_for_clients_that_do_not_know_it(tmp_path: Path) -> None:
    actions = {"resolveSupport": {"properties": ["edit"]}}
    documents = {"inlineCompletion": {}, "codeAction": actions}
    async with studio(tmp_path, RIGHT, capabilities={"textDocument": documents}) as here:
        here.open(TOTAL)
        offers = await here.actions(diagnostics=[trouble(here)])
        assert offers
        assert not [each for each in offers.values() if each.get("tags")]


@pytest.mark.parametrize("option", [{"enabled": False}, {"disabledLanguages": ["python"]}])
async def test_where_it_is_switched_off_none(tmp_path: Path, option: dict[str, Any]) -> None:
    async with studio(tmp_path, RIGHT, options={"inglenook": option}) as here:
        here.open(TOTAL)
        assert await here.actions(diagnostics=[trouble(here)]) == {}


# What it comes to


async def test_a_diagnostic_is_fixed(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        offer = (await here.actions(diagnostics=[trouble(here)]))["Fix: No such attribute."]
        action = await here.resolved(offer)
        assert here.after(action["edit"]) == MENDED
        assert action["title"] == offer["title"]
        assert action["diagnostics"] == offer["diagnostics"]
        [why] = action["edit"]["changeAnnotations"].values()
        assert why["label"] == "Fix: No such attribute."
        assert why["needsConfirmation"] is True
        assert "No such attribute." in here.asked[0].json["messages"][-1]["content"]


async def test_types_and_docstrings(tmp_path: Path) -> None:
    types = json.dumps({"items": "list[int]", "return": "int"})
    prose = json.dumps({"summary": "Add the prices.", "details": ""})
    async with studio(tmp_path, types, prose) as here:
        here.open(TOTAL)
        offers = await here.actions()
        edit = (await here.resolved(offers["Add types to total"]))["edit"]
        assert "def total(items: list[int]) -> int:\n" in here.after(edit)
        [why] = edit["changeAnnotations"].values()
        assert not why.get("needsConfirmation")
        assert "nothing but types differs" in why["description"]
        edit = (await here.resolved(offers["Write the docstring of total"]))["edit"]
        assert '(items):\n    """Add the prices."""\n    net = 0\n' in here.after(edit)


async def test_a_client_that_can_little_is_told_what_to_look_at(tmp_path: Path) -> None:
    documents = {"codeAction": {"resolveSupport": {"properties": ["edit"]}}}
    capabilities = {"textDocument": documents, "window": {"workDoneProgress": False}}
    answer = block("def f(x):\n    return x")
    async with studio(tmp_path, answer, capabilities=capabilities) as here:
        here.open("def f(x):\n    # Remember the rounding.\n    y = x⟦⟧\n    return y\n")
        action = await here.resolved((await here.actions())["Simplify f"])
        assert here.after(action["edit"]) == "def f(x):\n    return x\n"
        said = [each["message"] for each in here.client.seen("window/showMessage")]
        assert any(each.startswith("Simplify f: ") and "comment" in each for each in said)


async def test_what_fails_twice_is_refused(tmp_path: Path) -> None:
    async with studio(tmp_path, ELSEWHERE) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Simplify total"]
        answer = await here.client.request("codeAction/resolve", offer)
        assert answer.error_code == -32803
        assert "undefined" in answer.message["error"]["message"]
        assert "them" in answer.message["error"]["message"]
        assert answer.message["error"]["data"] == {"checks": ["undefined"]}
        assert len(here.asked) == 2


async def test_a_model_that_is_gone_is_told_of(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Simplify total"]
        here.backend.script.status = 500
        answer = await here.client.request("codeAction/resolve", offer)
        assert answer.error_code == -32803
        assert "500" in answer.message["error"]["message"]


# Progress, and what cancels it


async def test_progress_is_shown(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT, first_token_ms=200, token_ms=1) as here:
        here.open(TOTAL)
        offer = (await here.actions(diagnostics=[trouble(here)]))["Fix: No such attribute."]
        await here.resolved(offer)
        [made] = _created(here)
        [begun], reports = here.progress("begin"), here.progress("report")
        assert begun["title"] == "Fix: No such attribute."
        assert begun["cancellable"] is True
        assert "Checking the edit" in [each["message"] for each in reports]
        assert here.progress("end") == [{"kind": "end"}]
        tokens = {each["token"] for each in here.client.seen("$/progress")}
        assert tokens == {made}


async def test_cancelled_by_its_progress(tmp_path: Path) -> None:
    async with studio(tmp_path, text="word " * 500, token_ms=20, chunk=5) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Simplify total"]
        asked = here.client.begin("codeAction/resolve", offer)
        await here.begun()
        await here.client.until(lambda: here.progress("begin"))
        [token] = _created(here)
        here.client.notify("window/workDoneProgress/cancel", {"token": token})
        assert (await here.client.answer(asked)).error_code == -32800
        assert await here.closed()
        assert len(here.progress("end")) == 1
        here.client.notify("window/workDoneProgress/cancel", {"token": token})  # too late
        assert await here.actions()


async def test_cancelled_by_its_request(tmp_path: Path) -> None:
    async with studio(tmp_path, text="word " * 500, token_ms=20, chunk=5) as here:
        here.open(TOTAL)
        offer = (await here.actions())["Simplify total"]
        asked = here.client.begin("codeAction/resolve", offer)
        await here.begun()
        here.client.cancel(asked)
        assert (await here.client.answer(asked)).error_code == -32800
        assert await here.closed()


async def test_a_client_that_refuses_the_token(tmp_path: Path) -> None:
    def refuse(_method: str, _params: Any) -> Any:
        raise ResponseError(-32603, "no")

    async with studio(tmp_path, RIGHT) as here:
        here.client.answer_to = refuse
        here.open(TOTAL)
        offer = (await here.actions(diagnostics=[trouble(here)]))["Fix: No such attribute."]
        assert here.after((await here.resolved(offer))["edit"]) == MENDED
        assert _created(here)
        assert not here.progress("begin")


# A document that moves on


async def test_a_document_that_changed_before(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT) as here:
        here.open(TOTAL)
        offer = (await here.actions(diagnostics=[trouble(here)]))["Fix: No such attribute."]
        here.insert(0, "import os\n\n\n")
        action = await here.resolved(offer)
        assert here.after(action["edit"]) == f"import os\n\n\n{MENDED}"
        assert "item.prise" in here.asked[0].json["messages"][-1]["content"]
        here.insert(here.text.index("prise") + 2, "x")
        answer = await here.client.request("codeAction/resolve", offer)
        assert "has changed since" in answer.message["error"]["message"]


async def test_a_document_that_changes_meanwhile(tmp_path: Path) -> None:
    async with studio(tmp_path, RIGHT, first_token_ms=300, token_ms=1) as here:
        here.open(TOTAL)
        offer = (await here.actions(diagnostics=[trouble(here)]))["Fix: No such attribute."]
        asked = here.client.begin("codeAction/resolve", offer)
        await here.begun()
        here.insert(0, "import os\n\n\n")
        action = (await here.client.answer(asked)).result
        assert here.after(action["edit"]) == f"import os\n\n\n{MENDED}"
        asked = here.client.begin("codeAction/resolve", offer)
        async with asyncio.timeout(10):
            while len(here.asked) < 2:
                await asyncio.sleep(0.002)
        here.insert(here.text.index("return net"), "net = -net\n    ")
        answer = await here.client.answer(asked)
        assert "has changed while the edit" in answer.message["error"]["message"]


def _created(here: Studio) -> list[str]:
    """The tokens that the server made for what goes on."""
    made = [each for each in here.client.requests if each["method"].endswith("Progress/create")]
    tokens = [each["params"]["token"] for each in made]
    return [each for each in tokens if each.startswith("inglenook/work")]
