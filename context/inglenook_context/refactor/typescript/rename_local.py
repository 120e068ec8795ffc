"""Rename: a variable, parameter or local type whose every use this file shows.

What is exported, declared for others, a property of an object or a global is never renamed.
"""

from __future__ import annotations

import re
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refactoring, Refusal, Refused, in_order
from inglenook_context.refactor.typescript import inner, naming
from inglenook_context.refactor.typescript.branch import file_of, statement_of
from inglenook_context.refactor.typescript.names import Names
from inglenook_context.refactor.typescript.scopes import BIND, TYPE, Occurrence, Scope
from inglenook_context.refactor.typescript.visits import is_component
from inglenook_context.syntax import Syntax

KIND: Final = "refactor.rewrite.rename"
_OF_FILE: Final = frozenset({"program", "class", "own"})  # what the members of a class can see
_FOR_TAGS: Final = frozenset({"React", "Fragment", "h", "jsx", "preact", "createElement"})
_TAGS: Final = frozenset({"jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"})
_MEMBERS: Final = frozenset("property_identifier private_property_identifier identifier".split())
_DECLARATIONS: Final = frozenset(
    """lexical_declaration variable_declaration function_declaration function_signature
    generator_function_declaration class_declaration abstract_class_declaration import_alias
    interface_declaration type_alias_declaration enum_declaration internal_module module""".split()
)


def rename_local(syntax: Syntax, offset: int, name: str) -> Refactoring | Refusal:
    """The variable at ``offset`` called ``name`` instead, wherever this file uses it."""
    try:
        return _renamed(syntax, offset, name)
    except Refused as refused:
        return Refusal(refused.reason)


def _renamed(syntax: Syntax, offset: int, name: str) -> Refactoring:
    naming.check(name)
    strict = inner.is_typed(syntax) or inner.is_module(syntax)
    root = statement_of(syntax, offset, offset)
    names = Names(root, strict)
    found = _at_offset(names, offset)
    if found.owner is None or found.owner.kind in _OF_FILE:
        root = file_of(syntax)
        names = Names(root, strict)
        found = _at_offset(names, offset)
    owner = found.owner
    if owner is None:
        raise Refused(f"{found.name} is not declared in this file.")
    uses = names.of(found.variable)
    _refuse(names, found, owner, uses, name)
    if owner is names.program:
        _refuse_of_file(syntax, names, found, uses)
    inner.refuse_lookers(owner.node)
    confirm = []
    if any(use.how == "parameter" for use in uses) and _is_documented(syntax, owner, found.name):
        confirm.append(f"The documentation says {found.name} too.")
    changes = [_change(each, name) for each in uses]
    title = f"Rename {found.name} to {name}"
    return Refactoring(KIND, title, in_order(changes), name, tuple(confirm))


def _at_offset(names: Names, offset: int) -> Occurrence:
    if (found := names.at_offset(offset)) is not None:
        return found
    for node in names.program.node.walk():
        if node.type in _MEMBERS and node.start <= offset <= node.stop:
            raise Refused(f"Only variables are renamed here, and {node.text} is none.")
    raise Refused("Put the cursor on a variable.")


def _refuse(
    names: Names, found: Occurrence, owner: Scope, uses: list[Occurrence], name: str
) -> None:
    if found.name == name:
        raise Refused("That is its name already.")
    if found.name == "arguments" or any(use.is_odd for use in uses):
        raise Refused(f"{found.name} may be another variable in each of its places.")
    for use in uses:
        if use.kind == BIND:
            _refuse_binding(use)
            naming.check(name, type_too=bool(use.meaning & TYPE))
        parent = use.node.parent
        if parent is not None and parent.type in _TAGS and not is_component(name):
            raise Refused("The name of a tag must not begin with a small letter.")
        if _is_shared(names, use, owner):
            raise Refused(f"{found.name} may be a member of what is declared in several parts.")
    for each in names.occurrences:
        if each.name == name and each.node.within(owner.node.start, owner.node.stop):
            raise Refused(f"{name} is already used there.")


def _refuse_binding(use: Occurrence) -> None:
    if use.how == "member":
        raise Refused("A member of an enum may be used anywhere.")
    if use.how == "property":
        raise Refused("The parameter is a property of the class as well.")
    child = use.node
    for above in use.node.above():
        if above.type == "ambient_declaration":
            raise Refused(f"{use.name} is declared for what is defined elsewhere.")
        if above.type == "export_statement" and _declares(child, use):
            raise Refused(f"{use.name} is exported.")
        child = above


def _declares(declaration: Branch, use: Occurrence) -> bool:
    """Whether a declaration itself, and no scope in it, binds the name."""
    if declaration.type not in _DECLARATIONS:
        return False
    node = use.owner.node if use.owner is not None else declaration
    return not node.within(declaration.start, declaration.stop)


def _is_shared(names: Names, use: Occurrence, owner: Scope) -> bool:
    """Whether a namespace or enum round ``use`` has a further part that binds its name."""
    scope: Scope | None = use.scope
    while scope is not None and scope is not owner:
        if scope.kind == "namespace" and any(each.type == "string" for each in scope.node.parts):
            return True  # what is added to another module sees the names of that
        if scope.kind in ("namespace", "enum"):
            for other in names.scopes:
                if other.kind == scope.kind and use.name in other.bound:
                    return True
        scope = scope.parent
    return False


def _refuse_of_file(
    syntax: Syntax, names: Names, found: Occurrence, uses: list[Occurrence]
) -> None:
    """Refuse variables of the file that others may see."""
    root = names.program.node
    if not inner.is_module(syntax) and not _is_common(names):
        raise Refused(f"The file may be a script, and {found.name} be seen by other scripts.")
    tags = any(each.type in _TAGS for each in root.walk())
    if tags and found.name in _FOR_TAGS:
        raise Refused(f"Tags need {found.name} under this name.")
    only_types = all(use.meaning == TYPE for use in uses if use.kind == BIND)
    if only_types and any(child.type == "ambient_declaration" for child in root.children):
        raise Refused(f"{found.name} may be exported, for the file declares what is elsewhere.")


def _is_common(names: Names) -> bool:
    """Whether the file is a CommonJS module."""
    return any(
        each.owner is None and each.name in ("require", "module", "exports")
        for each in names.occurrences
    )


def _is_documented(syntax: Syntax, owner: Scope, name: str) -> bool:
    """Whether a doc comment above the function describes its parameter."""
    head = syntax.text.slice(max(owner.node.start - 4_000, 0), owner.node.start)
    start = head.rfind("/**")
    doc = head[start:] if start >= 0 else ""
    if doc.count("*/") != 1 or re.search(r"[;{}]", doc[doc.index("*/") :]):
        return False
    return re.search(rf"@param\b[^\n]*?(?<![\w$.])\[?{re.escape(name)}(?![\w$])", doc) is not None


def _change(use: Occurrence, name: str) -> Change:
    node, parent = use.node, use.node.parent
    new = name
    if node.type.startswith("shorthand_property_identifier"):
        new = f"{node.text}: {name}"
    elif parent is not None and parent.one("alias") is None and node.field == "name":
        if parent.type == "import_specifier":
            new = f"{node.text} as {name}"
        elif parent.type == "export_specifier":
            new = f"{name} as {node.text}"
    return Change(node.start, node.stop, new)
