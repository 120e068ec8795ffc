"""New names: what may be one, which are free, and one made from the code if nobody gives any."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.text import Text

_WORD: Final = re.compile(r"[^\W\d]\w*")
_BUILTIN: Final = frozenset(dir(builtins))
_SOFT: Final = frozenset({"match", "case", "type", "_", "print", "exec"})
_VERBS: Final = re.compile(
    r"^(?:get|make|create|build|read|load|find|compute|calc|fetch|to)_(?=\w)"
)
_LONGEST: Final = 60


def words_of(text: Text) -> frozenset[str]:
    """Every word of a text, also of its strings and comments."""
    return frozenset(_WORD.findall(str(text)))


def check(name: str) -> None:
    """Refuse what cannot be a name here."""
    if not name.isidentifier() or keyword.iskeyword(name) or name in _SOFT or not name.isascii():
        raise Refused("The new name must be a Python identifier in ASCII that is no keyword.")
    if name.startswith("__"):
        raise Refused("The new name must not begin with two underscores.")
    if name in _BUILTIN:
        raise Refused(f"The new name {name} would hide what is built into Python.")


def free(name: str, default: str, taken: frozenset[str]) -> str:
    """``name``, or ``default`` if it is empty, with a number if it is taken."""
    if name:
        check(name)
    wanted = name or default
    if keyword.iskeyword(wanted) or wanted in _SOFT or wanted in _BUILTIN:
        wanted += "_value"
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}_{number}", number + 1
    return found


def value_name(expression: Branch) -> str:
    """A name for what ``expression`` gives."""
    last = _last_word(expression)
    if not last and (parent := expression.parent) is not None and parent.type == "keyword_argument":
        last = next((child.text for child in parent.all("name")), "")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower().strip("_")
    snake = _VERBS.sub("", snake)
    usable = snake.isidentifier() and snake.isascii() and len(snake) <= _LONGEST
    return snake if usable else "value"


def _last_word(node: Branch) -> str:
    if node.type == "identifier":
        return node.text
    if node.type == "attribute":
        return next((child.text for child in node.all("attribute")), "")
    if node.type == "call":
        function = node.one("function")
        last = _last_word(function) if function is not None else ""
        plain = function is not None and function.type == "identifier" and not _VERBS.match(last)
        return f"{last}_result" if plain and last else last
    if node.type == "subscript":
        keys = [each.text for child in node.all("subscript") for each in child.walk()]
        return next((key for key in keys if key.isidentifier()), "")
    if node.type in ("await", "parenthesized_expression") and node.parts:
        return _last_word(node.parts[0])
    return ""
