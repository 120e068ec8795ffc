"""Types as they are written: which class one names, whatever is wrapped round it."""

from __future__ import annotations

import re
from typing import Final

_WRAPPERS: Final = re.compile(
    r"^(?:typing\.|t\.)?(?:(?:Optional|Annotated|Type|type|ClassVar|Final|Awaitable|Required"
    r"|NotRequired|Readonly|Partial|Promise)(?![\w$])|Coroutine\[[^,\]]*,[^,\]]*,)\s*[\[<]?"
)
_SCRIPT_WRAPPERS: Final = re.compile(  # also of collections: what is done with them is done to one
    r"^(?:(?:typeof|keyof|readonly|unique|infer)\s+|(?:Omit|Pick|NonNullable|Awaited|Array|Set"
    r"|ReadonlyArray|ReadonlySet|WeakSet|Iterable|AsyncIterable|Iterator|AsyncIterator"
    r"|IterableIterator|Generator|AsyncGenerator|PromiseLike|ReturnType|InstanceType|Extract|Exclude"
    r"|DeepPartial|Prettify|Simplify)\s*<|(?:(?:Readonly|Weak)?Map|Record)\s*<[^,<>]*,)\s*"
)
_PATH: Final = re.compile(r"[^\W\d][\w$]*(?:\(\))?(?:\.#?[^\W\d][\w$]*(?:\(\))?)*")
_INDEXED: Final = re.compile(r"\[([^\W\d][\w$]*)\]")  # Options["retry"], without quotes
NOTHING: Final = frozenset({"None", "null", "undefined", "Any", "typing.Any", "object", "void"})


def aliased(signature: str) -> str:
    """What a type's declaration says it is: what stands behind its ``=``."""
    depth = 0
    for at, character in enumerate(signature):
        depth += (character in "<[") - (character in ">]" and signature[at - 1] != "=")
        if character == "=" and depth <= 0:
            return signature[at + 1 :]
    return ""


def named(text: str, script: bool = False) -> str:
    """The class that a type names, without what may be wrapped round it."""
    text = text.strip().strip("\"'").removesuffix("()")
    if script:
        text = _INDEXED.sub(r".\1", re.sub(r"\[\]|[\"']", "", text).lstrip("|& \n"))
    for part in re.split(r"\s*\|\s*", text):
        part = part.strip().strip("\"'(")
        while match := _WRAPPERS.match(part) or (script and _SCRIPT_WRAPPERS.match(part)):
            if match.end() in (0, len(part)):
                break
            part = part[match.end() :].strip().strip("\"'")
        match = _PATH.match(part)
        if match and match[0] not in NOTHING:
            return match[0]
    return ""
