"""The facts that were read last, so that they are not parsed again at every key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from inglenook_context.facts import Facts

_BYTES: Final = 3 << 20  # of facts as they are stored; parsed they take about four times that
_ROW: Final = 300  # bytes that an answer takes besides

File = tuple[int, str]  # the number of a root or an environment, and the path there


@dataclass(slots=True, eq=False)
class Kept:
    """What is not known is kept too, as None."""

    _facts: OrderedDict[File, tuple[Facts | None, int]] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def has(self, file: File) -> bool:
        return file in self._facts

    def get(self, file: File) -> Facts | None:
        self._facts.move_to_end(file)
        return self._facts[file][0]

    def keep(self, file: File, facts: Facts | None, size: int) -> None:
        """``size`` is in bytes, as they are stored."""
        size += _ROW + len(file[1])
        self._facts[file] = (facts, size)
        self._bytes += size
        while self._bytes > _BYTES:
            _, (_, size) = self._facts.popitem(last=False)
            self._bytes -= size

    def forget(self, number: int, paths: Sequence[str] | None) -> None:
        """Facts of these files may have changed; None: of all, whatever their root."""
        if paths is None:
            self._facts.clear()
            self._bytes = 0
        for path in paths or ():
            _, size = self._facts.pop((number, path), (None, 0))
            self._bytes -= size
