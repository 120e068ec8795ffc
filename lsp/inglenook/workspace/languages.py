"""Which files are source text of a language that is understood, by their names alone."""

from __future__ import annotations

import unicodedata
from typing import Final

from inglenook_context import languages

_SOURCE: Final = languages.FAMILIES.keys() - languages.STRUCTURE
# Directories of what others wrote or a program made. (Hidden ones are never entered.)
_VENDORED: Final = frozenset(
    """node_modules bower_components jspm_packages site-packages dist-packages __pycache__
    __pypackages__ venv virtualenv eggs htmlcov Pods CMakeFiles""".split()
)
_BUILT: Final = frozenset({"dist", "build"})  # unless they are packages
_MINIFIED: Final = (".min.js", ".min.mjs", ".bundle.js", "-min.js")


def language_of(path: str) -> str | None:
    """The LSP language identifier of a file that has facts; None for any other file."""
    name = path.rpartition("/")[2]
    if is_minified(name):
        return None
    language = languages.language_of(name)
    return language if language in _SOURCE else None


def is_minified(name: str) -> bool:
    """Whether a file is what a program made of source text."""
    return name.endswith(_MINIFIED)


def is_vendored(directory: str, inside: frozenset[str]) -> bool:
    """Whether a directory of this name, with these names ``inside``, is nobody's own source."""
    if directory.startswith(".") or directory in _VENDORED or directory.endswith(".egg-info"):
        return True
    if directory in _BUILT:
        return "__init__.py" not in inside
    return "pyvenv.cfg" in inside  # a virtual environment of any name


def is_plain(name: str) -> bool:
    """Whether a name can be shown to a model and stored: no control characters, no bytes that
    are no text, nothing that writes backwards."""
    return "\\" not in name and (name.isprintable() or all(map(is_shown, name)))


def is_shown(sign: str) -> bool:
    """Whether a character of a name can be shown: what is printable, and the blanks of any script,
    as macOS puts them into names."""
    return sign.isprintable() or unicodedata.category(sign) == "Zs"
