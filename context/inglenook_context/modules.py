"""Which files the module of an import can be, by the rules of its language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from inglenook_context.modules_script import SCRIPT, Aliases, script_paths

_PYTHON: Final = (".py", ".pyi")
GO: Final = ".go"
RUST: Final = ".rs"
JAVA: Final = ".java"
_ROOTS: Final = ("", "src/", "lib/", "python/")  # below which packages are looked for
# Below which the packages are that are installed for a workspace. No file of a workspace is there:
# a directory of that name is none of its own (`inglenook.workspace.languages`).
INSTALLED: Final = "site-packages/"


@lru_cache(maxsize=1_000)  # an answer can be a hundred paths
def module_paths(path: str, module: str, aliases: tuple[Aliases, ...] = ()) -> tuple[str, ...]:
    """Candidates for the file of ``module`` as the file ``path`` imports it, likeliest first.

    Where a module can be a directory, that has a ``/`` at its end. ``aliases`` are what the
    workspace's configuration says of modules.
    """
    if path.endswith(_PYTHON):
        return tuple(_python(path, module))
    if is_script(path):
        return tuple(dict.fromkeys(script_paths(path, module, aliases)))
    if path.endswith((GO, RUST, JAVA)):
        return tuple(dict.fromkeys(_compiled(path, module, aliases)))
    return ()


def is_script(path: str) -> bool:
    return path.endswith(SCRIPT)


def submodule_paths(path: str, name: str) -> tuple[str, ...]:
    """The files that ``name`` can be as a part of the package whose own file is ``path``."""
    directory, _, file = path.rpartition("/")
    if file not in ("__init__.py", "__init__.pyi") or not name.isidentifier():
        return ()
    below = f"{directory}/{name}" if directory else name
    if path.startswith(INSTALLED):
        return tuple(_stubs_first(below))
    return (f"{below}.py", f"{below}/__init__.py", f"{below}.pyi", f"{below}/__init__.pyi")


def _compiled(path: str, module: str, aliases: tuple[Aliases, ...]) -> Iterator[str]:
    # As the patterns of `imports`: only those pay for these rules who have such files.
    if path.endswith(GO):
        from inglenook_context.modules_go import go_packages

        return go_packages(path, module, aliases)
    if path.endswith(RUST):
        from inglenook_context.modules_rust import rust_module

        return rust_module(path, module, aliases)
    from inglenook_context.modules_java import java_paths

    return java_paths(path, module)


def _python(path: str, module: str) -> Iterator[str]:
    level = len(module) - len(module.lstrip("."))
    inside = module.lstrip(".").replace(".", "/")
    directories = path.split("/")[:-1]
    if level:
        if level - 1 > len(directories):
            return
        base = directories[: len(directories) - (level - 1)]
        stem = "/".join([*base, inside]).strip("/")
        yield from _stubs_first(stem) if path.startswith(INSTALLED) else _python_files(stem)
        return
    if path.startswith(INSTALLED):
        yield from _installed(inside)
        return
    # The package that the file itself is in goes before another of its name.
    package = inside.partition("/")[0]
    own = [
        "/".join([*directories[:at], ""])
        for at in range(len(directories) - 1, -1, -1)
        if directories[at] == package
    ]
    roots = dict.fromkeys([*own, *_ROOTS, *_above(directories)])
    for root in roots:
        yield from _python_files(root + inside)
    yield from _installed(inside)


def _above(directories: list[str]) -> Iterator[str]:
    """The directories round a file, the outermost first."""
    for count in range(1, len(directories) + 1):
        yield "/".join(directories[:count]) + "/"


def _installed(inside: str) -> Iterator[str]:
    """The files of an installed module: what a distribution of stubs says goes before it."""
    package, slash, rest = inside.partition("/")
    if package:
        yield from _stubs_first(f"{INSTALLED}{package}-stubs{slash}{rest}")
        yield from _stubs_first(f"{INSTALLED}{inside}")


def _stubs_first(stem: str) -> Iterator[str]:
    for ending in (".pyi", ".py"):
        yield f"{stem}/__init__{ending}"
        yield stem + ending


def _python_files(stem: str) -> Iterator[str]:
    if stem:
        yield f"{stem}.py"
        yield f"{stem}/__init__.py"
        yield f"{stem}.pyi"
    yield f"{stem}/__init__.pyi".lstrip("/")
