"""What the names of a script's function hold, as far as its text above a cursor tells.

As `inglenook_context.bindings` for Python: a line is being typed there, so text is read and not a
tree, and where a function begins is seen from the indentation. Types are written as in
`inglenook_context.members`; a value that comes from others is written as the way to it
(``this.cache.find()``). A collection is not told from what is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from inglenook_context.bindings import Scope
from inglenook_context.chains import chain_at, script_receiver, type_at
from inglenook_context.document import Cursor
from inglenook_context.headers_script import depth_at, headers

_REACH: Final = 12_000  # characters above the cursor in which bindings are looked for
_FAR: Final = 60_000  # and in which what is round it begins
_COMMENT: Final = 1_500  # characters of one before a function
_END: Final = re.compile(r"\n([ \t]*)\}")
_LINE: Final = 600  # characters of a line in which parameters are looked for
_OPEN: Final = 12  # brackets round the cursor that are looked at
_MOST: Final = 60  # declarations, those nearest to the cursor
_NAME: Final = r"[^\W\d][\w$]*"
_BOUND: Final = r"(?:const|let|var)[ \t]+"
_DECLARED: Final = re.compile(  # begins with a character, which is what makes it fast
    rf"\n([ \t]*)(?:(?:export[ \t]+)?{_BOUND}(?:({_NAME})|\{{([^{{}}]{{0,600}})\}}"
    rf"|\[([^\[\]\n]{{0,200}})\])[ \t]*!?([:=])|({_NAME})[ \t]*=[ \t]*(?=new[ \t])"
    rf"|for[ \t]*(?:await[ \t]*)?\([ \t]*{_BOUND}(?:({_NAME})|\[([^\[\]\n]*)\])[ \t]+of\b)"
)
_NARROWED: Final = re.compile(r"instanceof[ \t]+")
_LAST_NAME: Final = re.compile(rf"(?<![\w$.])({_NAME})[ \t]+\Z")
_DOC_PARAMETER: Final = re.compile(rf"@param\s+\{{([^{{}}\n]{{1,120}})\}}\s+\[?({_NAME})")
_PARAMETER: Final = re.compile(
    rf"[(,]\s*(?:(?:public|private|protected|readonly|override)\s+)*"
    rf"(?:(?:\.\.\.)?({_NAME})|\{{([^{{}}]{{0,600}})\}})\s*\??:\s*"
)
_ELEMENT: Final = re.compile(
    r"\.(?:forEach|map|filter|find|findIndex|findLast|some|every|flatMap|sort)"
    rf"\(\s*(?:async\s+)?(?:function\b[\w\s]{{0,60}})?\(?\s*({_NAME})\b(?!\s*[.:(])"
)
_CALLED: Final = re.compile(
    rf"(?<![\w$])((?:{_NAME}|#)(?:!?\??\.#?{_NAME})*)(?:!|\?\.)?(?:<[^()]*>)?\s*\Z"
)
_NOT_CALLED: Final = frozenset(
    "if for while switch catch function return await typeof with".split()
)
_TOKEN: Final = re.compile(
    r"'(?:[^'\\\n]|\\.){0,200}'|\"(?:[^\"\\\n]|\\.){0,200}\"|`(?:[^`\\]|\\.){0,200}`|[()\[\]{}]"
)
_TAG: Final = re.compile(r"<([A-Z][\w$]*(?:\.[\w$]+)*)(?:\s[^<>]*|\s[^<]*=>[^<>]*)?\Z")


def script_scope(cursor: Cursor) -> Scope:
    text, line = "\n" + cursor.before(_FAR), cursor.line_before
    start, class_name, function = 0, "", ""
    found: list[tuple[int, str, str]] = []
    parts = [(len(text) - len(line), line[-_LINE:])]
    for header in headers(text, line):
        if header.is_class:
            class_name = header.name
            break
        start, function = header.start, function or header.name
        found += [(start - 1, *each) for each in _documented(text, start)]
        found += [(start, *each) for each in _parameters(header.text)]
        parts.append((start, header.text))
    start = max(start - 1, len(text) - _REACH, 0)
    for place, name, type_ in _in_scope(text, start, depth_at(text, line)):
        found.append((place, name, type_))
    for place, part in parts:
        found += [(place, *each) for each in _elements(part[-_LINE:])]
    if "=>" in line or "function" in line:
        found += [(len(text), *each) for each in _parameters(line[-_LINE:])]
    bound: dict[str, str] = {}
    for _, name, type_ in sorted(found, key=lambda each: each[0]):
        _bind(bound, name, type_)
    return Scope(class_name, function, bound)


def script_bindings(cursor: Cursor) -> dict[str, str]:
    """The types of the names that the function round the cursor binds above it."""
    return script_scope(cursor).bindings


def _in_scope(text: str, start: int, depth: int) -> Iterator[tuple[int, str, str]]:
    """The names bound from ``start`` on whose block is not over, by the indentation."""
    matches = [*_DECLARED.finditer(text, start), *_NARROWED.finditer(text, start)]
    matches = sorted(matches, key=lambda match: match.start())[-_MOST:]
    ends = [(match.start(), len(match[1])) for match in _END.finditer(text, start)]
    closed = _FAR  # the least indentation of a block that ends between a binding and the cursor
    for match in reversed(matches):
        while ends and ends[-1][0] > match.start():
            closed = min(closed, ends.pop()[1])
        if match.re is _NARROWED:
            row = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            name = _LAST_NAME.search(row[-80:])
            if name and len(row) - len(row.lstrip()) < min(depth, closed):
                yield match.start(), name[1], chain_at(text, match.end())[0]
        elif len(match[1]) + bool(match[7] or match[8]) <= min(depth, closed):
            for each in _declared(text, match):
                yield match.start(), *each


def script_calls(
    before: str, *, jsx: bool = False, is_defined: Callable[[str, int], bool] | None = None
) -> list[str]:
    """What is being called, or made with ``new``, round the end of ``before``, innermost first.

    With ``jsx`` the component whose attributes are being written counts as called. ``is_defined``
    tells whether the name at a place is that of a function's own header.
    """
    is_defined = is_defined or _is_defined
    before = before[-1_500:]
    found: list[str] = []
    if jsx and (tag := _TAG.search(before, max(len(before) - 400, 0))):
        found.append(tag[1])
    depth, opened = 0, 0
    for token in reversed(list(_TOKEN.finditer(before))):
        bracket = token[0]
        if bracket in ")]}":
            depth += 1
        elif bracket in "([{" and depth:
            depth -= 1
        elif bracket == "{" and _opens_body(before, token.start()):
            break
        elif bracket == "(":
            at = token.start()
            opened += 1
            match = _CALLED.search(before, max(at - 160, 0), at)
            if match and match[1] not in _NOT_CALLED and not is_defined(before, match.start()):
                found.append(re.sub(r"[?!]", "", match[1]))
            if len(found) == 3 or opened == _OPEN:
                break
    return found


def _opens_body(text: str, brace: int) -> bool:
    """Whether a brace begins statements and not an object."""
    return text[max(brace - 40, 0) : brace].rstrip().endswith((")", "=>", "else", "try", "do"))


def _is_defined(text: str, name: int) -> bool:
    """Whether a name before a bracket is that of a function's own header."""
    head = text[text.rfind("\n", 0, name) + 1 : name]
    return (
        re.search(
            r"\b(?:function\s*\*?|get|set|async|static|private|public|protected|override)\s*\Z",
            head,
        )
        is not None
    )


