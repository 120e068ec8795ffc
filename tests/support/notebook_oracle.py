"""An editor of notebooks that keeps plain lists and strings, to check the server's against.

It shares no code with the server: its cells are `ByteEditor`s, and what a model should be shown
is put together here anew from their texts, line by line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.support.sync_oracle import ALPHABETS, ByteEditor, Typist, on_the_wire

NOTEBOOK: Final = "file:///house/lab/oracle.ipynb"
LANGUAGES: Final = ("python", "python", "python", "sql", "javascript", "r", "markdown")
MAGIC: Final = [*"ab %!?\t\n", "\r\n", "\r", "😀", "%time", "!ls", "?x", "%%bash", "%%js", "\n%%R"]
TEXTS: Final = {**ALPHABETS, "magic": MAGIC, "magics": MAGIC}

_MARKS: Final = {"sql": "--", "javascript": "//"}
_MAGICS: Final = {"bash": "shellscript", "js": "javascript", "R": "r", "time": "python"}
_BREAKS: Final = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_HALF: Final = 200  # characters that are shown of either end of a long note


@dataclass(slots=True)
class OracleCell:
    uri: str
    language: str  # as the editor says it
    markup: bool
    typist: Typist
    version: int = 1

    @property
    def text(self) -> str:
        return self.typist.editor.text

    @property
    def written_in(self) -> str:
        if self.markup:
            return "markdown"
        head = self.text.lstrip()
        if self.language != "python" or head[:2] != "%%":
            return self.language
        name = ""
        for letter in head[2:]:
            if not (letter.isascii() and letter.isalpha()):
                break
            name += letter
        return _MAGICS.get(name, "python")

    @property
    def handle(self) -> dict[str, Any]:
        return {"kind": 1 if self.markup else 2, "document": self.uri}

    @property
    def item(self) -> dict[str, Any]:
        text = on_the_wire(self.text)
        document = {"uri": self.uri, "languageId": self.language, "version": self.version}
        return {**document, "text": text}


@dataclass(slots=True)
class NotebookEditor:
    """Makes random edits and tells each as the ``change`` of one ``notebookDocument/didChange``."""

    random: Random
    encoding: str
    alphabet: list[str]
    cells: list[OracleCell] = field(default_factory=list)
    version: int = 0
    _born: int = 0

    def open(self) -> dict[str, Any]:
        self.cells = [self._new() for _ in range(self.random.randint(0, 6))]
        return {
            "notebookDocument": {
                "uri": NOTEBOOK,
                "notebookType": "jupyter-notebook",
                "version": self.version,
                "cells": [cell.handle for cell in self.cells],
            },
            "cellTextDocuments": [cell.item for cell in self.cells],
        }

    def step(self) -> dict[str, Any]:
        """One message: mostly typing, else a change of the cells, now and then both."""
        self.version += self.random.choice((0, 1, 1, 3))
        cells: dict[str, Any] = {}
        lot = self.random.random()
        if lot > 0.6 or not self.cells:
            cells |= self.random.choice((self._insert, self._delete, self._move, self._turn))()
        if lot < 0.65 and self.cells:
            cells["textContent"] = self._type()
        notebook = {"uri": NOTEBOOK, "version": self.version}
        return {"notebookDocument": notebook, "change": {"cells": cells}}

    # The changes of cells

    def _insert(self) -> dict[str, Any]:
        new = [self._new() for _ in range(self.random.randint(1, 3))]
        return self._splice(self.random.randint(0, len(self.cells)), 0, new, new)

    def _delete(self) -> dict[str, Any]:
        start = self.random.randint(0, len(self.cells))
        stop = self.random.randint(start, min(start + 2, len(self.cells)))
        return self._splice(start, stop - start, [], [])

    def _move(self) -> dict[str, Any]:
        """As VS Code says it: all cells between the old place and the new one are replaced."""
        if not self.cells:
            return self._insert()
        places = range(len(self.cells))
        old, new = self.random.choice(places), self.random.choice(places)
        start, stop = min(old, new), max(old, new) + 1
        moved = self.cells[start:stop]
        moved.insert(new - start, moved.pop(old - start))
        return self._splice(start, stop - start, moved, [])

    def _turn(self) -> dict[str, Any]:
        """Another kind, told as data; or another language, for which the cell is opened anew."""
        if not self.cells:
            return self._insert()
        at = self.random.randrange(len(self.cells))
        cell = self.cells[at]
        if self.random.random() < 0.4:
            cell.markup = not cell.markup
            return {"data": [{**cell.handle, "metadata": {"tags": []}}]}
        cell.language = self.random.choice(LANGUAGES)
        cell.markup = cell.language == "markdown"
        cell.version = 1
        cell.typist.editor.set_text(cell.text)  # its halves of characters meet on the wire
        return self._splice(at, 1, [cell], [cell], closed=[cell])

    def _splice(
        self,
        start: int,
        removed: int,
        new: list[OracleCell],
        opened: list[OracleCell],
        closed: list[OracleCell] | None = None,
    ) -> dict[str, Any]:
        gone = self.cells[start : start + removed] if closed is None else closed
        self.cells[start : start + removed] = new
        if closed is None:
            gone = [cell for cell in gone if cell not in new]
        array: dict[str, Any] = {"start": start, "deleteCount": removed}
        if new or self.random.random() < 0.5:
            array["cells"] = [cell.handle for cell in new]
        structure: dict[str, Any] = {"array": array}
        if opened:
            structure["didOpen"] = [cell.item for cell in opened]
        if gone:
            structure["didClose"] = [{"uri": cell.uri} for cell in gone]
        return {"structure": structure}

    def _type(self) -> list[dict[str, Any]]:
        most = 12 if self.random.random() < 0.05 else 2
        count = min(self.random.randint(1, most), len(self.cells))
        changes = []
        for cell in self.random.sample(self.cells, count):
            cell.version += self.random.randint(1, 2)
            document = {"uri": cell.uri, "version": cell.version}
            batch = [] if self.random.random() < 0.05 else cell.typist.batch()
            changes.append({"document": document, "changes": batch})
        return changes

    def _new(self) -> OracleCell:
        self._born += 1
        language = self.random.choice(LANGUAGES)
        longest = 900 if self.random.random() < 0.05 else 25
        typist = Typist(ByteEditor(self.encoding), self.random, self.alphabet, longest)
        typist.open()
        uri = f"vscode-notebook-cell:/house/lab/oracle.ipynb#W{self._born}s%3D"
        return OracleCell(uri, language, language == "markdown", typist)


# What a model should be shown


def expected_view(language: str, cells: list[OracleCell]) -> str:
    blocks = []
    for cell in cells:
        own = cell.written_in == language
        note = "" if own else _excerpt(cell.text)
        if language == "markdown":
            fenced = f"```{cell.written_in}\n{note}\n```" if note else ""
            blocks.append(cell.text if own else fenced)
        elif own:
            blocks.append(_MARKS.get(language, "#") + " %%\n" + expected_text(language, cell.text))
        else:
            lines = [f"%% [{cell.written_in}]", *(note.split("\n") if note else ())]
            blocks.append(_commented(lines, _MARKS.get(language, "#")))
    return "\n\n".join(blocks)


def expected_text(language: str, text: str) -> str:
    """A cell's own text in the view of its language."""
    if language == "markdown":
        return text
    mark = (_MARKS.get(language, "#") + "%")[:2]
    shown = ""
    for line in lines_of(text):
        code = line.lstrip(" \t")
        margin = line[: len(line) - len(code)]
        if language == "python" and _is_ipython(code):
            shown += margin + "#" + code[1:]
        elif language != "python" and line[:2] == "%%" and _is_letter(line[2:3]):
            shown += mark + line[2:]
        else:
            shown += line
    return shown


