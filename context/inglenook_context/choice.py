"""Which candidates are shown within a budget, and as what text.

A signature is worth its score and costs its characters. Those of one file stand together, those
of one class under its heading, in the order of their places: the same choice is always the same
text, and a choice that grew has the old text in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain
from typing import Final

from inglenook_context.compact import header
from inglenook_context.prompt import Snippet
from inglenook_context.resolve import Place, Resolver
from inglenook_context.scene import Candidate

_PRICE: Final = 0.3  # the power of its size by which a candidate's score is divided
_SHARE: Final = 0.4  # of the budget, that one candidate may take
_KEPT: Final = 1.3  # how much better a newcomer must be to drive out what is shown
_LEAST: Final = 40  # characters of its name that a header has in any case
_FIELDS: Final = 16  # of a class without constructor
_INDENT: Final = "    "
_CLASSES: Final = ("class", "interface", "enum", "type", "namespace")
_CONSTRUCTORS: Final = ("__init__", "__new__", "constructor")


def choose(
    found: Iterable[Candidate], resolver: Resolver, budget: int, kept: Set[Place] = frozenset()
) -> tuple[Candidate, ...]:
    """Those that earn their place within ``budget`` characters, in the order of their places.

    ``kept`` are those that are shown now.
    """
    bill = _Bill(resolver)
    left = budget
    chosen: list[Candidate] = []
    # The worth at the least price that is possible comes first: of thousands few are priced.
    waiting = []
    for candidate in found:
        place = candidate.place
        score = candidate.score * (_KEPT if place in kept else 1.0)
        waiting.append((-_worth(score, bill.least(place)), False, place, score, candidate))
    heapify(waiting)
    while waiting and left >= len(_INDENT) * 2:
        _, is_priced, place, score, candidate = heappop(waiting)
        if not is_priced:
            if bill.least(place, beside=True) <= left:
                worth = _worth(score, bill.alone(place))
                heappush(waiting, (-worth, True, place, score, candidate))
            continue
        price = bill.price(place)
        if price <= left and price <= budget * _SHARE:
            chosen.append(candidate)
            bill.note(place)
            left -= price
    return tuple(sorted(chosen, key=lambda each: each.place))


def worth_of(chosen: Iterable[Candidate], resolver: Resolver) -> float:
    """What showing them is worth together; a mere number to compare with another."""
    bill = _Bill(resolver)
    return sum(_worth(each.score, bill.price(each.place)) for each in chosen)


def _worth(score: float, price: int) -> float:
    return max(score, 0.05) / float(max(price, 1) ** _PRICE)


def snippets(places: Sequence[Place], resolver: Resolver) -> tuple[Snippet, ...]:
    """The chosen definitions as a model is shown them: one snippet a file."""
    files: dict[str, list[int]] = {}
    for place in places:
        files.setdefault(place.path, []).append(place.number)
    return tuple(
        Snippet(path, "\n".join(_file(path, numbers, resolver)) + "\n")
        for path, numbers in files.items()
    )


@dataclass(slots=True, eq=False)
class _Bill:
    """What showing a place costs, in characters, beside what is chosen already."""

    resolver: Resolver
    _files: set[str] = field(default_factory=set)
    _classes: set[tuple[str, str]] = field(default_factory=set)

    def least(self, place: Place, *, beside: bool = False) -> int:
        """No more than what it costs alone, or ``beside`` what is shown of its class."""
        definition = self.resolver.definition(place)
        if definition is None:
            return 1 << 30
        size = min(len(definition.name), _LEAST) + len(_INDENT) + 1
        return size if beside else size + len(place.path) + 4

    def alone(self, place: Place) -> int:
        """What it costs where nothing is chosen yet."""
        length, _, heading = self._size(place)
        return length + len(place.path) + 4 + heading

    def price(self, place: Place) -> int:
        length, parent, heading = self._size(place)
        if place.path not in self._files:
            length += len(place.path) + 4
        return length if (place.path, parent) in self._classes else length + heading

    def note(self, place: Place) -> None:
        definition = self.resolver.definition(place)
        if definition is not None:
            self._files.add(place.path)
            self._classes.add((place.path, definition.parent or definition.name))

    def _size(self, place: Place) -> tuple[int, str, int]:
        """The characters of a definition, the class that it stands in, and those of its heading."""
        known = self.resolver.sizes.get(place)
        if known is None:
            known = self.resolver.sizes[place] = self._sized(place)
        return known

    def _sized(self, place: Place) -> tuple[int, str, int]:
        definition = self.resolver.definition(place)
        if definition is None:
            return 1 << 30, "", 0
        length = len(header(definition)) + len(_INDENT) + 1
        if definition.kind in _CLASSES:
            length += sum([len(line) + 1 for line in construction(place, self.resolver)])
        parent = definition.parent
        heading = len(_heading(place.path, parent, self.resolver)) + 1 if parent else 0
        return length, parent, heading


def construction(place: Place, resolver: Resolver) -> list[str]:
    """How an object of a class is made: its constructor, else its fields."""
    owner = resolver.definition(place)
    own = owner.name if owner and place.path.endswith(".java") else ""  # as its class
    python = place.path.endswith((".py", ".pyi"))  # where a dataclass has its bases' fields first
    fields: list[str] = []
    for name in filter(None, (own, *_CONSTRUCTORS)):
        member = resolver.member(place, name)
        if member is not None and (definition := resolver.definition(member)):
            is_own = (place.path, owner.name if owner else "") == (member.path, definition.parent)
            if python and not is_own:
                fields.append(_INDENT + header(definition))  # a dataclass has another than its base
                break
            return [_INDENT + header(definition)]
    telling = owner is not None and owner.kind in ("interface", "type")  # as much as the fields
    methods = telling and not (owner and owner.kind == "type" and place.path.endswith(".go"))
    bases = [] if fields or not python else list(resolver.bases(place))
    for member in chain.from_iterable(map(resolver.own_members, (*reversed(bases), place))):
        definition = resolver.definition(member)
        if definition is None or len(fields) >= _FIELDS:
            break
        if definition.kind == "field" or (methods and definition.kind == "method"):
            fields.append(_INDENT + header(definition))
    return fields


def _file(path: str, numbers: list[int], resolver: Resolver) -> list[str]:
    """The lines of one file: each class with what was chosen of it, then the rest."""
    facts = resolver.known.facts(path)
    if facts is None:
        return []
    classes: dict[str, list[int]] = {}
    rest = []
    for number in sorted(numbers):
        definition = facts.definitions[number]
        beside = definition.kind == "method" and definition.signature.startswith("func (")
        if (definition.parent and not beside) or definition.kind in _CLASSES:  # as Go has methods
            owner = definition.parent or definition.name
            classes.setdefault(owner, []).append(number)
        else:
            rest.append(header(definition))
    lines = []
    for name, chosen in classes.items():
        lines += _class(path, name, chosen, resolver)
    return lines + rest


def _heading(path: str, name: str, resolver: Resolver) -> str:
    """How a class is begun; or the object of a script, that has members too."""
    facts = resolver.known.facts(path)
    numbers = facts.defines.get(name, ()) if facts is not None else ()
    definitions = [facts.definitions[n] for n in numbers] if facts is not None else []
    for definition in definitions:
        if definition.kind in _CLASSES:
            return header(definition)
    if facts is not None and facts.language == "rust":
        return f"impl {name}"
    held = any(definition.kind == "variable" for definition in definitions)
    braces = facts is not None and facts.language != "python"
    return f"const {name} =" if braces and held else f"class {name}"


def _class(path: str, name: str, numbers: list[int], resolver: Resolver) -> list[str]:
    facts = resolver.known.facts(path)
    assert facts is not None
    braces, head = facts.language != "python", _heading(path, name, resolver)
    lines: dict[str, None] = {}
    for number in numbers:
        definition = facts.definitions[number]
        if definition.parent:
            made = construction(Place(path, number), resolver) if definition.kind == "class" else []
            opens = " {" if braces and made else ":" if made else ""
            lines[_INDENT + header(definition) + opens] = None
            lines |= dict.fromkeys(_INDENT + line for line in made)
            if braces and made:
                lines[_INDENT + "}"] = None
        else:
            lines |= dict.fromkeys(construction(Place(path, number), resolver))
    if braces and not lines:
        return [head]
    return [f"{head} {{" if braces else f"{head}:", *lines, *(["}"] if braces else [])]
