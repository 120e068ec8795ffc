"""Notebooks in step with the editor: an oracle's random sessions, and what no editor may send."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

import pytest

from inglenook.engine.ask import Answer
from inglenook.server.base import InglenookServer
from inglenook.server.documents import FEATURE_LIMIT
from inglenook.server.notebook import CELL_LIMIT, notebook_of, view_uri
from inglenook.server.notebooks import Notebooks
from inglenook.server.served import Served
from inglenook.server.uris import key_of
from inglenook_context.document import Document
from inglenook_context.text import Edit, Text
from tests.support.lsp_client import replacing
from tests.support.notebook_drawn import (
    NOTEBOOK,
    DrawnCell,
    cell_uri,
    cells_of,
    did_change,
    did_close,
    did_open,
    spliced,
    typed,
)
from tests.support.notebook_oracle import TEXTS
from tests.support.notebook_run import run
from tests.support.sync_oracle import ENCODINGS

ALPHABETS = list(TEXTS)
PYTHON, SQL = view_uri(NOTEBOOK, "python"), view_uri(NOTEBOOK, "sql")
DRAWING = """\
[python]
import math
[markdown]
# Areas
[python]
area(1)
"""


@pytest.mark.parametrize("first", range(0, 500, 100))
def test_random_sessions_leave_both_sides_with_the_same_notebook(first: int) -> None:
    for seed in range(first, first + 100):
        alphabet = ALPHABETS[seed // 3 % len(ALPHABETS)]
        compared, difference = run(seed, ENCODINGS[seed % 3], alphabet, steps=12)
        assert difference is None, difference
        assert compared


@dataclass
class Diary:
    lines: list[str] = field(default_factory=list)

    def on_open(self, document: Document) -> None:
        self.lines.append(f"open {document.language} {str(document.text)!r}")

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        spans = " ".join(f"{start}:{stop}>{end}" for start, stop, end in edits)
        self.lines.append(f"change {document.language} [{spans}]")

    def on_save(self, document: Document) -> None:
        self.lines.append("save")

    def on_leave(self, uri: str) -> None:
        self.lines.append(f"leave {uri}")

    def on_close(self, uri: str) -> None:
        self.lines.append(f"close {uri}")


@dataclass
class Room:
    """Open notebooks, what the engine was told of them, and what their user was."""

    diary: Diary = field(default_factory=Diary)
    reports: list[str] = field(default_factory=list)
    version: int = 1

    def __post_init__(self) -> None:
        self.notebooks = Notebooks(lambda uri, fault: self.reports.append(f"{fault} {uri}"))
        self.notebooks.listen(self.diary)

    def open(self, drawing: str = DRAWING) -> list[DrawnCell]:
        cells = cells_of(drawing)
        self.notebooks.did_open(did_open(cells))
        self.diary.lines.clear()
        return cells

    def change(self, **cells: Any) -> None:
        self.version += 1
        self.notebooks.did_change(did_change(self.version, **cells))

    def served(self, number: int) -> Served | None:
        uri = cell_uri(number)
        notebook = self.notebooks.holding(uri)
        return notebook.served(key_of(uri)) if notebook is not None else None

    def shown(self, number: int) -> str:
        """The view in which a cell is completed, its own text between marks."""
        served = self.served(number)
        if served is None:
            return "nothing"
        view, stop = str(served.document.text), served.start + len(served.text)
        return f"{view[: served.start]}«{view[served.start : stop]}»{view[stop:]}"


NEW = DrawnCell(cell_uri(9), "python", "new", None)


def test_the_life_of_a_notebook() -> None:
    room = Room()
    cells = cells_of(DRAWING)
    room.notebooks.did_open(did_open(cells))
    room.change(textContent=[typed(cells[2].uri, 2, replacing((0, 6), (0, 6), "0"))])
    room.change(textContent=[typed(cells[1].uri, 2, replacing((0, 7), (0, 7), "!"))])
    assert room.shown(2) == "# %%\nimport math\n\n# %% [markdown]\n# # Areas!\n\n# %%\n«area(10)»"
    room.change(structure=spliced(0, 1, closed=(cells[0].uri,)))
    assert room.shown(2) == "# %% [markdown]\n# # Areas!\n\n# %%\n«area(10)»"
    assert room.shown(0) == "nothing"
    room.notebooks.did_close(did_close(cells))
    assert room.shown(2) == "nothing"
    view = repr("# %%\nimport math\n\n# %% [markdown]\n# # Areas\n\n# %%\narea(1)")
    assert room.diary.lines == [
        f"open python {view}",
        "change python [56:56>57]",
        "change python [18:43>44]",
        f"leave {PYTHON}",
        "change python [0:18>0]",
        f"close {PYTHON}",
    ]
    assert not room.reports
    assert len(room.notebooks) == 0


def test_moving_cells_opens_none_of_them_again() -> None:
    room = Room()
    cells = room.open()
    room.change(structure=spliced(0, 3, cells[2], cells[0], cells[1], opened=False))
    assert room.shown(0) == "# %%\narea(1)\n\n# %%\n«import math»\n\n# %% [markdown]\n# # Areas"
    assert room.shown(2).startswith("# %%\n«area(1)»")
    assert not room.reports


def test_a_run_of_a_cell_changes_nothing() -> None:
    """VS Code tells a new execution count as the cell replaced by itself."""
    room = Room()
    cells = room.open()
    room.change(structure=spliced(2, 1, cells[2], opened=False))
    room.change(data=[{**cells[0].handle, "executionSummary": {"executionOrder": 1}}])
    assert not room.diary.lines


def test_a_cell_that_becomes_a_note_is_one() -> None:
    room = Room()
    cells = room.open()
    room.change(data=[{"kind": 1, "document": cells[0].uri}])
    assert room.shown(2).startswith("# %% [markdown]\n# import math\n\n")
    room.change(data=[{"kind": 2, "document": cells[1].uri}])
    assert room.shown(2).startswith(
        "# %% [markdown]\n# import math\n\n# %% [markdown]\n# # Areas\n"
    )


def test_another_language_is_closed_and_opened_under_the_same_uri() -> None:
    room = Room()
    cells = room.open()
    sql = DrawnCell(cells[0].uri, "sql", "SELECT 1", None)
    room.change(structure=spliced(0, 1, sql, closed=(sql.uri,)))
    assert room.shown(2).startswith("# %% [sql]\n# SELECT 1\n\n")
    assert room.shown(0).startswith("-- %%\n«SELECT 1»\n\n-- %% [markdown]\n")
    room.change(structure=spliced(0, 1, cells[0], closed=(sql.uri,)))
    assert room.shown(2).startswith("# %%\nimport math\n\n")
    assert room.diary.lines[-1] == f"close {SQL}"
    room.change(structure=spliced(2, 1, DrawnCell(cells[2].uri, "python", "%%bash\nls", None)))
    assert room.shown(2).endswith("# %%\n«#%bash\nls»")


def test_views_are_made_when_they_are_asked_for_and_few_are_kept() -> None:
    room = Room()
    languages = ("python", "python", "sql", "r", "lua", "ruby", "go")
    room.open("".join(f"[{language}]\nx\n" for language in languages))
    for number in (2, 3, 4, 5, 6):
        assert "«x»" in room.shown(number)
    kinds = [line.split()[1] for line in room.diary.lines if line.startswith("open")]
    assert kinds == ["sql", "r", "lua", "ruby", "go"]
    assert [line for line in room.diary.lines if line.startswith("close")] == [
        f"close {SQL}",
        f"close {view_uri(NOTEBOOK, 'r')}",
    ]
    assert "«x»" in room.shown(0)


def test_a_cell_out_of_step_is_left_out_until_a_whole_text_mends_it() -> None:
    room = Room()
    cells = room.open()
    room.change(textContent=[typed(cells[0].uri, 2, replacing((7, 0), (7, 1), "x"))])
    assert room.reports == [f"dirty {cells[0].uri}"]
    assert room.shown(0) == "nothing"
    assert room.shown(2) == "# %%\n\n\n# %% [markdown]\n# # Areas\n\n# %%\n«area(1)»"
    room.change(textContent=[typed(cells[0].uri, 3, {"text": "mended"})])
    assert room.shown(0).startswith("# %%\n«mended»\n\n")


def test_many_texts_that_change_at_once_are_one_change() -> None:
    room = Room()
    cells = room.open("".join(f"[python]\nold {number}\n" for number in range(20)))
    room.change(textContent=[typed(cell.uri, 2, {"text": "new"}) for cell in cells])
    assert room.shown(19).count("new") == 20
    assert len([line for line in room.diary.lines if line.startswith("change")]) == 1


def test_a_version_that_changes_nothing_holds_nothing_up() -> None:
    room = Room()
    cells = room.open()
    room.change(
        textContent=[
            typed(cells[0].uri, 2),
            typed(cells[2].uri, 2, replacing((0, 6), (0, 6), "0")),
        ]
    )
    room.change(textContent=[typed(cells[0].uri, 3, replacing((0, 0), (0, 0), "x"))])
    assert room.shown(2) == "# %%\nximport math\n\n# %% [markdown]\n# # Areas\n\n# %%\n«area(10)»"
    assert [line.split()[0] for line in room.diary.lines] == ["change", "change"]
    assert not room.reports


@dataclass
class Broken(Diary):
    """A listener with a fault: it fails at changes."""

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        raise ZeroDivisionError


@pytest.mark.parametrize("named", ["notebook", "document", "neither"])
def test_a_message_that_fails_half_way_is_a_lost_one(named: str) -> None:
    """What it names serves nothing until it is opened again; the rest goes on."""
    server = InglenookServer()
    server.protocol._initialized = True

    def tell(method: str, params: Any) -> None:
        server.protocol.receive({"jsonrpc": "2.0", "method": method, "params": params})

    def open_both() -> None:
        document = {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": "a"}
        tell("textDocument/didOpen", {"textDocument": document})
        tell("notebookDocument/didOpen", did_open(cells))

    def usable() -> tuple[bool, bool]:
        uri = cell_uri(2)
        notebook = server.notebooks.holding(uri)
        assert notebook is not None
        served = notebook.served(key_of(uri))
        return server.documents.usable("file:///a.py") is not None, served is not None

    cells = cells_of(DRAWING)
    open_both()
    assert usable() == (True, True)
    change = {"range": replacing((0, 0), (0, 0), "x")["range"], "text": "x"}
    if named == "notebook":
        server.notebooks.listen(Broken())
        tell(
            "notebookDocument/didChange",
            did_change(2, textContent=[typed(cells[2].uri, 2, change)]),
        )
    elif named == "document":
        server.documents.listen(Broken())
        versioned = {"uri": "file:///a.py", "version": 2}
        tell("textDocument/didChange", {"textDocument": versioned, "contentChanges": [change]})
    else:
        server.protocol._sync["textDocument/didSave"] = {}.__getitem__
        tell("textDocument/didSave", {})
    assert usable() == (named == "notebook", named == "document")
    open_both()
    assert usable() == (True, True)


IMPOSSIBLE: dict[str, Any] = {
    "replaces cells that are not there": {"structure": spliced(2, 2)},
    "begins behind the last cell": {"structure": spliced(4, 0, NEW)},
    "begins before the first cell": {"structure": spliced(-1, 1)},
    "takes away fewer than none": {"structure": spliced(2, -1)},
    "has a cell twice": {
        "structure": spliced(0, 0, DrawnCell(cell_uri(2), "python", "twice", None))
    },
    "brings a cell twice": {"structure": spliced(0, 3, NEW, NEW)},
    "has no numbers": {"structure": {"array": {"start": "0", "deleteCount": None}}},
    "has no array": {"structure": {}},
    "names no cell": {"data": [{"kind": 2}]},
    "has no list": {"textContent": 7},
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_an_impossible_change_ends_service_until_the_notebook_is_opened_again(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    room = Room()
    cells = room.open()
    with caplog.at_level(logging.WARNING, logger="inglenook"):
        room.change(**IMPOSSIBLE[case])
        room.change(**IMPOSSIBLE[case])
        room.change(textContent=[typed(cells[0].uri, 2, {"text": "unheard"})])
    assert [room.shown(number) for number in range(3)] == ["nothing"] * 3
    assert room.reports == [f"dirty {NOTEBOOK}"]
    assert [record.message for record in caplog.records if "areas" in record.message] == []
    assert len(caplog.records) == 1
    assert f"close {PYTHON}" in room.diary.lines
    room.open()
    assert "«area(1)»" in room.shown(2)


def test_a_version_that_goes_back_is_impossible_and_one_that_stays_is_not() -> None:
    room = Room()
    cells = room.open()
    for version in (5, 5, 6):
        room.notebooks.did_change(did_change(version, structure=spliced(0, 0)))
    room.notebooks.did_change(
        did_change(6, textContent=[typed(cells[0].uri, 2, replacing((0, 0), (0, 0), "x"))])
    )
    assert room.shown(0).startswith("# %%\n«ximport math»")
    room.notebooks.did_change(did_change(5, structure=spliced(0, 0)))
    assert room.shown(0) == "nothing"
    assert room.reports == [f"dirty {NOTEBOOK}"]


def test_a_change_of_what_nobody_opened_is_said_once() -> None:
    room = Room()
    room.open()
    for _ in range(3):
        room.change(textContent=[typed("cell:unknown", 2, {"text": "x"})])
        room.change(data=[{"kind": 1, "document": "cell:unknown"}])
        room.notebooks.did_change(did_change(7, "file:///never.ipynb", structure=spliced(0, 0)))
    assert room.reports == ["dirty cell:unknown", "dirty file:///never.ipynb"]
    assert "«area(1)»" in room.shown(2)


def test_a_cell_without_a_text_is_not_served_until_it_has_one() -> None:
    room = Room()
    cells = cells_of(DRAWING)
    room.notebooks.did_open({**did_open(cells), "cellTextDocuments": [cells[2].item, {"uri": 7}]})
    assert room.shown(0) == "nothing"
    room.notebooks.did_open({**did_open(cells), "cellTextDocuments": [cells[2].item]})
    assert room.shown(0) == "nothing"
    assert room.shown(2) == "# %%\n\n\n# %%\n\n\n# %%\n«area(1)»"
    room.change(structure=spliced(0, 1, cells[0]))
    assert room.shown(0).startswith("# %%\n«import math»")


def test_nonsense_is_survived() -> None:
    room = Room()
    room.open()
    nonsense = (None, 7, [], {}, {"notebookDocument": 7}, {"notebookDocument": {"uri": 7}})
    for params in nonsense:
        room.notebooks.did_close(params)
    assert "«area(1)»" in room.shown(2)
    for take in (room.notebooks.did_open, room.notebooks.did_change):
        for params in nonsense:
            take(params)
    assert room.shown(2) == "nothing"
    room.open()
    assert "«area(1)»" in room.shown(2)


def test_a_message_that_was_lost_ends_service_of_the_notebook_that_it_names() -> None:
    room = Room()
    room.open()
    room.notebooks.distrust("file:///other.py")
    assert "«area(1)»" in room.shown(2)
    room.notebooks.distrust(cell_uri(1))
    assert room.shown(2) == "nothing"
    room.open()
    room.notebooks.distrust(None)
    assert room.shown(2) == "nothing"
    assert room.reports == [f"dirty {NOTEBOOK}"] * 2


def test_opening_again_without_closing_begins_anew() -> None:
    room = Room()
    room.open()
    room.notebooks.did_open(did_open(cells_of("[python]\nanew\n")))
    assert room.diary.lines == [f"close {PYTHON}", "open python '# %%\\nanew'"]


def test_what_is_too_large_is_kept_in_step_and_not_served() -> None:
    room = Room()
    cells = room.open("[python]\nsmall\n[python]\n" + "x\n" * (FEATURE_LIMIT // 2) + "y\n")
    assert "«small»" in room.shown(0)  # the large cell is left out
    half = {"text": "z\n" * (FEATURE_LIMIT // 4)}
    room.change(textContent=[typed(cell.uri, 2, half) for cell in cells])
    assert room.shown(0) == room.shown(1) == "nothing"
    room.change(textContent=[typed(cells[0].uri, 3, {"text": "z"})])
    assert "«z»" in room.shown(0)
    room.change(structure=spliced(0, 2, closed=(cells[0].uri, cells[1].uri)))
    room.open("[python]\nx\n" * CELL_LIMIT)
    assert "«x»" in room.shown(0)
    room.change(structure=spliced(0, 0, DrawnCell("cell:one", "python", "too many", None)))
    assert room.shown(0) == "nothing"
    room.change(structure=spliced(0, 1, closed=("cell:one",)))
    assert "«x»" in room.shown(0)
    assert not room.reports


def test_a_listener_that_comes_late_is_told_what_is_there() -> None:
    room, late = Room(), Diary()
    room.open("[python]\nx\n")
    room.notebooks.listen(late)
    assert late.lines == ["open python '# %%\\nx'"]


def test_the_uri_of_a_view_names_its_notebook_and_language() -> None:
    assert notebook_of(view_uri("file:///a:b/c#d.ipynb", "a:b")) == "file:///a:b/c#d.ipynb"
    assert view_uri(NOTEBOOK, "a:b") != view_uri(NOTEBOOK, "a")
    assert notebook_of(NOTEBOOK) is None


def test_an_answer_is_for_its_cell_and_no_other() -> None:
    room = Room()
    room.open("[python]\na\r\nb\n[python]\nb\n")
    first, second = room.served(0), room.served(1)
    assert first is not None
    assert second is not None
    answer = Answer(("one\ntwo", "\n\n# %%\nthree"), first.document, first.start + 1)
    assert first.fitted(answer) == (1, ("one\r\ntwo",))
    assert second.fitted(answer) == (0, ())
    stale = Document(first.document.uri, "python", 0, Text.of(""))
    assert first.fitted(Answer(("one",), stale, first.start)) == (0, ())


def test_a_cell_that_was_closed_is_forgotten() -> None:
    room = Room()
    cells = room.open()
    room.change(structure=spliced(0, 1, closed=(cells[0].uri,)))
    room.change(structure=spliced(0, 0, cells[0], opened=False))
    assert room.shown(0) == "nothing"
    assert "import math" not in room.shown(2)
