"""The definitions of a piece of Python, as values that can be compared."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from inglenook_context.verify.definitions import Defined, Parameter

_MANY: Final = re.compile(r"overload|setter|getter|deleter|register|property|dispatch|typing|when")
_HAS_FIELDS: Final = re.compile(
    r"dataclass|NamedTuple|TypedDict|attrs|define|frozen|mutable|s|dataclass_json|BaseModel|Struct"
)
_ENUMERATES: Final = re.compile(r"(?:Int|Str)?(?:Enum|Flag)|ReprEnum")
_ERRORS: Final = frozenset({"NotImplementedError", "NotImplemented"})
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def definitions(
    body: Iterable[ast.stmt], prefix: str = "", public: bool = True, sure: bool = True
) -> Iterator[Defined]:
    """What the statements of a module or class define; ``sure``: not under a condition."""
    for node in body:
        if isinstance(node, _FUNCTIONS):
            yield _function(node, prefix, public, sure)
        elif isinstance(node, ast.ClassDef):
            shown = public and _is_public(node.name)
            yield _class(node, prefix, shown, sure)
            # Others in the file use what a class shows, also if its own name is private.
            yield from definitions(node.body, f"{prefix}{node.name}.", True, sure)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield Defined(prefix + name, "import", False)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            yield from _variables(node, prefix, public)
        else:
            yield from definitions(inner_of(node), prefix, public, False)


def inner_of(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements directly in a compound one."""
    for field in ("body", "orelse", "finalbody"):
        for each in getattr(node, field, ()):
            if isinstance(each, ast.stmt):
                yield each
    for each in chain(getattr(node, "handlers", ()), getattr(node, "cases", ())):
        yield from each.body


def statements(body: list[ast.stmt]) -> tuple[str, ...]:
    """Each statement as text without its layout; a docstring is none."""
    return tuple(unparsed(each) for each in without_docstring(body))


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    if body and is_string(body[0]):
        return body[1:]
    return body


def is_string(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def is_ellipsis(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is ...


def unparsed(node: ast.AST) -> str:
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError):
        return ast.dump(node) if not isinstance(node, ast.expr) else "?"


def is_stub(body: list[ast.stmt]) -> bool:
    rest = without_docstring(body)
    for node in rest:
        empty = isinstance(node, ast.Pass) or is_ellipsis(node) or is_string(node)
        if not empty and not _refuses(node):
            return False
    return True


def _refuses(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Raise, ast.Return)):
        words = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        return bool(words & _ERRORS)
    return False


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str, public: bool, sure: bool
) -> Defined:
    decorators = sorted(unparsed(each) for each in node.decorator_list)
    return Defined(
        prefix + node.name,
        "function",
        public and _is_public(node.name),
        tuple(_parameters(node.args)),
        type_text(node.returns),
        (
            ("async", str(isinstance(node, ast.AsyncFunctionDef))),
            ("decorators", ", ".join(decorators)),
            ("type parameters", _type_parameters(node)),
            ("generator", str(_yields(node.body))),
        ),
        statements(node.body),
        sure and not any(map(_MANY.search, decorators)),
        is_stub(node.body),
    )


def _class(node: ast.ClassDef, prefix: str, public: bool, sure: bool) -> Defined:
    return Defined(
        prefix + node.name,
        "class",
        public,
        None,
        "",
        (
            ("bases", ", ".join(map(unparsed, node.bases))),
            (
                "class arguments",
                ", ".join(sorted(f"{k.arg}={unparsed(k.value)}" for k in node.keywords)),
            ),
            ("decorators", ", ".join(map(unparsed, node.decorator_list))),
            ("type parameters", _type_parameters(node)),
            ("fields", _fields(node)),
        ),
        (),
        sure,
        is_stub(node.body),
    )


