"""One seeded editing run of the oracle against the server's documents."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from inglenook.server.documents import Documents
from inglenook.server.framing import decode
from inglenook.server.positions import Encoding, offset_at, position_at
from inglenook_context.document import Document
from inglenook_context.text import Edit
from tests.support.sync_oracle import ALPHABETS, ByteEditor, Typist

URI = "file:///shop/run.py"


@dataclass(slots=True)
class Follower:
    """Keeps its own text from the edits alone, as an incremental parser would."""

    text: str = ""
    closed: bool = True
    errors: list[str] = field(default_factory=list)

    def on_open(self, document: Document) -> None:
        self.text, self.closed = str(document.text), False

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        new = str(document.text)
        if len(edits) == 1:
            start, stop, new_stop = edits[0]
            if self.text[:start] + new[start:new_stop] + self.text[stop:] != new:
                self.errors.append(f"the edit {edits[0]} does not lead to the new text")
        elif len(self.text) + sum(e.new_stop - e.stop for e in edits) != len(new):
            self.errors.append("the edits do not add up to the new length")
        self.text = new

    def on_save(self, document: Document) -> None:
        pass

    def on_close(self, uri: str) -> None:
        self.closed = uri == URI


def wire(params: Any) -> Any:
    """The params as the server decodes them from the bytes of a message."""
    return decode(json.dumps(params).encode())


def run(seed: int, encoding: str, alphabet: str, batches: int) -> tuple[int, str | None]:
    """Make that many batches of edits; returns how many edits, and the first difference."""
    random = Random(f"{seed} {encoding} {alphabet}")
    # Every hundredth text is long enough to be kept in several blocks.
    longest = 15_000 if seed % 100 == 99 else 60
    typist = Typist(ByteEditor(encoding), random, ALPHABETS[alphabet], longest)
    documents, follower = Documents(), Follower()
    documents.encoding = Encoding(encoding)
    documents.listen(follower)
    opened = {"uri": URI, "languageId": "python", "version": 0, "text": typist.open()}
    documents.did_open(wire({"textDocument": opened}))
    version, edits = 0, 0
    for batch in range(batches):
        version += random.randint(1, 3)
        changes = typist.batch()
        edits += len(changes)
        document = {"uri": URI, "version": version}
        documents.did_change(wire({"textDocument": document, "contentChanges": changes}))
        if difference := _difference(documents, typist, follower):
            return edits, f"seed {seed}, {encoding}, {alphabet}, batch {batch}: {difference}"
    return edits, None


def _difference(documents: Documents, typist: Typist, follower: Follower) -> str | None:
    document = documents.usable(URI)
    editor = typist.editor
    if document is None:
        return "the document is not usable"
    if str(document.text) != editor.text:
        return f"{str(document.text)!r} is not {editor.text!r}"
    if follower.errors or follower.closed:
        return f"listeners were misled: {follower.errors}"
    starts = editor.line_starts()
    if document.text.line_count != len(starts):
        return "the lines are not the same"
    boundary = typist.some_boundary()
    place = editor.position(boundary, starts)
    offset = offset_at(document.text, *place, documents.encoding)
    if editor.encoded(str(document.text)[:offset]) != bytes(editor.units[:boundary]):
        return f"position {place} is not offset {offset}"
    if position_at(document.text, offset, documents.encoding) != place:
        return f"offset {offset} is not position {place}"
    return None
