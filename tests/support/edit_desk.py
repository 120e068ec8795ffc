"""An editor with one document and a selection in it, drawn between ⟦ and ⟧; it applies edits as
editors do, and sees that every request gets one answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from inglenook.server.positions import Encoding, offset_at, position_at
from inglenook_context.text import Text
from tests.support.fake_backend import FakeBackend, Seen, fake_backend
from tests.support.forked import PYTHON
from tests.support.house import config_for, server_for
from tests.support.lsp_client import Answer, LspClient

OPENS, CLOSES = "⟦", "⟧"
ABLE: dict[str, Any] = {
    "textDocument": {
        "inlineCompletion": {},
        "codeAction": {
            "resolveSupport": {"properties": ["edit"]},
            "honorsChangeAnnotations": True,
            "tagSupport": {"valueSet": [1]},
        },
    },
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {
            "documentChanges": True,
            "changeAnnotationSupport": {},
            "metadataSupport": True,
        },
    },
}
Script = Callable[[int, Any], str]


def block(code: str) -> str:
    """An answer with code in it, as a model gives it."""
    return f"```\n{code}\n```"


class EditDesk:
    """One document with a selection, and what is offered for it."""

    def __init__(self, client: LspClient, encoding: Encoding = Encoding.UTF16) -> None:
        self.client, self.encoding = client, encoding
        self.uri, self.text, self.version = "", "", 1
        self.range: dict[str, Any] = {}

    def open(
        self,
        drawing: str,
        name: str = "case.py",
        language: str = "python",
        uri: str | None = None,
    ) -> None:
        start = drawing.index(OPENS)
        text = drawing.replace(OPENS, "")
        stop = text.index(CLOSES)
        self.text, self.uri = text.replace(CLOSES, ""), uri or f"file:///house/{name}"
        self.version = 1
        self.range = self.range_of(start, stop)
        self.client.open(self.uri, self.text, language)

    def range_of(self, start: int, stop: int) -> dict[str, Any]:
        whole = Text.of(self.text)
        ends = [position_at(whole, offset, self.encoding) for offset in (start, stop)]
        return {
            end: {"line": line, "character": character}
            for end, (line, character) in zip(("start", "end"), ends, strict=True)
        }

    def diagnostic(self, part: str, message: str, severity: int = 1) -> dict[str, Any]:
        """What an editor shows of a part of the text."""
        start = self.text.index(part)
        place = self.range_of(start, start + len(part))
        return {"range": place, "message": message, "severity": severity}

    def insert(self, at: int, new: str) -> None:
        self.version += 1
        place = self.range_of(at, at)
        self.client.change(self.uri, self.version, {"range": place, "text": new})
        self.text = self.text[:at] + new + self.text[at:]

    # -- requests ------------------------------------------------------------------------------

    async def actions(self, **context: Any) -> dict[str, dict[str, Any]]:
        answer = await self.client.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": self.uri},
                "range": self.range,
                "context": {"diagnostics": [], **context},
            },
        )
        return {each["title"]: each for each in answer.result}

    async def resolved(self, action: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = (await self.client.request("codeAction/resolve", action)).result
        return result

    def params(self, **more: Any) -> dict[str, Any]:
        return {"textDocument": {"uri": self.uri}, "range": self.range, **more}

    async def edit(self, instruction: str = "Do it.", **more: Any) -> Answer:
        params = self.params(instruction=instruction, **more)
        return await self.client.request("inglenook/edit", params)

    def progress(self, kind: str) -> list[dict[str, Any]]:
        """What was shown of work that goes on, of one kind."""
        seen = [each["value"] for each in self.client.seen("$/progress")]
        return [each for each in seen if isinstance(each, dict) and each.get("kind") == kind]

    # -- what an editor does with an edit ------------------------------------------------------

    def after(self, edit: dict[str, Any]) -> str:
        """The text after a `WorkspaceEdit`, which must be for the document as it is."""
        if "documentChanges" not in edit:
            [(uri, edits)] = edit["changes"].items()
            assert uri == self.uri
            return self.applied(edits)
        [change] = edit["documentChanges"]
        assert change["textDocument"] == {"uri": self.uri, "version": self.version}
        return self.applied(change["edits"])

    def applied(self, edits: list[dict[str, Any]]) -> str:
        whole, text = Text.of(self.text), self.text

        def offset(end: dict[str, int]) -> int:
            return offset_at(whole, end["line"], end["character"], self.encoding)

        places = [(offset(e["range"]["start"]), offset(e["range"]["end"]), e) for e in edits]
        for start, stop, edit in sorted(places, key=lambda each: each[:2], reverse=True):
            text = text[:start] + edit["newText"] + text[stop:]
        return text


class Studio(EditDesk):
    """A desk whose server has a model: ``backend`` says what it answers."""

    def __init__(self, client: LspClient, backend: FakeBackend, encoding: Encoding) -> None:
        super().__init__(client, encoding)
        self.backend = backend

    @property
    def asked(self) -> list[Seen]:
        """The requests for an edit that reached the model."""
        return [each for each in self.backend.generations if "messages" in each.json]

    async def begun(self) -> Seen:
        """The first of them, once it is there."""
        async with asyncio.timeout(10):
            while not self.asked:
                await asyncio.sleep(0.002)
        return self.asked[0]

    async def closed(self) -> bool:
        """Whether the first of them ended because the server hung up."""
        seen = await self.begun()
        async with asyncio.timeout(10):
            while seen.end_ns is None:
                await asyncio.sleep(0.002)
        return seen.client_end_ns is not None


@asynccontextmanager
async def studio(
    directory: Path,
    *answers: str,
    encoding: Encoding = Encoding.UTF16,
    capabilities: Mapping[str, Any] = ABLE,
    options: Any = None,
    settings: str = "",
    **script: Any,
) -> AsyncIterator[Studio]:
    """A server that has found its model, which gives ``answers`` in turn, the last one for good.

    ``settings`` are added to the user's configuration file.
    """

    def answer(_number: int, _request: Any) -> str:
        return given.pop(0) if len(given) > 1 else given[0]

    given = list(answers)
    if answers:
        script["answer"] = answer
    async with (
        fake_backend(**script) as backend,
        server_for(
            directory,
            "ollama",
            backend.url,
            encoding=encoding,
            capabilities=capabilities,
            options=options,
            environment=_configured(directory, backend.url, settings),
            # What it offers at once it has milliseconds for, and a fork first copies its memory.
            program=PYTHON,
        ) as client,
    ):
        await client.until(lambda: "idle" in [each["state"] for each in _states(client)])
        yield Studio(client, backend, encoding)
        twice = [id for id, got in client.answers.items() if len(got) != 1]
        assert not twice, f"more than one answer to {twice}"


def _configured(directory: Path, address: str, settings: str) -> dict[str, str]:
    file = Path(config_for(directory, "ollama", address)["INGLENOOK_CONFIG"])
    own = directory / "own.yaml"
    own.write_text(f"{file.read_text()}{settings}\n")
    return {"INGLENOOK_CONFIG": str(own)}


def _states(client: LspClient) -> list[Any]:
    return client.seen("inglenook/status")
