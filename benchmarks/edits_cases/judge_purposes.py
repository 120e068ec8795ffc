"""What every edit of a purpose must keep to, whatever the case: for Python, by its syntax trees.

Each function is told the trees before and after, which it may take apart, and the target's
qualified name; it says why the edit is wrong, or nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def defined(tree: ast.AST, head: str = "") -> Iterator[tuple[str, Node]]:
    """Functions and classes by their qualified names."""
    for each in ast.iter_child_nodes(tree):
        if isinstance(each, DEFINITIONS):
            yield head + each.name, each
            yield from defined(each, f"{head}{each.name}.")


def parameters(node: Any) -> list[ast.arg]:
    if isinstance(node, ast.ClassDef):
        return []
    given = node.args
    every = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
    return [each for each in every if each is not None]


def nothing(old: ast.Module, new: ast.Module, target: str) -> str:
    return ""


def _docstring(old: ast.Module, new: ast.Module, target: str) -> str:
    """There is one now, it names no parameter that is not there, and the code is as it was."""
    had, got = dict(defined(old))[target], dict(defined(new)).get(target)
    if got is None or ast.get_docstring(got) in (None, "", ast.get_docstring(had)):
        return "no docstring was written"
    text = ast.get_docstring(got) or ""
    if len(re.findall(r"[A-Za-z]{2,}", text)) < 3:
        return "the docstring says nothing"
    if _breaks_off(text):
        return "the docstring breaks off"
    if isinstance(got, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if unknown := _documented(text) - {each.arg for each in parameters(got)}:
            return f"the docstring names a parameter that is not there: {sorted(unknown)[0]}"
        if unknown := _raising(text) - _raised(got):
            return f"the docstring says that it raises {sorted(unknown)[0]}"
    for each in (had, got):
        if ast.get_docstring(each) is not None:
            each.body = each.body[1:]
    return "" if ast.dump(old) == ast.dump(new) else "the code is not as it was"


def _breaks_off(text: str) -> bool:
    """Whether it ends in the middle of a sentence; a single one needs no full stop."""
    last = text.strip().split("\n\n")[-1]
    is_prose = bool(re.search(r"[.!?]\s", last)) or "\n\n" in text.strip()
    listed = re.match(r"[A-Z]\w+:?\n|\s*[:@-]|\s*\w+( \(.*\))?:", last)
    unfinished = re.search(r"[,;(]$|\b(?:a|an|the|and|or|if|of|to|is|in|that)$", last)
    return bool(unfinished or (is_prose and not listed and not re.search(r"[.!?:)`\"']$", last)))


def _documented(text: str) -> set[str]:
    """Parameters that a docstring in Sphinx's, Google's or NumPy's form tells of."""
    found = set(re.findall(r":(?:param|arg|parameter)\s+(?:[^:\n]+\s)?\*{0,2}(\w+)\s*:", text))
    google = re.search(r"^(?:Args|Arguments|Parameters):\n((?:[ \t]+.*\n?|\n)*)", text, re.M)
    if google:
        rows = [row for row in google[1].splitlines() if row.strip()]
        least = min((len(row) - len(row.lstrip()) for row in rows), default=0)
        for row in rows:
            name = re.match(r"\s*\*{0,2}`?(\w+)`?\s*(?:\([^)]*\))?\s*:", row)
            if name and len(row) - len(row.lstrip()) == least:
                found.add(name[1])
    numpy = re.search(r"^(?:Parameters)\n-{3,}\n((?:.*\n?)*?)(?=^\w.*\n-{3,}|\Z)", text, re.M)
    if numpy:
        found |= set(re.findall(r"^\*{0,2}(\w+)\s*(?::.*)?$", numpy[1], re.M))
    return found - {"None"}


def _raising(text: str) -> set[str]:
    found = set(re.findall(r":raises?\s+([\w.]+)\s*:", text))
    section = re.search(
        r"^Raises:?\n(?:-{3,}\n)?((?:[ \t]+.*\n?|\w+(?:Error|Exception).*\n?)*)", text, re.M
    )
    if section:
        found |= set(re.findall(r"^\s*([A-Z]\w*(?:Error|Exception|Warning))\b", section[1], re.M))
    return found


def _raised(node: ast.AST) -> set[str]:
    """The names of what it raises itself, and what calls that everybody knows can raise."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Raise) and each.exc is not None:
            raised = each.exc.func if isinstance(each.exc, ast.Call) else each.exc
            found.add(ast.unparse(raised))
        if isinstance(each, ast.BinOp) and isinstance(each.op, (ast.Div, ast.FloorDiv, ast.Mod)):
            found.add("ZeroDivisionError")
        if isinstance(each, ast.Subscript):
            found |= {"KeyError", "IndexError"}
        if isinstance(each, ast.Call) and ast.unparse(each.func) in ("int", "float", "max", "min"):
            found.add("ValueError")
    return found


def _types(old: ast.Module, new: ast.Module, target: str) -> str:
    """Nothing but annotations and imports came, and every parameter has one now."""
    got = dict(defined(new)).get(target)
    if not isinstance(got, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return "the function is gone"
    bare = [each.arg for each in parameters(got) if each.annotation is None]
    bare = bare[1:] if bare and "." in target and bare[0] in ("self", "cls") else bare
    bare += ["the result"] if got.returns is None else []
    for tree in (old, new):
        for each in ast.walk(tree):
            if isinstance(each, ast.arg):
                each.annotation = None
            elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                each.returns = None
        imports = (ast.Import, ast.ImportFrom)
        tree.body = [each for each in tree.body if not isinstance(each, imports)]
    if ast.dump(old) != ast.dump(new):
        return "something else than annotations is not as it was"
    return f"without a type: {', '.join(bare)}" if bare else ""


def _simplify(old: ast.Module, new: ast.Module, target: str) -> str:
    """It has the same parameters and docstring, is no longer than it was, and less somehow."""
    had, got = dict(defined(old))[target], dict(defined(new)).get(target)
    if got is None:
        return "the function is gone"
    if ast.get_docstring(had) != ast.get_docstring(got):
        return "the docstring is not as it was"
    if [each.arg for each in parameters(had)] != [each.arg for each in parameters(got)]:
        return "the parameters are not as they were"
    sizes = [
        (len(ast.unparse(each).splitlines()), sum(1 for _ in ast.walk(each))) for each in (had, got)
    ]
    if sizes[1][0] > sizes[0][0] or sizes[1][1] > sizes[0][1]:
        return f"it is longer: {sizes[1]} lines and nodes, {sizes[0]} before"
    return "it is no simpler" if sizes[0] == sizes[1] else ""


OF_PURPOSE: dict[str, Callable[[ast.Module, ast.Module, str], str]] = {
    "docstring": _docstring,
    "types": _types,
    "simplify": _simplify,
}
