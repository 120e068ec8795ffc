"""No name may lose its meaning, nor one come that has none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from inglenook_context.verify.python_assigned import doubtful
from inglenook_context.verify.readings import Read, Reading
from inglenook_context.verify.task import Failure, Wanted, World

_LOOKS: Final = frozenset({"__getattr__", "__getattribute__", "__slots__", "__dict__"})
_OF_OBJECT: Final = frozenset(dir(object)) | {"__dict__", "__module__", "__name__", "__weakref__"}
_MOST: Final = 3  # names in a reason


def undefined(read: Read, world: World) -> Iterator[Failure]:
    if not read.has_scopes:
        return
    lost = [name for name in fresh(read) if not known(read, world, name)]
    if lost:
        listed = ", ".join(lost[:_MOST])
        more = " and others" if len(lost) > _MOST else ""
        verb = "is" if len(lost) == 1 else "are"
        yield Failure("undefined", f"{listed}{more} {verb} not defined there.")
    elif read.before.is_python and (names := sorted(_members(read))):
        yield Failure("undefined", f"The class has no {', '.join(names[:_MOST])}.")
    elif read.before.is_python and (name := _unassigned(read)):
        yield Failure("undefined", f"{name} may have no value there any more.")


def _unassigned(read: Read) -> str:
    """A name that had its value on every way through a function, and has it no more."""
    try:
        old, new = dict(doubtful(read.before.body)), dict(doubtful(read.after.body))
    except RecursionError:
        return ""
    for name, had in old.items():
        if (got := new.get(name)) is not None:
            lost = (got.unsure - had.unsure) & had.local
            if lost:
                return min(lost)
    return ""


@lru_cache(maxsize=2)
def fresh(read: Read) -> tuple[str, ...]:
    """The names that mean nothing now and did, or were not there, before."""
    whole = _lost_globals(read)
    before, after = read.before.undefined(whole), read.after.undefined(whole)
    found = [name for name in after if name not in before]
    found += _fallen(read)
    if not read.before.is_whole:
        text = read.edit.before.text  # what was broken may have defined it
        found = [
            name for name in found if not re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text)
        ]
    return tuple(found)


def asked(read: Read) -> Iterator[Wanted]:
    """What the world is to be asked of the names that mean nothing in the file itself."""
    modules = read.after.names.stars if read.before.is_python else ("",)
    for name in fresh(read) if read.has_scopes and modules else ():
        yield from (Wanted(module, name) for module in modules)


def known(read: Read, world: World, name: str) -> bool:
    """Whether the surroundings define a name: those of a script, or a star import of Python,
    which has it unless it is known to have not."""
    if read.before.side.is_script:
        return world.has_name("", name) is True
    return any(world.has_name(module, name) is not False for module in read.after.names.stars)


def _fallen(read: Read) -> list[str]:
    """Names that a function bound, and that now mean what is built in: `min` of which the
    assignment is gone."""
    if read.before.is_python:
        old, new = read.before.names, read.after.names
        return [name for name in new.built_in if name in old.local and name not in old.built_in]
    one, two = read.before.script_names, read.after.script_names
    if one is None or two is None:
        return []
    return [name for name in two.built_in if name in one.local and name not in one.built_in]


def _lost_globals(read: Read) -> bool:
    """Whether names of the module are gone, which code outside the target may use."""
    had = {each.name for each in read.before.defined if "." not in each.name}
    got = {each.name for each in read.after.defined if "." not in each.name}
    return not had <= got


def _members(read: Read) -> set[str]:
    """Attributes of ``self`` that neither the class nor any of the text before knows.

    Only of classes without bases and without ways to make attributes up.
    """
    found: set[str] = set()
    text = read.edit.before.text
    old = _uses(read.before)
    for name in _uses(read.after) - old:
        if not re.search(rf"\b{re.escape(name)}\b", text):
            found.add(name)
    return found


def _uses(reading: Reading) -> set[str]:
    """What is read of ``self`` and not known, in the classes that can be judged."""
    found: set[str] = set()
    for top in reading.body:
        for node in ast.walk(top):
            if isinstance(node, ast.ClassDef) and _is_plain(node):
                found |= _unknown(node)
    return found


def _is_plain(node: ast.ClassDef) -> bool:
    bases = [each.id for each in node.bases if isinstance(each, ast.Name)]
    if len(bases) != len(node.bases) or set(bases) - {"object"} or node.keywords:
        return False
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in ("setattr", "vars", "__dict__"):
            return False
        if isinstance(each, ast.Attribute) and each.attr in _LOOKS:
            return False
        if isinstance(each, ast.FunctionDef) and each.name in _LOOKS:
            return False
    return not node.decorator_list


def _unknown(node: ast.ClassDef) -> set[str]:
    has: set[str] = set(_OF_OBJECT)
    read: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            has.add(each.name)
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            has.add(each.id)
        elif isinstance(each, ast.alias):
            has.add(each.asname or each.name)
        elif isinstance(each, ast.Attribute):
            mine = isinstance(each.value, ast.Name) and each.value.id in ("self", "cls")
            if isinstance(each.ctx, ast.Store):
                has.add(each.attr)
            elif mine:
                read.add(each.attr)
    return read - has
