"""Which files the module of a script's import can be: relative, by tsconfig, in the workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

SCRIPT: Final = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.mts")
_WRITTEN: Final = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx")  # endings that imports have
_NEAREST: Final = 3  # tsconfigs above one another that are asked for a module
_ENTRIES: Final = ("src/index", "index", "src/main", "lib/index", "source/index")


@dataclass(frozen=True, slots=True)
class Aliases:
    """What a tsconfig, or the package.json files of a workspace, say of modules that are not
    relative. All paths are as they are shown to a model, without a ``/`` at their end.

    ``within`` is the directory whose files it is for. ``base`` is where such a module is looked
    for, None for nowhere. ``paths`` are patterns with at most one ``*``, each with the paths that
    it stands for. ``packages`` are the names of packages with their directories.
    """

    within: str = ""
    base: str | None = None
    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    packages: tuple[tuple[str, str], ...] = ()


def script_paths(path: str, module: str, aliases: Sequence[Aliases] = ()) -> Iterator[str]:
    """Candidates for the file of ``module`` as the script ``path`` imports it."""
    module = module.partition("?")[0]  # as bundlers have it: ./a.svg?raw
    if module.startswith("."):
        stem = joined(path.rpartition("/")[0], module)
        if stem is not None:
            yield from _files(stem)
        return
    near = [each for each in aliases if _is_within(path, each.within)]
    near.sort(key=lambda each: -len(each.within))
    for each in near[:_NEAREST] + [each for each in near[_NEAREST:] if each.packages]:
        for stem in _aliased(module, each):
            yield from _files(stem)
        for name, directory in each.packages:
            if module == name:
                for entry in _ENTRIES:
                    yield from _files(joined(directory, entry) or entry)
            elif module.startswith(name + "/"):
                rest = module[len(name) + 1 :]
                for below in (rest, f"src/{rest}"):
                    yield from _files(joined(directory, below) or below)


def joined(directory: str, relative: str) -> str | None:
    """``relative`` seen from ``directory``; None if that leaves the workspace."""
    parts = [part for part in directory.split("/") if part not in (".", "")]
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _is_within(path: str, directory: str) -> bool:
    return not directory or path.startswith(directory + "/")


def _aliased(module: str, aliases: Aliases) -> Iterator[str]:
    """The paths without ending that ``paths`` and ``baseUrl`` give: the longest pattern's."""
    best: tuple[int, str, tuple[str, ...]] | None = None
    for pattern, targets in aliases.paths:
        head, star, tail = pattern.partition("*")
        if not star:
            fits = module == pattern
            size = len(pattern) + 1  # an exact one goes before a longer pattern
        else:
            fits = module.startswith(head) and module.endswith(tail)
            fits = fits and len(module) >= len(head) + len(tail)
            size = len(head)
        if fits and (best is None or size > best[0] or not star):
            best = (size, module[len(head) : len(module) - len(tail)] if star else "", targets)
            if not star:
                break
    if best is not None:
        for target in best[2]:
            yield target.replace("*", best[1], 1)
    if aliases.base is not None:
        stem = joined(aliases.base, module)
        if stem is not None:
            yield stem


def _files(stem: str) -> Iterator[str]:
    for ending in _WRITTEN:
        if stem.endswith(ending):  # in TypeScript "./a.js" is a.ts
            bare = stem.removesuffix(ending)
            if ending in (".ts", ".tsx"):
                yield stem
            yield from (bare + each for each in SCRIPT)
            break
    if stem:
        yield from (stem + each for each in SCRIPT)
    yield from (f"{stem}/index{each}".lstrip("/") for each in SCRIPT)
