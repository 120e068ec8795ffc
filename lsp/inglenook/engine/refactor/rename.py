"""Renames within a file, as far as the file shows every use of a name.

They go through a whole file: call them in a thread.
"""

from __future__ import annotations

from typing import Final

from inglenook.engine.refactor.computed import SCRIPTS
from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.python import rename_local as python
from inglenook_context.refactor.typescript import rename_local as script
from inglenook_context.syntax import Syntax

_RENAMES: Final = {
    "python": python.rename_local,
    **dict.fromkeys(SCRIPTS, script.rename_local),
}
_IDENTIFIERS: Final = frozenset(
    """identifier type_identifier property_identifier private_property_identifier
    shorthand_property_identifier shorthand_property_identifier_pattern statement_identifier
    jsx_identifier""".split()
)  # also of what is never renamed
_TRIED: Final = "Tried_name"  # may be a variable, a type and a tag


def is_renamed(language: str) -> bool:
    """Whether names are renamed in a language (LSP identifier)."""
    return language in _RENAMES


def name_at(syntax: Syntax, offset: int) -> tuple[int, int] | None:
    """The span of the name at ``offset``: first one that begins or goes on there, then one that
    ends there."""
    for at in (offset + 1, offset):  # of two nodes that meet, `around` follows the left one
        for node in syntax.around(at):
            if node.type in _IDENTIFIERS and not node.child_count:
                start, stop = syntax.start_of(node), syntax.stop_of(node)
                if start <= offset <= stop:
                    return start, stop
    return None


def can_rename(syntax: Syntax, language: str, start: int) -> Refusal | None:
    """Why the name that begins at ``start`` cannot be renamed, whatever its new name."""
    text, number = str(syntax.text), 0
    while (tried := f"{_TRIED}{number or ''}") in text:
        number += 1
    found = _RENAMES[language](syntax, start, tried)
    return found if isinstance(found, Refusal) else None


def rename(syntax: Syntax, language: str, start: int, name: str) -> Refactoring | Refusal:
    """The variable that begins at ``start`` called ``name`` instead."""
    return _RENAMES[language](syntax, start, name)