def _fields(node: ast.ClassDef) -> str:
    """The fields of which a constructor is made, or that must have their order or values: of
    dataclasses and the like, of named tuples, typed dictionaries and enumerations."""
    given = [_last_word(each) for each in (*node.decorator_list, *node.bases)]
    enumerates = any(_ENUMERATES.fullmatch(word) for word in given)
    if not enumerates and not any(_HAS_FIELDS.fullmatch(word) for word in given):
        return ""
    found: list[str] = []
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            found.append(f"{each.target.id}{'=' if each.value is not None else ''}")
        elif enumerates and isinstance(each, ast.Assign):
            value = unparsed(each.value)
            found += [f"{t.id}={value}" for t in each.targets if isinstance(t, ast.Name)]
    return ", ".join(found)


def _last_word(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _variables(
    node: ast.Assign | ast.AnnAssign | ast.AugAssign, prefix: str, public: bool
) -> Iterator[Defined]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        for each in ast.walk(target):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                traits: tuple[tuple[str, str], ...] = ()
                if each.id in ("__slots__", "__match_args__") and node.value is not None:
                    traits = (("value", unparsed(node.value)),)
                elif target is each and (value := _made(node.value)):
                    traits = (("value", value),)
                shown = public and _is_public(each.id)
                yield Defined(prefix + each.id, "variable", shown, None, "", traits)


def _made(value: ast.expr | None) -> str:
    """Of a lambda its parameters, of a named tuple its fields: what a caller must know."""
    if isinstance(value, ast.Lambda):
        return ", ".join(map(str, _parameters(value.args)))
    if isinstance(value, ast.Call) and _last_word(value) in ("namedtuple", "NamedTuple"):
        return unparsed(value)
    return ""


def exported(body: Iterable[ast.stmt]) -> frozenset[str] | None:
    """What `__all__` lists; None without one."""
    found: set[str] | None = None
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(each, ast.Name) and each.id == "__all__" for each in targets):
            value = getattr(node, "value", None)
            found = found or set()
            for each in ast.walk(value) if isinstance(value, ast.AST) else ():
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    found.add(each.value)
    return frozenset(found) if found is not None else None


def _parameters(args: ast.arguments) -> Iterator[Parameter]:
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + args.defaults
    for at, (each, default) in enumerate(zip(plain, defaults, strict=True)):
        kind = "/" if at < len(args.posonlyargs) else ""
        yield _parameter(kind, each, default)
    if args.vararg is not None:
        yield Parameter("*", args.vararg.arg, False, type_text(args.vararg.annotation))
    for each, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield _parameter("*, ", each, default)
    if args.kwarg is not None:
        yield Parameter("**", args.kwarg.arg, False, type_text(args.kwarg.annotation))


def _parameter(kind: str, node: ast.arg, default: ast.expr | None) -> Parameter:
    written = unparsed(default) if default is not None else ""
    return Parameter(kind, node.arg, default is not None, type_text(node.annotation), written)


def type_text(node: ast.expr | None) -> str:
    """A type in one way of writing: ``Optional[List["A"]]`` is ``list[A] | None``."""
    if node is None:
        return ""
    text = re.sub(r"['\"]|\b(?:typing|t|typing_extensions|collections\.abc)\.", "", unparsed(node))
    text = re.sub(r"\b(List|Dict|Tuple|Set|FrozenSet|Type)\b", lambda m: m[0].lower(), text)
    for _ in range(5):
        text = re.sub(r"\bOptional\[((?:[^\[\]]|\[[^\[\]]*\])*)\]", r"\1 | None", text)
        text = re.sub(
            r"\bUnion\[((?:[^\[\]]|\[[^\[\]]*\])*)\]", lambda m: " | ".join(m[1].split(", ")), text
        )
    return text


def _type_parameters(node: ast.AST) -> str:
    return ", ".join(map(unparsed, getattr(node, "type_params", ())))


def _yields(body: list[ast.stmt]) -> bool:
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (*_FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(node)
    return False


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))
