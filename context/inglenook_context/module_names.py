"""Whether a module can have a name, told from its text. What is denied here is not there.

A name that a text does not have can come to be in other ways: by a star import, or made at run
time. If there is a sign of the latter, nothing can be told. Of a name that the text has, the tree
tells whether it stands where a module's own names are bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tree_sitter import Node

from inglenook_context.syntax import Syntax

ALWAYS: Final = frozenset(
    """__name__ __doc__ __file__ __path__ __spec__ __loader__ __package__ __cached__ __dict__
    __builtins__ __annotations__ __class__""".split()
)
_MOST: Final = 300  # places of one name that are looked at
# Ways in which a module comes to have names that it does not spell: its own dictionary, itself
# out of `sys.modules`, enumerations whose members are exported. By a word that a text must have
# for it; to search for the word is quick.
_ITSELF: Final = r"(?:sys|this\w*|pkg|package|__\w+__|\w*mod(?:ule)?\w*)"
_MADE: Final = {
    word: re.compile(pattern)
    for word, pattern in {
        "__getattr__": r"",
        "globals": r"\bglobals\s*\(|\bf_globals\b",
        "exec": r"\bexec\s*\(",
        "locals": r"\blocals\s*\(",
        "vars": r"\bvars\s*\(\s*\)",
        "frame": r"_getframe|\bcurrentframe\b",
        "setattr": rf"\bsetattr\s*\(\s*{_ITSELF}\b",
        "__dict__": rf"{_ITSELF}\s*\.\s*__dict__",
        "ModuleType": r"\bModuleType\s*\(",
        "modules": r"\bmodules\s*(?:\[[^\]\n]*(?:\]\s*=[^=]|__)|\.\s*(?:setdefault|update)\b)",
        "_convert_": r"_convert_\b",
        "global_enum": r"\bglobal_enum\b",
        "declare_namespace": r"",
        "extend_path": r"",
    }.items()
}
# A module that tells its own name to others has told them where to put what they make; but for
# these, to which it is a name like any other.
_OWN_NAME: Final = "__name__"
_TOLD: Final = re.compile(r"[,(]\s*\Z")
_TOLD_TO: Final = re.compile(r"(\w+)\s*\(\s*(?:\"[^\"\n]*\"\s*,\s*|'[^'\n]*'\s*,\s*)?\Z")
_BEFORE: Final = 120  # characters
_HARMLESS: Final = frozenset(
    """getLogger get_logger Logger Flask Blueprint Quart APIRouter files resource_filename
    resource_string resource_stream get_data print format TestCase version""".split()
)
_STAR: Final = re.compile(r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*\(?[ \t]*\*", re.MULTILINE)
_SCOPES: Final = frozenset({"function_definition", "class_definition", "lambda"})
_INNER: Final = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)
_SAYS: Final = frozenset({"expression_statement"})
_TEXTS: Final = frozenset({"string", "comment", "concatenated_string"})
_OF_SCRIPT: Final = re.compile(
    r"\bmodule\s*\.\s*exports\b|\bexports\s*[.\[]|\bexport\s*=|\bdefineProperty\s*\(|\bdeclare\s+module\b"
    r"|\bexport\s+as\s+namespace\b"
)
_EXPORTS: Final = re.compile(r"^[ \t]*export\b", re.MULTILINE)
_ALL_EXPORTED: Final = re.compile(r"""\bexport\s*\*(?:\s*from\s*)?\s*["']([^"'\n]*)["']""")


def mentions(text: str, name: str) -> bool:
    """Whether a text has ``name`` as a word."""
    return next(_places(text, name), None) is not None


def is_made(text: str) -> bool:
    """Whether a Python module may have names that its text does not spell."""
    if any(word in text and pattern.search(text) for word, pattern in _MADE.items()):
        return True
    return any(_is_told(text, place) for place in _places(text, _OWN_NAME))


def _is_told(text: str, place: int) -> bool:
    """Whether a module's own name is an argument there, of what may do anything with it."""
    before = text[max(0, place - _BEFORE) : place]
    after = text[place + len(_OWN_NAME) :][:20].lstrip()
    if not after.startswith((",", ")")) or not _TOLD.search(before):
        return False
    match = _TOLD_TO.search(before)
    return match is None or match[1] not in _HARMLESS


