"""Values and types in a script's text: ``await new Store<T>().find(1)!.name`` from a place on,
and what stands before the dot at a cursor. Nothing is looked at further than a few lines."""

from __future__ import annotations

import re
from typing import Final

from inglenook_context.members import annotation

_REACH: Final = 1_500  # characters of arguments that are passed over
_BACK: Final = 800  # characters before a dot
_PARTS: Final = 12
_TYPE: Final = 160  # characters
_NAME: Final = r"#?[^\W\d][\w$]*|\$[\w$]*"
_BEFORE: Final = re.compile(
    r"\s*(?:(?:await|new|void|return|typeof)\b\s*|<[\w$.<>\[\]]{1,80}>(?=\w))*"
)
_FIRST: Final = re.compile(_NAME)
_GENERIC: Final = re.compile(r"<[^()=;<>]{0,100}(?:<[^()=;<>]{0,80}>[^()=;<>]{0,60}){0,3}>(?=\()")
_LINK: Final = re.compile(rf"\s*!?\s*(?:\?\.|\.(?!\.))\s*({_NAME})")
_CALL: Final = re.compile(r"!?(?:\?\.)?(?=[(\[])")
_AS: Final = re.compile(r"\s+(?:as|satisfies)\s+(?!const\b)")
_END: Final = re.compile(
    r"!?[ \t]*(?:[;,)\]}]|//|\?\?|\|\||\Z|\r?\n(?!\s*(?:[+\-*/%&=<>^]|\?(?![?.])))|of\b|in\b)"
)
_TOKEN: Final = re.compile(
    r"'(?:[^'\\\n]|\\.){0,400}'|\"(?:[^\"\\\n]|\\.){0,400}\"|`(?:[^`\\]|\\.){0,400}`|[()\[\]{}]"
)
_NAME_BEFORE: Final = re.compile(r"[#\w$]+\Z")
_WORDS: Final = ("await", "return", "if", "while", "of", "in", "yield", "case", "typeof")
_LITERALS: Final = ("true", "false", "null", "undefined", "function", "async", "class")
_OPENERS: Final = "([{<"
_CLOSERS: Final = ")]}>"
_PAIRS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_LAST: Final = re.compile(
    r"(?:(?<=[\w$])|(?<=[)\]!]))[ \t]*(?:\r?\n\s*)?(?:\?\.|\.)\s*(#?[\w$]*)\Z"
)


def chain_at(text: str, at: int) -> tuple[str, int]:
    """The value that begins at ``at``, as names, dots and ``()``, and where it ends.

    ``new`` and ``await`` are left out, and what a value is said to be with ``as`` stands in its
    place. Empty for anything else, such as a sum or a literal.
    """
    lead = _BEFORE.match(text, at)
    at = lead.end() if lead else at
    if text.startswith("(", at):
        found, at = _inside(text, at)
    elif first := _FIRST.match(text, at):
        found, at = first[0], first.end()
    else:
        return "", at
    for _ in range(_PARTS):
        if link := _LINK.match(text, at):
            found, at = f"{found}.{link[1]}", link.end()
            continue
        generic = _GENERIC.match(text, at)
        call = _CALL.match(text, generic.end() if generic else at)
        if not call or not found:
            break
        end = closing(text, call.end())
        if text[call.end()] == "(" and not found.endswith("()"):
            found += "()"
        if end < 0:  # it is being written, or long
            return (found, len(text)) if found.endswith("()") else ("", at)
        at = end + 1
    if said := _AS.match(text, at):
        type_, end = type_at(text, said.end())
        type_ = type_.rpartition(" as ")[2]
        return (type_, end) if type_ not in ("any", "unknown") else ("", end)
    if found and lead and "new" in lead[0] and "()" not in found:
        found += "()"
    return (found, at) if found not in _LITERALS and _END.match(text, at) else ("", at)


def _inside(text: str, opened: int) -> tuple[str, int]:
    end = closing(text, opened)
    found, at = chain_at(text, opened + 1) if end > 0 else ("", opened)
    return (found.partition("<")[0], end + 1) if found and at <= end else ("", opened)


