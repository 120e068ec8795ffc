"""Any configuration of Continue's, or an older one of ours, as one clean file.

What counts is written as it is, what does not becomes a comment with its reason: nothing is lost.
Templates of secrets stay templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.engine.address import AddressRefused, model_address
from inglenook.engine.config.files import LISTS, Place, Written, read
from inglenook.engine.config.options import text_of
from inglenook.engine.config.providers import KNOWN
from inglenook.engine.config.reading import read_value
from inglenook.engine.config.report import Report
from inglenook.engine.config.secrets import asked_in
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Level, Notice, Row
from inglenook.models.spec import ModelSpec

_MAIN: Final = ("config.yaml", "config.yml", "config.json")
_AGENTS: Final = ("agents", "assistants", "configs")


class NotImported(Exception):
    """Why nothing can be made of a path, in one sentence."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was read, what of it counts, and what stands in the files word for word.

    ``trees`` are the files' values before secrets were put in; of a config.json in the words of
    config.yaml.
    """

    place: Place
    written: Written
    report: Report
    models: tuple[ModelSpec, ...]
    trees: Mapping[str, Value]

    @property
    def rows(self) -> tuple[Row, ...]:
        """In the words of each file."""
        return self.written.rows

    @property
    def notices(self) -> tuple[Notice, ...]:
        return (*self.place.notices, *self.written.notices)

    def is_literal(self, entry: Value) -> bool:
        """Whether an entry is a file in Markdown, whose text only looks as if it had templates."""
        return entry.file not in self.trees and bool(asked_in(entry))

    @property
    def origins(self) -> dict[str, list[str]]:
        """Hosts that would have to be allowed, and the names of the models that are there."""
        found: dict[str, list[str]] = {}
        used = {spec.name for spec in self.models}
        for entry in self.written.blocks.get("models", ()):
            name = text_of(entry.entries.get("name"))
            known = KNOWN.get(text_of(entry.entries.get("provider")))
            base = text_of(entry.entries.get("apiBase"))
            if known is None or not base or name in used:
                continue
            try:
                model_address(base, known.port)
            except AddressRefused as refused:
                if refused.origin:
                    found.setdefault(refused.origin, []).append(name)
        return found


def place_of(path: Path) -> Place:
    """What ``path`` means: a file, or a directory as Continue's own; `NotImported` if neither."""
    if path.name == ".continuerc.json":
        raise NotImported(f"{path} is a file of a workspace; its folder is read with it as it is")
    if path.suffix == ".ts":
        raise NotImported(f"{path} is a program, which is never run; import the config.json beside")
    if not path.exists():
        raise NotImported(f"there is no file at {path}")
    if not path.is_dir():
        return Place(path, named=True, beside=False, looked=(path,))
    notices = []
    if (path / "config.ts").exists():
        text = f"{path / 'config.ts'}: is a program, which is never run; only what is in "
        notices.append(Notice(Level.INFO, text + "config.yaml or config.json counts"))
    agents = [file for name in _AGENTS for file in sorted((path / name).glob("*.y*ml"))]
    for file in agents:
        text = f"{file}: is a whole configuration of its own; it can be imported by its path"
        notices.append(Notice(Level.INFO, text))
    main = next((path / name for name in _MAIN if (path / name).exists()), None)
    if main is None and not any((path / name).is_dir() for name in LISTS):
        known = ", ".join(_MAIN)
        raise NotImported(f"{path} has no configuration in it; expected one of {known}")
    file = main or path / _MAIN[0]
    return Place(file, named=False, beside=True, looked=(file,), notices=tuple(notices))


def judge(place: Place, environ: Mapping[str, str]) -> Judged:
    """Read what is at ``place`` as the user's own configuration."""
    from inglenook.engine.config import ours
    from inglenook.engine.config.disabled import disable
    from inglenook.engine.config.models import model_specs

    written = read(place, environ)
    report = written.report or Report()
    written = written._replace(report=report)
    hosts = ours.hosts(written.inglenook, place.directory, report)
    models, _ = model_specs(
        written.blocks.get("models", ()),
        written.request_options,
        hosts.allowed,
        place.directory,
        report,
    )
    ours.read_ours(written.inglenook, [spec.name for spec in models], report)
    disable(written.blocks, report)
    files = dict.fromkeys([str(place.file), *(row.file for row in report.rows)])
    trees = {file: tree for file in files if (tree := _tree(file, place, written)) is not None}
    return Judged(place, written, report, models, trees)


def _tree(file: str, place: Place, written: Written) -> Value | None:
    if file == str(place.file) and written.legacy is not None:
        return written.legacy.value
    if Path(file).suffix.lower() not in (".yaml", ".yml", ".json"):
        return None  # a rule or prompt in Markdown has no templates
    return read_value(Path(file))[0]
