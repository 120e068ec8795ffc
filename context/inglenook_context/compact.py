"""Definitions in as few characters as tell how they are used.

A prompt has room for many signatures or for a few bodies, and what a small model lacks is names
and parameters. So a header becomes one line, and a long one loses annotations before it loses a
parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from inglenook_context.symbols import Definition

_SHORT: Final = 110  # characters of a header that keeps its annotations
_LONGEST: Final = 420
_DEFAULT: Final = 16  # characters of a default that is kept in a long header
_JSDOC: Final = re.compile(r"/\*\*.*?\*/\s*", re.DOTALL)
_STRING: Final = (
    r"""(\"(?:[^"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`)|"""  # no comment
)
_BRACKETED: Final = re.compile(  # a default that looks like more than one
    r"""=\s*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
)
_SLASHES: Final = re.compile(rf"(?m){_STRING}(?<!:)//.*$")  # a URL is none
_COMMENTS: Final = re.compile(  # a definition that begins with # is no comment (#define, #main),
    rf"(?m){_STRING}(?<!:)//.*$"  # nor is #{...}, #[...], $#, r#type
    r"|(?!\A)(?<!\br)(?<![$#])#(?![{\[]).*$"
)
_HASHES: Final = re.compile(rf"(?m){_STRING}#.*$")
_SCRIPT_KINDS: Final = ("interface", "enum", "namespace", "type")
_OBJECT_TYPE: Final = re.compile(r"=\s*(?:[\w$.]+(?:<[^=&]*>)?\s*&\s*)*\{")
_PROPERTY: Final = re.compile(
    r"@(?:functools\.)?(?:cached_)?property def (\w+)\(\w*\)(?: -> (.+))?\Z"
)
_PYTHON: Final = ("def ", "async def ", "@", "class ")
_TYPE_PARAMETERS: Final = 24  # characters of them that a long header keeps
_OPENERS: Final = "([{"
_CLOSERS: Final = ")]}"


@lru_cache(maxsize=8_192)
def header(definition: Definition) -> str:
    """What a definition is, in one line; what is used as a field is shown as one."""
    text = _header(definition)
    if not text.startswith("@"):
        return text
    if match := _PROPERTY.match(text):
        return f"{match[1]}: {match[2]}" if match[2] else f"{match[1]} = property(...)"
    static = text.removeprefix("@staticmethod ")
    return text if static == text else f"{static}  # staticmethod"


def _header(definition: Definition) -> str:
    """The definition in one line: its header without body, documentation and line ends."""
    text = _JSDOC.sub("", definition.signature)
    if definition.kind in _SCRIPT_KINDS:
        text = _script_head(definition, text)
    elif definition.kind == "class" or '"""' in text:
        text = text[: _opening(text)]
    if text.startswith(_PYTHON):  # where // divides
        comments = _HASHES
    else:
        comments = _SLASHES if "#" in definition.name else _COMMENTS
    text = re.sub(r"\s+", " ", comments.sub(lambda found: found[1] or "", text)).strip()
    text = re.sub(r"\(\s+", "(", re.sub(r",?\s+\)", ")", text))
    text = text.removesuffix("...").removesuffix("{").rstrip().removesuffix(":").rstrip()
    if len(text) > _SHORT and definition.kind in ("function", "method"):
        text = _without_annotations(text)
    if definition.kind == "method" and text.endswith(")") and not text.startswith(_PYTHON):
        text += " {}"  # else it looks like a call
    return text[:_LONGEST]


def _script_head(definition: Definition, text: str) -> str:
    """Of a script's type up to its members; an object type is shown as the interface it is."""
    if definition.kind == "type":
        if not _OBJECT_TYPE.search(text):
            return text.rstrip("; \n")
        head, _, _ = text.partition("=")
        made_from = f" extends {', '.join(definition.bases)}" if definition.bases else ""
        return head.replace("type ", "interface ", 1).rstrip() + made_from
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "(<") - (character in ")>" and text[at - 1] != "=")
        if character == "{" and depth <= 0:
            return text[:at]
    return text


def _opening(signature: str) -> int:
    """Where the colon or brace stands that opens the body of a class or documented function."""
    depth = 0
    for at, character in enumerate(signature):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif depth == 0 and character in ":{" and signature[at + 1 : at + 2] in ("\n", ""):
            return at
    return signature.find("\n") if "\n" in signature else len(signature)


def _without_annotations(text: str) -> str:
    text = _without_types(_BRACKETED.sub('="..."', text))
    opened = text.find("(")
    closed = _closing(text, opened)
    if opened < 0 or closed < 0:
        return text
    parameters = [_parameter(each) for each in _split(text[opened + 1 : closed])]
    result = text[closed + 1 :]
    return text[: opened + 1] + ", ".join(parameters) + ")" + (result if len(result) < 40 else "")


def _without_types(text: str) -> str:
    """A long header without its type parameters, unless they are short."""
    opened = text.find("<")
    if opened < 0 or opened > text.find("(") >= 0:
        return text
    depth = 0
    for at in range(opened, len(text)):
        depth += (text[at] == "<") - (text[at] == ">" and text[at - 1] not in "=-")
        if depth == 0:
            return text if at - opened < _TYPE_PARAMETERS else text[:opened] + text[at + 1 :]
    return text


def _parameter(text: str) -> str:
    name, default = _cut(text, "=")
    name = _cut(name, ":")[0].strip()
    default = default.strip()
    return f"{name}={default if len(default) <= _DEFAULT else '...'}" if default else name


def _cut(text: str, mark: str) -> tuple[str, str]:
    """What stands before and after the first ``mark`` outside of brackets."""
    depth = 0
    for at, character in enumerate(text):
        if character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            depth -= 1
        elif character == mark and depth == 0 and not _is_longer(text, at):
            return text[:at], text[at + 1 :]
    return text, ""


def _is_longer(text: str, at: int) -> bool:
    """Whether a mark is a part of ``==``, ``=>`` or ``::``."""
    return text[at + 1 : at + 2] in ("=", ">", ":") or text[at - 1 : at + 1] == "::"


def _split(text: str) -> Iterator[str]:
    depth, angles, start = 0, 0, 0
    for at, character in enumerate(text):
        if character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            depth -= 1
        elif character == "<":
            angles += 1
        elif character == ">" and text[at - 1] != "=":
            angles -= 1
        elif character == "," and depth == 0 and angles <= 0:
            yield text[start:at].strip()
            start = at + 1
    if last := text[start:].strip():
        yield last


def _closing(text: str, opened: int) -> int:
    depth = 0
    for at in range(max(opened, 0), len(text)):
        if text[at] in _OPENERS:
            depth += 1
        elif text[at] in _CLOSERS:
            depth -= 1
            if depth == 0:
                return at
    return -1
