"""All files that are known, by the paths under which they are shown: open ones, then others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from inglenook_context.facts import Facts
from inglenook_context.modules_script import Aliases
from inglenook_context.resolve import Known

_MOST_READ: Final = 256  # files


class Files(Known, Protocol):
    """The files of the workspace that are on the disk (`inglenook.workspace.index.Index`)."""

    @property
    def generation(self) -> int:
        """Another number when an answer may have changed."""
        ...

    @property
    def edition(self) -> str:
        """Tells apart what is known, in this process and in any other."""
        ...

    def aliases(self) -> tuple[Aliases, ...]:
        """What the workspace's configuration says of the names of modules."""
        ...


@dataclass(frozen=True, slots=True)
class Library:
    """`inglenook_context.resolve.Known`: what is in an editor hides what is on the disk.

    It is asked for the same few files a thousand times at a key, so it keeps what it was told:
    make a new one when a file changed.
    """

    opened: Mapping[str, Facts]
    files: Files | None
    _directories: dict[str, list[str]] = field(default_factory=dict)  # of what is open
    _read: dict[str, Facts] = field(default_factory=dict)

    def facts(self, path: str) -> Facts | None:
        found = self._read.get(path)
        if found is None:
            found = self.opened.get(path) or (self.files.facts(path) if self.files else None)
            if found is not None:
                if len(self._read) >= _MOST_READ:
                    self._read.clear()
                self._read[path] = found
        return found

    def exists(self, path: str) -> bool:
        return path in self.opened or (self.files is not None and self.files.exists(path))

    def listed(self, directory: str) -> Sequence[str]:
        if self.opened and not self._directories:
            for path in self.opened:
                self._directories.setdefault(path.rpartition("/")[0], []).append(path)
        opened = self._directories.get(directory, [])
        others = self.files.listed(directory) if self.files is not None else ()
        return list(dict.fromkeys((*opened, *others)))
