"""The test of a file, or the file of a test: where it would be by its name, and what it defines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from inglenook_context.resolve import Place
from inglenook_context.scene import Scene

_SCRIPTS: Final = ("ts", "tsx", "js", "jsx", "mts", "mjs", "cts", "cjs")
_TEST_DIRECTORIES: Final = ("tests", "test", "__tests__", "spec", "testing")
_SOURCE_ROOTS: Final = ("src", "lib", "python")
_MARKS: Final = ("test", "spec")  # of scripts: a.test.ts
_PYTHON: Final = re.compile(r"(?:test_(\w+)|(\w+)_test)\Z")
_JAVA: Final = re.compile(r"(?:(\w+?)(?:Tests?|IT|TestCase)|Test([A-Z]\w*))\Z")
_RUST: Final = re.compile(r"(?:test_(\w+)|(\w+)_tests?)\Z")
_DEEPEST: Final = 16  # parts of a path
_IMPORTS: Final = 16  # of a test, whose directories are looked into
_SEARCHED: Final = ("py", *_SCRIPTS)  # languages in which a directory's files are imported
_WANTED: Final = 1.0  # what a definition of the file under test is worth by that alone
_CLASSES: Final = ("class", "interface", "enum", "type")


@lru_cache(maxsize=1024)
def counterparts(path: str) -> tuple[str, ...]:
    """Paths at which the test of a file is, or the file of a test; the likeliest first."""
    directory, _, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if not stem or not dot or path.count("/") > _DEEPEST:
        return ()
    rule = {"py": _python, "go": _go, "rs": _rust, "java": _java}.get(ending)
    if rule is None and ending in _SCRIPTS:
        rule = _script
    found = rule(directory, stem, ending) if rule else ()
    return tuple(dict.fromkeys(each for each in found if each != path))


@lru_cache(maxsize=1024)
def is_test(path: str) -> bool:
    """Whether a file is a test by its name, or by where it is."""
    directory, _, name = path.rpartition("/")
    return _tested(name) is not None or any(
        part in _TEST_DIRECTORIES for part in directory.split("/")
    )


def counterpart(scene: Scene) -> None:
    """In a test, what the file under test defines; in a file, the classes of its test that stand
    near, and no more: what tests hold is not for use."""
    known, found = scene.resolver.known, scene.resolver.counterparts
    if scene.path not in found:
        paths = (*_beside_imports(scene), *counterparts(scene.path))
        found[scene.path] = next(filter(known.exists, paths), None)
    path = found[scene.path]
    facts = known.facts(path) if path else None
    if path is None or facts is None:
        return
    testing = is_test(scene.path)
    imported = {each.name for each in scene.facts.imports}
    for number, definition in enumerate(facts.definitions):
        name, parent = definition.name, definition.parent
        near = scene.near.weight(name)
        if parent:
            if not testing or not scene.near.weight(parent) or not scene.likely(name):
                continue
            scene.offer(Place(path, number), scene.likely(name), "counterpart")
        elif testing and not name.startswith("_") and name not in imported:
            score = _WANTED + scene.likely(name) + scene.begun(name) + _named(scene, name)
            scene.offer(Place(path, number), score, "counterpart")
        elif not testing and near and definition.kind in _CLASSES:
            scene.offer(Place(path, number), scene.likely(name), "counterpart")


def _beside_imports(scene: Scene) -> Iterator[str]:
    """The file under test where a test imports it, or next to something that it imports: that
    tests/test_cart.py is about shop/cart.py its own path does not tell."""
    directory, _, name = scene.path.rpartition("/")
    tested, ending = _tested(name), name.rpartition(".")[2]
    if tested is None or ending not in _SEARCHED:
        return
    for each in scene.facts.imports[:_IMPORTS]:
        place = scene.resolver.imported(scene.path, each)
        beside = place.path.rpartition("/")[0] if place else directory
        if beside != directory:
            yield _joined(beside, f"{tested}.{ending}")


def _named(scene: Scene, name: str) -> float:
    """``test_add_line`` and ``TestCart`` are about ``add_line`` and ``Cart``; from 0 to 2."""
    plain = name.replace("_", "").lower()
    titles = [
        each.replace("_", "").lower() for each in (scene.reading.function, scene.reading.class_name)
    ]
    held = [len(plain) / len(each) for each in titles if len(plain) > 2 and plain in each]
    return 1.0 + max(held) if held else 0.0


def _tested(name: str) -> str | None:
    """The stem of the file that a test of this name tests; None if it is no test."""
    stem, _, ending = name.rpartition(".")
    if ending in _SCRIPTS:
        rest, _, mark = stem.rpartition(".")
        return rest if mark in _MARKS and rest else None
    if ending == "go":
        return stem.removesuffix("_test") if stem.endswith("_test") else None
    pattern = {"py": _PYTHON, "java": _JAVA, "rs": _RUST}.get(ending)
    match = pattern.match(stem) if pattern else None
    return next(filter(None, match.groups()), None) if match else None


def _joined(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _without(directory: str, names: tuple[str, ...]) -> Iterator[str]:
    """The directory less one part that is called so, the innermost first."""
    parts = directory.split("/") if directory else []
    for at in range(len(parts) - 1, -1, -1):
        if parts[at] in names:
            yield "/".join(parts[:at] + parts[at + 1 :])


def _python(directory: str, stem: str, ending: str) -> Iterator[str]:
    tested = _tested(f"{stem}.py")
    if tested is not None:
        name = f"{tested}.{ending}"
        yield _joined(directory, name)
        for rest in _without(directory, _TEST_DIRECTORIES):
            # tests/shop/test_cart.py is of shop/cart.py, of src/shop/cart.py or of cart.py
            yield _joined(rest, name)
            for root in _SOURCE_ROOTS:
                yield _joined(root, rest, name)
        return
    names = (f"test_{stem}.{ending}", f"{stem}_test.{ending}")
    roots = [directory, *_without(directory, _SOURCE_ROOTS)]
    for name in names:
        yield _joined(directory, name)
        yield _joined(directory, "tests", name)
    for name in names[:1]:
        for root in roots:
            package, _, below = root.partition("/")
            yield _joined("tests", root, name)
            yield _joined("tests", below, name)
            yield _joined(package, "tests", below, name)
            yield _joined("test", root, name)
        yield _joined("tests", name)


def _script(directory: str, stem: str, ending: str) -> Iterator[str]:
    typed = [ending, *(each for each in _SCRIPTS[:4] if each != ending)]
    tested = _tested(f"{stem}.{ending}")
    inside = directory.rpartition("/")[2] in _TEST_DIRECTORIES
    if tested is not None or inside:
        for each in typed:
            name = f"{tested or stem}.{each}"
            if tested is not None:
                yield _joined(directory, name)
            for rest in _without(directory, _TEST_DIRECTORIES):
                yield _joined(rest, name)
                for root in _SOURCE_ROOTS[:2]:
                    yield _joined(root, rest, name)
        return
    for each in typed[:2]:
        for mark in _MARKS:
            name = f"{stem}.{mark}.{each}"
            yield _joined(directory, name)
            yield _joined(directory, "__tests__", name)
            for root in ("tests", "test"):
                for rest in (directory, *_without(directory, _SOURCE_ROOTS[:2])):
                    yield _joined(root, rest, name)
        yield _joined(directory, "__tests__", f"{stem}.{each}")


def _go(directory: str, stem: str, ending: str) -> Iterator[str]:
    tested = _tested(f"{stem}.{ending}")
    yield _joined(
        directory, f"{tested}.{ending}" if tested is not None else f"{stem}_test.{ending}"
    )


def _rust(directory: str, stem: str, ending: str) -> Iterator[str]:
    outer, _, last = directory.rpartition("/")
    if last == "tests":
        for name in dict.fromkeys((_tested(f"{stem}.{ending}") or stem, stem)):
            yield _joined(outer, "src", f"{name}.rs")
            yield _joined(outer, "src", name, "mod.rs")
        yield _joined(outer, "src", "lib.rs")
        return
    tested = _tested(f"{stem}.{ending}")
    if tested is not None:
        yield _joined(directory, f"{tested}.rs")
    parts = directory.split("/") if directory else []
    if "src" in parts:
        root = "/".join(parts[: parts.index("src")])
        name = parts[-1] if stem == "mod" else stem
        for each in (f"{name}.rs", f"{name}_test.rs", f"{name}_tests.rs", f"test_{name}.rs"):
            yield _joined(root, "tests", each)


def _java(directory: str, stem: str, ending: str) -> Iterator[str]:
    """Maven and Gradle: src/main/java/p/X.java and src/test/java/p/XTest.java."""
    tested = _tested(f"{stem}.{ending}")
    under_test = "/test/" in f"/{directory}/"
    if tested is not None or under_test:
        main = f"/{directory}/".replace("/test/", "/main/", 1).strip("/")
        yield _joined(main, f"{tested or stem}.{ending}")
        yield _joined(directory, f"{tested or stem}.{ending}")
        return
    test = f"/{directory}/".replace("/main/", "/test/", 1).strip("/")
    for mark in ("Test", "Tests", "IT", "TestCase"):
        yield _joined(test, f"{stem}{mark}.{ending}")
    yield _joined(test, f"Test{stem}.{ending}")
