"""Why a prompt is what it is: what is shown of other files, by what reason, and what was cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest
from types import MappingProxyType
from typing import Final

from inglenook.engine.accounts import Account
from inglenook.engine.pacing import DENSITY
from inglenook.models.sent import Sent, sent
from inglenook_context.choice import choose, snippets
from inglenook_context.passages import Passage, size_of
from inglenook_context.region import Block
from inglenook_context.resolve import Place, Resolver
from inglenook_context.scene import Candidate

# What a source says of the definitions that it finds, and of passages.
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "super": "a base class has it, and super() stands before the dot",
        "module": "in a module that is imported here",
        "receiver": "what stands before the dot has it",
        "call": "its call is being written",
        "import": "imported here by its name",
        "static": "a class or value that is imported here has it",
        "inherited": "the class round the cursor inherits it",
        "base": "the class round the cursor is made from it",
        "overridden": "the method round the cursor overrides it",
        "typed": "a variable near the cursor holds a value that has it",
        "open": "named near the cursor, and in a file that is open",
        "similar": "code that looks like what stands near the cursor",
        "edited": "edited a moment ago",
        "visited": "looked at a moment ago",
        "before": "what stood here before it was edited",
    }
)
_OTHER: Final = "found near the cursor"

CUT: Final = 15  # of the definitions that are not shown, the best are told of
_LOOKED_AT: Final = 300  # of them, when it is worked out why

_LONG: Final = "too long for its share of the room"
_NO_ROOM: Final = "no room: others are worth more for their length"
_LATER: Final = "wanted, but not enough to evaluate the prompt anew for it"
_GONE: Final = "its file has changed since"


@dataclass(frozen=True, slots=True)
class Item:
    """One definition that is shown."""

    name: str  # "Cart.total"; of a passage its lines
    reason: str  # of `REASONS`
    score: float

    @property
    def why(self) -> str:
        return REASONS.get(self.reason, _OTHER)


@dataclass(frozen=True, slots=True)
class Piece:
    """What is shown of one file, at one place of the prompt."""

    path: str
    characters: int  # with the path
    items: tuple[Item, ...]  # by score; empty if it is not known what they are


@dataclass(frozen=True, slots=True)
class Cut:
    """A definition that could be wanted, and is not shown because of ``kept_out``."""

    path: str
    item: Item
    characters: int  # that it would take alone, with its path
    kept_out: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """Characters; ``tokens`` are estimated, unless the model has counted them."""

    snippets: int
    prefix: int
    typed: int
    suffix: int
    density: float  # characters a token
    tokens: int
    counted: bool

    @property
    def window(self) -> int:
        return self.prefix + self.typed + self.suffix

    @property
    def total(self) -> int:
        return self.snippets + self.window

    def tokens_of(self, characters: int) -> int:
        return round(characters / self.density)


@dataclass(frozen=True, slots=True)
class Explanation:
    """An account, and what it means. ``sent`` is None without a model whose frame is known."""

    account: Account
    sent: Sent | None
    pieces: tuple[Piece, ...]
    cut: tuple[Cut, ...]  # the best first
    left: int  # definitions that could be wanted and are not shown
    sizes: Sizes


def explain(account: Account) -> Explanation:
    """What an account says. Definitions that were cut are told of as their files are now."""
    shown = account.shown.region.places
    return Explanation(
        account=account,
        sent=sent(account.prompt, account.model) if account.model else None,
        pieces=tuple(_pieces(account)),
        cut=_cut(account),
        left=sum(each.place not in shown for each in account.shown.found),
        sizes=_sizes(account),
    )


def _pieces(account: Account) -> Iterator[Piece]:
    """The snippets of the prompt: those of definitions, then passages."""
    items = [item for block in account.shown.region.blocks for item in _items(block)]
    items += [(_passage(each),) for each in account.shown.passages]
    for number, snippet in enumerate(account.prompt.snippets):
        size = len(snippet.path) + len(snippet.text)
        yield Piece(snippet.path, size, items[number] if number < len(items) else ())


def _items(block: Block) -> Iterator[tuple[Item, ...]]:
    """What was chosen of each file of a block, in the order of its snippets."""
    named = list(zip(block.chosen, block.names, strict=True))
    for snippet in block.snippets:
        items = [
            Item(_full(name.parent, name.name), each.reason, each.score)
            for each, name in named
            if each.place.path == snippet.path
        ]
        yield tuple(sorted(items, key=lambda item: (-item.score, item.name)))


def _passage(passage: Passage) -> Item:
    lines = f"lines {passage.first_line + 1} to {passage.stop}"
    return Item(lines, passage.reason, passage.score)


def _full(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name


def _cut(account: Account) -> tuple[Cut, ...]:
    """The best of what was found and is not shown."""
    shown, room = account.shown, account.budget.snippets - size_of(account.shown.passages)
    resolver, places = shown.resolver, shown.region.places
    if resolver is None:
        return ()
    best = nlargest(_LOOKED_AT, shown.found, key=lambda each: each.score)
    wanted = {each.place for each in choose(best, resolver, room, places)}
    left = [each for each in best if each.place not in places][:CUT]
    return tuple(_cut_of(each, resolver, room, each.place in wanted) for each in left)


def _cut_of(candidate: Candidate, resolver: Resolver, room: int, wanted: bool) -> Cut:
    place = candidate.place
    definition = resolver.definition(place)
    if definition is None:
        return Cut(place.path, Item("", candidate.reason, candidate.score), 0, _GONE)
    name = _full(definition.parent, definition.name)
    alone = choose([candidate], resolver, room)
    kept_out = _LATER if wanted else _NO_ROOM if alone else _LONG
    size = _size(place, resolver)
    return Cut(place.path, Item(name, candidate.reason, candidate.score), size, kept_out)


def _size(place: Place, resolver: Resolver) -> int:
    return sum(len(each.path) + len(each.text) for each in snippets([place], resolver))


def _sizes(account: Account) -> Sizes:
    prompt, timings = account.prompt, account.timings
    counted = timings.prompt_tokens if timings else None
    density = account.density or DENSITY
    if counted and prompt.size:
        density = prompt.size / counted
    return Sizes(
        snippets=sum(len(each.path) + len(each.text) for each in prompt.snippets),
        prefix=len(prompt.prefix),
        typed=len(prompt.typed),
        suffix=len(prompt.suffix),
        density=density,
        tokens=counted or round(prompt.size / density),
        counted=bool(counted),
    )
