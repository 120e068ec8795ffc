"""The one file that an import makes, as text: what counts, and the rest as comments.

A value that nobody but its owner should read is in the text only if that is to be written into a
file of the owner's own (``reveal``); a template of a secret is no secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from inglenook.engine.config.certificates import below
from inglenook.engine.config.files import LISTS
from inglenook.engine.config.imported import Judged
from inglenook.engine.config.imported_lines import comment, dumped, first_line, item
from inglenook.engine.config.imported_secrets import HIDDEN, is_secret, without_secrets
from inglenook.engine.config.options import text_of
from inglenook.engine.config.tree import Value, key_name, path_text, plain
from inglenook.engine.settings import Fate, Row

_HEAD: Final = ("name", "version", "schema")
_ENTRY: Final = "Its entry is "  # refused, or ignored: its own reason stands beside another key
_FILES: Final = re.compile(  # the places of paths, from the top: a header may be called "key"
    r"(?:models\[\d+\]\.(?:override\.)?)?requestOptions\."
    r"(?:caBundlePath(?:\[\d+\])?|clientCertificate\.(?:cert|key))"
    r"|inglenook\.hosts\[\d+\]\.ca(?:\[\d+\])?"
)
_WRONG: Final = re.compile(r"Entry (\d+) (?!the secret )")  # of a list whose other entries count
_LACKING: Final = re.compile(r"(?:^|\bEntry \d+ )the secret ", re.IGNORECASE)
_INPUT: Final = re.compile(r"\$\{\{\s*inputs\.([^}\s]{1,200})\s*\}\}")
_NOTHING: Final = object()


def as_text(judged: Judged, *, reveal: bool) -> str:
    """The file; what stands in it reads back as what the old ones said."""
    writer = _Writer(judged, reveal)
    return "\n".join(writer.lines()) + "\n"


class _Writer:
    def __init__(self, judged: Judged, reveal: bool) -> None:
        self._judged = judged
        self._reveal = reveal
        self._rows = {(row.file, row.key): row for row in judged.report.rows}
        self._main = judged.trees.get(str(judged.place.file))
        self._names = {spec.name for spec in judged.models}
        self._files = {name: self._foreign(name) for name in LISTS}
        self._comments: list[str] = []

    def lines(self) -> Iterator[str]:
        yield comment(f"Made by `inglenook config import` from {self._judged.place.file.name}.")
        yield "# What has no effect here, and what is refused, stands in comments."
        entries = self._main.entries if self._main is not None else {}
        yield from dumped(dict(self._head(entries)))
        for key, value in entries.items():
            if key not in (*LISTS, *_HEAD, "inglenook"):
                yield from self._section(key, value)
        for name in LISTS:
            yield from self._list(name, entries.get(name))
        yield from self._own(entries.get("inglenook"))

    def _head(self, entries: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """What Continue wants of a file; ours takes it and needs it not."""
        for key, default in zip(_HEAD, ("Imported", "1.0.0", "v1"), strict=True):
            value = entries.get(key)
            data = value.data if value is not None else None
            yield key, default if data is None or isinstance(data, (tuple, Mapping)) else str(data)

    def _section(self, key: str, value: Value) -> Iterator[str]:
        data = self._data(value, key_name(key), {})
        yield ""
        if data is not _NOTHING:
            yield from dumped({key: data})
        yield from self._said("")

    def _list(self, name: str, value: Value | None) -> Iterator[str]:
        """Every entry of the main file in its place, then those of files beside it."""
        parts: list[list[str]] = []
        active = False
        for number, entry in enumerate(value.items if value is not None else ()):
            found, lines = self._entry(name, entry, f"{name}[{number}]")
            active, parts = active or found, [*parts, lines]
        for block, path in self._files[name]:
            found, lines = self._active(block, path, {}, {})
            active, parts = active or found, [*parts, lines]
        if value is not None and not parts and not isinstance(value.data, tuple):
            yield from self._section(name, value)
            return
        if parts:
            yield ""
            yield f"{name}:" if active else f"# {name}:"
        for lines in parts:
            yield from lines

    def _entry(self, name: str, entry: Value, path: str) -> tuple[bool, list[str]]:
        """Whether it counts, and its lines."""
        uses = entry.entries.get("uses")
        if uses is None:
            return self._active(entry, path, {}, {})
        row = self._rows.get((entry.file, f"{path}.uses"))
        if row is None or row.fate is not Fate.USED:
            return False, self._disabled(entry, path, row.why if row is not None else "")
        block, there = next(self._files[name], (None, ""))
        if block is None:
            return False, self._disabled(entry, path, "")
        over = entry.entries["override"].entries if "override" in entry.entries else {}
        given = entry.entries["with"].entries if "with" in entry.entries else {}
        here = {key: (value, f"{path}.override.{key_name(key)}") for key, value in over.items()}
        return self._active(block, there, here, given)

    def _active(
        self,
        entry: Value,
        path: str,
        over: Mapping[str, tuple[Value, str]],
        given: Mapping[str, Value],
    ) -> tuple[bool, list[str]]:
        below_it = [
            row
            for (file, key), row in self._rows.items()
            if file == entry.file and (key == path or key.startswith((f"{path}.", f"{path}[")))
        ]
        used = any(row.fate is Fate.USED for row in below_it)
        if path.startswith("models["):
            name = over["name"][0] if "name" in over else entry.entries.get("name")
            text = text_of(name).strip()
            used = used and ("${{" in text or text in self._names)
        if not used:
            why = [row.why for row in below_it if row.fate is not Fate.USED and row.why]
            why.sort(key=lambda text: text.startswith(_ENTRY))
            why += self._notices(entry.file, path)
            return False, self._disabled(entry, path, why[0] if why else "")
        if self._judged.is_literal(entry):  # in YAML its text would have templates
            data: dict[str, Any] = {"uses": str(Path(entry.file).absolute())}
            if over:
                data["override"] = {key: self._data(*each, {}) for key, each in over.items()}
            return True, [*item(data), *self._said("    ")]
        if not entry.entries:
            return True, item(self._data(entry, path, given))
        data = {}
        for key, value in entry.entries.items():
            if key not in over:
                data[key] = self._data(value, f"{path}.{key_name(key)}", given)
        for key, (value, place) in over.items():
            data[key] = self._data(value, place, {})
        data = {key: each for key, each in data.items() if each is not _NOTHING}
        return True, [*item(data), *self._said("    ")]

    def _notices(self, file: str, path: str) -> Iterator[str]:
        """What was said of keys that are missing below ``path``."""
        for notice in self._judged.report.notices:
            place, _, rest = notice.text.partition(f": {path}.")
            if rest and place.startswith(file):
                yield rest

    def _data(self, value: Value, path: str, given: Mapping[str, Value]) -> Any:
        """What of ``value`` counts; the rest becomes comments."""
        row = self._rows.get((value.file, path))
        if row is not None and row.fate is not Fate.USED and not _lacks_secret(row):
            self._comments.append(self._told(value, path, row))
            return _NOTHING
        if value.entries:
            found = {
                key: self._data(entry, f"{path}.{key_name(key)}", given)
                for key, entry in value.entries.items()
            }
            good = {key: each for key, each in found.items() if each is not _NOTHING}
            return good if good or not found else _NOTHING
        if isinstance(value.data, tuple):
            wrong = _WRONG.findall(row.why) if row is not None else []
            items = [
                self._data(item, f"{path}[{number}]", given)
                for number, item in enumerate(value.items)
                if str(number + 1) not in wrong
            ]
            return [item for item in items if item is not _NOTHING]
        return self._scalar(value, path, given)

    def _scalar(self, value: Value, path: str, given: Mapping[str, Value]) -> Any:
        if not isinstance(value.data, str):
            hide = not isinstance(value.data, bool) and is_secret(path)
            return value.data if self._reveal or not hide else HIDDEN
        text = _INPUT.sub(lambda match: text_of(given.get(match[1])) or match[0], value.data)
        if _FILES.fullmatch(path):
            text = self._whole(text)
        return text if self._reveal else without_secrets(text, path)

    def _whole(self, text: str) -> str:
        """A path from where the configuration was, in whichever of its files it stands.

        What begins with a template is left: nobody knows here whether that is a whole path.
        """
        path = below(self._judged.place.directory, text)
        return text if path is None or text.startswith(("~", "${{")) else str(path.absolute())

    def _told(self, value: Value, path: str, row: Row) -> str:
        key = re.sub(r"^\w+\[\d+\]\.", "", path)
        text = json.dumps(self._raw(value, path), ensure_ascii=False)
        return f"{key}: {text}  # {row.fate}: {first_line(row.why)}"

    def _disabled(self, entry: Value, path: str, why: str) -> list[str]:
        lines = [f"Not used: {first_line(why)}"] if why else []
        self._comments.clear()
        return [comment(line, "  ") for line in [*lines, *item(self._raw(entry, path), "")]]

    def _raw(self, value: Value, path: str) -> Any:
        """All of ``value``, whatever becomes of it."""
        if value.entries:
            return {
                key: self._raw(entry, f"{path}.{key_name(key)}")
                for key, entry in value.entries.items()
            }
        if isinstance(value.data, tuple):
            return [self._raw(item, f"{path}[{n}]") for n, item in enumerate(value.items)]
        if self._reveal or not isinstance(value.data, str):
            known = self._reveal or value.data is None or isinstance(value.data, bool)
            hide = not known and is_secret(path)
            return HIDDEN if hide else plain(value)
        return without_secrets(value.data, path)

    def _said(self, indent: str) -> list[str]:
        """The comments that came up since this was last asked."""
        lines = [comment(each, indent) for each in self._comments]
        self._comments.clear()
        return lines

    def _own(self, block: Value | None) -> Iterator[str]:
        """Our own block, and beside it the hosts that it could allow."""
        origins = self._judged.origins
        data = self._data(block, "inglenook", {}) if block is not None else _NOTHING
        if data is not _NOTHING:
            yield ""
            yield from dumped({"inglenook": data})
            yield from self._said("  ")
        if not origins:
            return
        yield ""
        yield "# Other machines are asked only if they stand here; what you write is sent there."
        yield "# To allow them take away the signs before these lines, and before their models."
        if data is _NOTHING:
            yield "# inglenook:"
        yield "#   hosts:"
        for origin, names in origins.items():
            yield comment(f"    - {origin}  # {', '.join(names)}", "")

    def _foreign(self, name: str) -> Iterator[tuple[Value, str]]:
        """The entries of other files as they stand there, and where."""
        main = str(self._judged.place.file)
        for entry in self._judged.written.blocks.get(name, ()):
            if entry.file == main:
                continue
            path = self._judged.report.path(entry)
            tree = self._judged.trees.get(entry.file)
            items = tree.entries[name].items if tree and name in tree.entries else ()
            number = path[1] if len(path) > 1 and isinstance(path[1], int) else len(items)
            # A rule in Markdown is no value of its file, and has no templates.
            yield (items[number] if number < len(items) else entry), path_text(path)


def _lacks_secret(row: Row) -> bool:
    return _LACKING.search(row.why) is not None
