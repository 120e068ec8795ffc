"""What a piece of code does to the function that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Refused

_LOOKS: Final = frozenset({"locals", "eval", "exec"})  # at all the names of its caller
_LOOKS_BARE: Final = frozenset({"vars", "dir"})  # if it has no argument
_COUNTS_FRAMES: Final = frozenset(
    {"_getframe", "currentframe", "findCaller", "extract_stack", "stacklevel"}
)


def own(nodes: Iterable[Branch]) -> Iterator[Branch]:
    """The nodes that run when the code runs: without the bodies of functions in it."""
    stack = list(reversed(list(nodes)))
    while stack:
        node = stack.pop()
        yield node
        if node.type in ("function_definition", "lambda"):
            stack += [child for child in reversed(node.children) if child.field != "body"]
        else:
            stack += reversed(node.children)


def is_async(function: Branch | None) -> bool:
    return function is not None and function.has("async")


def awaits(nodes: Iterable[Branch]) -> bool:
    """Whether code can stand only in a coroutine."""
    for node in own(nodes):
        parent = node.parent
        defines = parent is not None and parent.type == "function_definition"
        if node.type == "await" or (node.type == "async" and not defines):
            return True
    return False


def yields(nodes: Iterable[Branch]) -> bool:
    return any(node.type == "yield" for node in own(nodes) if node.named)


def returns(nodes: Iterable[Branch]) -> bool:
    return any(node.type == "return_statement" for node in own(nodes))


def leaves_loop(nodes: Iterable[Branch], start: int) -> bool:
    """Whether a ``break`` or ``continue`` belongs to a loop that begins before ``start``."""
    for node in own(nodes):
        if node.type in ("break_statement", "continue_statement") and not _looped(node, start):
            return True
    return False


def _looped(node: Branch, start: int) -> bool:
    child = node
    for above in node.above():
        if above.start < start:
            return False
        if above.type in ("for_statement", "while_statement") and child.field == "body":
            return True
        child = above
    return False


def refuse_lookers(root: Branch) -> None:
    """Refuse code that asks for its local variables by name."""
    for node in root.walk():
        if node.type != "call":
            continue
        function, arguments = node.one("function"), node.one("arguments")
        if function is None or arguments is None or function.type != "identifier":
            continue
        name = function.text
        if name in _LOOKS or (name in _LOOKS_BARE and not arguments.parts):
            raise Refused(f"The function calls {name}(), which sees its local variables.")


def refuse_frames(nodes: Iterable[Branch]) -> None:
    """Refuse code to which it matters in which function it runs."""
    for node in nodes:
        for each in node.walk():
            if each.type == "identifier" and _counts_frames(each):
                raise Refused(f"The code uses {each.text}, which counts the functions round it.")


def _counts_frames(node: Branch) -> bool:
    if node.text == "stack":  # a common name, but for `inspect.stack`
        return node.field == "attribute" and _holder_text(node) == "inspect"
    return node.text in _COUNTS_FRAMES


def _holder_text(node: Branch) -> str:
    return node.parent.parts[0].text if node.parent is not None else ""


def bound_to_class(nodes: Iterable[Branch]) -> bool:
    """Whether code means something else outside its class: private names, ``super()``."""
    for node in nodes:
        for each in node.walk():
            if each.type != "identifier":
                continue
            name = each.text
            if name == "__class__" or (name.startswith("__") and not name.endswith("__")):
                return True
            call = each.parent
            if name == "super" and call is not None and each.field == "function":
                arguments = call.one("arguments")
                if arguments is not None and not arguments.parts:
                    return True
    return False
