"""Where names lead in Go, Rust and Java: the rules of their packages, for `resolve.Resolver`.

A Go package is all files of a directory, and Java's classes see those of their own directory. A
path in Rust is walked step by step, for a step can be a module, something in one, or what a module
takes from elsewhere. Methods of Go and Rust stand beside their class, and in Go in other files.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from inglenook_context.imports import Import
from inglenook_context.modules import GO, JAVA, RUST
from inglenook_context.modules_go import is_seen, is_test
from inglenook_context.modules_java import is_class_name, neighbours
from inglenook_context.resolve import FILES, Place, Resolver
from inglenook_context.symbols import Definition

_LISTED: Final = 400  # files of a package
_LIKELY: Final = 6  # of which the names fit a name, and which are looked at first
_TYPES: Final = ("class", "interface", "enum", "type")
_STEPS: Final = ("crate", "self", "super")
# What gives the same thing, or what is in it; a type is kept without what is wrapped round it.
_PASSING: Final = {
    RUST: frozenset(
        """unwrap expect unwrap_or unwrap_or_default unwrap_or_else ok ok_or as_ref as_mut clone
        cloned copied iter iter_mut into_iter borrow borrow_mut lock read write await get get_mut
        first last next pop take filter find rev to_owned into as_deref peekable or_else map_err
        context with_context collect values enumerate zip chain skip into_values""".split()
    ),
    JAVA: frozenset(
        """get orElse orElseThrow orElseGet stream filter findFirst findAny iterator next toList
        values remove poll peek first last getFirst getLast sorted limit skip""".split()
    ),
}


def beside(
    resolver: Resolver, path: str, near: Container[str], begun: str
) -> Iterator[tuple[Place, str]]:
    """What a Go or Java file sees of its own package, under a name that is ``near`` or begins
    with ``begun``."""
    if path.endswith(JAVA):
        for other in resolver.listing(_package_of(path)):
            name = other.rpartition("/")[2].removesuffix(JAVA)
            if other != path and _is_wanted(name, near, begun):
                found = _own(resolver, other, name)
                if found is not None:
                    yield found, name
    for other in _beside(resolver, path, "") if path.endswith(GO) else ():
        facts = resolver.known.facts(other) if other != path else None
        for name, numbers in facts.defines.items() if facts else ():
            if facts and _is_wanted(name, near, begun) and not facts.definitions[numbers[0]].parent:
                yield Place(other, numbers[0]), name


def _is_wanted(name: str, near: Container[str], begun: str) -> bool:
    return name in near or (len(begun) > 1 and name.startswith(begun))


def of_package(listed: Sequence[str]) -> tuple[str, ...]:
    """Those of a directory's files that other packages see."""
    seen = [path for path in listed if path.endswith((GO, JAVA)) and not is_test(path)]
    return tuple(sorted(seen)[:_LISTED])


def imported(resolver: Resolver, path: str, each: Import, depth: int) -> Place | None:
    """What an import brings in: a package, a module, a class or something in one of these."""
    if depth <= 0:
        return None
    whole = each.original == "*"
    if path.endswith(RUST):
        way = each.module.split("::") + ([] if whole else [each.original])
        return _rust_path(resolver, path, way, depth)
    if path.endswith(JAVA):
        return _java(resolver, path, each.module if whole else f"{each.module}.{each.original}")
    target = resolver.module(path, each.module)
    return Place(target, -1) if target else None


def exported(resolver: Resolver, path: str, name: str, outside: bool, depth: int) -> Place | None:
    """What ``name`` is in a file, or in the package of a directory."""
    if path.endswith("/"):
        return _of_directory(resolver, path, name, outside)
    if path.endswith(RUST) and name in _STEPS:
        target = resolver.module(path, name)
        return Place(target, -1) if target else None
    facts = resolver.known.facts(path)
    if facts is None:
        return None
    own = _own(resolver, path, name)
    if own is not None and not _is_file(resolver, own):
        return own
    stars = []
    for each in facts.imports:
        if each.name == name:
            found = resolver.imported(path, each, depth - 1)
            if found is not None:
                return found
        elif each.name == "*":
            stars.append(each)
    found = own or _inner(resolver, path, name) or _neighbour(resolver, path, name)
    for each in stars if found is None else ():
        whole = resolver.imported(path, each, depth - 1)
        found = resolver.attribute(whole, name, depth - 1) if whole else None
        if found is not None:
            return found
    return found


def otherwise(resolver: Resolver, owner: Place, name: str, depth: int) -> Place | None:
    """What ``.name`` is of a class that has no such member."""
    definition = resolver.definition(owner)
    if definition is not None and definition.kind == "namespace":  # a module within a file
        return resolver.export(owner.path, name, depth - 1)
    passing = _PASSING.get("." + owner.path.rpartition(".")[2], frozenset())
    return owner if name in passing else None


