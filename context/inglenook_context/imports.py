"""Which names a file takes from which modules, read from its first lines.

The lines are read without a parser, so that it works before the first parse and in files that
are being typed; an import that is quoted in a docstring counts too, which does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inglenook_context.text import Text

_HEAD: Final = 20_000  # characters in which imports are looked for
_MOST: Final = 400
_NAME: Final = r"[^\W\d][\w$]*"
_PYTHON: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*"
    r"(?:\((?P<many>[^)]{0,4000})\)?|(?P<few>[^(\r\n#;]+))"
    r"|import[ \t]+(?P<modules>[^\r\n#;]+))",
    re.MULTILINE,
)
_SCRIPT: Final = re.compile(
    r"""^[ \t]*import\s+(?:type\s+)?(?P<clause>[^'"`;()]{1,800}?)"""
    r"""\s*from\s*['"](?P<module>[^'"\r\n]+)"""
    r"""|^[ \t]*(?:const|let|var)\s+(?P<bound>\{[^}]{0,2000}\}|[\w$]+)\s*="""
    r"""\s*(?:await\s+import|require)\(\s*['"](?P<required>[^'"\r\n]+)""",
    re.MULTILINE,
)
_RENAMED: Final = re.compile(
    rf"^(?:type\s+)?({_NAME}|\*|default)(?:(?:\s+as\s+|\s*:\s*)({_NAME}))?$"
)


@dataclass(frozen=True, slots=True)
class Import:
    """``name`` in this file is ``original`` of ``module``; both as they are written.

    ``original`` is ``*`` for a whole module (or all its names, if ``name`` is ``*`` too) and
    ``default`` for the default export of a script.
    """

    name: str
    module: str
    original: str


def imports_of(text: Text, language: str) -> tuple[Import, ...]:
    """The imports of a Python or a JavaScript or TypeScript file; of any other none."""
    head = text.slice(0, _HEAD)
    if language == "python":
        found = _python(head)
    elif language.startswith(("javascript", "typescript")):
        found = _script(head)
    else:
        return ()
    return tuple(one for one, _ in zip(found, range(_MOST), strict=False))


def _python(head: str) -> Iterator[Import]:
    for match in _PYTHON.finditer(head):
        if match["modules"] is not None:
            for module, alias in _renamed(match["modules"], dotted=True):
                yield Import(alias or module.partition(".")[0], module, "*")
        else:
            names = match["many"] if match["many"] is not None else match["few"]
            for original, alias in _renamed(names):
                yield Import(alias or original, match["module"], original)


def _script(head: str) -> Iterator[Import]:
    for match in _SCRIPT.finditer(head):
        module = match["module"] or match["required"]
        clause = match["clause"] or match["bound"]
        outside, brace, inside = clause.partition("{")
        for original, alias in _renamed(outside):
            if original == "*" and alias:
                yield Import(alias, module, "*")
            elif original != "*":
                yield Import(original, module, "default" if match["module"] else "*")
        if brace:
            for original, alias in _renamed(inside.partition("}")[0]):
                yield Import(alias or original, module, original)


def _renamed(names: str, *, dotted: bool = False) -> Iterator[tuple[str, str]]:
    """The pairs (name, alias or empty) of a list such as ``a, b as c``."""
    for part in re.sub(r"#[^\r\n]*|//[^\r\n]*", "", names).split(","):
        words = part.replace("\\", " ").strip()
        if dotted:
            name, _, alias = (piece.strip() for piece in words.partition(" as "))
            if re.fullmatch(rf"{_NAME}(\.{_NAME})*", name):
                yield name, alias
        elif match := _RENAMED.match(words):
            yield match[1], match[2] or ""
