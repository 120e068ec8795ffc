"""Python as `ast` reads it: parsed and compiled at most, never run.

Where a text does not parse as a whole, its top-level statements are read one by one, so that a
broken line elsewhere in the file hides nothing but itself.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inglenook_context.nesting import DEEPEST, LONGEST_LINE, LONGEST_TEXT
from inglenook_context.style import to_model
from inglenook_context.verify.sides import Edit, Side
from inglenook_context.verify.task import Failure

_FILE: Final = "<edit>"
_CHAIN: Final = re.compile(r"(?:(?:\bnot\b|\blambda\b|[-+~])[\s:]*){400,}|(?:\.\s*\w+\s*){2000,}")
_NEWER: Final = frozenset({"type_parameter", "type_alias_statement", "member_type"})
_DYNAMIC: Final = re.compile(r"\bglobal\b|\bglobals\b|\bexec\b")
_WORD: Final = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Module:
    """``body`` has all that could be read, with the lines of the file; ``lost`` are the words of
    what could not."""

    body: list[ast.stmt]
    lost: frozenset[str]
    whole: bool
    dynamic: bool = True  # whether functions may bind names of the module


def parse(text: str) -> ast.Module | SyntaxError | None:
    """The tree, or what is wrong; None where that cannot be told."""
    longest = max(map(len, text.splitlines() or [""]))
    if len(text) > LONGEST_TEXT or longest > LONGEST_LINE or _CHAIN.search(text):
        return None
    if sum(map(text.count, "([{")) > DEEPEST and _depth(text) > DEEPEST:
        return None
    _quiet()
    try:
        return ast.parse(text.encode("utf-8", "replace"), _FILE)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return None


def compiles(body: list[ast.stmt]) -> SyntaxError | None:
    """What the compiler finds that the parser lets pass, such as ``return`` outside a function."""
    _quiet()
    try:
        compile(ast.Module(body, []), _FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError, OverflowError, TypeError):
        return None
    return None


def module_of(side: Side) -> Module:
    text = side.text.removeprefix("\ufeff")
    tree = parse(text) if "\0" not in text else None
    if isinstance(tree, ast.Module):
        return Module(tree.body, frozenset(), True, _DYNAMIC.search(text) is not None)
    body: list[ast.stmt] = []
    lost: set[str] = set()
    for start, stop in _chunks(side):
        chunk = side.text[start:stop]
        part = parse(chunk)
        if isinstance(part, ast.Module):
            line = side.line_of(start) - 1
            body += [ast.increment_lineno(each, line) for each in part.body]
        else:
            lost |= set(_WORD.findall(chunk))
    return Module(body, frozenset(lost), False)


def changed(side: Side, module: Module) -> list[ast.stmt]:
    """The top-level statements that the target touches."""
    first = side.line_of(side.start)
    last = side.line_of(max(side.stop - 1, side.start))
    return [each for each in module.body if _first(each) <= last and first <= _last(each)]


def errors(edit: Edit, before: Module, after: Module) -> Iterator[Failure]:
    """Syntax errors that the running Python sees, where it could read the text before."""
    if before.whole and not after.whole:
        found = parse(edit.after.text.removeprefix("\ufeff"))
        if found is None or "\0" in edit.after.text:
            yield Failure(
                "parses", "The edit cannot be parsed: it nests too deep or has NUL bytes."
            )
        elif isinstance(found, SyntaxError) and not _newer(edit.after):
            yield Failure("parses", f"The edit does not parse: {_said(found)}.")
        return
    old, new = changed(edit.before, before), changed(edit.after, after)
    if not before.whole and old and not new and edit.after.target.strip() and after.lost:
        if not edit.task.may_remove and not before.lost & after.lost and not _newer(edit.after):
            yield Failure("parses", "The edit does not parse.")
        return
    wrong = compiles(new)
    if wrong is not None and ((had := compiles(old)) is None or had.msg != wrong.msg):
        yield Failure("parses", f"The edit does not compile: {_said(wrong)}.")


def _said(error: SyntaxError) -> str:
    message = re.sub(r"\s*\(<edit>.*\)", "", str(error.msg or "invalid syntax")).rstrip(".")
    return f"{message} (line {error.lineno})" if error.lineno else message


def _newer(side: Side) -> bool:
    """Whether the target has what only a later Python than the running one reads, and
    tree-sitter sees nothing wrong."""
    if side.tree is None or any(node.error or node.missing for node in side.tree.walk()):
        return False
    for node in side.tree.walk():
        if side.touches(node):
            if sys.version_info < (3, 12) and node.type in _NEWER:
                return True
            if sys.version_info < (3, 12) and node.type == "interpolation":
                quote = side.text[node.parent.start : node.start].lstrip("fFrRbB")[:1]  # type: ignore[union-attr]
                if quote in side.written(node) or "\\" in side.written(node):
                    return True
    return False


def _chunks(side: Side) -> Iterator[tuple[int, int]]:
    """Where the top-level statements stand; what is behind an error reaches to the next one."""
    if side.tree is None:
        return
    for node in side.tree.children:
        if node.named and node.type != "comment":
            yield node.start, node.stop


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *[each.lineno for each in decorators]])


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in re.findall(r"[(\[{)\]}]", text):
        depth += 1 if character in "([{" else -1
        deepest = max(deepest, depth)
    return deepest


def _quiet() -> None:
    """What the parser warns of quotes the user's code, and must not reach a log."""
    warnings.filterwarnings("ignore", module=_FILE)


def plain(text: str) -> str:
    return to_model(text)
