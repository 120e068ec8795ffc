"""Where a name leads: through imports, re-exports, classes and their bases, to a definition.

Nothing here reads a file: facts are asked for as they are needed, and what is not known ends the
search. Circles of imports and of classes are walked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from inglenook_context.commonjs import EXPORT
from inglenook_context.facts import Facts
from inglenook_context.imports import Import
from inglenook_context.modules import GO, JAVA, RUST, is_script, module_paths, submodule_paths
from inglenook_context.modules_script import Aliases
from inglenook_context.symbols import Definition
from inglenook_context.written import NOTHING, aliased, named

_DEPTH: Final = 8  # re-exports, and bases, that are followed
_STEPS: Final = 400  # files in which one name is looked for
_NESTED: Final = 48  # names that are looked for, one because of another
_DEEPEST: Final = 24  # types and classes that lead to one another, at most
_MOST_MEMBERS: Final = 400  # of one class, with those of its bases
_WHOLE: Final = "*"
_CLASSES: Final = ("class", "interface", "enum", "type", "namespace")
_OWNERS: Final = (*_CLASSES, "variable")  # a script's object can have members too
FILES: Final = 24  # of a package that are looked at
_COMPILED: Final = (GO, RUST, JAVA, "/")  # whose rules are those of `packages`
_ELEMENT: Final = frozenset(  # methods of collections that give an element, or elements
    "at concat filter find findLast get pop shift slice splice values entries sort reverse".split()
)


class Known(Protocol):
    """The files of a workspace, by the paths under which they are shown to a model."""

    def facts(self, path: str) -> Facts | None: ...

    def exists(self, path: str) -> bool: ...

    def listed(self, directory: str) -> Sequence[str]:
        """Files of this directory, without a ``/`` at its end, and of none below it; of very many
        only some. Asked for only where packages are directories."""
        ...


class Place(NamedTuple):
    """A definition by its number in a file's facts; the file as a module if that is -1.

    A package that is a directory has a path with a ``/`` at its end.
    """

    path: str
    number: int

    @property
    def is_module(self) -> bool:
        return self.number < 0


@dataclass(slots=True, eq=False)
class Resolver:
    """Answers are kept: make a new one when a file changed."""

    known: Known
    aliases: tuple[Aliases, ...] = ()
    _exports: dict[tuple[str, str, bool], Place | None] = field(default_factory=dict)
    _asked: set[tuple[str, str, bool]] = field(default_factory=set)
    _steps: int = 0
    _modules: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _packages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parents: dict[str, dict[str, list[int]]] = field(default_factory=dict)  # of `packages`
    counterparts: dict[str, str | None] = field(default_factory=dict)  # of `counterpart`
    _members: dict[Place, dict[str, Place]] = field(default_factory=dict)
    _types: dict[tuple[str, str, str], Place | None] = field(default_factory=dict)
    sizes: dict[Place, tuple[int, str, int]] = field(default_factory=dict)  # of `choice`
    _deep: int = 0  # types and classes that are being looked at, one because of another

    def definition(self, place: Place) -> Definition | None:
        facts = self.known.facts(place.path)
        if facts is None or not 0 <= place.number < len(facts.definitions):
            return None
        return facts.definitions[place.number]

    # -- modules -------------------------------------------------------------------------------

    def module(self, path: str, name: str) -> str | None:
        """The file or directory that the module ``name`` of an import in the file ``path`` is."""
        key = (path, name)
        if key not in self._modules:
            paths = module_paths(path, name, self.aliases) if name else (path,)
            self._modules[key] = next((each for each in paths if self._is_there(each)), None)
        return self._modules[key]

    def _is_there(self, path: str) -> bool:
        return bool(self.listing(path)) if path.endswith("/") else self.known.exists(path)

    def files(self, package: str) -> tuple[str, ...]:
        """The files that others see of a package, of many only some; of a file it is itself."""
        return self.listing(package)[:FILES] if package.endswith("/") else (package,)

    def listing(self, package: str) -> tuple[str, ...]:
        """All files of a package that others see; to know a file costs more than its name."""
        if package not in self._packages:
            from inglenook_context.packages import of_package

            listed = self.known.listed(package.removeprefix("./").removesuffix("/"))
            self._packages[package] = of_package(listed)
        return self._packages[package]

    def imported(self, path: str, each: Import, depth: int = _DEPTH) -> Place | None:
        """What an import of the file ``path`` brings in, or what it exports from elsewhere."""
        if path.endswith(_COMPILED):
            from inglenook_context.packages import imported

            return imported(self, path, each, depth)
        if not each.module:
            if "." in each.original:
                return self.expression(path, each.original, depth - 1)
            return self.export(path, each.original, depth) if depth > 0 else None
        # `import a.b` without another name brings in a.
        outer = each.original == _WHOLE and each.module.startswith(f"{each.name}.")
        target = (self.module(path, each.name) if outer else None) or self.module(path, each.module)
        if target is None:
            return None if is_script(path) else self._part(path, each)
        if each.original != _WHOLE:
            found = self.export(target, each.original, depth, outside=True)
            if found is None and each.original == "default":
                found = self.export(target, EXPORT, depth, outside=True)
            return found
        whole = self.export(target, EXPORT, depth, outside=True) if is_script(target) else None
        return whole or Place(target, -1)

    def _part(self, path: str, each: Import) -> Place | None:
        """A module of a package that has no file of its own (PEP 420)."""
        dot = "" if each.module.endswith(".") else "."
        part = self.module(path, f"{each.module}{dot}{each.original}")
        return Place(part, -1) if part is not None else None

    def export(
        self, path: str, name: str, depth: int = _DEPTH, *, outside: bool = False
    ) -> Place | None:
        """What ``name`` is in the file ``path``: its own, or what it has from elsewhere.

        Seen from ``outside``, a script has only what it exports.
        """
        key = (path, name, outside and (is_script(path) or path.endswith("/")))
        if key in self._exports:
            return self._exports[key]
        if not self._asked:
            self._steps = _STEPS
        self._steps -= 1
        if key in self._asked or depth <= 0 or self._steps < 0 or len(self._asked) >= _NESTED:
            return None  # a circle ends here
        self._asked.add(key)
        found = self._export(*key, depth)
        self._asked.discard(key)
        if found is not None or not self._asked:
            # That there is nothing is only sure where no circle was cut short.
            self._exports[key] = found
        return found

    def _export(self, path: str, name: str, outside: bool, depth: int) -> Place | None:
        if path.endswith(_COMPILED):
            from inglenook_context.packages import exported

            return exported(self, path, name, outside, depth)
        facts = self.known.facts(path)
        if facts is None:
            return None
        own = [n for n in facts.defines.get(name, ()) if not facts.definitions[n].parent]
        better = [n for n in own if facts.definitions[n].kind != "variable"]
        if better or (own and not is_script(path)):
            return Place(path, (better or own)[0])
        stars: list[Import] = []
        for each in facts.imports:
            if outside and not each.exported:
                continue
            if each.name == name and not (each.exported and each.original == name == "default"):
                found = self.imported(path, each, depth - 1)
                if found is not None:
                    return found
            elif each.name == _WHOLE:
                stars.append(each)
        if own:  # and none of `const own = require("own")`
            return Place(path, own[0])
        for each in stars if outside or not is_script(path) else ():
            target = self.module(path, each.module)
            found = self.export(target, name, depth - 1, outside=True) if target else None
            if found is not None:
                return found
        for below in submodule_paths(path, name):
            if self.known.exists(below):
                return Place(below, -1)
        return None

    # -- classes -------------------------------------------------------------------------------

    def members(self, place: Place) -> dict[str, Place]:
        """The members of a class by name, its own before those of its bases."""
        if self._deep >= _DEEPEST:
            return {}
        if place not in self._members:
            self._members[place] = {}  # a circle ends here
            self._deep += 1
            found: dict[str, Place] = {}
            for member in self._all_members(place, _DEPTH):
                definition = self.definition(member)
                if definition is not None and len(found) < _MOST_MEMBERS:
                    found.setdefault(definition.name, member)
            self._deep -= 1
            self._members[place] = found
        return self._members[place]

    def member(self, place: Place, name: str, seen: set[Place] | None = None) -> Place | None:
        """One of `members`, without looking for the others."""
        if place in self._members:
            return self._members[place].get(name)
        seen = set() if seen is None else seen
        seen.add(place)  # a circle ends here
        for own in self.own_members(place):
            definition = self.definition(own)
            if definition is not None and definition.name == name:
                return own
        for base in self.bases(place) if len(seen) <= _DEPTH else ():
            if base not in seen and (found := self.member(base, name, seen)):
                return found
        return None

    def _all_members(self, place: Place, depth: int) -> Iterator[Place]:
        yield from self.own_members(place)
        if depth <= 0:
            return
        for base in self.bases(place):
            yield from self.members(base).values()

    def own_members(self, place: Place) -> Iterator[Place]:
        facts, definition = self.known.facts(place.path), self.definition(place)
        if facts is None or definition is None or definition.kind not in _OWNERS:
            return
        if place.path.endswith((GO, RUST)):  # methods stand beside their class
            from inglenook_context.packages import methods_beside

            yield from methods_beside(self, place, definition)
            return
        for number in range(place.number + 1, len(facts.definitions)):
            member = facts.definitions[number]
            if member.start >= definition.stop:
                return
            if member.parent == definition.name:
                yield Place(place.path, number)

    def bases(self, place: Place) -> Iterator[Place]:
        """The classes that a class is made from, as far as they are known."""
        definition = self.definition(place)
        for base in definition.bases if definition else ():
            if is_script(place.path) or place.path.endswith(_COMPILED):
                found = self.type_class(place.path, base)
            else:
                found = self.expression(place.path, base)
            if found is not None and found != place and self.is_class(found):
                yield found

    def is_class(self, place: Place) -> bool:
        definition = self.definition(place)
        return definition is not None and definition.kind in _CLASSES

    def _is_object(self, place: Place) -> bool:
        """Whether a variable holds an object whose members are seen."""
        definition = self.definition(place)
        is_variable = definition is not None and definition.kind == "variable"
        return is_variable and any(self.own_members(place))

    # -- expressions and types -----------------------------------------------------------------

    def expression(self, path: str, dotted: str, depth: int = _DEPTH) -> Place | None:
        """What ``a.b.c`` is at the top of the file ``path``."""
        first, *rest = dotted.replace("()", "").split(".")
        place = self.export(path, first, depth)
        for name in rest:
            if place is None:
                return None
            place = self.attribute(place, name, depth)
        return place

    def attribute(self, place: Place, name: str, depth: int = _DEPTH) -> Place | None:
        """What ``.name`` of something is: of a module, of a class, or of a value of a class."""
        if place.is_module:
            return self.export(place.path, name, depth, outside=True)
        owner = self.value_class(place)
        if owner is None:
            return None
        found = self.members(owner).get(name)
        if found is None and owner.path.endswith(_COMPILED):
            from inglenook_context.packages import otherwise

            return otherwise(self, owner, name, depth)
        return owner if found is None and name in _ELEMENT and is_script(owner.path) else found

    def value_class(self, place: Place) -> Place | None:
        """The class whose members a value has; a class stands for itself."""
        definition = self.definition(place)
        if definition is None:
            return None
        if definition.kind == "type":
            return self.type_class(place.path, definition.name) or place
        if definition.kind in _CLASSES:
            return place
        found = self.type_class(place.path, definition.type, definition.parent)
        return place if found is None and self._is_object(place) else found

    def type_class(self, path: str, text: str, parent: str = "", depth: int = 4) -> Place | None:
        """The class that a type, as it is written in the file ``path``, means.

        ``parent`` is the class in which it is written.
        """
        if depth <= 0 or not text or self._deep >= _DEEPEST:
            return None
        key = (path, text, parent)
        if key not in self._types:
            self._types[key] = None  # a circle ends here
            self._deep += 1
            self._types[key] = self._type_class(path, text, parent, depth)
            self._deep -= 1
        return self._types[key]

    def _named(self, path: str, text: str) -> str:
        if path.endswith(_COMPILED):
            from inglenook_context.written_compiled import compiled_named

            return compiled_named(text, path.rpartition(".")[2])
        return named(text, is_script(path))

    def _type_class(self, path: str, text: str, parent: str, depth: int) -> Place | None:
        called = text.endswith("()") or text.startswith("ReturnType<")
        name = self._named(path, text)
        if name in ("Self", "self", "cls", "this"):
            name = parent
        if not name or name in NOTHING:
            return None
        if name.startswith(("self.", "cls.", "this.")) and parent:
            name = f"{parent}.{name.partition('.')[2]}"
        found = self.expression(path, name)
        if found is None and parent and path.endswith(JAVA):  # a field needs no `this` there
            found = self.expression(path, f"{parent}.{name}")
        definition = self.definition(found) if found else None
        if found is None or definition is None:
            return None
        if definition.kind in _CLASSES:
            if definition.kind == "type":
                if definition.bases or any(self.own_members(found)):
                    return found
                alias = aliased(definition.signature)
                return self.type_class(found.path, alias, "", depth - 1) or found
            return found
        if called or definition.kind in ("variable", "field"):
            held = self.type_class(found.path, definition.type, definition.parent, depth - 1)
            return found if held is None and self._is_object(found) else held
        return None
