"""Notebooks as an editor meets them: the real process over stdio, a backend over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inglenook.server.positions import Encoding, position_at
from inglenook_context.text import Text
from tests.support.house import AUTOMATIC, INVOKED, House, house
from tests.support.lsp_client import replacing
from tests.support.notebook_drawn import (
    NOTEBOOK,
    DrawnCell,
    cells_of,
    did_change,
    did_close,
    did_open,
    spliced,
    typed,
)

KNOWS_NOTEBOOKS: dict[str, Any] = {"notebookDocument": {"synchronization": {}}}
SLOW = {"first_token_ms": 20_000.0}
DRAWING = """\
[python]
def area(radius):
    return 3.14 * radius**2
[markdown]
## Circles
Their areas, don't measure.
[python]
%time big = area(100)
small = a█
[python]
print(small)
"""


@dataclass
class Desk:
    """A house with one notebook open, and the cursor in one of its cells."""

    home: House
    cells: list[DrawnCell]
    version: int = 1

    def change(self, **cells: Any) -> None:
        self.version += 1
        self.home.client.notify(
            "notebookDocument/didChange", did_change(self.version, self.cells[0].notebook, **cells)
        )

    def type(self, keys: str) -> None:
        """Type at the cursor, in one change."""
        self.home.version += 1
        here = (self.home.line, self.home.character)
        entry = typed(self.home.uri, self.home.version, replacing(here, here, keys))
        self.change(textContent=[entry])
        self.home.character += len(keys)

    async def shown(self, number: int = 0) -> tuple[str, str]:
        """What request number ``number`` showed the model: before the cursor, and after it."""
        prompt = str((await self.home.generation(number)).json["prompt"])
        prefix, _, rest = prompt.removeprefix("<|fim_prefix|>").partition("<|fim_suffix|>")
        suffix, _, typed = rest.partition("<|fim_middle|>")
        return prefix + typed, suffix


async def prompt_with(home: House, text: str) -> str:
    """Ask until the background has outlined what the prompt is waiting for."""
    async with asyncio.timeout(10):
        while True:
            await home.text(INVOKED)
            prompt = str(home.backend.generations[-1].json["prompt"])
            if text in prompt:
                return prompt
            await asyncio.sleep(0.02)


def desk(home: House, drawing: str = DRAWING, notebook: str = NOTEBOOK) -> Desk:
    cells = cells_of(drawing, notebook)
    home.client.notify("notebookDocument/didOpen", did_open(cells, notebook))
    at = next(cell for cell in cells if cell.cursor is not None)
    assert at.cursor is not None
    home.uri = at.uri
    home.line, home.character = position_at(Text.of(at.text), at.cursor, home.encoding)
    return Desk(home, cells)


async def test_the_model_sees_the_other_cells_and_answers_for_this_one(tmp_path: Path) -> None:
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text="rea(1)") as home:
        capabilities = home.client.answers[1][0]["result"]["capabilities"]
        assert capabilities["notebookDocumentSync"] == {
            "notebookSelector": [{"notebook": "*"}],
            "save": False,
        }
        desktop = desk(home)
        here = {"line": 1, "character": 9}
        assert await home.items(AUTOMATIC) == [
            {"insertText": "rea(1)", "range": {"start": here, "end": here}}
        ]
        before, after = await desktop.shown()
        cell = "# %%\ndef area(radius):\n    return 3.14 * radius**2\n\n"
        note = "# %% [markdown]\n# ## Circles\n# Their areas, don't measure.\n\n"
        assert before == cell + note + "# %%\n#time big = area(100)\nsmall ="  # " a" is healed
        assert after == "\n\n# %%\nprint(small)"


async def test_cells_that_move_and_go_change_what_the_model_sees(tmp_path: Path) -> None:
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text="rea(1)") as home:
        desktop = desk(home)
        first, note, cursor, last = desktop.cells
        assert await home.text() == "rea(1)"
        assert await home.text() == "rea(1)"
        assert len(home.backend.generations) == 1  # the same again is known
        moved = (note, cursor, last, first)
        desktop.change(structure=spliced(0, 4, *moved, opened=False))
        assert await home.text() == "rea(1)"
        before, after = await desktop.shown(1)  # what was known was about other surroundings
        assert "def area" not in before
        assert "print(small)\n\n# %%\ndef area" in after
        desktop.change(structure=spliced(3, 1, closed=(first.uri,)))
        await home.text()
        assert "def area" not in "".join(await desktop.shown(2))
        home.client.notify("notebookDocument/didClose", did_close([*moved]))
        assert await home.items() == []
        assert len(home.backend.generations) == 3


@pytest.mark.parametrize("what", ["cell", "notebook"])
async def test_what_runs_for_a_cell_ends_with_it(tmp_path: Path, what: str) -> None:
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, **SLOW) as home:
        desktop = desk(home)
        request = home.ask(AUTOMATIC)
        await home.generation()
        if what == "cell":
            desktop.change(structure=spliced(2, 1, closed=(home.uri,)))
        else:
            home.client.notify("notebookDocument/didClose", did_close(desktop.cells))
        assert (await home.client.answer(request)).result == {"items": []}
        assert await home.ended()
        assert await home.items() == []


async def test_what_is_typed_meanwhile_is_taken_from_the_answer(tmp_path: Path) -> None:
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text="rea(1)") as home:
        desktop = desk(home)
        assert await home.text() == "rea(1)"
        desktop.type("re")
        assert await home.text() == "a(1)"
        assert len(home.backend.generations) == 1


async def test_an_answer_ends_where_the_next_cell_would_begin(tmp_path: Path) -> None:
    answer = "rea(1)\n\n# %%\nprint(small, area)"
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text=answer) as home:
        desk(home, "[python]\ndef area(r): ...\n[python]\nsmall = a█\n")
        assert await home.text(INVOKED) == "rea(1)"


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_positions_are_those_of_the_cell(tmp_path: Path, encoding: Encoding) -> None:
    drawing = "[python]\n'𝄞'\n[markdown]\n𝄞\n[python]\né = '𝄞𝄞'; x = y█\n"
    options = {"capabilities": KNOWS_NOTEBOOKS, "encoding": encoding}
    async with house(tmp_path, text=" + 1", **options) as home:
        desktop = desk(home, drawing)
        column = {Encoding.UTF8: 22, Encoding.UTF16: 17, Encoding.UTF32: 15}[encoding]
        here = {"line": 0, "character": column}
        items = await home.items(AUTOMATIC)
        assert items == [{"insertText": " + 1", "range": {"start": here, "end": here}}]
        desktop.type(" + ")
        (item,) = await home.items(AUTOMATIC)
        assert item["insertText"] == "1"
        assert item["range"]["start"] == {"line": 0, "character": column + 3}


async def test_a_popups_item_is_continued_in_a_cell(tmp_path: Path) -> None:
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text="(1)") as home:
        desk(home)
        place = {"start": {"line": 1, "character": 8}, "end": {"line": 1, "character": 9}}
        selected = {"range": place, "text": "area"}
        (item,) = await home.items(AUTOMATIC, selectedCompletionInfo=selected)
        assert item == {"insertText": "area(1)", "range": place}


async def test_a_client_without_inline_completion_has_its_popup_in_cells(tmp_path: Path) -> None:
    capabilities = {**KNOWS_NOTEBOOKS, "textDocument": {"inlineCompletion": None}}
    async with house(tmp_path, capabilities=capabilities, text="rea(1)") as home:
        desk(home)
        params = {
            "textDocument": {"uri": home.uri},
            "position": {"line": home.line, "character": home.character},
        }
        result = (await home.client.request("textDocument/completion", params)).result
        assert result["items"][0]["textEdit"] == {
            "newText": "area(1)",
            "range": {"start": {"line": 1, "character": 8}, "end": {"line": 1, "character": 9}},
        }


async def test_a_notebook_shows_the_other_files_and_they_show_it(tmp_path: Path) -> None:
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text="rea(1)") as home:
        drawing = "[python]\nfrom shapes import volume\n[python]\nsmall = volume(1) + a█\n"
        desktop = desk(home, drawing)
        home.client.open("file:///house/lab/shapes.py", "def volume(edge):\n    return edge**3\n")
        assert "lab/shapes.py" in await prompt_with(home, "def volume(edge)")
        desktop.change(structure=spliced(0, 1, DrawnCell("cell:new", "python", "def tiny(): 1", 0)))
        home.open("from areas import tiny\nx = tiny(█\n", uri="file:///house/lab/use.py")
        assert "lab/areas.ipynb" in await prompt_with(home, "def tiny()")


async def test_a_notebook_of_secrets_is_completed_only_by_hand(tmp_path: Path) -> None:
    secret = "file:///house/lab/credentials.ipynb"
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text="rea(1)") as home:
        desk(home, notebook=secret)
        assert await home.text(AUTOMATIC) == ""
        assert home.backend.generations == []
        assert await home.text(INVOKED) == "rea(1)"
        home.client.open("file:///house/lab/plain.py", "def girth(radius):\n    return 6\n")
        home.open("small = area(1) + girth(█)\n", uri="file:///house/lab/use.py")
        assert "def area" not in await prompt_with(home, "def girth(radius)")


async def test_a_cell_that_was_opened_as_a_document_is_one(tmp_path: Path) -> None:
    async with house(tmp_path, text="rea(1)") as home:
        capabilities = home.client.answers[1][0]["result"]["capabilities"]
        assert "notebookDocumentSync" not in capabilities
        home.open("small = a█\n", uri="vscode-notebook-cell:/house/lab/areas.ipynb#W0s")
        assert await home.text() == "rea(1)"
        assert "%%" not in (await home.generation()).json["prompt"]


async def test_a_lost_message_about_a_notebook_ends_its_service(tmp_path: Path) -> None:
    async with house(tmp_path, capabilities=KNOWS_NOTEBOOKS, text="rea(1)") as home:
        desk(home)
        assert await home.text() == "rea(1)"
        torn = (
            b'{"jsonrpc":"2.0","method":"notebookDocument/didChange","params":{"notebookDocument"'
        )
        torn += b':{"version":2,"uri":"%s"},"change":{"cells":{"structure":}' % NOTEBOOK.encode()
        home.client.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(torn), torn))
        shown = await home.client.notification("window/showMessage")
        assert "areas.ipynb" in shown["message"]
        assert await home.items() == []


async def test_reports_name_the_cell(tmp_path: Path) -> None:
    options = {"inglenook": {"reportTimings": True}}
    async with house(
        tmp_path, capabilities=KNOWS_NOTEBOOKS, options=options, text="rea(1)"
    ) as home:
        desk(home)
        await home.text()
        report = await home.client.notification("inglenook/completionReport")
        assert report["uri"] == home.uri