def _parameters(header: str) -> Iterator[tuple[str, str]]:
    for match in _PARAMETER.finditer(header):
        type_, _ = type_at(header, match.end())
        if not type_:
            continue
        if match[1]:
            yield match[1], type_
        else:
            yield from _parts(match[2], type_)


def _documented(text: str, start: int) -> Iterator[tuple[str, str]]:
    """The parameters that a ``/** */`` comment tells the types of."""
    before = text[max(start - _COMMENT, 0) : start].rstrip()
    if before.endswith("*/"):
        for match in _DOC_PARAMETER.finditer(before, max(before.rfind("/**"), 0)):
            yield match[2], match[1].strip("!?= ")


def _declared(text: str, match: re.Match[str]) -> Iterator[tuple[str, str]]:
    _, name, parts, places, mark, made, each, pair = match.groups()
    at = match.end()
    if made:
        yield made, chain_at(text, at)[0]
    elif each or pair:
        of, _ = chain_at(text, at)
        yield each or pair.split(",")[-1].strip(), of
    else:
        type_, end = type_at(text, at) if mark == ":" else ("", at)
        is_set = text[end : end + 1] == "=" and text[end : end + 2] != "=>"
        if not type_ and (mark == "=" or is_set):
            type_, _ = chain_at(text, end + (mark == ":"))
        if name:
            yield name, type_
        elif parts and type_:
            yield from _parts(parts, type_)
        elif places and type_:
            yield places.split(",")[0].strip(), type_


def _parts(parts: str, type_: str) -> Iterator[tuple[str, str]]:
    """The names of ``{ a, b: c = 1 }``, whose whole has this type."""
    whole = type_.partition("<")[0]
    for part in re.sub(r"//[^\n]*", "", parts).split(","):
        key, _, name = part.partition("=")[0].partition(":")
        key, name = key.strip(), name.strip()
        if key.isidentifier():
            yield name or key, f"{whole}.{key}"


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """The parameters of functions that a collection's methods call with its elements."""
    for match in _ELEMENT.finditer(text):
        of = script_receiver(text[: match.start() + 1])
        if of is not None:
            yield match[1], of[0]


def _bind(bound: dict[str, str], name: str, type_: str) -> None:
    """Note a type; of a way that begins at a bound name, from that name's type on."""
    if not name.replace("$", "_").isidentifier():
        return
    first, dot, rest = type_.partition(".")
    known = bound.get(first.removesuffix("()"))
    if known and not first.endswith("()"):
        type_ = f"{known.partition('<')[0].removesuffix('[]')}.{rest}" if dot else known
    if type_:
        bound[name] = type_
    else:
        bound.pop(name, None)
