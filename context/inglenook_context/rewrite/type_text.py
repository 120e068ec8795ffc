"""A type as a model wrote it, as the file can have it: names that mean something, and its style.

What a small model writes is often nearly right: ``List[int]`` without an import, ``any``, a class
that is defined further down. All of it is put right or refused here.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass, field
from typing import Final

from inglenook_context.rewrite.type_names import Bound, Names
from inglenook_context.rewrite.type_reading import (
    Unusable,
    alternatives,
    dotted,
    expression_of,
    literal,
)

_DEEPEST: Final = 8
_TYPINGS: Final = ("typing", "typing_extensions")
_OLD: Final = {
    "List": "list",
    "Dict": "dict",
    "Tuple": "tuple",
    "Set": "set",
    "FrozenSet": "frozenset",
    "Type": "type",
}
_OLD_FORMS: Final = frozenset({*_OLD, "Optional", "Union"})
_SLIPS: Final = {
    "any": "Any",
    "callable": "Callable",
    "string": "str",
    "boolean": "bool",
    "integer": "int",
    "NoneType": "None",
}
_ABC: Final = frozenset(
    """AsyncGenerator AsyncIterable AsyncIterator Awaitable Callable Collection Container Coroutine
    Generator Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping
    MutableSequence MutableSet Reversible Sequence Sized ValuesView""".split()
)
_TYPING: Final = frozenset(
    """Any AnyStr BinaryIO IO Literal LiteralString Never NoReturn Optional Self SupportsAbs
    SupportsBytes SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TextIO
    Union""".split()
)
# How many arguments what can be subscripted takes; the least and the most.
_ARITY: Final = {
    **dict.fromkeys(
        """list set frozenset type Optional Iterable Iterator Sequence Collection Container
        Awaitable AsyncIterable AsyncIterator KeysView ValuesView MutableSequence MutableSet
        Reversible IO""".split(),
        (1, 1),
    ),
    **dict.fromkeys("dict Mapping MutableMapping ItemsView Callable".split(), (2, 2)),
    **dict.fromkeys("tuple Union Literal".split(), (1, 99)),
    "AsyncGenerator": (2, 2),
    "Coroutine": (3, 3),
    "Generator": (3, 3),
}
_NO_CLASSES: Final = frozenset({("threading", "Lock"), ("threading", "RLock")})


@dataclass(frozen=True, slots=True)
class Import:
    module: str
    name: str


@dataclass(frozen=True, slots=True)
class TypeText:
    """``head`` is the last name of what the type is at its outermost, ``parts`` are its
    arguments, and ``imports`` what must be added to the file's."""

    text: str
    head: str
    parts: tuple[str, ...] = ()
    imports: tuple[Import, ...] = ()
    is_optional: bool = False
    is_late: bool = False  # it must be quoted, for its names are not bound yet

    @property
    def written(self) -> str:
        if not self.is_late:
            return self.text
        return repr(self.text) if '"' in self.text else f'"{self.text}"'


