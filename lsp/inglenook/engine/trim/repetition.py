"""The same lines again and again: cut after their first copy."""

from __future__ import annotations

from typing import Final

from inglenook.engine.trim.lexis import letters
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_LONGEST_BLOCK: Final = 12  # lines
_LINE_COPIES: Final = 4  # of one line: three equal statements in a row are still honest
_ROW_COPIES: Final = 9  # of a line without words: "[0, 0, 0]," stands in matrices
_BLOCK_COPIES: Final = 3
_TELLING_BLOCK: Final = 50  # letters in a block of which a second copy is already too much


def repetition(text: str, site: Site, final: bool) -> Trimmed:
    """What is certain are whole lines that do not begin to look like a loop."""
    said = text.split("\n")
    if not final:
        said.pop()
    if not said:
        return Trimmed("")
    lines = [site.line_before + said[0], *said[1:]]
    places: dict[str, list[int]] = {}
    runs: dict[int, int] = {}  # distance -> how many lines equal the line so far before them
    for at, line in enumerate(lines):
        seen = places.setdefault(line, [])
        runs = {at - was: runs.get(at - was, 0) + 1 for was in seen if at - was <= _LONGEST_BLOCK}
        seen.append(at)
        del seen[:-_LONGEST_BLOCK]
        for distance, run in runs.items():
            if run >= distance and _is_loop(lines[at - distance + 1 : at + 1], run):
                return Trimmed(_joined(said[: at - run + 1]), True)
    if final:
        return Trimmed(text)
    return Trimmed(_joined(said[: len(said) - max(runs.values(), default=0)]))


def _joined(lines: list[str]) -> str:
    return "".join([line + "\n" for line in lines])


def _is_loop(block: list[str], run: int) -> bool:
    """Whether ``run`` lines that say ``block`` again are too many."""
    size = len(block)
    if size == 1:
        words = any(map(str.isalpha, block[0])) or not block[0].strip()
        return run + 1 >= (_LINE_COPIES if words else _ROW_COPIES)
    said = sum(map(letters, block))
    if size >= 3 and said >= _TELLING_BLOCK:
        return True
    copies = _BLOCK_COPIES if said else _ROW_COPIES
    return run >= (copies - 1) * size
