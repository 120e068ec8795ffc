"""Renames over stdio: what is offered at a cursor (█), and the edit that a new name comes to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from inglenook.server.positions import Encoding, offset_at, position_at
from inglenook_context.text import Text
from tests.support.house import server_for
from tests.support.lsp_client import Answer, LspClient

MARK = "█"
FAILED = -32803  # RequestFailed
WANTED = {"inglenook": {"rename": True}}
ABLE = {
    "textDocument": {"rename": {"prepareSupport": True, "honorsChangeAnnotations": True}},
    "workspace": {"workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}}},
}
TOTAL = """\
def total(items):
    ü = "ü𝄞"; net█ = 0
    for item in items:
        net += item.net
    return net
"""
RENAMED = TOTAL.replace(MARK, "").replace("net =", "sum_ =").replace("net +", "sum_ +")
RENAMED = RENAMED.replace("return net", "return sum_")


class Desk:
    """One document with a cursor."""

    def __init__(self, client: LspClient, encoding: Encoding) -> None:
        self.client, self.encoding = client, encoding
        self.uri, self.text, self.version = "", "", 1
        self.at: dict[str, Any] = {}

    def open(self, drawing: str, name: str = "case.py", language: str = "python") -> None:
        offset, self.text = drawing.index(MARK), drawing.replace(MARK, "")
        self.uri = f"file:///house/{name}"
        line, character = position_at(Text.of(self.text), offset, self.encoding)
        position = {"line": line, "character": character}
        self.at = {"textDocument": {"uri": self.uri}, "position": position}
        self.client.open(self.uri, self.text, language)

    async def prepare(self) -> Answer:
        return await self.client.request("textDocument/prepareRename", self.at)

    async def rename(self, name: str, method: str = "textDocument/rename") -> Answer:
        return await self.client.request(method, {**self.at, "newName": name})

    async def command(self, name: str) -> Answer:
        arguments = [{**self.at, "newName": name}]
        asked = {"command": "inglenook.server.rename", "arguments": arguments}
        return await self.client.request("workspace/executeCommand", asked)

    def span(self, place: dict[str, Any]) -> str:
        start, stop = self._offsets(place)
        return self.text[start:stop]

    def _offsets(self, place: dict[str, Any]) -> tuple[int, int]:
        whole = Text.of(self.text)
        start, stop = (
            offset_at(whole, end["line"], end["character"], self.encoding)
            for end in (place["start"], place["end"])
        )
        return start, stop

    def applied(self, edit: dict[str, Any]) -> str:
        """The text after the edit, as an editor makes it."""
        if "documentChanges" in edit:
            [change] = edit["documentChanges"]
            assert change["textDocument"] == {"uri": self.uri, "version": self.version}
            edits = change["edits"]
        else:
            edits = edit["changes"][self.uri]
        text = self.text
        for each in sorted(edits, key=lambda one: self._offsets(one["range"]), reverse=True):
            start, stop = self._offsets(each["range"])
            text = text[:start] + each["newText"] + text[stop:]
        return text


@asynccontextmanager
async def desk(
    directory: Path,
    encoding: Encoding = Encoding.UTF16,
    capabilities: Mapping[str, Any] = ABLE,
    options: Any = WANTED,
) -> AsyncIterator[Desk]:
    async with server_for(
        directory,
        "ollama",
        "http://127.0.0.1:9",
        encoding=encoding,
        capabilities=capabilities,
        options=options,
    ) as client:
        yield Desk(client, encoding)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(tmp_path_factory.mktemp("house")) as here:
        yield here


@pytest_asyncio.fixture(loop_scope="module")
async def shared(server: Desk) -> AsyncIterator[Desk]:
    """A desk on a server that other tests have too, without a document at first."""
    server.client.notifications.clear()
    yield server
    server.client.close_document(server.uri)


def sentence(answer: Answer) -> str:
    """Why a request failed."""
    assert answer.error_code == FAILED
    said: str = answer.message["error"]["message"]
    return said


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_a_local_is_renamed(tmp_path: Path, encoding: Encoding) -> None:
    async with desk(tmp_path, encoding) as here:
        here.open(TOTAL)
        prepared = (await here.prepare()).result
        assert (here.span(prepared["range"]), prepared["placeholder"]) == ("net", "net")
        edit = (await here.rename("sum_")).result
        assert here.applied(edit) == RENAMED
        [why] = edit["changeAnnotations"].values()
        assert not why.get("needsConfirmation")


@pytest.mark.asyncio(loop_scope="module")
async def test_each_way_to_ask_gives_the_same(shared: Desk) -> None:
    shared.open(TOTAL)
    edits = [
        (await shared.rename("sum_")).result,
        (await shared.rename("sum_", "inglenook/rename")).result,
        (await shared.command("sum_")).result,
    ]
    assert edits == [edits[0]] * 3


@pytest.mark.parametrize(
    ("name", "language", "drawing", "renamed"),
    [
        (
            "a.ts",
            "typescript",
            "export const f = (█a: number) => ({ a, b: a.c })\n",
            "export const f = (sum_: number) => ({ a: sum_, b: sum_.c })\n",
        ),
        (
            "a.jsx",
            "javascriptreact",
            "export function f() {\n  const A█ = g(), [b] = A\n  return <A b={b}>{A}</A>\n}\n",
            "! The name of a tag must not begin with a small letter.",
        ),
        (
            "a.js",
            "javascript",
            "export class A {\n  f(a) { for (const [b, c = █a] of a.b) c(a) }\n}\n",
            "export class A {\n  f(sum_) { for (const [b, c = sum_] of sum_.b) c(sum_) }\n}\n",
        ),
        (
            "a.tsx",
            "typescriptreact",
            "export function f<T, U extends T█>(t: T): U | T { return g<T>(t) }\n",
            "export function f<sum_, U extends sum_>(t: sum_): U | sum_ { return g<sum_>(t) }\n",
        ),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_scripts(shared: Desk, name: str, language: str, drawing: str, renamed: str) -> None:
    shared.open(drawing, name, language)
    assert (await shared.prepare()).result["placeholder"] in ("a", "A", "T")
    answer = await shared.rename("sum_")
    if renamed.startswith("! "):
        assert sentence(answer) == renamed.removeprefix("! ")
    else:
        assert shared.applied(answer.result) == renamed


@pytest.mark.parametrize(
    ("name", "language", "drawing", "said"),
    [
        ("a.py", "python", "class A:\n    b█ = 1\n", "An attribute of a class"),
        ("a.py", "python", "def f(a):\n    a.total█ = 1\n", "and total is none"),
        ("a.py", "python", "def f(a):\n    g(a, key█=1)\n", "and key is none"),
        ("a.py", "python", "def f():\n    return length█()\n", "not defined in this file"),
        ("a.py", "python", "__all__ = ['f']\ndef f█(): pass\n", "exported by __all__"),
        ("a.py", "python", "def f(a█):\n    return eval('a')\n", "eval()"),
        ("a.py", "python", "def f(a█:\n    return a\n", "does not parse"),
        ("a.ts", "typescript", "export const a█ = 1\n", "a is exported"),
        ("a.ts", "typescript", "export class A { b█ = 1 }\n", "and b is none"),
        ("a.ts", "typescript", "export const a = (b: B) => b.c█\n", "and c is none"),
        ("a.js", "javascript", "var a█ = 1\n", "be seen by other scripts"),
        ("a.ts", "typescript", "export class A { constructor(public b█: B) {} }\n", "a property"),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_others_may_see_is_refused(
    shared: Desk, name: str, language: str, drawing: str, said: str
) -> None:
    shared.open(drawing, name, language)
    why = sentence(await shared.prepare())
    assert said in why
    assert sentence(await shared.rename("fresh")) == why


@pytest.mark.parametrize(
    ("name", "language", "drawing"),
    [
        ("a.py", "python", "def f(a):\n    return █ a\n"),
        ("a.py", "python", "def f(a):\n    retu█rn a\n"),
        ("a.py", "python", "def f(a):\n    # about a█\n    return a\n"),
        ("a.py", "python", "█"),
        ("a.ts", "typescript", "export const a = 'a█'\n"),
        ("a.go", "go", "package a\n\nfunc f(a█ int) {}\n"),
        ("a.txt", "plaintext", "a█"),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_to_rename(shared: Desk, name: str, language: str, drawing: str) -> None:
    shared.open(drawing, name, language)
    answer = await shared.prepare()
    assert answer.error_code is None
    assert answer.result is None
    assert sentence(await shared.rename("fresh")).endswith(".")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("class", "must be a Python identifier"),
        ("a b", "must be a Python identifier"),
        ("1a", "must be a Python identifier"),
        ("", "must be a Python identifier"),
        ("list", "what is built into Python"),
        ("items", "items is already used there."),
        ("total", "total is already used there."),
        ("net", "That is its name already."),
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_bad_new_name(shared: Desk, name: str, said: str) -> None:
    shared.open(TOTAL.replace("    return", "    total.net = net\n    return"))
    for method in ("textDocument/rename", "inglenook/rename"):
        assert said in sentence(await shared.rename(name, method))
    assert said in sentence(await shared.command(name))


IMPORTED = "def total█(items):\n    return items\n\n\ntotal([])\n"


@pytest.mark.asyncio(loop_scope="module")
async def test_what_may_reach_further_is_to_be_confirmed(shared: Desk) -> None:
    shared.open(IMPORTED)
    edit = (await shared.rename("summed")).result
    assert shared.applied(edit) == IMPORTED.replace(MARK, "").replace("total", "summed")
    [why] = edit["changeAnnotations"].values()
    assert why["needsConfirmation"] is True
    assert why["description"] == "Other files may import total."
    [change] = edit["documentChanges"]
    assert {each["annotationId"] for each in change["edits"]} == set(edit["changeAnnotations"])
    assert shared.client.seen("window/showMessage") == []


@pytest.mark.parametrize(
    "capabilities", [{}, {"workspace": ABLE["workspace"]}, {"textDocument": ABLE["textDocument"]}]
)
async def test_a_client_that_cannot_ask(tmp_path: Path, capabilities: dict[str, Any]) -> None:
    async with desk(tmp_path, capabilities=capabilities) as here:
        here.open(IMPORTED)
        edit = (await here.rename("summed")).result
        assert here.applied(edit) == IMPORTED.replace(MARK, "").replace("total", "summed")
        [told] = here.client.seen("window/showMessage")
        assert told["message"] == "Rename total to summed: Other files may import total."


@pytest.mark.parametrize("options", [None, {"inglenook": {"rename": False}}])
async def test_it_is_no_provider_unless_it_is_asked_to_be(tmp_path: Path, options: Any) -> None:
    async with desk(tmp_path, options=options) as here:
        here.open(TOTAL)
        assert (await here.prepare()).error_code == -32601
        assert (await here.rename("sum_")).error_code == -32601
        assert here.applied((await here.rename("sum_", "inglenook/rename")).result) == RENAMED
        assert here.applied((await here.command("sum_")).result) == RENAMED


@pytest.mark.parametrize(
    "change",
    [
        {"newName": 1},
        {"textDocument": {"uri": None}},
        {"position": {"line": 0}},
        {"position": {"line": 99, "character": 0}},
        {"position": {"line": True, "character": 0}},
    ],
)
@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_no_request(shared: Desk, change: dict[str, Any]) -> None:
    shared.open(TOTAL)
    body = {**shared.at, "newName": "sum_", **change}
    assert (await shared.client.request("inglenook/rename", body)).error_code == -32602
    assert (await shared.client.request("inglenook/rename")).error_code == -32602


@pytest.mark.asyncio(loop_scope="module")
async def test_a_document_that_is_not_open(shared: Desk) -> None:
    shared.open(TOTAL)
    shared.client.close_document(shared.uri)
    answer = await shared.rename("sum_", "inglenook/rename")
    assert answer.error_code == -32602
    assert answer.message["error"]["message"] == "case.py is not open here, or is too large."
    assert (await shared.prepare()).result is None
    assert "not open" in sentence(await shared.rename("sum_"))
