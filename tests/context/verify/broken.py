"""A seeded generator of broken edits: real functions, each broken in a way that is known."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from inglenook_context.verify.sides import Side
from inglenook_context.verify.task import Purpose
from tests.context.verify import broken_python, broken_script, broken_text
from tests.context.verify.good import Example
from tests.context.verify.places import Place, chosen, python_places, script_places

Shape = Callable[[Place, random.Random], str | None]
CLASSES: Final[dict[str, tuple[tuple[Shape, ...], tuple[Shape, ...]]]] = {
    "does not parse": (broken_python.DOES_NOT_PARSE, broken_script.DOES_NOT_PARSE),
    "undefined name": (broken_python.UNDEFINED, broken_script.UNDEFINED),
    "changed signature": (broken_python.CHANGED_SIGNATURE, broken_script.CHANGED_SIGNATURE),
    "touches outside": (broken_text.OUTSIDE, broken_text.OUTSIDE),
    "invented import": (broken_python.INVENTED_IMPORT, broken_script.INVENTED_IMPORT),
    "prose": (broken_text.PROSE, broken_text.PROSE),
    "fence": (broken_text.FENCE, broken_text.FENCE),
    "truncation": (broken_text.TRUNCATION, broken_text.TRUNCATION),
}
_PURPOSES: Final = (Purpose.EDIT, Purpose.FIX, Purpose.SIMPLIFY)


def broken(
    seed: int, number: int, classes: Iterable[str] = tuple(CLASSES)
) -> Iterator[tuple[str, Example]]:
    """``number`` of each class, each shape in its turn; Python and TypeScript two to one."""
    for kind in classes:
        shapes = CLASSES[kind]
        chance = random.Random(f"{seed} {kind}")
        places = chosen(python_places(), seed), chosen(script_places(), seed)
        count, tried = 0, [0, 0]
        while count < number:
            script = count % 3 == 2
            which = shapes[script]
            at = tried[script] % len(which)
            tried[script] += 1
            example = _example(kind, at, which[at], places[script], chance)
            if example is not None:
                count += 1
                yield kind, example


def _example(
    kind: str, at: int, shape: Shape, places: Iterator[Place], chance: random.Random
) -> Example | None:
    """The next place that offers what the shape breaks; None if it is hard to find."""
    for _ in range(150):
        place = next(places)
        task = place.task(chance.choice(_PURPOSES))
        if kind == "touches outside":
            whole = shape(place, chance)
        else:
            new = shape(place, chance)
            whole = None if new is None else place.with_target(new)
        base = place.text
        if whole is None or whole == base:
            continue
        oracle = kind == "does not parse" and shape is not broken_script.BY_RULE
        if oracle and _parses(whole, place.language):
            continue
        if kind == "undefined name" and "globals()" in base:
            continue  # where names come from everywhere, none is surely undefined
        if kind == "touches outside" and _stays(place, whole):
            continue
        return Example(f"{at} {place.path.name}:{place.name}", place.path, base, whole, task)
    return None


def _stays(place: Place, whole: str) -> bool:
    """Whether a change elsewhere happens to be none, or to lie in the target."""
    head, tail = place.text[: place.start], place.text[place.stop :]
    inside = len(whole) >= len(head) + len(tail)
    inside = inside and whole.startswith(head) and whole.endswith(tail)
    return inside and whole.count(place.target) < 2


def _parses(text: str, language: str) -> bool:
    """The oracle: the compiler for Python; for scripts tree-sitter, which forgives some."""
    if language == "python":
        try:
            compile(ast.parse(text), "oracle", "exec", dont_inherit=True)
        except SyntaxError:
            return False
        return True
    side = Side(text, language, 0, len(text))
    assert side.tree is not None
    return not any(node.error or node.missing for node in side.tree.walk())
