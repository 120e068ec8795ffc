"""The imports of a script, and what it exports from elsewhere or under another name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from inglenook_context.commonjs import EXPORT

_NAME: Final = r"[^\W\d][\w$]*|\$[\w$]*"
_QUOTED: Final = r"""['"](?P<module{0}>[^'"\r\n]+)['"]"""
_WRITTEN: Final = (
    r"""^[ \t]*(?:
    import\b\s*(?:type\s+)?(?P<clause>[^'"`;()={}]{0,300}?(?:\{[^{}]{0,8000}\}\s*)?)\bfrom\s*"""
    + _QUOTED.format(1)
    + r"""
    |export\s+(?:type\s+)?(?P<again>\*(?:\s*as\s+[\w$]+)?|\{[^{}]{0,8000}\})\s*from\s*"""
    + _QUOTED.format(2)
    + r"""
    |export\s+(?:type\s+)?\{(?P<local>[^{}]{0,8000})\}
    |(?:export\s+)?(?:const|let|var)\s+(?P<bound>\{[^{}]{0,2000}\}|[\w$]+)\s*(?::[^=\n]{0,100})?=\s*
     (?:(?:await\s+)?import|(?:\w+\()?require)\(\s*"""
    + _QUOTED.format(3)
    + r"""\s*\)\)?(?P<part>\.[\w$]+)?
    |(?:export\s+)?import\s+(?:type\s+)?(?P<equal>[\w$]+)\s*=\s*(?:require\(\s*"""
    + _QUOTED.format(4)
    + r"""|(?P<inner>[\w$.]+))
    |export\s+default\s+(?:[\w$.]+\()?(?P<default>(?!(?:async|class|function|new|abstract)\b)[\w$]+)
     \)?\s*(?:;|$)
    |export\s+default\s+(?:abstract\s+|async\s+)?(?:class\s+|interface\s+|function\b\s*\*?\s*)
     (?P<own>(?!extends\b|implements\b)[^\W\d][\w$]*)
    |export\s*=\s*(?P<whole>[\w$]+)
    |(?:module\.)?exports\s*=\s*(?:module\.exports\s*=\s*)?(?:require\(\s*"""
    + _QUOTED.format(5)
    + r"""|\{(?P<held>[^{}]{0,4000})|(?P<value>(?!(?:async|class|function|new)\b)[\w$]+)\s*(?:;|$))
    |(?:module\.)?exports\.(?P<name>[\w$]+)\s*=\s*(?:require\(\s*"""
    + _QUOTED.format(6)
    + r"""\s*\)(?P<of>\.[\w$]+)?|(?P<set>(?!(?:async|class|function|new)\b)[\w$]+)\s*(?:;|$))
    |(?:tslib_\d\.)?__exportStar\(\s*require\(\s*"""
    + _QUOTED.format(7)
    + r"""
    )"""
)
_STATEMENT: Final = re.compile(  # no white space is so long that it takes time
    _WRITTEN.replace(r"\s*", r"\s{0,40}").replace(r"\s+", r"\s{1,40}"), re.MULTILINE | re.VERBOSE
)
_RENAMED: Final = re.compile(
    rf"^(?:type\s+)?({_NAME}|\*|default)(?:(?:\s+as\s+|\s*:\s*)({_NAME}))?(?:\s*=[^,]*)?$"
)
_COMMENT: Final = re.compile(r"//[^\r\n]*|/\*[^*]*\*/")


class Found(NamedTuple):
    """As `inglenook_context.imports.Import`."""

    name: str
    module: str
    original: str
    exported: bool = False


def script_imports(head: str) -> Iterator[Found]:
    for match in _STATEMENT.finditer(head):
        module = _module(match)
        if (clause := match["clause"]) is not None:
            yield from _clause(clause, module)
        elif (again := match["again"]) is not None:
            yield from _again(again, module)
        elif (local := match["local"]) is not None:
            for original, alias in _renamed(local):
                yield Found(alias or original, "", original, True)
        elif (bound := match["bound"]) is not None:
            yield from _required(bound, module, (match["part"] or "")[1:])
        elif (equal := match["equal"]) is not None:
            yield Found(equal, module, "*" if module else match["inner"])
        else:
            yield from _assigned(match, module)


def _module(match: re.Match[str]) -> str:
    return next((match[f"module{n}"] for n in range(1, 8) if match[f"module{n}"]), "")


def _clause(clause: str, module: str) -> Iterator[Found]:
    """``a, { b as c }`` or ``a, * as d``."""
    outside, brace, inside = clause.partition("{")
    for original, alias in _renamed(outside):
        if original == "*" and alias:
            yield Found(alias, module, "*")
        elif original != "*":
            yield Found(original, module, "default")
    if brace:
        for original, alias in _renamed(inside.partition("}")[0]):
            yield Found(alias or original, module, original)


def _again(clause: str, module: str) -> Iterator[Found]:
    """What ``export … from`` takes from a module to be taken from this one."""
    if not clause.startswith("{"):
        _, _, alias = clause.partition("as ")
        yield Found(alias.strip() or "*", module, "*", True)
        return
    for original, alias in _renamed(clause.strip("{}")):
        yield Found(alias or original, module, original, True)


def _required(bound: str, module: str, part: str) -> Iterator[Found]:
    if not bound.startswith("{"):
        yield Found(bound, module, part or "*")
        return
    for original, alias in _renamed(bound.strip("{}")):
        yield Found(alias or original, module, original)


def _assigned(match: re.Match[str], module: str) -> Iterator[Found]:
    """What CommonJS exports, and the default export."""
    if name := match["default"] or match["own"]:
        yield Found("default", "", name, True)
    elif whole := match["whole"] or match["value"]:
        yield Found(EXPORT, "", whole, True)
    elif (held := match["held"]) is not None:
        for original, alias in _renamed(held):
            name, value = (original, alias) if alias else (original, original)
            yield Found(name, "", value, True)
    elif name := match["name"]:
        yield Found(name, module, (match["of"] or ".*")[1:] if module else match["set"], True)
    elif module:
        yield Found("*", module, "*", True)


def _renamed(names: str) -> Iterator[tuple[str, str]]:
    """The pairs (name, alias or empty) of a list such as ``a, b as c``."""
    for part in _COMMENT.sub("", names).split(","):
        if match := _RENAMED.match(part.strip()):
            yield match[1], match[2] or ""
