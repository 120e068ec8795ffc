"""What became of every key of the configuration, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from inglenook.engine.config.tree import Path, Value, path_text
from inglenook.engine.settings import Fate, Level, Notice, Row

_Place = tuple[str, Path]

_MOST: Final = 50  # notices on one file; a file with more is of another kind
_MOST_NAMED: Final = 20  # ignored keys in one notice


class Report:
    """Rows by file and path, in the order of the files, and the notices.

    It knows where each value that came out of a check stood, so that who makes something of the
    values can still say that one is refused.
    """

    def __init__(self) -> None:
        self._rows: dict[_Place, Row] = {}
        self._groups: dict[_Place, dict[_Place, None]] = {}  # rows by file and list entry
        self._notices: list[Notice] = []
        self._said: dict[str, int] = {}  # by file
        self._texts: set[str] = set()
        self._places: dict[int, tuple[Value, Path]] = {}
        self._ignored: dict[str, list[str]] = {}  # by file: keys that are named in one notice

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows.values())

    @property
    def notices(self) -> tuple[Notice, ...]:
        """All that was said, and a last sentence for each file on what was not."""
        ends = []
        for file, count in self._said.items():
            if count > _MOST:
                text = f"{file}: {count - _MOST} more; all are in: inglenook config show"
                ends.append(Notice(Level.WARNING, text))
        for file, keys in self._ignored.items():
            more = " and more" if len(keys) > _MOST_NAMED else ""
            text = (
                f"{file}: these keys have no effect here and were ignored: "
                f"{', '.join(keys[:_MOST_NAMED])}{more}"
            )
            ends.append(Notice(Level.INFO, text))
        return (*self._notices, *ends)

    def add(self, notices: list[Notice]) -> None:
        self._notices += notices

    def row(self, value: Value, path: Path, fate: Fate, why: str = "", shown: str = "") -> None:
        row = Row(path_text(path), fate, value.file, value.line, why, shown)
        self._put((value.file, path), row)

    def _put(self, place: _Place, row: Row) -> None:
        self._rows[place] = row
        self._groups.setdefault((place[0], place[1][:2]), {})[place] = None

    def placed(self, value: Value, path: Path) -> Value:
        """``value``, of which is kept where it stands."""
        self._places[id(value)] = value, path
        return value

    def path(self, value: Value) -> Path:
        """Where a value that was checked stands in its file."""
        return self._places[id(value)][1] if id(value) in self._places else ()

    def ignored(self, value: Value, path: Path) -> None:
        """Names a key in the notice on those without effect."""
        self._ignored.setdefault(value.file, []).append(path_text(path))

    def is_full(self, file: str) -> bool:
        """Whether nothing more will be said of ``file``."""
        return self._said.get(file, 0) >= _MOST

    def say(self, value: Value, path: Path, text: str, level: Level = Level.WARNING) -> None:
        """``text`` goes on after file, line and key: "is a list; expected a text"."""
        line = f":{value.line}" if value.line else ""
        text = f"{value.file}{line}: {path_text(path) or 'the file'}: {text}"
        if text in self._texts:
            return  # of what all entries have, each would say the same
        self._texts.add(text)
        count = self._said[value.file] = self._said.get(value.file, 0) + 1
        if count <= _MOST:
            self._notices.append(Notice(level, text))

    def refuse(self, value: Value, text: str, why: str = "") -> None:
        """What was checked and found good cannot be used after all. ``why``: for its row."""
        path = self.path(value)
        self.say(value, path, text)
        self.mark(value, path, Fate.REFUSED, why or text[0].upper() + text[1:])

    def mark(self, value: Value, path: Path, fate: Fate, why: str) -> None:
        """Another fate for ``path`` and all in it that is not refused already."""
        found = self._within(value.file, path)
        for place in found:
            row = self._rows[place]
            if row.fate is not Fate.REFUSED:
                shown = "" if fate is Fate.REFUSED else row.value
                self._rows[place] = replace(row, fate=fate, why=why, value=shown)
        if not found:
            self.row(value, path, fate, why)

    def mark_used(self, fate: Fate, why: str) -> None:
        """Another fate for whatever is used or ignored."""
        for place, row in self._rows.items():
            if row.fate in (Fate.USED, Fate.IGNORED):
                self._rows[place] = replace(row, fate=fate, why=why, value="")

    def _within(self, file: str, path: Path) -> list[_Place]:
        """The rows for ``path`` and for what is in it."""
        near = self._rows if len(path) < 2 else self._groups.get((file, path[:2]), {})
        return [each for each in near if each[0] == file and each[1][: len(path)] == path]

    def take(self, other: Report) -> None:
        """What another report on other keys has."""
        for place, row in other._rows.items():
            self._put(place, row)
        self._notices += other._notices
        self._places |= other._places
        for file, count in other._said.items():
            self._said[file] = self._said.get(file, 0) + count
        for file, keys in other._ignored.items():
            self._ignored.setdefault(file, []).extend(keys)
