"""What a module's source imports and does, read from its syntax tree and without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CLONE: Final = Path(__file__).parents[2]
SAMPLE: Final = CLONE / "lsp" / "inglenook" / "demo_workspace"  # texts to type into, not program
_IMPORTERS: Final = frozenset({"import_module", "__import__"})
_ASYNC: Final = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)


def modules() -> Iterator[tuple[str, Path]]:
    """The dotted name and the file of every module of the program."""
    for root in (CLONE / "lsp", CLONE / "context"):
        for path in sorted(root.rglob("*.py")):
            if SAMPLE not in path.parents:
                parts = path.relative_to(root).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(source: str, module: str = "", *, package: bool = False) -> set[str]:
    """Dotted names that ``source`` imports anywhere: in functions and under TYPE_CHECKING too.

    ``from a import b`` gives ``a`` and ``a.b``, because b may be a module. Names come from
    constant arguments of ``import_module`` too; one that is computed counts as ``?``, and for
    an f-string as what stands before its first field.
    """
    return {
        name for node in ast.walk(ast.parse(source)) for name in _imports(node, module, package)
    }


def _imports(node: ast.AST, module: str, package: bool) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = _base(node, module, package)
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and called(node) in _IMPORTERS and node.args:
        yield _constant(node.args[0])


def _base(node: ast.ImportFrom, module: str, package: bool) -> str:
    if not node.level:
        return node.module or ""
    parents = module.split(".")[: None if package else -1]
    parents = parents[: len(parents) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])])


def _constant(argument: ast.expr) -> str:
    if isinstance(argument, ast.JoinedStr) and argument.values:
        argument = argument.values[0]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value.rstrip(".")
    return "?"


def called(node: ast.Call) -> str:
    """The last name of what is called: ``open`` of ``io.open(...)`` and of ``open(...)``."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def calls(source: str) -> set[str]:
    return {called(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}


def is_async(source: str) -> bool:
    """Whether ``source`` holds a coroutine, an await or an asynchronous comprehension."""
    return any(
        isinstance(node, _ASYNC) or (isinstance(node, ast.comprehension) and bool(node.is_async))
        for node in ast.walk(ast.parse(source))
    )


def decorators(source: str) -> set[str]:
    """The last names of all decorators: ``thread`` of ``@server.thread()``."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        for decorator in getattr(node, "decorator_list", []):
            plain = decorator.func if isinstance(decorator, ast.Call) else decorator
            names.add(plain.attr if isinstance(plain, ast.Attribute) else getattr(plain, "id", ""))
    return names