def methods_beside(resolver: Resolver, place: Place, owner: Definition) -> Iterator[Place]:
    """The members of a class wherever they stand: in its file, in Go also in its package."""
    files = [place.path]
    if place.path.endswith(GO):
        files += [each for each in _beside(resolver, place.path, owner.name) if each != place.path]
    for path in files:
        for number in _by_parent(resolver, path).get(owner.name, ()):
            yield Place(path, number)


def _by_parent(resolver: Resolver, path: str) -> dict[str, list[int]]:
    """The definitions of a file by the class that they belong to."""
    if path not in resolver.parents:
        found: dict[str, list[int]] = {}
        facts = resolver.known.facts(path)
        for number, definition in enumerate(facts.definitions if facts else ()):
            if definition.parent:
                found.setdefault(definition.parent, []).append(number)
        resolver.parents[path] = found
    return resolver.parents[path]


def _own(resolver: Resolver, path: str, name: str) -> Place | None:
    """What a file defines at its top."""
    facts = resolver.known.facts(path)
    for number in facts.defines.get(name, ()) if facts else ():
        if facts and not facts.definitions[number].parent:
            return Place(path, number)
    return None


def _is_file(resolver: Resolver, place: Place) -> bool:
    """Whether a definition can be ``mod name;``, which says that a file of that name is there."""
    definition = resolver.definition(place)
    return definition is not None and definition.kind == "namespace"


def _inner(resolver: Resolver, path: str, name: str) -> Place | None:
    """A class that stands within another, or in a module that is a part of a file."""
    facts = resolver.known.facts(path)
    for number in facts.defines.get(name, ()) if facts and not path.endswith(GO) else ():
        if facts and facts.definitions[number].kind in _TYPES:
            return Place(path, number)
    return None


def _of_directory(resolver: Resolver, package: str, name: str, outside: bool) -> Place | None:
    file = f"{package.removeprefix('./')}{name}{JAVA}"
    if file in resolver.listing(package):
        return _own(resolver, file, name)
    for path in _likely(resolver, package, name) if is_seen(name) or not outside else ():
        found = _own(resolver, path, name)
        if found is not None:
            return found
    return None


def _neighbour(resolver: Resolver, path: str, name: str) -> Place | None:
    """What a file sees without an import, since it is in its package."""
    if path.endswith(JAVA) and is_class_name(name):
        for near in neighbours(path, name):
            if near != path and resolver.known.exists(near):
                return _own(resolver, near, name)
    elif path.endswith(GO):
        for near in _beside(resolver, path, name):
            found = _own(resolver, near, name)
            if found is not None:
                return found
    return None


def _beside(resolver: Resolver, path: str, name: str) -> Iterator[str]:
    """The files of a Go file's package in which a name may be; tests are seen by tests alone."""
    yield from _likely(resolver, _package_of(path), name)
    if is_test(path):
        yield path


def _likely(resolver: Resolver, package: str, name: str) -> Iterator[str]:
    """Some Go files of a package: first those that are called as what is looked for."""
    files = [path for path in resolver.listing(package) if path.endswith(GO)]
    if len(files) > FILES:
        likely = [path for path in files if _fits(path, name.lower())][:_LIKELY]
        files = list(dict.fromkeys((*likely, *files)))
    yield from files[:FILES]


def _fits(path: str, name: str) -> bool:
    stem = path.rpartition("/")[2].removesuffix(GO).replace("_", "")
    return bool(name) and (stem.startswith(name) or name.startswith(stem))


def _package_of(path: str) -> str:
    directory = path.rpartition("/")[0]
    return f"{directory}/" if directory else "./"


def _rust_path(resolver: Resolver, path: str, way: Sequence[str], depth: int) -> Place | None:
    first, *rest = way
    place = resolver.export(path, first, depth)
    if place is None:
        target = resolver.module(path, f"::{first}")  # another crate of the workspace
        place = Place(target, -1) if target else None
    if place == Place(path, -1) and first == "self" and rest:
        # What the file says is a module of its own is looked for as such, or it would be a circle.
        target = resolver.module(path, rest[0])
        if target is not None:
            place, rest = Place(target, -1), rest[1:]
    for name in rest:
        if place is None:
            return None
        place = resolver.attribute(place, name, depth)
    return place


def _java(resolver: Resolver, path: str, name: str) -> Place | None:
    """A package, a class, a class within it or a static member, by its whole name."""
    outer, _, last = name.rpartition(".")
    within = is_class_name(outer.rpartition(".")[2])
    if within:
        owner = _java(resolver, path, outer)
        return resolver.attribute(owner, last) if owner else None
    target = resolver.module(path, name)
    if target is None:
        return None
    return _own(resolver, target, last) if target.endswith(JAVA) else Place(target, -1)
