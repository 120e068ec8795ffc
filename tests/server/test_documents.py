"""What listeners are told of documents: only of usable ones, each opened and closed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inglenook.server.documents import FEATURE_LIMIT, Documents, Fault
from inglenook_context.document import Document
from inglenook_context.text import Edit

URI = "file:///shop/a.py"


@dataclass
class Diary:
    lines: list[str] = field(default_factory=list)

    def on_open(self, document: Document) -> None:
        self.lines.append(f"open {document.version} {str(document.text)[:20]}")

    def on_change(self, document: Document, edits: tuple[Edit, ...]) -> None:
        spans = " ".join(f"{start}:{stop}>{end}" for start, stop, end in edits)
        self.lines.append(f"change {document.version} {document.text} [{spans}]")

    def on_save(self, document: Document) -> None:
        self.lines.append(f"save {document.version}")

    def on_close(self, uri: str) -> None:
        self.lines.append(f"close {uri}")


def documents() -> tuple[Documents, Diary, list[Fault]]:
    reports: list[Fault] = []
    made, diary = Documents(lambda _uri, fault: reports.append(fault)), Diary()
    made.listen(diary)
    return made, diary, reports


def opened(text: str, version: int = 1) -> dict[str, Any]:
    document = {"uri": URI, "languageId": "python", "version": version, "text": text}
    return {"textDocument": document}


def change(version: int, *edits: tuple[int, int, str]) -> dict[str, Any]:
    """Edits of one line, as (from, to, text)."""
    changes = [
        {
            "range": {"start": {"line": 0, "character": a}, "end": {"line": 0, "character": b}},
            "text": text,
        }
        for a, b, text in edits
    ]
    return {"textDocument": {"uri": URI, "version": version}, "contentChanges": changes}


def whole(version: int, text: str) -> dict[str, Any]:
    document = {"uri": URI, "version": version}
    return {"textDocument": document, "contentChanges": [{"text": text}]}


NAMED = {"textDocument": {"uri": URI}}


def test_the_life_of_a_document() -> None:
    synced, diary, reports = documents()
    synced.did_open(opened("abc"))
    synced.did_change(change(2, (1, 2, "X"), (0, 0, "__")))
    synced.did_change(whole(5, "__aYc"))
    synced.did_save(NAMED)
    synced.did_close(NAMED)
    synced.did_close(NAMED)
    synced.did_save(NAMED)
    assert diary.lines == [
        "open 1 abc",
        "change 2 __aXc [1:2>2 0:0>2]",
        "change 5 __aYc [3:4>4]",
        "save 5",
        f"close {URI}",
    ]
    assert not reports
    assert synced.get(URI) is None
    assert len(synced) == 0


def test_a_dirty_document_is_closed_to_listeners_until_it_is_mended() -> None:
    synced, diary, reports = documents()
    synced.did_open(opened("abc"))
    synced.did_change(change(2, (0, 0, "fine"), (3, 1, "reversed")))
    synced.did_change(change(3, (0, 0, "unheard")))
    synced.did_save(NAMED)
    dirty = synced.get(URI)
    assert dirty is not None
    assert not dirty.usable
    assert str(dirty.document.text) == "abc"  # nothing of the impossible message was done
    synced.did_change(whole(4, "mended"))
    assert diary.lines == ["open 1 abc", f"close {URI}", "open 4 mended"]
    assert reports == [Fault.DIRTY]


def test_a_whole_text_that_is_stale_mends_nothing() -> None:
    synced, _, _ = documents()
    synced.did_open(opened("abc", version=9))
    synced.did_change(whole(8, "older"))
    synced.did_change(whole(7, "older still"))
    assert synced.usable(URI) is None


def test_opening_again_without_closing_begins_anew() -> None:
    synced, diary, _ = documents()
    synced.did_open(opened("one", version=9))
    synced.did_open(opened("two", version=1))
    assert diary.lines == ["open 9 one", f"close {URI}", "open 1 two"]


def test_a_document_that_grows_too_long_is_closed_and_opened_when_it_shrinks() -> None:
    synced, diary, reports = documents()
    synced.did_open(opened("abc"))
    synced.did_change(change(2, (3, 3, "x" * FEATURE_LIMIT)))
    synced.did_change(change(3, (0, 0, "y")))
    large = synced.get(URI)
    assert large is not None
    assert large.fault is Fault.LARGE
    synced.did_change(change(4, (4, 4 + FEATURE_LIMIT, "")))
    assert diary.lines == ["open 1 abc", f"close {URI}", "open 4 yabc"]
    assert not reports


def test_distrust_of_all_when_it_is_unknown_which_was_meant() -> None:
    synced, diary, reports = documents()
    synced.did_open(opened("abc"))
    synced.distrust()
    synced.distrust()
    assert diary.lines == ["open 1 abc", f"close {URI}"]
    assert reports == [Fault.DIRTY]


def test_nonsense_is_survived() -> None:
    synced, diary, _ = documents()
    for params in (None, 7, [], {}, {"textDocument": 7}, {"textDocument": {"uri": 7}}):
        for take in (synced.did_open, synced.did_change, synced.did_close, synced.did_save):
            take(params)
    assert not diary.lines
