"""What a tsconfig.json or jsconfig.json says of where modules are: ``baseUrl`` and ``paths``.

The file is untrusted and JSON with comments: what cannot be read is as if it were not there, and
nothing outside of the workspace is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from inglenook_context.jsonc import read_jsonc
from inglenook_context.modules_script import Aliases, joined

_DEPTH: Final = 6  # files that extend one another
_MOST: Final = 500  # patterns


def aliases_of(path: str, read: Callable[[str], str | None]) -> Aliases | None:
    """What the configuration file ``path`` says; None if it says nothing of modules.

    ``read`` gives the text of a file of the workspace, None if there is none: of ``path`` itself
    and of what it extends by a relative path. Paths are as they are shown to a model.
    """
    directory = path.rpartition("/")[0]
    base: str | None = None
    paths: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    waiting = [path]
    for _ in range(_DEPTH):
        if not waiting:
            break
        file = waiting.pop(0)
        options, extended = _read(read(file))
        here = file.rpartition("/")[0]
        own = options.get("baseUrl")
        own = joined(here, own) if isinstance(own, str) and not own.startswith("/") else None
        if base is None:
            base = own
        if paths is None and isinstance(options.get("paths"), dict):
            paths = tuple(_paths(options["paths"], here if own is None else own))
        for each in reversed(extended):  # a later one overrides
            if each.startswith(".") and (stem := joined(here, each)) is not None:
                waiting.append(stem if stem.endswith(".json") else stem + ".json")
    return None if base is None and not paths else Aliases(directory, base, paths or ())


def _read(text: str | None) -> tuple[dict[str, Any], list[str]]:
    """The compiler's options in a file, and what it extends."""
    whole = read_jsonc(text) if text is not None else None
    if not isinstance(whole, dict):
        return {}, []
    options, extended = whole.get("compilerOptions"), whole.get("extends", [])
    names = [extended] if isinstance(extended, str) else extended
    names = [each for each in names if isinstance(each, str)] if isinstance(names, list) else []
    return options if isinstance(options, dict) else {}, names


def _paths(paths: dict[str, Any], base: str) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for pattern, targets in list(paths.items())[:_MOST]:
        if pattern.count("*") > 1 or not isinstance(targets, list):
            continue
        inside = [joined(base, each) for each in targets[:_DEPTH] if isinstance(each, str)]
        known = tuple(each for each in inside if each is not None)
        if known:
            found.append((pattern, known))
    return found
