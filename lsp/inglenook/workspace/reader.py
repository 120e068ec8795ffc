"""The index of one root as the server reads it: a row by its name, never waiting.

Whatever is wrong with the database means that nothing is known.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from pathlib import Path
from typing import Any, Final

from inglenook.workspace.child import BODY_LIMIT
from inglenook.workspace.place import connect
from inglenook.workspace.store import split
from inglenook_context.facts import Facts, load

_WAIT_SECONDS: Final = 0.002  # for a lock: then it is not known now


class Reader:
    """``facts`` also tells how many bytes they take when they are not parsed."""

    def __init__(self, database: Path) -> None:
        self._connection: sqlite3.Connection | None = None
        self.is_damaged = False
        with contextlib.suppress(sqlite3.Error, OSError):
            self._connection = connect(database, seconds=_WAIT_SECONDS)

    def facts(self, path: str, shown: str = "") -> tuple[Facts | None, int]:
        """Those of the file ``path``, which may be ``shown`` under another path."""
        rows = self._rows(
            "SELECT body FROM file JOIN facts ON facts.id = file.facts WHERE dir = ? AND name = ?",
            split(path),
        )
        packed = rows[0][0] if rows else None
        if packed is None:
            return None, 0
        try:
            unpack = zlib.decompressobj()
            body = unpack.decompress(packed, BODY_LIMIT + 1)
            if unpack.eof:
                return load(shown or path, body), len(body)
        except (zlib.error, TypeError):
            pass
        self.is_damaged = True  # not what we wrote
        return None, 0

    def exists(self, path: str) -> bool:
        return bool(self._rows("SELECT 1 FROM file WHERE dir = ? AND name = ?", split(path)))

    def listed(self, directory: str, limit: int) -> tuple[str, ...]:
        """Names of files of a directory, and of none below it: the first by their names."""
        rows = self._rows(
            "SELECT name FROM file WHERE dir = ? ORDER BY name LIMIT ?", (directory, limit)
        )
        return tuple(name for (name,) in rows)

    def edition(self) -> int:
        """Another number whenever something has changed; 0 if that is not known now."""
        rows = self._rows("PRAGMA user_version", ())
        return int(rows[0][0]) if rows else 0

    def named(self, name: str, limit: int) -> tuple[str, ...]:
        """Files that define ``name`` at their top, in no order."""
        rows = self._rows(
            "SELECT dir, file.name FROM name JOIN file ON file.facts = name.facts"
            " WHERE name.name = ? LIMIT ?",
            (name, limit),
        )
        return tuple(f"{place}/{file}" if place else file for place, file in rows)

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _rows(self, query: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.OperationalError:  # busy, or gone
            return []
        except sqlite3.DatabaseError:
            self.is_damaged = True
            self.close()
            return []
        except UnicodeEncodeError:  # a lone surrogate: no such file is indexed
            return []
