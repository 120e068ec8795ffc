"""Which directory the package of a Go import can be. A directory has a ``/`` at its end here.

What go.mod calls the module is taken from the aliases. Where these say nothing, a package is
found by the last parts of its path: below where a repository's name usually ends, and below the
directories round the file that imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from inglenook_context.modules_script import Aliases

_HOSTS: Final = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")
_STANDARD: Final = frozenset(  # the first parts of the paths of Go's own packages
    """archive bufio bytes cmp compress container context crypto database debug embed encoding
    errors expvar flag fmt go hash html image index io iter log maps math mime net os path plugin
    reflect regexp runtime slices sort strconv strings structs sync syscall testing text time
    unicode unique unsafe weak""".split()
)
_LONGEST: Final = 16  # parts of a path


def go_packages(path: str, module: str, aliases: Sequence[Aliases]) -> Iterator[str]:
    """Candidates for the directory of the package ``module``, as the file ``path`` imports it."""
    parts = module.split("/")
    if len(parts) > _LONGEST or not all(parts) or module.startswith("."):
        return
    said = list(_said(module, aliases))
    yield from said
    yield f"vendor/{module}/"
    if said or parts[0] in _STANDARD or any(map(_is_domain, _names(aliases))):
        return  # where one go.mod is known, what is in none of them is not the workspace's
    directories = path.split("/")[:-1]
    above = ["/".join(directories[:n]) + "/" for n in range(len(directories), 0, -1)] + [""]
    for start in range(_least(parts), len(parts)):
        inside = "/".join(parts[start:]) + "/"
        yield from (root + inside for root in above)


def _names(aliases: Sequence[Aliases]) -> Iterator[str]:
    return (name for alias in aliases for name, _ in alias.packages)


def _is_domain(module: str) -> bool:
    host, slash, _ = module.partition("/")
    return bool(slash) and "." in host and not host.startswith("@")


def is_seen(name: str) -> bool:
    """Whether other packages can use a name."""
    return name[:1].isupper()


def is_test(path: str) -> bool:
    return path.endswith("_test.go")


def _said(module: str, aliases: Sequence[Aliases]) -> Iterator[str]:
    named = [each for alias in aliases for each in alias.packages]
    for name, directory in sorted(named, key=lambda each: -len(each[0])):
        if module == name or module.startswith(name + "/"):
            inside = f"{directory}/{module[len(name) + 1 :]}".strip("/")
            yield f"{inside}/" if inside else "./"


def _least(parts: list[str]) -> int:
    """How many of a path's parts are surely not those of directories in the repository."""
    if parts[0] in _HOSTS:
        return 3
    return 2 if "." in parts[0] else 1
