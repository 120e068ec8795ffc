"""Which files a Rust module can be: below its parent, above its children, and crates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from inglenook_context.modules_script import Aliases

_ROOTS: Final = ("lib.rs", "main.rs")
_CRATES: Final = ("", "crates/", "libs/", "lib/", "packages/", "rust/")
_TARGETS: Final = ("tests", "examples", "benches")  # each file in these is a crate
_FOREIGN: Final = frozenset({"std", "core", "alloc", "proc_macro", "test"})


def rust_module(path: str, module: str, aliases: Sequence[Aliases]) -> Iterator[str]:
    """Candidates for one step of a path, in the file ``path``: ``crate``, ``super``, ``self``, or
    the name of a module that the file declares."""
    if module == "self":
        yield path
    elif module == "super":
        yield from _parents(path)
    elif module == "crate":
        yield from _crate(path)
    elif module.startswith("::"):
        yield from _crates(path, module[2:], aliases)
    elif module.isidentifier():
        below = _below(path)
        yield f"{below}{module}.rs"
        yield f"{below}{module}/mod.rs"


def _below(path: str) -> str:
    """The directory of the modules that a file declares, with a ``/`` unless it is the top."""
    directory, slash, name = path.rpartition("/")
    within = directory + slash
    is_root = name in (*_ROOTS, "mod.rs") or _is_target(path)
    return within if is_root else f"{within}{name.removesuffix('.rs')}/"


def _parents(path: str) -> Iterator[str]:
    directory, slash, name = path.rpartition("/")
    if name in _ROOTS:
        return
    if name != "mod.rs":
        yield from (f"{directory}{slash}{root}" for root in (*_ROOTS, "mod.rs"))
        if directory:
            yield f"{directory}.rs"
    elif directory:
        above = directory.rpartition("/")
        within = above[0] + above[1]
        yield from (f"{within}{root}" for root in (*_ROOTS, "mod.rs"))
        if above[0]:
            yield f"{above[0]}.rs"


def _crate(path: str) -> Iterator[str]:
    """The roots of the crate that a file can belong to, the nearest first."""
    directories = path.split("/")[:-1]
    if _is_target(path):
        yield path
        return
    for count in range(len(directories), -1, -1):
        within = "/".join(directories[:count]) + "/" if count else ""
        if any(path == within + name for name in ("build.rs", *_ROOTS)):
            yield path
        yield from (within + root for root in _ROOTS)


def _crates(path: str, name: str, aliases: Sequence[Aliases]) -> Iterator[str]:
    """The root of another crate of the workspace, or of the package whose test or program the
    file is."""
    if name in _FOREIGN or not name.isidentifier():
        return
    for alias in aliases:
        for package, directory in alias.packages:
            if package.replace("-", "_") == name:
                yield f"{directory}/src/lib.rs".lstrip("/")
    directories = path.split("/")[:-1]
    above = ["/".join(directories[:n]) + "/" for n in range(len(directories), 0, -1)]
    for within in dict.fromkeys([*above, *_CRATES]):
        yield from (f"{within}{each}/src/lib.rs" for each in {name.replace("_", "-"): 0, name: 0})
    if path.endswith("src/main.rs") or _is_target(path):  # its name stands in Cargo.toml alone
        yield from (f"{within}src/lib.rs" for within in [*above, ""])


def _is_target(path: str) -> bool:
    """Whether a file is a test or a program beside the package's own."""
    directories = path.split("/")[:-1]
    if directories[-2:] == ["src", "bin"]:
        return True
    return bool(directories) and directories[-1] in _TARGETS and "src" not in directories
