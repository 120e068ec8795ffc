"""Whether a project speaks of a package: where it says what it depends on, or in an import.

Where no environment is known, this is what there is to tell a package that somebody has from one
that a model made up.
"""

from __future__ import annotations

import re
from typing import Final

from inglenook.workspace.standing import Standing, TooMany

_DEPENDENCIES: Final = re.compile(
    r".*(?:requirements|constraints).*\.(?:txt|in)|(?:.*/)?(?:pyproject\.toml|setup\.(?:py|cfg)|Pipfile"
    r"|.*\.lock|environment.*\.ya?ml|conda.*\.ya?ml|meta\.ya?ml|tox\.ini|noxfile\.py"
    r"|Dockerfile.*|Makefile|WORKSPACE|BUILD(?:\.bazel)?|.*\.(?:nix|bzl))"
)
_SOURCES: Final = (".py", ".pyi", ".pyx", ".ipynb")
_SCRIPTS: Final = (
    *(".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro"),
    *(".json", ".jsonc", ".json5", ".html", ".htm", ".yaml", ".yml", ".toml", ".lock"),
)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]+")
_SEPARATORS: Final = re.compile(r"[-_.]+")
# Packages of which no part of the name is that of the module.
_OTHERWISE: Final = {
    "pil": "pillow",
    "cv2": "opencv",
    "bs4": "beautifulsoup4",
    "sklearn": "scikitlearn",
    "skimage": "scikitimage",
    "fitz": "pymupdf",
    "gi": "pygobject",
    "wx": "wxpython",
    "mysqldb": "mysqlclient",
    "win32api": "pywin32",
    "win32con": "pywin32",
}
_LEAST: Final = 3  # letters of a name that is looked for in a longer one, as yaml in PyYAML
_MOST: Final = 20_000_000  # characters that are read


def is_spoken_of(folder: Standing, module: str) -> bool:
    """Whether a dependency could be the top-level ``module``, or a source imports it.

    Raises `TooMany` for a folder that is too large to be sure.
    """
    imported = re.compile(rf"(?:^|[^\w.])(?:import|from)\s+(?:[\w.]+\s*,\s*)*{re.escape(module)}\b")
    word = _SEPARATORS.sub("", module.lower())
    word = _OTHERWISE.get(word, word)
    read = 0
    for path, name in folder.everything():
        is_list = _DEPENDENCIES.fullmatch(path) is not None
        if not is_list and not name.endswith(_SOURCES):
            continue
        text = folder.root.text(path, _MOST - read) or ""
        read += len(text)
        if read >= _MOST:
            raise TooMany
        if imported.search(text) or (is_list and _is_listed(text, word)):
            return True
    return False


def is_mentioned(folder: Standing, package: str) -> bool:
    """Whether anything but a document has the name of a package of scripts in it.

    Raises `TooMany` for a folder that is too large to be sure.
    """
    read = 0
    for path, name in folder.everything():
        if name.endswith(_SCRIPTS):
            text = folder.root.text(path, _MOST - read) or ""
            read += len(text)
            if read >= _MOST:
                raise TooMany
            if package in text:
                return True
    return False


def _is_listed(text: str, word: str) -> bool:
    for match in _NAME.finditer(text):
        listed = _SEPARATORS.sub("", match[0].lower())
        if listed == word or (len(word) >= _LEAST and word in listed):
            return True
    return False
