"""The user's own configuration: which file it is, and what it says once all of it was read.

The file is the one that INGLENOOK_CONFIG names; else config.yaml in the user's config directory;
else Continue's own, config.yaml or the older config.json. Block files beside it belong to it, but
not beside a file that INGLENOOK_CONFIG names: that may lie in a repository, whose other files
nobody vouched for. config.ts is a program and is never run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from platformdirs import user_config_path

from inglenook.engine.settings import Level, Notice, Row

if TYPE_CHECKING:
    from inglenook.engine.config.blocks import Blocks
    from inglenook.engine.config.legacy import Legacy
    from inglenook.engine.config.report import Report
    from inglenook.engine.config.tree import Value


# The lists whose entries may be files of their own, in folders of the same names.
LISTS: Final = ("models", "rules", "prompts", "docs", "context", "data", "mcpServers")


class Place(NamedTuple):
    """Where the user's file is. ``beside``: the block files beside it count."""

    file: Path
    named: bool  # by INGLENOOK_CONFIG, so that it should be there
    beside: bool
    looked: tuple[Path, ...]  # a file that comes to be at one of these counts from then on
    notices: tuple[Notice, ...] = ()

    @property
    def directory(self) -> Path:
        return self.file.parent


class Written(NamedTuple):
    """What the user wrote, checked. Everything is empty if there is no file."""

    inglenook: Mapping[str, Value] = MappingProxyType({})
    request_options: Value | None = None
    blocks: Mapping[str, tuple[Value, ...]] = MappingProxyType({})  # by list: "models"
    report: Report | None = None
    legacy: Legacy | None = None
    looked: tuple[Path, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        if self.report is None or self.legacy is None:
            return self.report.rows if self.report else ()
        return tuple(self._retold()[0])

    @property
    def notices(self) -> tuple[Notice, ...]:
        if self.report is None or self.legacy is None:
            return self.report.notices if self.report else ()
        return tuple(self._retold()[1])

    def _retold(self) -> tuple[list[Row], list[Notice]]:
        """Rows and notices on config.json have the names that its keys have there."""
        from inglenook.engine.config.legacy import retold

        assert self.report is not None
        assert self.legacy is not None
        name = self.legacy.value.file
        here = [row for row in self.report.rows if row.file == name]
        others = [row for row in self.report.rows if row.file != name]
        said = [each for each in self.report.notices if each.text.startswith(name)]
        rest = [each for each in self.report.notices if not each.text.startswith(name)]
        rows, notices = retold(self.legacy, here, said)
        return [*rows, *others], [*notices, *rest]


def find(environ: Mapping[str, str]) -> Place:
    """Which file is the user's; it need not exist."""
    if named := environ.get("INGLENOOK_CONFIG", ""):
        file = Path(named)
        return Place(file, named=True, beside=False, looked=(file,))
    own = user_config_path("inglenook", appauthor=False)
    looked = [own / "config.yaml", own / "config.yml"]
    for file in looked:
        if _exists(file):
            return Place(file, named=False, beside=True, looked=tuple(looked))
    theirs = continue_directory(environ)
    notices: tuple[Notice, ...] = ()
    if theirs is not None:
        looked += [theirs / "config.yaml", theirs / "config.json"]
        if is_file(theirs / "config.ts"):
            text = f"{theirs / 'config.ts'}: is a program, which is never run; only what is in "
            text += "config.yaml or config.json counts"
            notices = (Notice(Level.INFO, text),)
        for file in looked[2:]:
            if _exists(file):
                return Place(file, False, True, tuple(looked), notices)
    return Place(looked[0], False, True, tuple(looked), notices)


def continue_directory(environ: Mapping[str, str]) -> Path | None:
    """Where Continue has its own files; None if the user has no home."""
    try:
        return Path(environ.get("CONTINUE_GLOBAL_DIR", "") or "~/.continue").expanduser()
    except RuntimeError:
        return None


def read(place: Place, environ: Mapping[str, str]) -> Written:
    """All that the user wrote, down to the block files; never raises on any content."""
    folders = tuple(place.directory / name for name in LISTS) if place.beside else ()
    if not place.named and not any(_exists(each) for each in (place.file, *folders)):
        return Written(looked=(*place.looked, *folders))
    # Only who has a file pays for reading it.
    from inglenook.engine.config.blocks import Blocks
    from inglenook.engine.config.check import check
    from inglenook.engine.config.kinds import Zone
    from inglenook.engine.config.report import Report
    from inglenook.engine.config.schema import CONFIG
    from inglenook.engine.config.secrets import Secrets

    report = Report()
    theirs = continue_directory(environ)
    env_files = [place.directory / ".env", *([theirs / ".env"] if theirs else [])]
    secrets = Secrets(env_files, environ)
    value, legacy = _value(place, report)
    tree = None
    if value is not None:
        tree = check(secrets.fill(value), CONFIG, Zone.USER, report).tree
    entries: Mapping[str, Value] = tree.entries if tree is not None else {}
    blocks: Blocks = Blocks(place.directory, secrets, report)
    blocks.add(entries)
    if place.beside:
        blocks.add_beside()
    return Written(
        inglenook=entries["inglenook"].entries if "inglenook" in entries else {},
        request_options=entries.get("requestOptions"),
        blocks=blocks.found,
        report=report,
        legacy=legacy,
        looked=(*place.looked, *blocks.looked, *(secrets.files if secrets.asked else ())),
    )


def _value(place: Place, report: Report) -> tuple[Value | None, Legacy | None]:
    """The value of the file, in the words of config.yaml."""
    from inglenook.engine.config.reading import read_value

    if place.named and not _exists(place.file):
        text = f"{place.file}: there is no such file, though INGLENOOK_CONFIG names it"
        report.add([Notice(Level.WARNING, text)])
        return None, None
    value, notices = read_value(place.file)
    report.add(notices)
    if value is None or place.file.suffix.lower() != ".json":
        return value, None
    from inglenook.engine.config.legacy import convert

    legacy = convert(value)
    return legacy.value, legacy


def is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):  # there may be something that nobody may look at
        return True
