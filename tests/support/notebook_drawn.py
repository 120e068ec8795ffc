"""Drawn notebooks: each cell begins with its language in brackets, the cursor is a ``█``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from tests.support.drawn import MARK

_CELL: Final = re.compile(r"^\[(\w+)\]\n", re.MULTILINE)
NOTEBOOK: Final = "file:///house/lab/areas.ipynb"


@dataclass(frozen=True)
class DrawnCell:
    uri: str
    language: str
    text: str
    cursor: int | None  # offset in the text
    notebook: str = NOTEBOOK

    @property
    def handle(self) -> dict[str, Any]:
        """The cell as a notebook message names it."""
        return {"kind": 1 if self.language == "markdown" else 2, "document": self.uri}

    @property
    def item(self) -> dict[str, Any]:
        """The cell's text as a message opens it."""
        return {"uri": self.uri, "languageId": self.language, "version": 1, "text": self.text}


def cells_of(drawing: str, notebook: str = NOTEBOOK) -> list[DrawnCell]:
    """The cells of a drawing; a cell's last line end is the drawing's."""
    _, *parts = _CELL.split(drawing)
    cells = []
    for number, (language, text) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        before, mark, after = text.removesuffix("\n").partition(MARK)
        cursor = len(before) if mark else None
        uri = cell_uri(number, notebook)
        cells.append(DrawnCell(uri, language, before + after, cursor, notebook))
    return cells


def cell_uri(number: int, notebook: str = NOTEBOOK) -> str:
    path = notebook.removeprefix("file://")
    return f"vscode-notebook-cell:{path}#W{number}sZmlsZQ%3D%3D"


def did_open(cells: list[DrawnCell], notebook: str = NOTEBOOK, version: int = 1) -> dict[str, Any]:
    return {
        "notebookDocument": {
            "uri": notebook,
            "notebookType": "jupyter-notebook",
            "version": version,
            "cells": [cell.handle for cell in cells],
        },
        "cellTextDocuments": [cell.item for cell in cells],
    }


def did_change(version: int, notebook: str = NOTEBOOK, **cells: Any) -> dict[str, Any]:
    """``cells`` are ``structure``, ``data`` and ``textContent``."""
    return {
        "notebookDocument": {"uri": notebook, "version": version},
        "change": {"cells": cells},
    }


def spliced(
    start: int, removed: int, *cells: DrawnCell, opened: bool = True, closed: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The ``structure`` that replaces cells; moved ones are not opened again."""
    return {
        "array": {"start": start, "deleteCount": removed, "cells": [cell.handle for cell in cells]},
        "didOpen": [cell.item for cell in cells] if opened else [],
        "didClose": [{"uri": uri} for uri in closed],
    }


def typed(uri: str, version: int, *changes: dict[str, Any]) -> dict[str, Any]:
    """One entry of ``textContent``."""
    return {"document": {"uri": uri, "version": version}, "changes": list(changes)}


def did_close(cells: list[DrawnCell], notebook: str = NOTEBOOK) -> dict[str, Any]:
    documents = [{"uri": cell.uri} for cell in cells]
    return {"notebookDocument": {"uri": notebook}, "cellTextDocuments": documents}
