"""Which file or directory a Java name can be. A directory has a ``/`` at its end here.

Packages are directories below the roots of a project's sources, and what is a class is told from
what is a package by its first letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_ROOTS: Final = ("src/main/java/", "src/test/java/", "src/", "", "app/src/main/java/")
_FOREIGN: Final = ("java.", "javax.", "jdk.", "sun.", "kotlin.")
_MAIN: Final = "src/main/java/"
_TEST: Final = "src/test/java/"
_LONGEST: Final = 24  # parts of a name


def java_paths(path: str, module: str) -> Iterator[str]:
    """Candidates for the file of a class, or the directory of a package, seen from a file."""
    parts = module.split(".")
    if len(parts) > _LONGEST or not all(parts) or module.startswith(_FOREIGN):
        return
    inside = "/".join(parts) + (".java" if is_class_name(parts[-1]) else "/")
    for root in dict.fromkeys(_roots(path, parts[0])):
        yield root + inside


def neighbours(path: str, name: str) -> Iterator[str]:
    """The files in which a class of a file's own package can be."""
    directory, slash, _ = path.rpartition("/")
    for within in _with_twin(directory + slash):
        yield f"{within}{name}.java"


def is_class_name(name: str) -> bool:
    return name[:1].isupper()


def _roots(path: str, first: str) -> Iterator[str]:
    """Where packages that begin with ``first`` can be: first where the file's own may be."""
    directories = path.split("/")[:-1]
    for count, name in enumerate(directories):
        within = "".join(each + "/" for each in directories[:count])
        if name == first or within.endswith((_MAIN, _TEST)):
            yield from _with_twin(within)
    yield from _ROOTS


def _with_twin(directory: str) -> Iterator[str]:
    """A directory, and for one of tests that of what they test, or the other way round."""
    yield directory
    for one, other in ((_TEST, _MAIN), (_MAIN, _TEST)):
        if one in directory:
            yield directory.replace(one, other, 1)
