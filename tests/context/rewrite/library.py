"""Modules of the standard library whose functions are documented and annotated."""

from __future__ import annotations

import ast
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from inglenook_context.document import Document
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.support.parsed import parsed

MODULES: Final = tuple(
    """abc bisect code codeop colorsys copy copyreg fnmatch genericpath getopt getpass glob graphlib
    hmac linecache netrc nturl2path numbers pty quopri reprlib rlcompleter sched secrets
    shelve stat token tty types zipapp""".split()
)

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@cache
def document(module: str) -> Document:
    path = Path(sysconfig.get_paths()["stdlib"]) / f"{module}.py"
    text = path.read_bytes().decode("utf-8")
    return Document(path.as_uri(), "python", 1, Text.of(text))


@cache
def syntax(module: str) -> Syntax:
    found = parsed(document(module).text)
    assert found is not None
    return found


def defined(source: str) -> Iterator[tuple[Definition, int]]:
    """The functions and classes of a text, and where the name of each stands."""
    text = Text.of(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Definition):
            row = text.line(node.lineno - 1)
            yield node, text.line_start(node.lineno - 1) + row.index(node.name)
