"""Which definitions of other files could be wanted at a place, and how likely each is.

Each source is one small function: what stands before the dot, what is being called, what is
imported, what the class inherits, what the variables hold, what the imported modules have. A
definition that several find keeps its best score. The weights are tuned on half of the sites of
`benchmarks/recall.py`; the other half tells what they are worth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from heapq import nlargest
from typing import Final

from inglenook_context.counterpart import counterpart
from inglenook_context.facts import Facts
from inglenook_context.imports import imports_of
from inglenook_context.modules import GO, JAVA
from inglenook_context.offers import ONLY_TYPES, RECEIVED, offer_members, offer_module, value_of
from inglenook_context.reading import Position
from inglenook_context.resolve import Place
from inglenook_context.scene import Candidate, Scene
from inglenook_context.symbols import Definition
from inglenook_context.text import Text

_CALLED: Final = (25.0, 20.0, 15.0)  # the signature that is being filled in, and those round it
_IMPORTED: Final = 3.0
_STATIC: Final = 0.6
_BESIDE: Final = 2.0  # of the same package, whose files see each other without an import
_UNUSED: Final = 2.5  # what is imported and not used yet is soon wanted
_LOCAL: Final = 16_000  # characters above a cursor in which a function's own imports stand
_MOST: Final = 250  # candidates whose price is worth to be known
_AMBIGUOUS: Final = 6  # a name that a file defines more often tells nothing
_SELF: Final = re.compile(r"\s*&?(?:'\w+\s+)?(?:mut\s+)?self\b")
_ERROR: Final = re.compile(r"Error|Exception|Warning|Exit|Fault|DoesNotExist|Timeout|Invalid")


def candidates(scene: Scene, others: Sequence[Facts] = ()) -> tuple[Candidate, ...]:
    """The definitions of other files that could be wanted at a place, in no order; of very many
    the likeliest.

    ``others`` are files that are open beside it.
    """
    _open(scene, others)
    for source in SOURCES:
        source(scene)
    if len(scene.found) <= _MOST:
        return tuple(scene.found.values())
    return tuple(nlargest(_MOST, scene.found.values(), key=lambda each: each.score))


# -- sources ---------------------------------------------------------------------------------------


def _received(scene: Scene) -> None:
    """The members of what stands before the dot."""
    receiver = scene.reading.receiver
    if not receiver:
        return
    if receiver.startswith("super()"):
        if scene.class_place is not None:
            for base in scene.resolver.bases(scene.class_place):
                offer_members(scene, base, RECEIVED, "super")
        return
    owner = value_of(scene, receiver)
    if owner is None:
        return
    if owner.is_module:
        offer_module(scene, owner.path, RECEIVED, "module")
    else:
        offer_members(scene, owner, RECEIVED, "receiver")


def _called(scene: Scene) -> None:
    """The signatures of the calls that are being written."""
    for score, called in zip(_CALLED, scene.reading.calls, strict=False):
        owner, dot, name = called.rpartition(".")
        if not dot:
            scene.offer(scene.resolver.expression(scene.path, name), score, "call")
        elif place := value_of(scene, owner):
            scene.offer(scene.resolver.attribute(place, name), score, "call")


def _imported(scene: Scene) -> None:
    """What the file imports by name, and what is in the modules that it imports whole."""
    local = imports_of(Text.of(scene.cursor.before(_LOCAL)), scene.facts.language, _LOCAL)
    modules: list[tuple[str, float]] = []
    for each in dict.fromkeys((*scene.facts.imports, *local)):
        if scene.ends():
            return
        place = scene.resolver.imported(scene.path, each)
        if place is None:
            continue
        unused = 0.0 if each.name in scene.used else _UNUSED
        if place.is_module:
            near = 1.2 * min(scene.near.weight(each.name), 2.0)
            modules.append((place.path, 1.0 + near + unused))
        elif (definition := scene.resolver.definition(place)) is not None:
            score = _IMPORTED + unused + scene.likely(each.name) + scene.begun(each.name)
            scene.offer(place, score + _fit(scene, definition), "import")
            _held(scene, place, definition, 1.2 * min(scene.near.weight(each.name), 2.0))
    for path, score in sorted(modules, key=lambda each: -each[1]):
        offer_module(scene, path, score, "module")


def _beside(scene: Scene) -> None:
    """What a Go or Java file has from the other files of its package, which are not imported."""
    if not scene.path.endswith((GO, JAVA)):
        return
    from inglenook_context.packages import beside  # as in `reading`

    near = scene.near.names
    for place, name in beside(scene.resolver, scene.path, near, scene.reading.partial):
        definition = scene.resolver.definition(place)
        if definition is not None:
            score = _BESIDE + scene.likely(name) + scene.begun(name)
            scene.offer(place, score + _fit(scene, definition), "package")


def _held(scene: Scene, place: Place, definition: Definition, near: float) -> None:
    """What a script's imported class, enum or value has without an object being made."""
    if scene.facts.language == "python":
        return
    if definition.kind in ("class", "enum", "variable"):
        for member in scene.resolver.own_members(place):
            inner = scene.resolver.definition(member)
            if inner and (definition.kind != "class" or _is_static(scene, inner)):
                scene.offer(member, _STATIC + near + scene.likely(inner.name), "static")
    if definition.kind == "variable" and near:
        owner = scene.resolver.value_class(place)
        if owner is not None and owner != place:
            offer_members(scene, owner, _STATIC + near, "typed")


