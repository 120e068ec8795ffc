"""What is really there: the standard library and the environment, a folder of scripts."""

from __future__ import annotations

import importlib
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Final

from inglenook_context.verify.python_names import Names
from inglenook_context.verify.readings import Reading
from inglenook_context.verify.sides import Side
from inglenook_context.verify.task import Wanted

_PATHS: Final = tuple(
    dict.fromkeys(Path(sysconfig.get_paths()[name]) for name in ("stdlib", "platstdlib", "purelib"))
)
_NODE: Final = frozenset(
    """assert async_hooks buffer child_process cluster console crypto dgram dns events fs
    fs/promises http http2 https module net os path perf_hooks process querystring readline stream
    string_decoder timers tls tty url util v8 vm worker_threads zlib""".split()
)


@dataclass(frozen=True)
class PythonWorld:
    """Of a file in the standard library."""

    path: Path

    def has_module(self, module: str) -> bool | None:
        if self._absolute(module) is None:
            return False
        return _find(self._absolute(module) or "") is not None

    def has_name(self, module: str, name: str) -> bool | None:
        found = _find(self._absolute(module) or "")
        if found is None:
            return False
        names = _names(found) if found.suffix == ".py" else None
        if names is None and module.partition(".")[0] in sys.stdlib_module_names:
            return hasattr(importlib.import_module(module), name)  # only it can tell
        return None if names is None else name in names

    def _absolute(self, module: str) -> str | None:
        level = len(module) - len(module.lstrip("."))
        if not level:
            return module
        parts = self.path.relative_to(_PATHS[0]).with_suffix("").parts
        if level > len(parts) - 1:
            return None
        base = parts[: len(parts) - level]
        return ".".join([*base, *filter(None, [module.lstrip(".")])])


@cache
def _find(module: str) -> Path | None:
    if module in sys.builtin_module_names:
        return Path(module)
    if module == "os.path":
        module = "posixpath"
    inside = module.replace(".", "/")
    for root in (*_PATHS, _PATHS[0] / "lib-dynload"):
        for ending in (".py", "/__init__.py", *EXTENSION_SUFFIXES):
            if (root / f"{inside}{ending}").is_file():
                return root / f"{inside}{ending}"
        if module and (root / inside).is_dir() and root != _PATHS[0]:
            return root / inside
    return None


@cache
def _names(path: Path) -> frozenset[str] | None:
    text = path.read_text("utf-8", "replace")
    names = Names(Reading(Side(text, "python", 0, len(text))).module, ())
    if names.open or names.stars or "__getattr__" in names.root.bound or "globals()" in text:
        return None
    if "sys.modules[__name__]" in text:  # it puts another module into its place
        return None
    return frozenset(names.root.bound) | {"__name__", "__doc__", "__file__"}


@dataclass(frozen=True)
class ScriptWorld:
    """Of a script in a folder; ``packages`` are those that its package.json has."""

    path: Path
    packages: frozenset[str] = frozenset({"vscode", "vscode-languageclient"})

    def has_module(self, module: str) -> bool | None:
        if module.startswith("."):
            stem = self.path.parent / module
            return any(Path(f"{stem}{end}").is_file() for end in (".ts", ".tsx", "/index.ts"))
        name = module.removeprefix("node:")
        package = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
        return name in _NODE or package in self.packages

    def has_name(self, module: str, name: str) -> bool | None:
        if not module.startswith(".") or not self.has_module(module):
            return None
        text = (self.path.parent / f"{module}.ts").read_text("utf-8")
        return f" {name}" in text and "export" in text


def world_of(path: Path, language: str) -> PythonWorld | ScriptWorld:
    return PythonWorld(path) if language == "python" else ScriptWorld(path)


def answers(
    world: PythonWorld | ScriptWorld, wanted: Iterable[Wanted]
) -> dict[Wanted, bool | None]:
    """What a caller does before it verifies: it looks all up that is wanted."""
    return {
        each: world.has_name(each.module, each.name) if each.name else world.has_module(each.module)
        for each in wanted
    }
