"""Which names of Python mean nothing, by its rules of scopes (language reference, 4.2).

`inglenook_context.refactor.python` resolves names of correct code to rename them; here the code
may be half broken, only what is undefined matters, and `ast` is what the code is read with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from inglenook_context.verify.python_binder import Binder
from inglenook_context.verify.python_scopes import KNOWN, Name, is_globals, unbound
from inglenook_context.verify.python_tree import Module

_WRITES: Final = frozenset({"update", "setdefault", "__setitem__", "__ior__"})


class Names(Binder):
    """The scopes of a module; of ``deep`` statements all, of the others what they bind.

    ``open`` says that names can come from where it cannot be seen, such as ``exec``; ``stars`` are
    the modules of which all names are imported.
    """

    def __init__(self, module: Module, deep: Iterable[ast.stmt]) -> None:
        super().__init__()
        self.open = False
        whole = {id(each) for each in deep}
        for each in module.body:
            self._deep = id(each) in whole
            self.visit(each)
        if module.dynamic:
            self._globals(each for each in module.body if id(each) not in whole)
        for name in module.lost:
            self._bind(name, (0, 0))

    def undefined(self) -> dict[str, int]:
        """Names that mean nothing, or nothing yet, where they are read, with a line of each."""
        found: dict[str, int] = {}
        if self.open:
            return found
        for scope in self.scopes:
            for read in scope.reads:
                owner = scope.owner(read.name)
                if owner is None:
                    if read.name not in KNOWN:
                        found.setdefault(read.name, read.at[0])
                elif owner is scope and unbound(scope, read):
                    found.setdefault(read.name, read.at[0])
        return found

    @property
    def local(self) -> frozenset[str]:
        """What functions bind."""
        inner = [scope.bound for scope in self.scopes if scope.kind == "function"]
        return frozenset(name for bound in inner for name in bound)

    @property
    def built_in(self) -> dict[str, int]:
        """What is read as a value, and not called, of what is built in; with a line of each."""
        found: dict[str, int] = {}
        for scope in self.scopes:
            for read in scope.reads:
                if not read.called and read.name in KNOWN and scope.owner(read.name) is None:
                    found.setdefault(read.name, read.at[0])
        return found

    def _globals(self, others: Iterator[ast.stmt]) -> None:
        for each in others:
            for node in ast.walk(each):
                if isinstance(node, ast.Global):
                    for name in node.names:
                        self.root.bound.setdefault(name, []).append(Name(name, (0, 0), ()))
                elif isinstance(node, ast.Call):
                    self._dynamic(node, "function")

    # What can bind names unseen

    def visit_Call(self, node: ast.Call) -> None:
        self._callee = node.func
        self._dynamic(node, self._scope.kind)
        self.generic_visit(node)

    def _dynamic(self, call: ast.Call, kind: str) -> None:
        function = call.func
        name = function.id if isinstance(function, ast.Name) else ""
        of = function.value if isinstance(function, ast.Attribute) else None
        writes = isinstance(function, ast.Attribute) and function.attr in _WRITES
        if (writes and is_globals(of, kind)) or any(is_globals(each, kind) for each in call.args):
            self.open = True
        elif name in ("exec", "execfile") and kind in ("module", "class"):
            self.open = self.open or len(call.args) < 2

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Store) and is_globals(node.value, self._scope.kind):
            self.open = True
        self.generic_visit(node)
