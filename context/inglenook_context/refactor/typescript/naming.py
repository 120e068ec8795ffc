"""New names: what may be one, which are free, and one made from the code if nobody gives any."""

from __future__ import annotations

import re
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.text import Text

_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_WORD: Final = re.compile(r"(?:(?<![\w$.])|(?<=\.\.\.))[\w$]+")
# ECMAScript 2025, 12.7.2, and what strict code, generators and async functions reserve besides.
_RESERVED: Final = frozenset(
    """break case catch class const continue debugger default delete do else enum export extends
    false finally for function if import in instanceof new null return super switch this throw
    true try typeof var void while with yield let static implements interface package private
    protected public await async of get set arguments eval undefined NaN Infinity""".split()
)
# What compiled code or tags need under its own name.
_MEANT: Final = frozenset(
    """React Fragment Promise Object Symbol Reflect globalThis require exports module""".split()
)
_TYPES: Final = frozenset(
    """any unknown never void null undefined object string number boolean symbol bigint intrinsic
    infer keyof readonly unique is asserts""".split()
)
_VERBS: Final = re.compile(
    r"(?:get|make|create|build|read|load|find|compute|calc|fetch|to)(?=[A-Z])"
)
_LONGEST: Final = 60


def words_of(text: Text) -> frozenset[str]:
    """Every word of a text that no dot stands before, also of its strings and comments."""
    return frozenset(_WORD.findall(str(text)))


def check(name: str, type_too: bool = False) -> None:
    """Refuse what cannot be a name here; ``type_too`` if it names a type as well."""
    if not _NAME.fullmatch(name) or name in _RESERVED or (type_too and name in _TYPES):
        raise Refused("The new name must be an identifier in ASCII that is not reserved.")
    if name in _MEANT:
        raise Refused(f"The new name {name} would hide what code needs under this name.")


def free(name: str, default: str, taken: frozenset[str]) -> str:
    """``name``, or ``default`` if it is empty, with a number if it is taken."""
    if name:
        check(name)
    wanted = name or default
    if wanted in _RESERVED or wanted in _MEANT:
        wanted += "Value"
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}{number}", number + 1
    return found


def value_name(expression: Branch) -> str:
    """A name for what ``expression`` gives."""
    last = _last_word(expression).strip("_$#")
    if last.isupper() or "_" in last:
        first, *rest = last.lower().split("_")
        last = first + "".join(word.capitalize() for word in rest)
    last = _VERBS.sub("", last, count=1) if _VERBS.match(last) else last
    last = last[:1].lower() + last[1:]
    return last if _NAME.fullmatch(last) and len(last) <= _LONGEST else "value"


def _last_word(node: Branch) -> str:
    if node.type in ("identifier", "property_identifier", "private_property_identifier"):
        return node.text
    parts = node.parts
    if node.type == "member_expression":
        return _last_word(parts[-1])
    if node.type == "call_expression" and parts:
        last = _last_word(parts[0])
        plain = parts[0].type == "identifier" and not _VERBS.match(last)
        return f"{last}Result" if plain and last else last
    if node.type in ("new_expression", "await_expression", "non_null_expression") or (
        node.type in ("parenthesized_expression", "as_expression", "satisfies_expression")
    ):
        return _last_word(parts[0]) if parts else ""
    if node.type == "subscript_expression" and parts:
        key = parts[-1]
        return key.parts[0].text if key.type == "string" and key.parts else ""
    return ""
