"""The walk that finds the scopes of a module of Python, and what is bound and read in each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final

from inglenook_context.verify.python_scopes import (
    Name,
    Scope,
    arguments_of,
    start_of,
    stop_of,
    words_of,
)

_GUARDS: Final = frozenset({"NameError", "Exception", "BaseException"})
_FORWARD: Final = re.compile(r"[\w.\[\], |'\"]{1,300}\Z")


class Binder(ast.NodeVisitor):
    """``root`` is the module's scope; ``stars`` are the modules of which all names are imported.

    Of functions and classes that are not ``_deep`` only their names are known.
    """

    def __init__(self) -> None:
        self.root = self._scope = Scope("module", None)
        self.scopes = [self.root]
        self.stars: list[str] = []
        self._loops: tuple[ast.AST, ...] = ()
        self._until: tuple[int, int] | None = None
        self._guarded = False
        self._since: tuple[int, int] | None = None  # where an assignment ends
        self._callee: ast.expr | None = None
        self._own: frozenset[str] = frozenset()  # what the value of an assignment reads
        self._deep = True

    # Binding and reading

    def _bind(self, name: str, at: tuple[int, int], again: bool = False) -> None:
        scope = self._scope
        if name in scope.globals:
            scope = scope.module
            at = (0, 0)
        scope.bound.setdefault(name, []).append(Name(name, at, self._loops, self._until, again))

    def _read(self, name: str, node: ast.AST) -> None:
        if self._deep and not self._guarded:
            read = Name(name, start_of(node), self._loops, called=node is self._callee)
            self._scope.reads.append(read)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._bind(node.id, self._since or stop_of(node), node.id in self._own)
        else:
            self._read(node.id, node)

    # What is bound counts from the end of its statement on.

    def visit_Assign(self, node: ast.Assign) -> None:
        reads = len(self._scope.reads)
        self.visit(node.value)
        self._own = frozenset(read.name for read in self._scope.reads[reads:])
        self._since = stop_of(node)
        for target in node.targets:
            self.visit(target)
        self._own, self._since = frozenset(), None

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation)
        if node.value is not None:
            self.visit(node.value)
        if node.value is None and isinstance(node.target, ast.Name):
            self._bind(node.target.id, (0, 0) if self._scope.kind != "function" else stop_of(node))
        else:
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self._read(node.target.id, node.target)
            self._bind(node.target.id, stop_of(node), again=True)
        else:
            self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        inner = self._scope
        while self._scope.kind == "comprehension" and self._scope.parent is not None:
            self._scope = self._scope.parent
        self._bind(node.target.id, start_of(node))
        self._scope = inner

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0], start_of(node))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.stars.append("." * node.level + (node.module or ""))
            else:
                self._bind(alias.asname or alias.name, start_of(node))

    def visit_Global(self, node: ast.Global) -> None:
        self._scope.globals |= set(node.names)
        for name in node.names:
            self.root.bound.setdefault(name, []).append(Name(name, (0, 0), ()))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._scope.outer |= set(node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        if node.name:
            until, self._until = self._until, stop_of(node)
            self._bind(node.name, start_of(node))
            self._until = until
        self._all(node.body)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.generic_visit(node)
        if node.name:
            self._bind(node.name, start_of(node))

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name, start_of(node))

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest:
            self._bind(node.rest, start_of(node))

    # Statements that hold others

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        loops, self._loops = self._loops, (*self._loops, node)
        self.visit(node.target)
        self._all(node.body)
        self._loops = loops
        self._all(node.orelse)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        loops, self._loops = self._loops, (*self._loops, node)
        self.visit(node.test)
        self._all(node.body)
        self._loops = loops
        self._all(node.orelse)

    def visit_Try(self, node: ast.Try) -> None:
        guards = any(each.type is None or words_of(each.type) & _GUARDS for each in node.handlers)
        exact = any(
            each.type is not None and "NameError" in words_of(each.type) for each in node.handlers
        )
        before, self._guarded = self._guarded, self._guarded or (guards and exact)
        self._all(node.body)
        self._guarded = before
        for handler in node.handlers:
            self.visit(handler)
        self._all(node.orelse)
        self._all(node.finalbody)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._all(node.decorator_list)
        self._defaults(node.args)
        inner = Scope("function", self._scope)
        self._types(node)
        for each in arguments_of(node.args):
            self._annotation(each.annotation)
        self._annotation(node.returns)
        self._bind(node.name, start_of(node))
        if self._deep:
            self._body(inner, node.args, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._defaults(node.args)
        if self._deep:
            self._body(Scope("function", self._scope), node.args, [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._all(node.decorator_list)
        self._types(node)
        self._all(node.bases)
        self._all([each.value for each in node.keywords])
        outer = self._enter(Scope("class", self._scope))
        if self._deep:
            self._all(node.body)
        self._leave(outer)
        self._bind(node.name, start_of(node))

    def _comprehension(self, node: ast.AST) -> None:
        generators: list[ast.comprehension] = getattr(node, "generators", [])
        self.visit(generators[0].iter)
        outer = self._enter(Scope("comprehension", self._scope))
        for at, each in enumerate(generators):
            if at:
                self.visit(each.iter)
            self.visit(each.target)
            self._all(each.ifs)
        for part in ("key", "elt", "value"):
            if isinstance(inner := getattr(node, part, None), ast.expr):
                self.visit(inner)
        self._leave(outer)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_TypeAlias(self, node: ast.AST) -> None:
        self._types(node)
        self.generic_visit(node)

    # Helps

    def _all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _enter(self, scope: Scope) -> tuple[Scope, tuple[ast.AST, ...]]:
        outer = self._scope, self._loops
        self._scope, self._loops = scope, ()
        self.scopes.append(scope)
        return outer

    def _leave(self, outer: tuple[Scope, tuple[ast.AST, ...]]) -> None:
        self._scope, self._loops = outer

    def _body(self, inner: Scope, args: ast.arguments, body: Iterable[ast.AST]) -> None:
        outer = self._enter(inner)
        guarded, self._guarded = self._guarded, False
        for each in arguments_of(args):
            inner.fixed.add(each.arg)
            self._bind(each.arg, (0, 0))
        self._all(body)
        self._guarded = guarded
        self._leave(outer)

    def _defaults(self, args: ast.arguments) -> None:
        self._all([each for each in (*args.defaults, *args.kw_defaults) if each is not None])

    def _types(self, node: ast.AST) -> None:
        """Type parameters are known wherever: to know more of them is not needed here."""
        for each in getattr(node, "type_params", []):
            self._bind(each.name, (0, 0))
            if isinstance(bound := getattr(each, "bound", None), ast.expr):
                self.visit(bound)

    def _annotation(self, node: ast.expr | None) -> None:
        if node is None:
            return
        reads = len(self._scope.reads)
        self.visit(node)
        for read in self._scope.reads[reads:]:
            read.loops = (node,)  # an annotation need not be known yet
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                self._quoted(node, part)

    def _quoted(self, whole: ast.expr, part: ast.Constant) -> None:
        """A name that is in quotes because it is not known yet."""
        if "Literal" in words_of(whole) or "Annotated" in words_of(whole):
            return
        if _FORWARD.match(str(part.value)):
            try:
                tree = ast.parse(str(part.value), "<edit>", "eval")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return
            for each in ast.walk(tree):
                if isinstance(each, ast.Name) and self._deep:
                    self._scope.reads.append(Name(each.id, start_of(part), (whole,)))
