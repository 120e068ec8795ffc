"""Which modules of a workspace have a name: by package.json, go.mod and Cargo.toml.

A workspace's packages import each other by these names. What a package.json says of its entry is
mostly what a build will make of it (``dist/index.js``); wanted are the sources that it is made
from. The files are untrusted: what cannot be read is as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from inglenook_context.jsonc import read_jsonc
from inglenook_context.modules_script import Aliases, joined

_MOST: Final = 500  # names and patterns of all packages together
_TARGETS: Final = 4  # of one entry
_DEPTH: Final = 4  # conditions within conditions
NAMES: Final = ("package.json", "go.mod", "Cargo.toml")
_NAME: Final = re.compile(r"(@[\w.~-]{1,100}/)?[\w.~-]{1,100}")
_GO: Final = re.compile(r"^module[ \t]+\"?([\w.~/-]{1,200})\"?[ \t\r]*(?://.*)?$", re.MULTILINE)
_CRATE: Final = re.compile(
    r"^\[package\][^\[]*?^name[ \t]*=[ \t]*[\"']([\w-]{1,100})", re.MULTILINE
)
_FIELDS: Final = ("source", "types", "typings", "module", "main")
_BUILT: Final = re.compile(r"^(?:dist|lib|build|out|es|esm|cjs)/(?:(?:es|esm|cjs|types|src)/)?")
_ENDING: Final = re.compile(r"(\.d)?\.[cm]?[jt]sx?$")


def packages_of(files: Iterable[tuple[str, str]]) -> Aliases | None:
    """What these files, given as paths with their texts, say; None if nothing."""
    names: dict[str, str] = {}
    patterns: dict[str, tuple[str, ...]] = {}
    for path, text in files:
        directory, _, file = path.rpartition("/")
        whole = read_jsonc(text) if file == "package.json" else None
        package = whole if isinstance(whole, dict) else {}
        name = _script_name(package) if file == "package.json" else _compiled_name(file, text)
        if not name or name in names or len(names) + len(patterns) >= _MOST:
            continue
        names[name] = directory
        for pattern, targets in _entries(name, package):
            sources = list(dict.fromkeys(_sources(directory, targets)))
            if sources and len(names) + len(patterns) < _MOST:
                patterns.setdefault(pattern, tuple(sources))
    if not names:
        return None
    return Aliases("", None, tuple(patterns.items()), tuple(names.items()))


def _script_name(package: dict[str, Any]) -> str:
    name = package.get("name")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""


def _compiled_name(file: str, text: str) -> str:
    found = (_GO if file == "go.mod" else _CRATE).search(text)
    return found[1] if found else ""


def _entries(name: str, package: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each module of a script's package with the files that it is said to be."""
    if not package:
        return
    exports = package.get("exports")
    plain = [package[field] for field in _FIELDS if isinstance(package.get(field), str)]
    if isinstance(exports, dict) and any(key.startswith(".") for key in exports):
        for key, value in exports.items():
            if key != "." and key.startswith("./") and key.count("*") <= 1:
                yield name + key[1:], list(_strings(value, _DEPTH))
        exports = exports.get(".")
    yield name, [*plain, *_strings(exports, _DEPTH)]


def _strings(value: object, depth: int) -> Iterator[str]:
    """The files of an entry of ``exports``, under whatever conditions."""
    if isinstance(value, str):
        yield value
    elif depth > 0 and isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each, depth - 1)


def _sources(directory: str, targets: list[str]) -> Iterator[str]:
    """The paths, without endings, of sources that these files can be made from."""
    for target in targets[:_TARGETS]:
        if len(target) > 200 or target.count("*") > 1:
            continue
        stem = _ENDING.sub("", target.removeprefix("./"))
        for each in dict.fromkeys((stem, _BUILT.sub("src/", stem), _BUILT.sub("", stem))):
            inside = joined(directory, each)
            if inside:
                yield inside