def stars(text: str) -> tuple[str, ...]:
    """The modules from which a Python module takes all names."""
    return tuple(dict.fromkeys(_STAR.findall(text))) if "*" in text else ()


def binds(syntax: Syntax, name: str) -> bool | None:
    """Whether a Python module binds ``name`` at its top, by its tree; None: it may."""
    if syntax.tree.root_node.has_error:
        return None
    answer: bool | None = False
    for count, place in enumerate(_places(str(syntax.text), name)):
        found = _binds_there(syntax, place) if count < _MOST else None
        if found or count >= _MOST:
            return found
        answer = None if found is None else answer
    return answer


def exports(text: str, name: str) -> bool | None:
    """Whether a script exports ``name``, by its text alone; `reexported` may have it besides."""
    if _OF_SCRIPT.search(text):
        return None
    first = _EXPORTS.search(text)
    if first is None:
        return None  # no module, or one of another kind
    if not any(place > first.start() for place in _places(text, name)) and name != "default":
        return False
    return None if mentions(text, name) else False


def reexported(text: str) -> tuple[str, ...]:
    """The modules all of whose exports are a script's too."""
    return tuple(dict.fromkeys(_ALL_EXPORTED.findall(text)))


def declares(text: str, name: str) -> bool:
    """Whether a declaration file has a declaration of ``name``."""
    return bool(
        re.search(
            rf"\b(?:const|let|var|function|class|namespace|enum|interface|type|module)\s+"
            rf"{re.escape(name)}(?![\w$])",
            text,
        )
    )


def _places(text: str, name: str) -> Iterator[int]:
    """Where ``name`` stands as a word."""
    place = text.find(name) if name else -1
    while place >= 0:
        stop = place + len(name)
        if not _is_part(text[place - 1 : place]) and not _is_part(text[stop : stop + 1]):
            yield place
        place = text.find(name, stop)


def _is_part(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "$")


def _binds_there(syntax: Syntax, place: int) -> bool | None:
    """Whether the word at ``place`` is bound there as a name of the module; None: it may be."""
    way = list(syntax.around(place + 1))
    leaf, kinds = way[-1], {node.type for node in way}
    if any(node.type in _SAYS and syntax.text_of(node, 7) == "__all__" for node in way):
        return None  # whoever lists it has it
    if leaf.type != "identifier":
        return False if kinds & _TEXTS else None
    if "global_statement" in kinds:
        return None
    for node, below in pairwise(way):
        if node.type in _INNER or (
            node.type in _SCOPES and below != node.child_by_field_name("name")
        ):
            # Parameters, defaults, bases and decorators bind nothing else.
            return None if "named_expression" in kinds else False
    return _role(way)


def _role(way: list[Node]) -> bool | None:
    """Whether the word at the end of the way binds, of what is evaluated at a module's top."""
    if len(way) < 3:
        return None
    around, parent, leaf = way[-3:]
    kind = parent.type
    if kind == "dotted_name":
        return _is_imported(around, parent, leaf)
    if kind in ("function_definition", "class_definition"):
        return leaf == parent.child_by_field_name("name") or None
    if kind == "assignment":
        return leaf == parent.child_by_field_name("left") or None
    if kind == "aliased_import":
        return True
    if kind in ("attribute", "keyword_argument"):
        field = "attribute" if kind == "attribute" else "name"
        return False if leaf == parent.child_by_field_name(field) else None
    return None


def _is_imported(statement: Node, dotted: Node, leaf: Node) -> bool | None:
    if statement.type == "import_statement":  # `import a.b` binds a
        return leaf == dotted.children[0]
    if statement.type == "import_from_statement":
        return dotted != statement.child_by_field_name("module_name")
    return False if statement.type in ("aliased_import", "relative_import") else None
