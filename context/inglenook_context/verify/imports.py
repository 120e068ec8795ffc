"""Nothing may be imported that is not there: in the workspace, the library, the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from inglenook_context.verify import script_imports
from inglenook_context.verify.names import asked
from inglenook_context.verify.readings import Read, Reading, read
from inglenook_context.verify.task import Failure, Task, Wanted, World

_OPTIONAL: Final = frozenset({"ImportError", "ModuleNotFoundError"})
_ALL: Final = frozenset({"Exception", "BaseException"})
_MADE: Final = frozenset({"os.path"})  # modules that come to be at run time
_BY_NAME: Final = frozenset({"import_module", "__import__"})
_SURELY: Final = frozenset(  # modules that are taken from their packages as names
    {("os", "path"), ("concurrent", "futures"), ("urllib", "parse"), ("urllib", "request")}
    | {("importlib", "util"), ("importlib", "metadata"), ("collections", "abc")}
    | {("xml", "etree"), ("email", "utils"), ("logging", "handlers"), ("unittest", "mock")}
)


def imports_of(before: str, after: str, task: Task) -> tuple[Wanted, ...]:
    """What must be looked up outside the file before `verify` can judge an edit."""
    whole = read(before, after, task)
    wanted: dict[Wanted, None] = {}
    for each in _fresh(whole):
        wanted[Wanted(each.module)] = None
        if each.name:
            wanted[each] = None
            if whole.before.is_python:
                wanted[Wanted(_below(each.module, each.name))] = None
    wanted |= dict.fromkeys(asked(whole))
    return tuple(wanted)


def invented(whole: Read, world: World) -> Iterator[Failure]:
    said: set[str] = set()
    for each in _fresh(whole):
        if each.module in said:
            continue
        has = world.has_module(each.module)
        if has is False and each.module in _MADE:
            continue  # whoever looks for its file finds none
        if has is False:
            said.add(each.module)
            yield Failure("import", f"There is no module {each.module}.")
        elif each.name and world.has_name(each.module, each.name) is False:
            if whole.before.is_python and world.has_module(_below(each.module, each.name)):
                continue
            yield Failure("import", f"The module {each.module} has no {each.name}.")


def _below(module: str, name: str) -> str:
    return module + name if module.endswith(".") else f"{module}.{name}"


@lru_cache(maxsize=2)
def _fresh(whole: Read) -> tuple[Wanted, ...]:
    """What the statements that the target touches want, and did not before."""
    old, new = set(_all(whole.before)), list(_all(whole.after))
    return tuple(each for each in dict.fromkeys(new) if each not in old)


def _all(reading: Reading) -> Iterator[Wanted]:
    if reading.is_python:
        yield from _python(reading.body)
        yield from _attributes(reading)
    elif reading.side.is_script:
        yield from script_imports.wanted(reading)


def _python(body: Iterable[ast.stmt]) -> Iterator[Wanted]:
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Try) and _forgives(node):
            stack += [*node.handlers, *node.orelse, *node.finalbody]
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Wanted(alias.name)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                yield Wanted(module, "" if alias.name == "*" else alias.name)
        else:
            if isinstance(node, ast.Call) and (module := _called_for(node)):
                yield Wanted(module)
            stack += ast.iter_child_nodes(node)


def _called_for(call: ast.Call) -> str:
    """The module that a call imports by its name, if the name is written there."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else ""
    name = function.id if isinstance(function, ast.Name) else name
    named = [each.value for each in call.keywords if each.arg == "name"]
    if name not in _BY_NAME or not (call.args or named):
        return ""
    given = (call.args or named)[0]
    module = given.value if isinstance(given, ast.Constant) else None
    if isinstance(module, str) and all(each.isidentifier() for each in module.split(".")):
        return module
    return ""


def _forgives(guard: ast.Try) -> bool:
    """Whether an import that fails is expected there; what catches all does so only of imports."""
    caught = [each.type for each in guard.handlers if not _raises_again(each)]
    names = {
        each.id for kind in caught if kind for each in ast.walk(kind) if isinstance(each, ast.Name)
    }
    if names & _OPTIONAL:
        return True
    alone = all(isinstance(each, (ast.Import, ast.ImportFrom)) for each in guard.body)
    return alone and (None in caught or bool(names & _ALL))


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether what is caught goes on as it came, so that nothing is forgiven."""
    last = handler.body[-1]
    if not isinstance(last, ast.Raise):
        return False
    same = isinstance(last.exc, ast.Name) and last.exc.id == handler.name
    return last.exc is None or same


def _attributes(reading: Reading) -> Iterator[Wanted]:
    """Names that are read of modules: ``os.path`` and the like.

    Only names that nothing but one ``import`` binds, in the module and in what is looked at.
    """
    modules: dict[str, str] = {}
    bound: set[str] = set()
    for node in _binding(reading):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                module = alias.name if alias.asname else name
                if modules.setdefault(name, module) != module:
                    bound.add(name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                if (node.module, alias.name) in _SURELY and not node.level:
                    if modules.setdefault(name, f"{node.module}.{alias.name}") != (
                        f"{node.module}.{alias.name}"
                    ):
                        bound.add(name)
                else:
                    bound.add(name)
    for top in reading.body:
        for node in ast.walk(top):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = node.value.id
                dunder = node.attr.startswith("__")
                if (
                    name in modules
                    and name not in bound
                    and isinstance(node.ctx, ast.Load)
                    and not dunder
                ):
                    yield Wanted(modules[name], node.attr)


def _binding(reading: Reading) -> Iterator[ast.AST]:
    """All nodes of the statements that the target touches, and of the others those that bind
    names of the module."""
    near = {id(each) for each in reading.body}
    stack: list[ast.AST] = [each for each in reading.module.body if id(each) not in near]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack += ast.iter_child_nodes(node)
    for top in reading.body:
        yield from ast.walk(top)
