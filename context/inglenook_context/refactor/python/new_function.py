"""The text of a new function and of its call, once it is known what is passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inglenook_context.refactor.branch import Branch
from inglenook_context.refactor.edits import Change, Refactoring, Refused, in_order
from inglenook_context.refactor.lines import line_end, margin
from inglenook_context.refactor.python import inner, layout, naming
from inglenook_context.refactor.python.names import Names
from inglenook_context.refactor.python.passing import Passing
from inglenook_context.refactor.python.selection import Selection
from inglenook_context.text import Text

KIND: Final = "refactor.extract.function"
_METHOD: Final = (
    "It becomes a method, for the code uses private names or super(); a subclass may have a "
    "method of that name."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the selection stands: ``function`` is None in the body of a class or module."""

    function: Branch | None
    scope_node: Branch  # the function, class or module

    @property
    def in_class(self) -> bool:
        return self.scope_node.type == "class_definition"


class NewFunction:
    """The new function; ``call`` is what stands in the place of the code."""

    def __init__(
        self,
        text: Text,
        chosen: Selection,
        names: Names,
        place: Place,
        passing: Passing,
        name: str,
        default: str,
    ) -> None:
        self._text, self._chosen, self._passing = text, chosen, passing
        self.name = naming.free(name, default, naming.words_of(text))
        self._method: Branch | None = None
        in_class = any(above.type == "class_definition" for above in chosen.first.above())
        if in_class and inner.bound_to_class(chosen.nodes):
            self._method = _method(place, names)
        given = passing.parameters
        if self._method is not None:
            given = tuple(each for each in given if each != "self")
        self._given = given
        self.call = f"{'self.' if self._method else ''}{self.name}({', '.join(given)})"

    def result(self, lines: list[str], change: Change, *, waits: bool) -> Refactoring:
        text = self._text
        before = self._method or self._chosen.root.children[0]
        holder = self._method or _holder(self._chosen)
        decorated = before.parent
        if decorated is not None and decorated.type == "decorated_definition":
            before = decorated
        unit = layout.unit(text, holder) if holder is not None else "    "
        at, above, blank = layout.place_before(text, before)
        end = line_end(text, before.start)
        own = margin(text, before.start)
        parameters = ("self", *self._given) if self._method else self._given
        header = f"{own}{'async ' if waits else ''}def {self.name}({', '.join(parameters)}):"
        body = [(own + unit) + line.replace("\0", own + unit) for line in lines]
        new = end * above + end.join([header, *body]) + end + end * blank
        confirm = self._passing.confirm + ((_METHOD,) if self._method else ())
        return Refactoring(
            KIND,
            f"Extract function {self.name}",
            in_order([Change(at, at, new), change]),
            self.name,
            confirm,
        )


def _holder(chosen: Selection) -> Branch | None:
    """The innermost definition or block whose body shows how the file indents."""
    for above in chosen.first.above():
        if above.one("body") is not None and above.type != "lambda":
            return above
    return None


def _method(place: Place, names: Names) -> Branch:
    """The method round the selection, if a new method beside it would mean the same."""
    function = place.function
    reason = "The code uses private names or super(), which mean something else outside the class."
    if function is None:
        raise Refused(reason)
    above = function.parent
    if above is not None and above.type == "decorated_definition":
        if any(
            each.type == "identifier" and each.text in ("staticmethod", "classmethod")
            for decorator in above.parts[:-1]
            for each in decorator.walk()
        ):
            raise Refused(reason)
        above = above.parent
    holder = above.parent if above is not None else None
    scope = names.scopes[function]
    parameters = function.one("parameters")
    first = parameters.parts[0] if parameters is not None and parameters.parts else None
    binds = [each for each in names.of((scope, "self")) if each.kind != "read"]
    if (
        holder is None
        or holder.type != "class_definition"
        or first is None
        or first.text != "self"
        or len(binds) != 1
    ):
        raise Refused(reason)
    return function
