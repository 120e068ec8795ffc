"""Who passes a parameter by its name: the calls of a function in its own file."""

from __future__ import annotations

from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.scopes import READ, Occurrence

# Decorators that pass on the parameters as they are.
_PLAIN: Final = frozenset(
    "staticmethod classmethod property setter getter deleter abstractmethod override final".split()
)


def keyword_uses(
    root: Branch, names: Names, found: Occurrence, new: str
) -> tuple[list[Branch], list[str]]:
    """The names of keyword arguments that mean the parameter ``found``, and what to confirm.

    Refuses where a call may mean it and may not, or may mean ``new`` when it is called so.
    """
    function = found.owner.node
    if _takes_any(function) and any(
        node.field == "name" and node.text == new and _is_keyword(node) for node in root.walk()
    ):
        raise Refused(f"Something in this file is called with {new}= already.")
    keywords = [
        node
        for node in root.walk()
        if node.field == "name" and node.text == found.name and _is_keyword(node)
    ]
    if function.type == "lambda":
        if keywords:
            raise Refused(f"Something in this file is called with {found.name}=.")
        return [], []
    if not _by_name(function, found):
        return [], []
    _refuse_named(function)
    name = next((child.text for child in function.all("name")), "")
    scope = names.scopes[function].parent
    if scope is None:
        raise Refused("The function stands nowhere.")
    if scope.kind == "class":
        return _of_method(scope.node, name, keywords)
    uses = [each for each in names.of((scope.owner(name), name)) if each.kind == READ]
    calls = {each.node.parent for each in uses if each.node.field == "function"}
    mine = [node for node in keywords if _call(node) in calls]
    rest = [node for node in keywords if node not in mine]
    for node in rest:
        call = _call(node)
        if call is not None and any(each.node.within(call.start, call.stop) for each in uses):
            raise Refused(f"{name} is handed on together with {found.name}=.")
    for call in calls:
        if call is not None and any(each.type == "dictionary_splat" for each in call.walk()):
            raise Refused(f"{name} is called with ** in this file.")
    known = len(calls) == len(uses) and (scope.kind != "module" or name.startswith("_"))
    return mine, [] if known else [f"Other code may call {name} with {found.name}=."]


def _of_method(holder: Branch, name: str, keywords: list[Branch]) -> tuple[list[Branch], list[str]]:
    owner = next((child.text for child in holder.all("name")), "")
    for node in keywords:
        call = _call(node)
        callee = call.one("function") if call is not None else None
        last = callee.one("attribute") if callee is not None else None
        called = last.text if last is not None else callee.text if callee is not None else ""
        if called in (name, "cls", "partial") or (
            called == owner and name in ("__init__", "__new__")
        ):
            raise Refused(f"{called} is called with that keyword, perhaps of another class.")
    return [], [f"Other code may call {name} with the old keyword, or override it."]


def _takes_any(function: Branch) -> bool:
    """Whether the function takes keywords that are no parameters of it."""
    parameters = function.one("parameters")
    return parameters is not None and any(
        node.type == "dictionary_splat_pattern" for node in parameters.walk()
    )


def _is_keyword(node: Branch) -> bool:
    return node.parent is not None and node.parent.type == "keyword_argument"


def _call(keyword: Branch) -> Branch | None:
    """The call to which the name of a keyword argument belongs."""
    return next((above for above in keyword.above() if above.type == "call"), None)


def _by_name(function: Branch, found: Occurrence) -> bool:
    """Whether a parameter can be passed by its name at all."""
    for parameters in function.all("parameters"):
        parts = parameters.parts
        slash = next(
            (at for at, each in enumerate(parts) if each.type == "positional_separator"), -1
        )
        for at, each in enumerate(parts):
            here = next((node for node in each.walk() if node.type == "identifier"), each)
            if here.text != found.name:
                continue
            inner = each.parts[0] if each.type == "typed_parameter" else each
            splat = inner.type in ("list_splat_pattern", "dictionary_splat_pattern")
            first = at == 0 and found.name in ("self", "cls")
            return not (splat or first or at < slash)
    return True


def _refuse_named(function: Branch) -> None:
    above = function.parent
    decorators = (
        above.parts[:-1] if above is not None and above.type == "decorated_definition" else []
    )
    for decorator in decorators:
        last = [node.text for node in decorator.walk() if node.type == "identifier"][-1:]
        if not set(last) <= _PLAIN:
            raise Refused("A decorator of the function may use the names of its parameters.")
    name = next((child.text for child in function.all("name")), "")
    if name.startswith(("test", "pytest_")):
        raise Refused("pytest fills the parameters of this function by their names.")
