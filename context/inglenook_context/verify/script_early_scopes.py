"""Names that a script declares twice in one block, and constants that it assigns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.script_early_context import FUNCTIONS, Context
from inglenook_context.verify.script_early_names import bound
from inglenook_context.verify.sides import Side
from inglenook_context.verify.tree import Tree

_BLOCKS: Final = frozenset(
    """statement_block for_statement for_in_statement switch_body class_static_block
    catch_clause""".split()
)
_SPACES: Final = frozenset({"internal_module", "module", "class_static_block"})
_TYPES: Final = frozenset(
    """type_annotation type_arguments type_parameters interface_declaration type_alias_declaration
    enum_body object_type function_type extends_type_clause implements_clause""".split()
)
_DECLARED: Final = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "enum_declaration": "enum",
    "internal_module": "other",
    "module": "other",
    "function_signature": "other",
    "import_alias": "other",
}
_LEXICAL: Final = frozenset({"let", "const", "class", "enum", "import"})
_QUIET: Final = frozenset({"other", "own"})
_SHELLS: Final = frozenset({"parenthesized_expression", "non_null_expression"})
_FIXED: Final = {"const": "a const", "import": "an import"}
_FIXED_TYPED: Final = {**_FIXED, "class": "a class", "enum": "an enum", "function": "a function"}


class Block:
    __slots__ = ("function", "names", "parent", "types")

    def __init__(self, parent: Block | None, function: bool) -> None:
        self.parent = parent
        self.function = function
        self.names: dict[str, set[str]] = {}
        self.types: dict[str, set[str]] = {}

    def kinds(self, name: str) -> set[str]:
        """How a name is declared in the nearest block that declares it."""
        block: Block | None = self
        while block is not None:
            if (found := block.names.get(name)) is not None:
                return found
            block = block.parent
        return set()


class Scopes:
    """``wrong`` is what is not allowed, each with its node."""

    def __init__(self, side: Side, statements: list[Tree], context: Context) -> None:
        self._side = side
        self._context = context
        self._top = Block(None, True)
        self._writes: list[tuple[Tree, Block]] = []
        self._open = False
        self.wrong: list[tuple[str, Tree]] = []
        self._walk(statements)

    def _walk(self, statements: list[Tree]) -> None:
        stack = [(each, self._top, self._context.ambient) for each in statements]
        while stack:
            node, block, ambient = stack.pop()
            if node.type in _TYPES:
                self._type(node, block, ambient)
                continue
            ambient = ambient or node.type == "ambient_declaration"
            inner = self._enter(node, block, ambient)
            stack += [(each, inner, ambient) for each in reversed(node.children) if each.children]
        if not self._open:
            for name, block in self._writes:
                self._assigned(name, block)

    def _enter(self, node: Tree, block: Block, ambient: bool) -> Block:
        kind = node.type
        self._declare(node, block, ambient)
        if kind in FUNCTIONS:
            inner = Block(block, True)
            if kind in ("function_expression", "generator_function"):
                self._name(node.one("name"), "own", inner, ambient)
            given = node.one("parameters") or node.one("parameter")
            for each in (given.parts or [given]) if given is not None else ():
                self._bind(each, "parameter", inner, ambient)
            return inner
        if kind == "class":
            inner = Block(block, False)
            self._name(node.one("name"), "own", inner, ambient)
            return inner
        if kind in _BLOCKS:
            above = node.parent.type if node.parent is not None else ""
            if kind == "statement_block" and (above in FUNCTIONS or above == "catch_clause"):
                return block
            inner = Block(block, kind in _SPACES or above in _SPACES)
            if kind == "for_in_statement" and node.one("kind") is not None:
                self._variables(node.one("left"), node, inner, ambient)
            elif kind == "catch_clause":
                self._bind(node.one("parameter"), "catch", inner, ambient)
            return inner
        return block

    def _declare(self, node: Tree, block: Block, ambient: bool) -> None:
        kind = node.type
        if kind in _DECLARED:
            self._name(node.one("name"), _DECLARED[kind], block, ambient)
            if kind in ("class_declaration", "abstract_class_declaration", "enum_declaration"):
                self._type(node, block, ambient)
        elif kind == "variable_declarator" and node.parent is not None:
            self._variables(node.one("name"), node.parent, block, ambient)
        elif kind == "import_clause":
            only_type = node.parent is not None and node.parent.has("type")
            for each in self._imported(node):
                one = only_type or (each.parent is not None and each.parent.has("type"))
                self._name(each, "import type" if one else "import", block, ambient)
        elif kind in ("assignment_expression", "augmented_assignment_expression"):
            self._write(node.one("left"), block)
        elif kind == "update_expression":
            self._write(node.one("argument"), block)
        elif kind == "for_in_statement" and node.one("kind") is None:
            self._write(node.one("left"), block)
        elif kind == "with_statement":
            self._open = True

    def _variables(self, pattern: Tree | None, declaration: Tree, block: Block, no: bool) -> None:
        word = declaration.one("kind")
        kind = word.type if word is not None else "var"
        if kind == "var":
            names = list(bound(pattern))
            while not block.function and block.parent is not None:
                names = [each for each in names if not self._has_var(each, block)]
                for each in names:
                    self._name(each, "var", block, no)
                block = block.parent
        self._bind(pattern, kind if kind in ("var", "let") else "const", block, no)

    def _has_var(self, node: Tree, block: Block) -> bool:
        return "var" in block.names.get(self._side.written(node), ())

    def _bind(self, pattern: Tree | None, kind: str, block: Block, ambient: bool) -> None:
        for each in bound(pattern):
            self._name(each, kind, block, ambient)

    def _name(self, node: Tree | None, kind: str, block: Block, ambient: bool) -> None:
        if node is None or node.type in ("string", "nested_identifier"):
            return
        name = self._side.written(node)
        had = block.names.setdefault(name, set())
        kind = "other" if ambient else kind
        if any(self._conflict(kind, each, block) for each in had):
            self.wrong.append((f"{name} is declared twice in one block", node))
        had.add(kind)

    def _conflict(self, one: str, other: str, block: Block) -> bool:
        pair = {one, other}
        if "import type" in pair:
            return pair <= {"import", "import type"}
        if pair & _QUIET or pair in ({"enum"}, {"parameter"}):
            return False
        if pair & _LEXICAL or pair == {"catch"}:
            return True
        if "function" not in pair or pair & {"parameter", "catch"}:
            return False
        module = block is self._top and self._context.module
        if pair == {"function"}:
            context = self._context
            return context.typed or module or (not block.function and context.strict)
        return self._context.typed or module or not block.function

    def _type(self, node: Tree, block: Block, ambient: bool) -> None:
        """Two types of one name; interfaces and enums may go on."""
        name = node.one("name")
        if name is None or ambient:
            return
        kinds = {"type_alias_declaration": "type", "interface_declaration": "interface"}
        kind = kinds.get(node.type) or _DECLARED.get(node.type, "")
        text = self._side.written(name)
        others = block.types.setdefault(text, set()) if kind else set()
        if others and (kind == "type" or "type" in others):
            self.wrong.append((f"{text} is declared twice in one block", name))
        others.add(kind)

    def _imported(self, node: Tree) -> Iterator[Tree]:
        for each in node.walk():
            if each.type == "import_specifier":
                name = each.one("alias") or each.one("name")
                if name is not None:
                    yield name
            elif each.type == "identifier" and each.field not in ("name", "alias"):
                yield each

    def _write(self, target: Tree | None, block: Block) -> None:
        while target is not None and target.type in _SHELLS and target.parts:
            target = target.parts[0]
        self._writes += [(each, block) for each in bound(target)]

    def _assigned(self, node: Tree, block: Block) -> None:
        name = self._side.written(node)
        kinds = block.kinds(name)
        fixed = _FIXED_TYPED if self._context.typed else _FIXED
        if len(kinds) == 1 and (what := fixed.get(next(iter(kinds)))) is not None:
            self.wrong.append((f"{name} is {what} and is assigned", node))
