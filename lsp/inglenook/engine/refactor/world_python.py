"""Whether a module of Python is there, and has a name: in the workspace, the library, installed.

False is sure: who is told so refuses an edit. What is made at run time, compiled, spread over
several places or for another Python cannot be told.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from inglenook.engine.refactor import world_library
from inglenook.engine.sensitive import is_sensitive
from inglenook.workspace.declared import is_spoken_of
from inglenook.workspace.site import Site, provides, shared_packages
from inglenook.workspace.standing import Found, Standing
from inglenook_context.facts import Facts
from inglenook_context.module_names import ALWAYS, binds, is_made, mentions, stars
from inglenook_context.modules import INSTALLED, module_paths
from inglenook_context.syntax import Syntax

_DEEPEST: Final = 4  # star imports that lead to one another
_LARGEST: Final = 400_000  # characters of a text that is parsed
_ROOTS: Final = ("", "src/", "lib/", "python/")
_ENDING: Final = "/__init__.py"


class Place(NamedTuple):
    """A module that is there, below ``of``; ``found`` is None for one that the interpreter is
    made of."""

    of: Standing
    found: Found | None
    module: str


@dataclass(eq=False, slots=True)
class PythonWorld:
    """Of the file ``path`` in ``folder``, for one round of questions in a thread.

    ``opened`` are the facts of what is open in the editor. ``parse`` gives the tree of a text.
    """

    folder: Standing
    site: Site
    path: str
    opened: Mapping[str, Facts]
    parse: Callable[[str], Syntax | None]
    library: Standing = field(default_factory=world_library.library)
    _trees: dict[str, Syntax | None] = field(default_factory=dict)  # by text, as these:
    _made: dict[str, bool] = field(default_factory=dict)
    _stars: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def has_module(self, module: str) -> bool | None:
        found = self._module(module)
        top, dot, _ = module.partition(".")
        if found:
            is_ours = all(place.of is self.library for place in found)
            return world_library.is_known(top, self.site.minor) if is_ours else True
        if module.startswith("."):
            return self._has_near(module)
        if dot and (places := self._module(top)):
            if any(self._grows(place) for place in places) or not self._is_sure(places):
                return None
            return False  # nobody else has a part of what is a whole package
        return self._has_top(top)

    def has_name(self, module: str, name: str) -> bool | None:
        """Whether ``from module import name`` finds something."""
        if name in ALWAYS:
            return True
        found = self._module(module)
        answer = False if found and self._is_sure(found) else None
        for place in found:
            has = self._has(place, name, 0)
            if has:
                return True
            answer = None if has is None else answer
        # It can be a part of a package still.
        below = module + name if module.endswith(".") else f"{module}.{name}"
        part = self.has_module(below) if found else None
        return part if part or answer is False else answer

    # -- modules -------------------------------------------------------------------------------

    def _has_top(self, top: str) -> bool | None:
        """Whether there is a module elsewhere than where those of the workspace are."""
        known = world_library.is_known(top, self.site.minor)
        if known is not False or self.site.shared:
            return known or None
        installed = self._is_installed(top)
        if installed is not False:
            return installed
        survey = self.folder.survey()  # what `sys.path` has is not known
        return None if top in survey.names or not survey.whole else False

    def _is_installed(self, top: str) -> bool | None:
        """Whether the environment has it; without one, whether anybody speaks of it."""
        if self.site.packages is not None:
            return provides(self.site.packages, top, self.folder.root)
        others = shared_packages()
        if others is None or any(
            provides(each, top, self.folder.root) is not False for each in others
        ):
            return None
        return None if is_spoken_of(self.folder, top) else False

    def _has_near(self, module: str) -> bool | None:
        """Whether there is a relative module that was not found."""
        level = len(module) - len(module.lstrip("."))
        directories = self.path.split("/")[:-1]
        inside = module.lstrip(".").split(".")
        if level - 1 > len(directories) or not inside[0] or not self.folder.has(self.path):
            return None
        base = "/".join(directories[: len(directories) - (level - 1)])
        for count in range(1, len(inside)):
            found = self.folder.python(base, ".".join(inside[:count]))
            if found is not None and self._grows(Place(self.folder, found, "")):
                return None
        text = self.folder.text(f"{base}{_ENDING}".lstrip("/"))
        return None if text is not None and _is_open(text) else False

    def _grows(self, place: Place) -> bool:
        """Whether a package can have parts that are not in its directory."""
        if place.of is self.library:
            if self.site.minor != world_library.MINOR:
                return True
            if world_library.is_loaded(place.module):
                return False
        if place.found is None or place.found.opaque:
            return True
        texts = [place.of.text(path) for path in place.found.sources]
        return any(text is None or _is_open(text) for text in texts)

    def _is_sure(self, places: Sequence[Place]) -> bool:
        """Whether an import means one of these. A directory of the workspace can have the name of
        something that is installed, and be none from which is imported."""
        if self.site.packages is not None and not self.site.shared:
            return True
        return all(
            place.of is not self.folder or place.module.startswith(".") or _is_usual(place)
            for place in places
        )

    def _module(self, module: str) -> list[Place]:
        """The places that have a module; usually one."""
        found = [
            Place(self.folder, each, module)
            for base, inside in self._bases(module)
            if (each := self._in_folder(base, inside)) is not None
        ]
        if module.startswith("."):
            return found[:1]
        return [*found, *self._installed(module)]

    def _installed(self, module: str) -> list[Place]:
        """Those of the library and of the environment."""
        found: list[Place] = []
        if module.partition(".")[0] in sys.stdlib_module_names:
            source = self.library.python("", module)
            if source is not None or world_library.is_made_of(module):
                found.append(Place(self.library, source, module))
        site = self.site.packages
        if site is not None and (installed := site.python("", module)) is not None:
            found.append(Place(site, installed, module))
        return found

    def _bases(self, module: str) -> Iterator[tuple[str, str]]:
        """Where a module of the workspace can be: a directory, and its name seen from there."""
        inside = module.lstrip(".")
        tail = f"{inside.replace('.', '/')}.py"
        for path in module_paths(self.path, module):
            if path.startswith(INSTALLED):
                continue
            if not inside and path.endswith(_ENDING):
                yield path.removesuffix(_ENDING), ""
            elif inside and (path == tail or path.endswith(f"/{tail}")):
                yield path.removesuffix(tail).rstrip("/"), inside

    def _in_folder(self, base: str, module: str) -> Found | None:
        if module:
            found = self.folder.python(base, module)
        else:  # the package itself, as in `from . import a`
            above, _, name = base.rpartition("/")
            found = self.folder.python(above, name)
        stem = f"{base}/{module.replace('.', '/')}".strip("/")
        new = tuple(each for each in (f"{stem}.py", f"{stem}{_ENDING}") if self._is_new(each))
        if found is None and (new or not module):
            return Found(new, opaque=not module)
        return found

    def _is_new(self, path: str) -> bool:
        """Whether a file is open in the editor, and was never saved."""
        return path in self.opened and not self.folder.has(path)

    # -- names ---------------------------------------------------------------------------------

    def _has(self, place: Place, name: str, depth: int) -> bool | None:
        if place.of is self.library and world_library.asked(place.module, name):
            return True
        if place.found is None:
            has = world_library.built_in(place.module, name)
        else:
            has = self._in_sources(place, place.found, name, depth)
        if place.of is self.library:
            is_other = place.module.partition(".")[0] in world_library.REPLACED
            if is_other or self.site.minor != world_library.MINOR:
                return has or None
        return has

    def _in_sources(self, place: Place, found: Found, name: str, depth: int) -> bool | None:
        only_stubs = all(path.endswith(".pyi") for path in found.sources)
        answer = None if found.opaque or only_stubs else False
        for path in found.sources:
            has = self._in_file(place, path, name, depth)
            if has:
                return True
            answer = None if has is None else answer
        return answer

    def _in_file(self, place: Place, path: str, name: str, depth: int) -> bool | None:
        if place.of is self.folder and is_sensitive(path):
            return None
        if place.of is self.folder and path in self.opened:
            if _may_have(self.opened[path], name):
                return True
            if self._is_new(path):
                return None
        text = place.of.text(path)
        if text is None:
            return None
        own = self._binds(text, name)
        if own is not False:
            return own
        if not self._is_loaded(place, path) and self._is_made(text):
            return None
        for star in self._stars_of(text):
            has = self._through(place, path, star, name, depth)
            if has is not False:
                return has
        return False

    def _is_loaded(self, place: Place, path: str) -> bool:
        """Whether what a source makes at run time was made, and asked for, here."""
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return place.of is self.library and world_library.is_loaded(module)

    def _through(self, place: Place, path: str, star: str, name: str, depth: int) -> bool | None:
        """Whether a star import of the file ``path`` brings a name in."""
        if depth >= _DEEPEST:
            return None
        opened = self.opened if place.of is self.folder else {}
        there = replace(self, folder=place.of, path=path, opened=opened)
        if place.of is self.folder or star.startswith("."):
            found = there._module(star)
        else:
            found = self._installed(star)
        answers = [there._has(each, name, depth + 1) for each in found]
        return True if True in answers else None if None in answers or not answers else False

    def _binds(self, text: str, name: str) -> bool | None:
        if not mentions(text, name):
            return False
        if text not in self._trees:
            self._trees[text] = self.parse(text) if len(text) <= _LARGEST else None
        syntax = self._trees[text]
        return binds(syntax, name) if syntax is not None else None

    def _is_made(self, text: str) -> bool:
        if text not in self._made:
            self._made[text] = is_made(text)
        return self._made[text]

    def _stars_of(self, text: str) -> tuple[str, ...]:
        if text not in self._stars:
            self._stars[text] = stars(text)
        return self._stars[text]


def _is_open(text: str) -> bool:
    """Whether an ``__init__`` may have parts that are no files of its directory."""
    return "__path__" in text or is_made(text)


def _may_have(facts: Facts, name: str) -> bool:
    """Whether a text that is open in the editor has a name, or takes names from elsewhere."""
    return name in facts.defines or any(each.name in (name, "*") for each in facts.imports)


def _is_usual(place: Place) -> bool:
    """Whether a module of the workspace is where projects have theirs."""
    top = place.module.partition(".")[0]
    paths = (place.found.package, *place.found.sources) if place.found is not None else ()
    starts = tuple(f"{root}{top}{end}" for root in _ROOTS for end in ("/", "."))
    return any(f"{path}/".startswith(starts) for path in paths if path)
