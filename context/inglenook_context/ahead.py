"""What a file names, looked up before a key needs it.

The first completion in a file asks for everything that the file imports, for the first time:
dozens of files whose facts are read and parsed. Whoever has a moment does that here, a little at
each step; the answers stay with the resolver.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook_context.choice import construction
from inglenook_context.facts import Facts
from inglenook_context.resolve import Place, Resolver

_STARS: Final = 3  # star imports of star imports that are followed


def looking_ahead(facts: Facts, resolver: Resolver) -> Iterator[None]:
    """Look up what `candidates` will ask for in this file; every step is short."""
    for each in facts.imports:
        place = resolver.imported(facts.path, each)
        yield
        if place is None:
            continue
        if place.is_module:
            yield from _in_module(place.path, resolver, _STARS)
        elif resolver.is_class(place):
            construction(place, resolver)
            yield
    for number, definition in enumerate(facts.definitions):
        if definition.kind == "class":
            for member in tuple(resolver.members(Place(facts.path, number)).values()):
                known = resolver.definition(member)
                if known is not None and known.kind == "field":
                    resolver.value_class(member)
                    yield
        elif definition.kind == "variable" and definition.type:
            resolver.type_class(facts.path, definition.type)
            yield


def _in_module(path: str, resolver: Resolver, depth: int) -> Iterator[None]:
    """Follow what a module takes from others; `offers.module_names` asks for the likeliest."""
    facts = resolver.known.facts(path)
    yield
    is_python = facts is not None and facts.language == "python"
    package = is_python and path.rpartition("/")[2].startswith("__init__.")
    for each in facts.imports if facts is not None else ():
        if each.name == "*":
            target = resolver.module(path, each.module)
            if target is not None and depth > 0:
                yield from _in_module(target, resolver, depth - 1)
        elif each.exported or package:
            resolver.imported(path, each)
            yield
