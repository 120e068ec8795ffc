"""Which files the module of an import can be, by the rules of its language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from inglenook_context.modules_script import SCRIPT, Aliases, script_paths

_PYTHON: Final = (".py", ".pyi")
_ROOTS: Final = ("", "src/", "lib/", "python/")  # below which packages are looked for


@lru_cache(maxsize=20_000)
def module_paths(path: str, module: str, aliases: tuple[Aliases, ...] = ()) -> tuple[str, ...]:
    """Candidates for the file of ``module`` as the file ``path`` imports it, likeliest first.

    ``aliases`` are what the workspace's configuration says of the modules of scripts.
    """
    if path.endswith(_PYTHON):
        return tuple(_python(path, module))
    if is_script(path):
        return tuple(dict.fromkeys(script_paths(path, module, aliases)))
    return ()


def is_script(path: str) -> bool:
    return path.endswith(SCRIPT)


def submodule_paths(path: str, name: str) -> tuple[str, ...]:
    """The files that ``name`` can be as a part of the package whose own file is ``path``."""
    directory, _, file = path.rpartition("/")
    if file not in ("__init__.py", "__init__.pyi") or not name.isidentifier():
        return ()
    below = f"{directory}/{name}" if directory else name
    return (f"{below}.py", f"{below}/__init__.py", f"{below}.pyi", f"{below}/__init__.pyi")


def _python(path: str, module: str) -> Iterator[str]:
    level = len(module) - len(module.lstrip("."))
    inside = module.lstrip(".").replace(".", "/")
    directories = path.split("/")[:-1]
    if level:
        if level - 1 > len(directories):
            return
        base = directories[: len(directories) - (level - 1)]
        yield from _python_files("/".join([*base, inside]).strip("/"))
        return
    roots = dict.fromkeys([*_ROOTS, *_above(directories)])
    for root in roots:
        yield from _python_files(root + inside)


def _above(directories: list[str]) -> Iterator[str]:
    """The directories round a file, the outermost first."""
    for count in range(1, len(directories) + 1):
        yield "/".join(directories[:count]) + "/"


def _python_files(stem: str) -> Iterator[str]:
    if stem:
        yield f"{stem}.py"
        yield f"{stem}/__init__.py"
        yield f"{stem}.pyi"
    yield f"{stem}/__init__.pyi".lstrip("/")
