"""The pieces of other files that a prompt begins with, from one prompt to the next.

An engine evaluates again what comes after the first difference to the prompt before, and the
whole window of the cursor's own file comes after these pieces. So what is shown keeps its place
and its text as long as it is true; what is wanted besides is added at the end, once it is worth
it; and when there is no more room the region is made anew of what is wanted now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from inglenook_context.choice import choose, snippets, worth_of
from inglenook_context.prompt import Snippet
from inglenook_context.resolve import Place, Resolver
from inglenook_context.scene import Candidate

_GROWTH: Final = 1.4  # of the budget, up to which a region grows before it is made anew


class Named(NamedTuple):
    """A definition as it is found again when its file has changed."""

    path: str
    parent: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Block:
    """What was chosen at one time, in the order of its files."""

    chosen: tuple[Candidate, ...]
    names: tuple[Named, ...]  # of the chosen ones, in the same order
    snippets: tuple[Snippet, ...]

    @classmethod
    def of(cls, chosen: Sequence[Candidate], resolver: Resolver) -> Block:
        ordered = sorted(chosen, key=lambda each: each.place)
        names = tuple(_named(each.place, resolver) for each in ordered)
        shown = snippets([each.place for each in ordered], resolver)
        return cls(tuple(ordered), names, shown)

    @property
    def size(self) -> int:
        return sum(len(each.path) + len(each.text) for each in self.snippets)


@dataclass(frozen=True, slots=True)
class Region:
    """What is shown of other files, oldest block first."""

    blocks: tuple[Block, ...] = ()

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        return tuple(snippet for block in self.blocks for snippet in block.snippets)

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        return tuple(candidate for block in self.blocks for candidate in block.chosen)

    @property
    def places(self) -> frozenset[Place]:
        return frozenset([each.place for block in self.blocks for each in block.chosen])

    @property
    def size(self) -> int:
        """Characters, with the paths of the files."""
        return sum(block.size for block in self.blocks)


def revised(
    region: Region,
    found: Iterable[Candidate],
    resolver: Resolver,
    budget: int,
    least: float = 0.0,
) -> Region:
    """The region with what is wanted now, of ``found``, in ``budget`` characters.

    It stays as it is while what is missing is less than the share ``least`` of the worth of all
    that is wanted. `followed` comes first if the resolver is another one than before.
    """
    places = region.places
    wanted = choose(found, resolver, budget, places)
    missing = [each for each in wanted if each.place not in places]
    room = _GROWTH * budget
    fits = region.size <= room  # there may be less room than there was, or longer definitions
    if not missing and fits:
        return region
    if region.blocks and fits:
        worth = worth_of(wanted, resolver)
        if worth_of(missing, resolver) < least * worth:
            return region
        block = Block.of(missing, resolver)
        if region.size + block.size <= room:
            return Region((*region.blocks, block))
    return Region((Block.of(wanted, resolver),)) if wanted else Region()


def followed(region: Region, resolver: Resolver) -> Region:
    """The region as it is told by another resolver: what is gone is no longer shown, and what
    has changed is shown as it is now."""
    shown: set[Place] = set()  # of two of one name but one may be left
    blocks = [_followed(block, resolver, shown) for block in region.blocks]
    return Region(tuple(block for block in blocks if block.chosen))


def _followed(block: Block, resolver: Resolver, shown: set[Place]) -> Block:
    chosen = []
    for candidate, name in zip(block.chosen, block.names, strict=True):
        place = _place(name, candidate.place, resolver)
        if place is not None and place not in shown:
            shown.add(place)
            chosen.append(Candidate(place, candidate.score, candidate.reason))
    return Block.of(chosen, resolver)


def _named(place: Place, resolver: Resolver) -> Named:
    definition = resolver.definition(place)
    if definition is None:
        return Named(place.path, "", "", "")
    return Named(place.path, definition.parent, definition.name, definition.kind)


def _place(name: Named, before: Place, resolver: Resolver) -> Place | None:
    """Where a definition stands now: of several of its name, the one nearest to its old number."""
    if _named(before, resolver) == name:
        return before
    facts = resolver.known.facts(name.path)
    if facts is None or not name.name:
        return None
    places = [Place(name.path, number) for number in facts.defines.get(name.name, ())]
    same = [each for each in places if _named(each, resolver) == name]
    return min(same, key=lambda each: abs(each.number - before.number), default=None)