def _is_static(scene: Scene, member: Definition) -> bool:
    """Whether a class has a member itself, without an object."""
    head, _, parameters = member.signature.partition("(")
    if scene.facts.language == "rust":
        return member.kind == "method" and _SELF.match(parameters) is None
    return "static " in head


def _inherited(scene: Scene) -> None:
    """What the class round the cursor has from classes of other files, and these themselves."""
    if scene.class_place is None:
        return
    near = max(scene.near.weight("self"), scene.near.weight("this"))
    offer_members(scene, scene.class_place, 1.2 + 0.6 * min(near, 2.0), "inherited")
    for base in scene.resolver.bases(scene.class_place):
        if definition := scene.resolver.definition(base):
            scene.offer(base, 1.5 + scene.likely(definition.name), "base")
        partial, function = scene.reading.partial, scene.reading.function
        begun = 8.0 if partial and "super".startswith(partial) else 0.0
        overridden = scene.resolver.members(base).get(function)
        scene.offer(overridden, 2.5 + scene.likely(function) + begun, "overridden")


def _typed(scene: Scene) -> None:
    """The members of what the variables near the cursor hold."""
    owners: dict[Place, float] = {}

    def note(owner: Place | None, weight: float) -> None:
        if owner is not None and not owner.is_module:
            owners[owner] = max(owners.get(owner, 0.0), weight)

    resolver, near = scene.resolver, scene.near
    for name, type_ in scene.reading.bindings.items():
        if scene.ends():
            break
        owner = resolver.type_class(scene.path, type_, scene.reading.class_name)
        note(owner, 1.0 + 1.2 * near.weight(name))
    for definition in scene.facts.definitions:
        if definition.kind == "variable" and definition.type and near.weight(definition.name):
            owner = resolver.type_class(scene.path, definition.type)
            note(owner, 0.8 + 1.2 * near.weight(definition.name))
    if scene.class_place is not None:
        for name, member in resolver.members(scene.class_place).items():
            known = resolver.definition(member)
            if known is not None and known.kind == "field" and near.weight(name):
                note(resolver.value_class(member), 0.8 + 1.2 * near.weight(name))
    for owner, weight in owners.items():
        if scene.ends():
            return
        offer_members(scene, owner, weight, "typed")


def _open(scene: Scene, others: Sequence[Facts]) -> None:
    """What files that are open define under a name that stands near, imported or not."""
    for facts in others:
        for name in scene.near.names:
            numbers = facts.defines.get(name, ())
            if len(numbers) <= _AMBIGUOUS:
                for number in numbers:
                    parent = facts.definitions[number].parent
                    near = scene.near.weight(parent) if parent else 1.0
                    scene.offer(Place(facts.path, number), near + scene.likely(name), "open")


SOURCES: Final[tuple[Callable[[Scene], None], ...]] = (
    _received,
    _called,
    _inherited,
    _typed,
    counterpart,
    _beside,
    _imported,  # which can take long
)


def _fit(scene: Scene, definition: Definition) -> float:
    """Whether a definition is of the kind that is written at such a place."""
    is_class = definition.kind in ("class", "type", "interface", "enum")
    match scene.reading.position:
        case Position.ERROR:
            if is_class:
                return 4.0 if _ERROR.search(definition.name) else 0.5
            return -1.0
        case Position.MADE:
            return 3.0 if definition.kind == "class" else -float(definition.kind != "variable")
        case Position.BASE:
            return 3.0 if is_class else -1.0
        case Position.VALUE:
            return -1.0 if definition.kind in ONLY_TYPES else 0.0
        case Position.DECORATOR:
            return 1.5 if definition.kind == "function" else 0.0
        case Position.TYPE:
            return 1.5 if is_class else -0.5
        case _:
            return 0.0
