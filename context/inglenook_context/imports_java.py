"""The imports of a Java file: classes, all classes of a package, and static members."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook_context.imports import Import

_NAME: Final = r"[^\W\d][\w$]*"
_STATEMENT: Final = re.compile(
    rf"^[ \t]*import[ \t]+(?:static[ \t]+)?(?P<path>{_NAME}(?:\.{_NAME}){{0,20}})(?P<all>\.\*)?"
    r"[ \t]*(?:;|$|//)",
    re.MULTILINE,
)


def java_imports(head: str) -> Iterator[Import]:
    for match in _STATEMENT.finditer(head):
        module, dot, name = match["path"].rpartition(".")
        if match["all"]:
            yield Import("*", match["path"], "*")
        elif dot:
            yield Import(name, module, name)
