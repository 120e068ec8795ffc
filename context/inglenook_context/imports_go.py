"""The imports of a Go file, each of which brings in a package: a directory of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.imports import Import

_LINE: Final = 400  # characters
_SPEC: Final = re.compile(
    r"\s*(?:(?P<name>[^\W\d]\w*|\.)\s*)?"
    r"(?:\"(?P<path>[^\"\s\\]{1,300})\"|`(?P<raw>[^`\s]{1,300})`)"
)
_OTHER: Final = re.compile(r"(?:func|type|var|const|package)\b|[{}]")  # no line of an import
_MAJOR: Final = re.compile(r"v[0-9]{1,3}\Z")
_AFFIX: Final = re.compile(r"\Ago-(?=.)|(?<=.)[-.]go\Z|(?<=.)\.v[0-9]{1,3}\Z")
_NO_NAME: Final = re.compile(r"\W")


def go_imports(head: str) -> Iterator[Import]:
    inside = False  # the brackets of a statement
    for row in head.split("\n"):
        if row.startswith("import") and not row[6:7].isalnum():
            row = row[6:_LINE].lstrip()
            inside = row.startswith("(")
            row = row[inside:]
        elif not inside:
            continue
        elif _OTHER.match(row):  # the brackets are not closed yet
            inside = False
            continue
        for part in row[:_LINE].split(";"):
            yield from _spec(part)
        inside = inside and not row[:_LINE].partition("//")[0].rstrip("\r ;\t").endswith(")")


def package_name(path: str) -> str:
    """The name that a package most likely has, as far as its path says."""
    *outer, last = path.rstrip("/").split("/")
    if _MAJOR.match(last) and outer:
        last = outer[-1]
    return _NO_NAME.sub("", _AFFIX.sub("", _AFFIX.sub("", last)))


def _spec(text: str) -> Iterator[Import]:
    match = _SPEC.match(text)
    if match is None or match["name"] == "_":
        return
    path = match["path"] or match["raw"]
    name = "*" if match["name"] == "." else match["name"] or package_name(path)
    if name:
        yield Import(name, path, "*")