@dataclass(slots=True)
class _Reader:
    names: Names
    old_forms: bool
    imports: list[Import] = field(default_factory=list)
    is_late: bool = False

    def read(self, node: ast.expr, depth: int = 0) -> TypeText:
        if depth > _DEEPEST:
            raise Unusable("nests too deep")
        if isinstance(node, ast.Constant):
            return self._constant(node, depth)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._name(dotted(node))
        if isinstance(node, ast.Subscript):
            return self._subscript(node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(alternatives(node), depth)
        raise Unusable("is no type")

    def _constant(self, node: ast.Constant, depth: int) -> TypeText:
        if node.value is None:
            return TypeText("None", "None", is_optional=True)
        if isinstance(node.value, str):
            return self.read(expression_of(node.value), depth + 1)
        raise Unusable("is no type")

    def _name(self, written: str) -> TypeText:
        root, _, rest = written.partition(".")
        bound = self.names.find(root)
        origins = [each.origin[0] for each in bound if each.kind == "module"]
        module = origins[0] if origins else "" if bound else root
        if (module in _TYPINGS and "." not in rest) or (
            module == "collections" and rest.startswith("abc.")
        ):
            return self._standard(rest.rpartition(".")[2], written if bound else "")
        if bound:
            return self._bound(written, bound)
        if rest:
            raise Unusable(f"uses {root}, which the file does not have")
        return self._standard(written, "")

    def _bound(self, written: str, bound: list[Bound]) -> TypeText:
        root, _, rest = written.partition(".")
        usable = [each for each in bound if each.is_type or (rest and each.kind == "module")]
        if not usable:
            raise Unusable(f"uses {root}, which is no type here")
        if not any(each.sure for each in usable):
            self.is_late = True
        imported = next((each.origin for each in usable if each.kind == "from"), None)
        if imported is not None and rest == imported[1] == root:
            written = root  # `datetime.datetime` after `from datetime import datetime`
        if imported is not None and imported[0] in _TYPINGS and not rest:
            return self._standard(imported[1], written)
        return TypeText(written, written.rpartition(".")[2])

    def _standard(self, name: str, written: str) -> TypeText:
        """A builtin, or a name of ``typing`` or ``collections.abc``; ``written`` is how the file
        can have it without a further import."""
        name = _SLIPS.get(name, name)
        if name == "None":
            return TypeText("None", "None", is_optional=True)
        if name in _OLD and not self.old_forms:
            name = _OLD[name]
        if isinstance(getattr(builtins, name, None), type):
            if self.names.find(name):
                raise Unusable(f"uses {name}, which is no type here")
            return TypeText(name, name)
        if written:
            return TypeText(written, _OLD.get(name, name), is_optional=name == "Any")
        if name not in _ABC and name not in _TYPING and name not in _OLD:
            raise Unusable(f"uses {name}, which the file does not have")
        head = _OLD.get(name, name)
        known = self._known(name)
        if known is None:
            of_typing = self.old_forms or self._has_from("typing", _ABC)
            is_abc = name in _ABC and (self._has_from("collections.abc") or not of_typing)
            self.imports.append(Import("collections.abc" if is_abc else "typing", name))
        return TypeText(known or name, head, is_optional=name == "Any")

    def _known(self, name: str) -> str | None:
        """How the file writes a name of ``typing``, if it imports the module and not its names."""
        if self._has_from("typing") or (name in _ABC and self._has_from("collections.abc")):
            return None
        for alias, bound in self.names.module.items():
            if self.names.find(alias) is bound and any(
                each.kind == "module" and each.origin[0] == "typing" and each.sure for each in bound
            ):
                return f"{alias}.{name}"
        return None

    def _has_from(self, module: str, names: frozenset[str] | None = None) -> bool:
        """Whether the file imports names from a module, one of ``names`` if they are given."""
        return any(
            each.kind == "from"
            and each.origin[0] == module
            and (names is None or each.origin[1] in names)
            for bound in self.names.module.values()
            for each in bound
        )

    # What has arguments

    def _subscript(self, node: ast.Subscript, depth: int) -> TypeText:
        if not isinstance(node.value, (ast.Name, ast.Attribute)):
            raise Unusable("is no type")
        written = dotted(node.value).rpartition(".")[2]
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if written in ("Optional", "Union") and not self.old_forms:
            least, most = _ARITY[written]
            if not least <= len(given) <= most:
                raise Unusable("has too few or too many arguments")
            nones = [ast.Constant(None)] if written == "Optional" else []
            return self._union([*given, *nones], depth)
        base = self._name(dotted(node.value))
        if base.head in _ARITY:
            least, most = _ARITY[base.head]
            empty = base.head == "tuple" and not given
            if not (least <= len(given) <= most or empty):
                raise Unusable("has too few or too many arguments")
        elif base.head in _TYPING | _ABC or isinstance(getattr(builtins, base.head, None), type):
            raise Unusable(f"gives {base.head} arguments, which it does not take")
        else:
            self.is_late = True  # whether it can be subscripted when it runs is not known
        parts = tuple(self._arguments(base.head, given, depth))
        optional = base.head == "Optional" or (base.head == "Union" and "None" in parts)
        inner = ", ".join(parts) or "()"
        return TypeText(f"{base.text}[{inner}]", base.head, parts, is_optional=optional)

    def _arguments(self, head: str, given: list[ast.expr], depth: int) -> list[str]:
        if head == "Literal":
            return [literal(each) for each in given]
        found = []
        for at, each in enumerate(given):
            is_rest = isinstance(each, ast.Constant) and each.value is ...
            if is_rest and (head, at) in (("Callable", 0), ("tuple", 1)) and len(given) == 2:
                found.append("...")
            elif head == "Callable" and at == 0:
                if not isinstance(each, ast.List):
                    raise Unusable("does not say what is called in brackets")
                inner = [self.read(part, depth + 1).text for part in each.elts]
                found.append(f"[{', '.join(inner)}]")
            else:
                found.append(self.read(each, depth + 1).text)
        return found

    def _union(self, given: list[ast.expr], depth: int) -> TypeText:
        read = [self.read(each, depth + 1) for each in given]
        texts = list(dict.fromkeys(each.text for each in read))
        if len(texts) == 1:
            return read[0]
        if any(self._may_be_no_class(each.text) for each in read):
            self.is_late = True
        optional = "None" in texts
        if not self.old_forms:
            texts = [each for each in texts if each != "None"] + (["None"] if optional else [])
            return TypeText(" | ".join(texts), "Union", tuple(texts), is_optional=optional)
        texts = [each for each in texts if each != "None"]
        text = texts[0]
        if len(texts) > 1:
            text = f"{self._name('Union').text}[{', '.join(texts)}]"
        if optional:
            text = f"{self._name('Optional').text}[{text}]"
        return TypeText(text, "Union", tuple(texts), is_optional=optional)

    def _may_be_no_class(self, text: str) -> bool:
        """Whether ``|`` may fail when the annotation is evaluated, as for a function."""
        root, _, rest = text.partition("[")[0].partition(".")
        for each in self.names.find(root):
            if each.kind == "from":
                name = rest or each.origin[1]
                odd = each.origin in _NO_CLASSES or each.origin[0].startswith("multiprocessing")
                return odd or not name.rpartition(".")[2][:1].isupper()
            if each.kind == "module":
                return not rest.rpartition(".")[2][:1].isupper()
        return False


def type_of(written: str, names: Names, old_forms: bool) -> TypeText:
    """What a model wrote as a type; raises `Unusable`."""
    reader = _Reader(names, old_forms)
    found = reader.read(expression_of(written))
    late = reader.is_late and not names.is_late
    return TypeText(
        found.text, found.head, found.parts, tuple(reader.imports), found.is_optional, late
    )


def with_none(found: TypeText, names: Names, old_forms: bool) -> TypeText:
    """The same or None, unless it holds None already."""
    if found.is_optional or found.head in ("Any", "object", "None"):
        return found
    wider = type_of(f"{found.text} | None", names, old_forms)
    imports = tuple(dict.fromkeys((*found.imports, *wider.imports)))
    late = found.is_late or wider.is_late
    return TypeText(wider.text, wider.head, wider.parts, imports, True, late)


def has_old_forms(names: Names) -> bool:
    """Whether a file writes ``Optional[int]`` and ``List[int]``."""
    for name, bound in names.module.items():
        for each in bound:
            if each.origin[0] == "typing" and each.origin[1] in _OLD_FORMS:
                return True
            if each.kind == "module" and each.origin[0] == "typing":
                used = rf"\b{re.escape(name)}\.(?:{'|'.join(_OLD_FORMS)})\b"
                if re.search(used, str(names.structure.text)):
                    return True
    return False
