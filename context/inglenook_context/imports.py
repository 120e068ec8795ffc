"""Which names a file takes from which modules, read from its first lines.

The lines are read without a parser, so that it works before the first parse and in files that
are being typed; an import that is quoted in a docstring counts too, which does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from inglenook_context.text import Text

HEAD: Final = 20_000  # characters in which most files have their imports
_MOST: Final = 400
_NAME: Final = r"[^\W\d][\w$]*"
_PYTHON: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*"
    r"(?:\((?P<many>(?:[^)#]|#[^\r\n]*){0,4000})\)?|(?P<few>(?:[^(\r\n#;\\]|\\\r?\n)+))"
    r"|import[ \t]+(?P<modules>(?:[^\r\n#;\\]|\\\r?\n)+))",
    re.MULTILINE,
)
_RENAMED: Final = re.compile(rf"^({_NAME}|\*)(?:\s+as\s+({_NAME}))?$")


class Import(NamedTuple):
    """``name`` in this file is ``original`` of ``module``; both as they are written.

    ``original`` is ``*`` for a whole module (or all its names, if ``name`` is ``*`` too) and
    ``default`` for the default export of a script.

    If it is ``exported``, as only a script's and Rust's can be, others can take ``name`` from this
    file; a script need not know it itself. ``module`` is then empty for what the script itself has.
    """

    name: str
    module: str
    original: str
    exported: bool = False


def imports_of(text: Text, language: str, limit: int = HEAD) -> tuple[Import, ...]:
    """The imports of a file; none of a language whose imports are not known.

    They are looked for in the first ``limit`` characters.
    """
    found = _found(text.slice(0, limit), language)
    return tuple(one for one, _ in zip(found, range(_MOST), strict=False))


def _found(head: str, language: str) -> Iterator[Import]:
    # Their patterns take milliseconds to compile, which only those pay who have such files.
    if language == "python":
        return _python(head)
    if language.startswith(("javascript", "typescript")):
        from inglenook_context.imports_script import script_imports

        return (Import(*each) for each in script_imports(head))
    if language == "go":
        from inglenook_context.imports_go import go_imports

        return go_imports(head)
    if language == "rust":
        from inglenook_context.imports_rust import rust_imports

        return rust_imports(head)
    if language == "java":
        from inglenook_context.imports_java import java_imports

        return java_imports(head)
    return iter(())


def _python(head: str) -> Iterator[Import]:
    for match in _PYTHON.finditer(head):
        if match["modules"] is not None:
            for module, alias in _renamed(match["modules"], dotted=True):
                yield Import(alias or module.partition(".")[0], module, "*")
        else:
            names = match["many"] if match["many"] is not None else match["few"]
            for original, alias in _renamed(names):
                yield Import(alias or original, match["module"], original)


def _renamed(names: str, *, dotted: bool = False) -> Iterator[tuple[str, str]]:
    """The pairs (name, alias or empty) of a list such as ``a, b as c``."""
    for part in re.sub(r"#[^\r\n]*", "", names).split(","):
        words = part.replace("\\", " ").strip()
        if dotted:
            name, _, alias = (piece.strip() for piece in words.partition(" as "))
            if re.fullmatch(rf"{_NAME}(\.{_NAME})*", name):
                yield name, alias
        elif match := _RENAMED.match(words):
            yield match[1], match[2] or ""
