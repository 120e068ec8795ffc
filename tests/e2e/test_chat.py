"""`inglenook/chat` over stdio: pieces by `$/progress`, one answer, follow-ups, cancelling."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.house import server_for
from tests.support.lsp_client import LspClient

URI = "file:///house/cart.py"
CODE = "def total(items):\n    return sum(items)\n"
BODY = {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 21}}


class Room:
    """An editor with one open document and a selection in it."""

    def __init__(self, client: LspClient, backend: FakeBackend) -> None:
        self.client, self.backend = client, backend

    def params(self, question: str, **more: Any) -> dict[str, Any]:
        return {"textDocument": {"uri": URI}, "range": BODY, "question": question, **more}

    async def ask(self, question: str, **more: Any) -> dict[str, Any]:
        answer = await self.client.request("inglenook/chat", self.params(question, **more))
        result: dict[str, Any] = answer.result
        return result

    def pieces(self, token: str) -> list[dict[str, str]]:
        return [each["value"] for each in self.client.seen("$/progress") if each["token"] == token]

    @property
    def messages(self) -> list[dict[str, str]]:
        """Of the last chat that reached the backend."""
        chats = [each for each in self.backend.generations if "messages" in each.json]
        found: list[dict[str, str]] = chats[-1].json["messages"]
        return found


@asynccontextmanager
async def room(directory: Path, provider: str = "ollama", **script: Any) -> AsyncIterator[Room]:
    async with (
        fake_backend(**{"text": "It adds **all**.", **script}) as backend,
        server_for(directory, provider, backend.url) as client,
    ):
        client.open(URI, CODE)
        yield Room(client, backend)


@pytest.mark.parametrize("provider", ["ollama", "llama.cpp", "openai"])
async def test_pieces_come_and_the_whole_at_the_end(tmp_path: Path, provider: str) -> None:
    async with room(tmp_path, provider) as here:
        reply = await here.ask("What is it?", partialResultToken="p", workDoneToken="w")
        assert reply["text"] == "It adds **all**."
        assert "".join(each["text"] for each in here.pieces("p")) == reply["text"]
        assert len(here.pieces("p")) > 1
        assert [each["kind"] for each in here.pieces("w")] == ["begin", "end"]
        assert reply["used"][0] == {"path": "cart.py", "what": "selection"}
        assert reply["usage"]["predictedTokens"]
        assert not reply["limited"]
        assert "return sum(items)" in here.messages[-1]["content"]


async def test_a_follow_up_and_a_new_beginning(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.ask("What is it?")
        await here.ask("Why?")
        assert [each["role"] for each in here.messages] == ["system", "user", "assistant", "user"]
        await here.ask("Elsewhere?", conversation="other")
        assert len(here.messages) == 2
        await here.client.request("inglenook/forgetChat", {"textDocument": {"uri": URI}})
        await here.ask("Anew?")
        assert len(here.messages) == 2
        here.client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        here.client.open(URI, CODE)
        await here.ask("After it was closed?")
        assert len(here.messages) == 2


async def test_a_thin_client_asks_by_a_command(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        answer = await here.client.request(
            "workspace/executeCommand",
            {"command": "inglenook.server.chat", "arguments": [here.params("What?")]},
        )
        assert answer.result["text"] == "It adds **all**."


async def test_cancelled_the_socket_is_closed(tmp_path: Path) -> None:
    async with room(tmp_path, text="word " * 500, token_ms=20) as here:
        asked = here.client.begin("inglenook/chat", here.params("Tell.", partialResultToken="p"))
        await here.client.until(lambda: bool(here.pieces("p")))
        here.client.notify("$/cancelRequest", {"id": asked})
        answer = await here.client.answer(asked)
        assert answer.error_code == -32800
        seen = here.backend.generations[-1]
        async with asyncio.timeout(5):
            while seen.end_ns is None:
                await asyncio.sleep(0.002)
        assert seen.client_end_ns is not None


async def test_completion_goes_on_while_a_chat_streams(tmp_path: Path) -> None:
    async with room(tmp_path, "llama.cpp", text="word " * 500, token_ms=20) as here:
        asked = here.client.begin("inglenook/chat", here.params("Tell.", partialResultToken="p"))
        await here.client.until(lambda: bool(here.pieces("p")))
        answer = await here.client.request(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": URI},
                "position": {"line": 1, "character": 4},
                "context": {"triggerKind": 1},
            },
        )
        assert "items" in answer.result
        here.client.notify("$/cancelRequest", {"id": asked})
        await here.client.answer(asked)


CANNOT = (
    ({"question": "  "}, "question"),
    ({"question": 7}, "question"),
    ({"textDocument": {"uri": "file:///house/none.py"}}, "none.py is not open here"),
    ({"textDocument": 3}, "textDocument"),
    ({"range": {"start": {"line": 9, "character": 0}, "end": {"line": 9}}}, "range"),
    ({"range": "all"}, "range"),
    ({"files": ["file:///etc/passwd"]}, "passwd is no text of the workspace's folders"),
    ({"files": ["file:///house/.env"]}, ".env is shown to no model"),
    ({"files": "x"}, "files"),
    ({"question": "/commit"}, "not in the work tree of a git repository"),
    ({"textDocument": {"uri": "file:///house/.env"}}, ".env is shown to no model"),
)


async def test_what_cannot_be_asked(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        here.client.open("file:///house/.env", "PASSWORD=hunter2hunter2\n")
        for more, sentence in CANNOT:
            answer = await here.client.request("inglenook/chat", here.params("What?") | more)
            assert sentence in answer.message["error"]["message"], more
        assert not [each for each in here.backend.generations if "messages" in each.json]


async def test_diagnostics_of_the_selection_go_in_and_others_do_not(tmp_path: Path) -> None:
    def warning(line: int, message: object, severity: int) -> dict[str, Any]:
        place = {"line": line, "character": 0}
        return {"range": {"start": place, "end": place}, "message": message, "severity": severity}

    elsewhere = [warning(0, f"Elsewhere {number}", 1) for number in range(25)]
    many = [warning(1, f"Here {number}", 2) for number in range(30)]
    grave = warning(1, {"kind": "markdown", "value": "No *list*"}, 1)
    async with room(tmp_path) as here:
        await here.ask("Why?", diagnostics=[*elsewhere, *many, grave])
        content = here.messages[-1]["content"]
    assert "Elsewhere" not in content
    assert "error in line 2: No *list*" in content
    assert content.count("Here ") == 19


async def test_more_files_than_are_read(tmp_path: Path) -> None:
    uris = [f"file:///house/file{number}.py" for number in range(22)]
    async with room(tmp_path) as here:
        for uri in uris:
            here.client.open(uri, "x = 1\n")
        reply = await here.ask("Why?", files=[*uris[:1], *uris], conversation=None)
    assert sum(each["what"] == "file" for each in reply["used"]) == 20
    assert [each[:22] for each in reply["notices"]] == [
        "file20.py was not read",
        "file21.py was not read",
    ]


async def test_each_answer_says_that_its_prompt_was_cut(tmp_path: Path) -> None:
    async with room(tmp_path, prompt_tokens=20) as here:
        for conversation in "ab":
            reply = await here.ask("Why? " * 100, conversation=conversation)
            assert "did not see all of a prompt" in reply["notices"][0]


async def test_a_model_that_is_gone_is_told_of(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.ask("What?")
        here.backend.script.status = 500
        answer = await here.client.request("inglenook/chat", here.params("And?"))
        assert answer.error_code == -32803
        assert "500" in answer.message["error"]["message"]


async def test_the_message_of_a_commit_is_about_what_is_staged(tmp_path: Path) -> None:
    """And nothing that the repository names is run."""
    ran = tmp_path / "ran"
    house = tmp_path / "house"
    house.mkdir()
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(house), *words], check=True, capture_output=True)

    git("init", "--quiet")
    (house / "cart.py").write_text("x = 1\n")
    (house / ".gitattributes").write_text("*.py diff=evil filter=evil\n")
    (house / ".env").write_text("PASSWORD=hunter2hunter2\n")
    git("add", ".")
    for key in ("diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean"):
        git("config", key, str(program))
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand"):
        git("config", key, str(program))
    async with (
        fake_backend(text="Add x") as backend,
        server_for(tmp_path, "ollama", backend.url) as client,
    ):
        client.notify(
            "workspace/didChangeWorkspaceFolders",
            {"event": {"added": [{"uri": house.as_uri(), "name": "h"}], "removed": []}},
        )
        uri = (house / "cart.py").as_uri()
        client.open(uri, "x = 1\n")
        answer = await client.request(
            "inglenook/chat", {"textDocument": {"uri": uri}, "question": "/commit"}
        )
        assert answer.result["text"] == "Add x"
        here = Room(client, backend)
        assert "+x = 1" in here.messages[-1]["content"]
        assert ".env" not in here.messages[-1]["content"]
        assert answer.result["notices"] == [".env is staged and was shown to no model."]
        assert "imperative" in here.messages[-1]["content"]
    assert not ran.exists()