def type_at(text: str, at: int) -> tuple[str, int]:
    """The type that is written from ``at`` on, and where it ends; empty if it names none."""
    depth = 0
    stop = min(len(text), at + _TYPE)
    for place in range(at, stop):
        character = text[place]
        if character in _OPENERS:
            if character == "{" and depth == 0 and text[at:place].strip():
                stop = place
                break
            depth += 1
        elif character in _CLOSERS:
            if character == ">" and text[place - 1] == "=":
                if depth == 0:
                    return "", place
                continue
            depth -= 1
            if depth < 0:
                stop = place
                break
        elif depth == 0 and (character in ",=;" or (character == "\n" and _ends(text, at, place))):
            if character == "=" and text[place : place + 2] == "=>":
                return "", place
            stop = place
            break
    type_ = annotation(" ".join(text[at:stop].split()).lstrip("|& "))
    names = type_[:1] not in ("{", "(", "[") and re.search(r"\w", type_)
    return (type_ if names else ""), stop


def _ends(text: str, at: int, place: int) -> bool:
    """Whether a type that began at ``at`` ends with the line that ends at ``place``."""
    written = text[at:place].rstrip()
    return (
        bool(written)
        and written[-1] not in "|&"
        and text[place : place + 80].lstrip()[:1] not in ("|", "&")
    )


def closing(text: str, opened: int) -> int:
    """The place of the bracket that closes the one at ``opened``; -1 if it is not near."""
    depth = 0
    for token in _TOKEN.finditer(text, opened, opened + _REACH):
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
            if depth == 0:
                return token.start()
    return -1


def script_receiver(before: str) -> tuple[str, str] | None:
    """Of a text that ends in ``a?.b(1)!.na``, what stands before the last dot and what behind it:
    ``a.b()`` and ``na``. Of ``super.na`` it is ``super()``, of ``(a as B).na`` it is ``B``.
    """
    before = before[-_BACK:]
    match = _LAST.search(before)
    if match is None:
        return None
    parts: list[str] = []
    at = match.start()
    while len(parts) < _PARTS:
        part, at = _part_before(before, at)
        if not part:
            break
        parts.append(part)
        linked = re.search(r"(?:\?\.|(?<!\.)\.)\s*\Z", before[max(at - 40, 0) : at])
        if linked is None:
            parts[-1] = "super()" if part == "super" else part
            return ".".join(reversed(parts)), match[1]
        at = len(before[:at].rstrip()) - (2 if before[:at].rstrip().endswith("?.") else 1)
    return None


def _part_before(text: str, end: int) -> tuple[str, int]:
    """The name, call or bracket that ends at ``end``, and where it begins."""
    called = False
    at = len(text[:end].rstrip(" \t\r\n!"))
    for _ in range(3):
        if not at or text[at - 1] not in ")]":
            break
        opened = _opening(text, at - 1)
        if opened < 0:
            return "", 0
        inner, called = text[opened + 1 : at - 1], called or text[at - 1] == ")"
        at = opened - 2 if text[:opened].endswith("?.") else opened
        if text[:at].endswith(">") and (generic := _opening(text, at - 1)) >= 0:
            at = generic
        name = _NAME_BEFORE.search(text, max(at - 100, 0), at)
        if called and not text[:at].endswith((")", "]")) and (name is None or name[0] in _WORDS):
            return _said(inner), at
    name = _NAME_BEFORE.search(text, max(at - 100, 0), at)
    if name is None or name[0][0].isdigit():
        return "", 0
    return name[0] + ("()" if called else ""), at - len(name[0])


def _said(inner: str) -> str:
    """What a value in brackets is: what ``as`` says, or the value."""
    _, said, type_ = inner.rpartition(" as ")
    found = type_.partition("<")[0].strip() if said else chain_at(inner, 0)[0]
    return found if re.fullmatch(r"[\w$.()#]+", found) else ""


def _opening(text: str, closed: int) -> int:
    """The place of the bracket that the one at ``closed`` closes; -1 if it is not near."""
    depth = 0
    close, open_ = text[closed], _PAIRS[text[closed]]
    for at in range(closed, -1, -1):
        if text[at] == close and not (close == ">" and text[at - 1 : at] == "="):
            depth += 1
        elif text[at] == open_:
            depth -= 1
            if depth == 0:
                return at
    return -1
