"""Local names that may have no value yet where they are read, by all ways through a function.

Told too often rather than too seldom, for it is a comparison that counts: a name that had its
value on every way and has it no more lost an assignment.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from inglenook_context.verify.python_scopes import arguments_of

Bound = frozenset[str] | None  # None: nobody comes there

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NAMED = (*_FUNCTIONS, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


def doubtful(body: Iterable[ast.stmt], outer: str = "") -> Iterator[tuple[str, Function]]:
    """The functions by their whole names."""
    for each in body:
        if isinstance(each, _FUNCTIONS):
            name = f"{outer}.{each.name}"
            yield name, Function(each)
            yield from doubtful(each.body, name)
        elif isinstance(each, ast.ClassDef):
            yield from doubtful(each.body, f"{outer}.{each.name}")


class Function:
    """``local`` is what a function binds itself, ``unsure`` what of it may be read too early."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        given = frozenset(each.arg for each in arguments_of(node.args))
        elsewhere: set[str] = set()
        bound: set[str] = set()
        for each in _own(node.body):
            if isinstance(each, (ast.Global, ast.Nonlocal)):
                elsewhere |= set(each.names)
            bound |= set(_binds(each))
        self.local = frozenset(bound - elsewhere) | given
        self.unsure: set[str] = set()
        self._breaks: list[list[Bound]] = []
        self._block(node.body, given)

    def _block(self, body: Iterable[ast.stmt], bound: Bound) -> Bound:
        for each in body:
            if bound is None:
                return None
            bound = self._statement(each, bound)
        return bound

    def _statement(self, node: ast.stmt, bound: frozenset[str]) -> Bound:
        if isinstance(node, ast.If):
            bound = self._reads(node.test, bound)
            return _both(self._block(node.body, bound), self._block(node.orelse, bound))
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return self._loop(node, bound)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                bound = self._reads(item, bound)
            return self._block(node.body, bound)
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            return self._try(node, bound)
        if isinstance(node, ast.Match):
            return self._match(node, bound)
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            return bound | {node.name}
        bound = self._reads(node, bound)
        if isinstance(node, ast.Delete):
            return bound - {each.id for each in node.targets if isinstance(each, ast.Name)}
        if isinstance(node, ast.Break) and self._breaks:
            self._breaks[-1].append(bound)
        leaves = isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue))
        return None if leaves else bound

    def _match(self, node: ast.Match, bound: frozenset[str]) -> Bound:
        bound = self._reads(node.subject, bound)
        ends: Bound = None
        for case in node.cases:
            taken = bound | set(_bound_in([case.pattern]))
            if case.guard is not None:
                taken = self._reads(case.guard, taken)
            ends = _both(ends, self._block(case.body, taken))
            free = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
            if free and case.guard is None:
                return ends
        return _both(ends, bound)  # nothing may match

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, bound: frozenset[str]) -> Bound:
        self._breaks.append([])
        if isinstance(node, ast.While):
            bound = self._reads(node.test, bound)
            self._block(node.body, bound)
            forever = isinstance(node.test, ast.Constant) and bool(node.test.value)
            end = None if forever else self._block(node.orelse, bound)
        else:
            bound = self._reads(node.iter, bound)
            self._block(node.body, bound | set(_bound_in([node.target])))
            end = self._block(node.orelse, bound)
        for each in self._breaks.pop():
            end = _both(end, each)
        return end

    def _try(self, node: ast.stmt, bound: frozenset[str]) -> Bound:
        body = self._block(getattr(node, "body", ()), bound)
        end = self._block(getattr(node, "orelse", ()), body)
        for handler in getattr(node, "handlers", ()):
            name = {handler.name} if handler.name else set()
            end = _both(end, self._block(handler.body, bound | name))
        final = getattr(node, "finalbody", ())
        last = self._block(final, bound)
        if last is None:
            return None
        return end if end is None else end | (last - bound)

    def _reads(self, node: ast.AST, bound: frozenset[str]) -> frozenset[str]:
        """Takes what an expression or a simple statement reads, and gives what it binds too."""
        inner = set(_bound_in([node]))
        for each in _own([node]):
            if isinstance(each, ast.Name) and isinstance(each.ctx, (ast.Load, ast.Del)):
                own = inner if _has_own(node) else frozenset()
                if each.id in self.local - bound - own:
                    self.unsure.add(each.id)
        target = node.target if isinstance(node, ast.AugAssign) else None
        if isinstance(target, ast.Name) and target.id in self.local - bound:
            self.unsure.add(target.id)
        return bound | inner


def _both(one: Bound, other: Bound) -> Bound:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _own(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes that belong to the scope itself; comprehensions are taken for a part of it."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*_FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(node)


def _has_own(node: ast.AST) -> bool:
    """Whether names are bound in the middle of an expression."""
    own = (ast.NamedExpr, ast.comprehension)
    return any(isinstance(each, own) for each in _own([node]))


def _bound_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for each in _own(nodes):
        yield from _binds(each)


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, _NAMED):
        if node.name:
            yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
