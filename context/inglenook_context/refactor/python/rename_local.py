"""Rename within a file: a variable whose every use this file shows.

Locals and parameters of functions, lambdas and comprehensions, and names of the module. An
attribute is never renamed: which object it belongs to cannot be told from one file.
"""

from __future__ import annotations

import re
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refactoring, Refusal, Refused, in_order
from inglenook_context.refactor.python import inner, naming
from inglenook_context.refactor.python.branch import file_of, statement_of
from inglenook_context.refactor.python.inline_variable import at_offset
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.parameters import keyword_uses
from inglenook_context.refactor.python.scopes import BIND, Occurrence
from inglenook_context.syntax import Syntax

KIND: Final = "refactor.rewrite.rename"


def rename_local(syntax: Syntax, offset: int, name: str) -> Refactoring | Refusal:
    """The variable at ``offset`` called ``name`` instead, wherever this file uses it."""
    try:
        return _renamed(syntax, offset, name)
    except Refused as refused:
        return Refusal(refused.reason)


def _renamed(syntax: Syntax, offset: int, name: str) -> Refactoring:
    naming.check(name)
    try:
        root = statement_of(syntax, offset, offset)
    except Refused:  # as a class may be too long
        root = file_of(syntax)
    names = Names(root)
    found = _variable_at(names, offset)
    parameter = found.name in found.owner.parameters
    if found.owner.kind == "module" or parameter:
        root = file_of(syntax)
        names = Names(root)
        found = _variable_at(names, offset)
    uses = names.of(found.variable)
    _refuse(found, uses, name)
    owner = found.owner.node
    for each in names.occurrences:
        if each.name == name and each.node.within(owner.start, owner.stop):
            raise Refused(f"{name} is already used there.")
    confirm: list[str] = []
    changes = [_change(each, name) for each in uses]
    if found.owner.kind == "module":
        confirm += _of_module(root, found)
    else:
        inner.refuse_lookers(owner)
        if parameter:
            keywords, confirm = keyword_uses(root, names, found, name)
            changes += [Change(each.start, each.stop, name) for each in keywords]
    title = f"Rename {found.name} to {name}"
    return Refactoring(KIND, title, in_order(changes), name, tuple(confirm))


def _variable_at(names: Names, offset: int) -> Occurrence:
    for node in names.module.node.walk():
        inside = node.start <= offset < node.stop
        if inside and node.type == "identifier" and names.at(node) is None:
            raise Refused(f"Only variables are renamed here, and {node.text} is none.")
    return at_offset(names, offset)


def _refuse(found: Occurrence, uses: list[Occurrence], name: str) -> None:
    if found.name == name:
        raise Refused("That is its name already.")
    if found.owner.kind == "class":
        raise Refused("An attribute of a class may be used anywhere.")
    if found.name.startswith("__"):
        raise Refused(f"Names like {found.name} have a meaning of their own.")
    if not any(use.kind == BIND for use in uses):
        raise Refused(f"{found.name} is not defined in this file.")
    for use in uses:
        for above in use.node.above():
            if above.type == "interpolation" and above.has("="):
                raise Refused(f"An f-string prints the name {found.name}.")
            if above.type in ("type_parameter", "future_import_statement"):
                raise Refused("Names of this kind cannot be renamed here.")


def _change(use: Occurrence, name: str) -> Change:
    node, parent = use.node, use.node.parent
    if parent is not None and parent.type == "dotted_name" and use.kind == BIND:
        statement = parent.parent.type if parent.parent is not None else ""
        if len(parent.parts) > 1:
            raise Refused(f"import {node.text}. binds the name of a package.")
        if statement in ("import_statement", "import_from_statement"):
            return Change(node.start, node.stop, f"{node.text} as {name}")
    return Change(node.start, node.stop, name)


def _of_module(root: Branch, found: Occurrence) -> list[str]:
    """What else may know a name of the module."""
    confirm: list[str] = []
    word = re.compile(rf"\b{re.escape(found.name)}\b")
    said = False
    for node in root.walk():
        if node.type == "wildcard_import":
            raise Refused("The file has a star import, which may bind the name as well.")
        if node.type == "string_content" and word.search(node.text):
            for above in node.above():
                exported = above.type == "assignment" or above.type == "augmented_assignment"
                if exported and (left := above.one("left")) is not None and left.text == "__all__":
                    raise Refused(f"{found.name} is exported by __all__.")
                if above.type == "type":
                    raise Refused(f"An annotation in quotes names {found.name}.")
            said = True
    inner.refuse_lookers(root)
    if said:
        confirm.append(f"A string of this file says {found.name} too.")
    if not found.name.startswith("_"):
        confirm.append(f"Other files may import {found.name}.")
    return confirm