def lines_of(text: str) -> list[str]:
    """The lines with their ends: CR LF, LF or CR."""
    lines, line = [], ""
    for at, character in enumerate(text):
        line += character
        if character == "\n" or (character == "\r" and text[at + 1 : at + 2] != "\n"):
            lines.append(line)
            line = ""
    return [*lines, line]


def _is_ipython(code: str) -> bool:
    if code[:1] == "%":
        name = code[2:] if code[1:2] == "%" else code[1:]
        return _is_letter(name[:1]) or name[:1] == "_"
    if code[:1] == "?":
        return code[1:2].isalnum() or code[1:2] in ("_", "%")
    return code[:1] == "!" and code[1:2] != "="


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _excerpt(text: str) -> str:
    if len(text) <= 2 * _HALF:
        lines = [line.rstrip("\r\n") for line in lines_of(text)]
    else:
        first = [line.rstrip("\r\n") for line in lines_of(text[:_HALF])]
        last = [line.rstrip("\r\n") for line in lines_of(text[-_HALF:])]
        lines = [*(first[:-1] or first), "…", *(last[1:] or last)]
    return "\n".join(lines).strip("\n")


def _commented(lines: list[str], mark: str) -> str:
    plain = ["".join([" " if sign in _BREAKS else sign for sign in line]) for line in lines]
    return "\n".join([f"{mark} {line} ".rstrip() for line in plain])
