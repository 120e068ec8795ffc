"""Whether a module of TypeScript or JavaScript is there, and has a name.

Bundlers and test runners give modules other names than Node does, by programs that nobody here
runs. So a package is said to be missing only where nothing names it: no directory, no
configuration, no declaration. What a package exports is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook.workspace.declared import is_mentioned
from inglenook.workspace.standing import Standing
from inglenook_context.module_names import declares, exports, reexported
from inglenook_context.modules import is_script, module_paths
from inglenook_context.modules_script import Aliases, joined

_NODE: Final = frozenset(
    """assert async_hooks buffer child_process cluster console constants crypto dgram
    diagnostics_channel dns domain events fs http http2 https inspector module net os path
    perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls
    trace_events tty url util v8 vm wasi worker_threads zlib""".split()
)
_PACKAGE: Final = re.compile(r"(?:@[a-z0-9~][\w.~-]*/)?[A-Za-z0-9_][\w.-]*(?=/|$)")
_MOST_DECLARING: Final = 200  # files of declarations that are read
_DEEPEST: Final = 4  # scripts that export each other's names


@dataclass(eq=False, slots=True)
class ScriptWorld:
    """Of the script ``path`` in ``folder``, for one round of questions in a thread."""

    folder: Standing
    path: str
    aliases: tuple[Aliases, ...] = ()
    opened: frozenset[str] = frozenset()

    def has_module(self, module: str) -> bool | None:
        if any(self._files(self.path, module)):
            return True
        if module.startswith("."):
            return self._has_near(module)
        if module.startswith("node:"):
            return True
        match = _PACKAGE.match(module)
        if match is None:
            return None  # an address, or another form that something else understands
        if module.partition("/")[0] in _NODE:
            return True
        return self._has_package(match[0])

    def has_name(self, module: str, name: str) -> bool | None:
        if not module:
            return self._is_declared(name)
        if not module.startswith("."):
            return None
        return self._exports(self.path, module, name, 0)

    # -- modules -------------------------------------------------------------------------------

    def _files(self, path: str, module: str) -> Iterator[str]:
        """The files that a module of the workspace is, as the script ``path`` imports it."""
        for each in module_paths(path, module, self.aliases):
            if each in self.opened or self.folder.has(each):
                yield each

    def _has_near(self, module: str) -> bool | None:
        """Whether there is a relative module that is no script."""
        near = joined(self.path.rpartition("/")[0], module.partition("?")[0])
        if not near or not self.folder.has(self.path) or self._is_spread():
            return None
        directory, _, name = near.rpartition("/")
        here = self.folder.names(directory)
        # A directory's package.json can name its file; and endings are anybody's (.vue, .json).
        if any(each == name or each.startswith(f"{name}.") for each in here):
            return True if name in here and "." in name else None
        return False

    def _is_spread(self) -> bool:
        """Whether directories may stand for one another (`rootDirs` of a tsconfig)."""
        named = (each for each in self.folder.names("") if each.startswith("tsconfig"))
        return any(self._is_named(each, "rootDirs") for each in named)

    def _has_package(self, package: str) -> bool | None:
        at_all = False
        for directory in self._above():
            here = self.folder.names(directory)
            start = f"{directory}/" if directory else ""
            if "node_modules" in here:
                installed = self._is_installed(f"{start}node_modules", package)
                if installed is not False:
                    return installed
            at_all |= "node_modules" in here or "package.json" in here
            if any(each.startswith(".pnp.") for each in here):
                return None  # packages lie in archives
            first = package.partition("/")[0]
            if any(self._is_named(start + each, first) for each in here if _configures(each)):
                return None
        if self._has_more_above() or (not at_all and is_mentioned(self.folder, package)):
            return None
        survey = self.folder.survey()
        if not survey.whole or not survey.names.isdisjoint(package.split("/")):
            return None
        return None if self._declaring(package) else False

    def _is_installed(self, directory: str, package: str) -> bool | None:
        """None if that is a link to somewhere else."""
        typed = f"@types/{package.removeprefix('@').replace('/', '__')}"
        for each in (package, typed):
            scope, slash, _ = each.partition("/")
            if self.folder.has(f"{directory}/{each}"):
                return True
            scope = f"{directory}/{scope}"
            if slash and self.folder.has(scope) and not self.folder.names(scope):
                return None
        return False if self.folder.names(directory) else None

    def _above(self) -> Iterator[str]:
        """The directory of the script, and those above it in the folder."""
        directory = self.path.rpartition("/")[0]
        while directory:
            yield directory
            directory = directory.rpartition("/")[0]
        yield ""

    def _is_named(self, file: str, package: str) -> bool:
        """Whether a configuration has the name of a package; one that cannot be read may."""
        text = self.folder.text(file)
        return text is None or package in text

    def _has_more_above(self) -> bool:
        """Whether Node looks for packages above the folder too."""
        parents = self.folder.root.path.parents
        return any(_is_there(parent / "node_modules") for parent in parents)

    # -- names ---------------------------------------------------------------------------------

    def _exports(self, path: str, module: str, name: str, depth: int) -> bool | None:
        if depth >= _DEEPEST or not module.startswith("."):
            return None
        answers = {self._exported(file, name, depth) for file in self._files(path, module)}
        return None if None in answers or not answers else any(answers)

    def _exported(self, file: str, name: str, depth: int) -> bool | None:
        """False if a script has no export of that name; what it may have is not told apart."""
        text = self.folder.text(file) if is_script(file) and file not in self.opened else None
        if text is None or exports(text, name) is None:
            return None
        if name == "default":
            return False
        others = [self._exports(file, module, name, depth + 1) for module in reexported(text)]
        return False if all(each is False for each in others) else None

    def _is_declared(self, name: str) -> bool | None:
        """Whether a file of declarations has a global; None: nothing tells that there is none."""
        return True if self._declaring(name, globals_=True) else None

    def _declaring(self, name: str, *, globals_: bool = False) -> bool:
        for path in self.folder.survey().declaring[:_MOST_DECLARING]:
            text = self.folder.text(path) or ""
            if declares(text, name) if globals_ else name in text:
                return True
        return False


def _configures(file: str) -> bool:
    """Whether a file can say what names of modules mean."""
    if "lock" in file or "shrinkwrap" in file:  # names all packages, and is huge
        return False
    return (
        file.endswith((".json", ".jsonc"))
        or ".config." in file
        or file.startswith((".babelrc", ".swcrc", "webpack", "rollup", "vite", "gulpfile"))
    )


def _is_there(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:
        return False
