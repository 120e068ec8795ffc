"""What Go, Rust and Java have in common when the text round a cursor is read without a parse.

As `inglenook_context.bindings_script` for scripts. Rust's ``::`` is written as a dot, and what
does not change what a value is (``?``, ``.await``, a turbofish) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from inglenook_context.bindings_script import script_calls
from inglenook_context.chains import chain_at, script_receiver
from inglenook_context.written_compiled import compiled_named

REACH: Final = 12_000  # characters above the cursor in which bindings are looked for
FAR: Final = 60_000  # and in which what is round it begins
_ROW: Final = 400  # characters
_MOST: Final = 80  # bindings, those nearest to the cursor
_TURBOFISH: Final = re.compile(r"::<[^<>()\n]{0,80}(?:<[^<>()\n]{0,60}>[^<>()\n]{0,40}){0,3}>")
_QUESTION: Final = re.compile(r"(?<=[\w)\]])\?(?=[\s.;,)?]|\Z)")
_AWAIT: Final = re.compile(r"\.await\b(?=\s*[.;?,)\n])")
_ASSERTED: Final = re.compile(r"[\w.]{1,100}\.\(\*?([\w.]{1,100})\)")
_LITERAL: Final = re.compile(r"\s*[&*]*\s*(?:mut\s+)?((?:[a-z_]\w*\.)*[A-Z]\w*)\s*\{")
_REFERENCE: Final = re.compile(r"\s*(?:[&*]|<-|mut\b|ref\b|move\b|await\b)+\s*")
_CUT: Final = re.compile(r"\s\{|;|\s+else\b|\s//|\s+as\s+(?=[a-z])")
_HEADS: Final = {  # what stands before the name of a function in its own header
    "go": re.compile(r"(?:\A|\n)func\b[^\n]*\Z"),
    "rust": re.compile(r"\bfn[ \t]+\Z"),
    "java": re.compile(
        r"(?<![\w.])(?!(?:return|new|throw|else|case|assert|yield|do)\b)[\w$]+(?:<[^;{}()\n]*>)?"
        r"(?:\[\])*[ \t]+\Z"
    ),
}
_NOT_CALLED: Final = frozenset(
    "func fn match loop range defer go let in as move synchronized super this Some Ok Err".split()
)
_SUPER: Final = re.compile(r"\bsuper\(\)")


def plain(text: str, language: str) -> str:
    """A text in which dots alone stand between names."""
    if language == "rust":
        text = _TURBOFISH.sub("", text)
        return _AWAIT.sub("", _QUESTION.sub("", text.replace("::", ".")))
    if language == "go":
        return _ASSERTED.sub(r"\1", text)
    return text


def rows(text: str) -> Iterator[str]:
    """The rows in which bindings are looked for, the last ones of a long text."""
    for row in text[-REACH:].split("\n"):
        yield row[:_ROW]


def value_of(text: str) -> str:
    """The value that a row ends with, as the way to it; empty if that tells nothing."""
    if made := _LITERAL.match(text):
        return made[1]
    lead = _REFERENCE.match(text)
    text = text[lead.end() :] if lead else text
    cut = _CUT.search(text)
    return chain_at(text[: cut.start()].rstrip() if cut else text.rstrip(), 0)[0]


def bound(found: Iterable[tuple[str, str]], language: str) -> dict[str, str]:
    """Names and their types, each of which may begin at a name that was bound before."""
    ending = {"rust": "rs"}.get(language, language)
    types: dict[str, str] = {}
    for name, type_ in list(found)[-_MOST:]:
        first, dot, rest = type_.partition(".")
        known = types.get(first)
        if known and dot:
            type_ = f"{compiled_named(known, ending)}.{rest}"
        elif known:
            type_ = known
        if type_ and name.isidentifier() and name != "_":
            types[name] = type_
        else:
            types.pop(name, None)
    return types


def compiled_receiver(before: str, language: str) -> tuple[str, str] | None:
    """As `chains.script_receiver`, of a text that is `plain`."""
    found = script_receiver(before)
    if found is None or language != "rust":
        return found
    return _SUPER.sub("super", found[0]), found[1]


def compiled_calls(before: str, language: str) -> list[str]:
    """As `bindings_script.script_calls`, of a text that is `plain`."""
    head = _HEADS[language]

    def is_defined(text: str, name: int) -> bool:
        start = max(text.rfind("\n", 0, name), name - 200, 0)
        return head.search(text[start:name]) is not None

    calls = script_calls(before, is_defined=is_defined)
    return [each for each in calls if each not in _NOT_CALLED]
