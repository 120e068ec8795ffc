"""What a value, a class or a module has, offered for a place; and what an expression there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import nlargest
from typing import Final

from inglenook_context.imports import Import
from inglenook_context.modules import GO, JAVA
from inglenook_context.reading import Position
from inglenook_context.resolve import Place, Resolver
from inglenook_context.scene import Scene

RECEIVED: Final = 20.0  # the score of what stands before the dot, which decides
ONLY_TYPES: Final = ("type", "interface")  # which are no values
_RECEIVED_NAMES: Final = 120  # that are looked at in any case, as they stand behind a dot
_STARS: Final = 3  # star imports of star imports that are followed
_REEXPORTED: Final = 60  # names of a module that are followed to where they are defined


def value_of(scene: Scene, expression: str) -> Place | None:
    """The class of ``a.b().c`` at the cursor, or the module that it is."""
    resolver = scene.resolver
    first, *rest = expression.split(".")
    place = _first(scene, first.removesuffix("()"), called=first.endswith("()"))
    for part in rest:
        if place is None:
            return None
        found = resolver.attribute(place, part.removesuffix("()"))
        if found is None or found.is_module:
            place = found
            continue
        definition = resolver.definition(found)
        if definition is not None and definition.kind in ("method", "function"):
            place = resolver.type_class(found.path, definition.type, definition.parent)
        else:
            place = resolver.value_class(found)
    return place


def _first(scene: Scene, name: str, *, called: bool) -> Place | None:
    resolver, reading = scene.resolver, scene.reading
    if name in ("self", "cls", "this", "Self"):
        return scene.class_place or resolver.export(scene.path, name)
    if name in reading.bindings:
        return resolver.type_class(scene.path, reading.bindings[name], reading.class_name)
    place = resolver.export(scene.path, name)
    if place is None and scene.class_place is not None and scene.path.endswith(JAVA):
        place = resolver.members(scene.class_place).get(name)  # which needs no `this` there
    definition = resolver.definition(place) if place else None
    if place is None or definition is None:
        return place
    if called and definition.kind in ("function", "method"):
        return resolver.type_class(place.path, definition.type, definition.parent)
    return resolver.value_class(place)


def offer_members(scene: Scene, owner: Place, score: float, reason: str) -> None:
    constructor = "__init__" if scene.reading.receiver.startswith("super") else ""
    for name, member in scene.resolver.members(owner).items():
        if name.startswith("__") and name not in (scene.reading.function, constructor):
            continue
        definition = scene.resolver.definition(member)
        if definition is None:
            continue
        kind = 0.4 if definition.kind == "method" else 0.0
        hidden = 0.3 if name.startswith("_") else 0.0
        begun = scene.begun(name) if score >= RECEIVED else 0.0
        scene.offer(member, score + scene.likely(name) + kind - hidden + begun, reason)


def offer_module(scene: Scene, path: str, score: float, reason: str) -> None:
    def likely(name: str) -> float:
        return scene.likely(name) + scene.begun(name)

    least = _RECEIVED_NAMES if score >= RECEIVED else 0
    for number, (place, name, kind) in enumerate(module_names(scene.resolver, path, likely)):
        if number >= least and scene.ends():
            return
        less = (0.8 if kind == "variable" else 0.0) + (0.5 if name.startswith("_") else 0.0)
        if kind in ONLY_TYPES and scene.reading.position is Position.VALUE:
            less += 1.5
        begun = scene.begun(name) if score >= RECEIVED else 0.0
        scene.offer(place, score + scene.likely(name) - less + begun, reason)


def module_names(
    resolver: Resolver,
    path: str,
    likely: Callable[[str], float] = lambda _name: 0.0,
    depth: int = _STARS,
) -> Iterator[tuple[Place, str, str]]:
    """What a module has, its own and what it has from others to be taken from it: of very many
    those whose names are the likeliest."""
    for file in resolver.files(path):  # of a package that is a directory there are many
        inner = resolver.known.facts(file)
        for number, definition in enumerate(inner.definitions if inner else ()):
            if not definition.parent and (not file.endswith(GO) or definition.name[:1].isupper()):
                yield Place(file, number), definition.name, definition.kind
    facts = resolver.known.facts(path)
    if facts is None:
        return
    package = path.rpartition("/")[2].startswith(("__init__.", "index."))
    others: list[Import] = []
    for each in facts.imports:
        if each.name == "*":
            seen = each.exported or facts.language == "python"
            target = resolver.imported(path, each) if seen and depth > 0 else None
            if target is not None and target.is_module:
                yield from module_names(resolver, target.path, likely, depth - 1)
        elif each.exported or (package and facts.language == "python"):
            others.append(each)
    if len(others) > _REEXPORTED:
        others = nlargest(_REEXPORTED, others, key=lambda each: likely(each.name))
    for each in others:
        yield from _reexported(resolver, path, each)


def _reexported(resolver: Resolver, path: str, each: Import) -> Iterator[tuple[Place, str, str]]:
    place = resolver.imported(path, each)
    definition = resolver.definition(place) if place else None
    if place is not None and definition is not None:
        yield place, each.name, definition.kind
