"""The files of a workspace without those that the configuration leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inglenook.engine.ignored import Ignored
from inglenook.engine.library import Files
from inglenook_context.facts import Facts
from inglenook_context.modules_script import Aliases


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`Files`, of which what is ``ignored`` is not there."""

    files: Files
    ignored: Ignored

    @property
    def generation(self) -> int:
        return self.files.generation

    @property
    def edition(self) -> str:
        return f"{self.files.edition}-{self.ignored.digest}"

    def aliases(self) -> tuple[Aliases, ...]:
        return self.files.aliases()

    def facts(self, path: str) -> Facts | None:
        return None if self.ignored.leaves_out(path) else self.files.facts(path)

    def exists(self, path: str) -> bool:
        return not self.ignored.leaves_out(path) and self.files.exists(path)

    def listed(self, directory: str) -> Sequence[str]:
        return [path for path in self.files.listed(directory) if not self.ignored.leaves_out(path)]


def without(files: Files, ignored: Ignored) -> Files:
    """``files``, or what is left of them."""
    return LeftOut(files, ignored) if ignored else files
