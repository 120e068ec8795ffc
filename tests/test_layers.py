"""The rooms import one way, and each foreign library has one room (see ARCHITECTURE.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.support.layers import calls, decorators, imports, is_async, modules

_CORE: Final = {"inglenook_context", "inglenook.models", "inglenook.workspace"}
MAY_IMPORT: Final[dict[str, set[str]]] = {
    "inglenook_context": set(),
    "inglenook.models": {"inglenook_context"},
    "inglenook.workspace": {"inglenook_context"},
    "inglenook.engine": _CORE,
    "inglenook.review": _CORE | {"inglenook.engine"},
    "inglenook.server": _CORE | {"inglenook.engine"},
    "inglenook.commands": _CORE | {"inglenook.engine", "inglenook.review", "inglenook.server"},
    "inglenook.cli": {"inglenook.commands"},
    "inglenook.__main__": {"inglenook.cli"},
    "inglenook": set(),  # the package itself: its version, which every room below it may know
}
ONLY_IN: Final = {
    "pygls": "inglenook.server",
    "lsprotocol": "inglenook.server",
    "ollama": "inglenook.models",
    "diskcache": "inglenook.engine",
    "httpx": "inglenook.models",
    "aiohttp": "inglenook.models",
    "xllamacpp": "inglenook.models",
    "tree_sitter": "inglenook_context",
    "rich": "inglenook.commands",
}
# What the pure room must not know. (A path is a value, but pathlib.Path reads files.)
IMPURE: Final = """
    os io shutil tempfile glob pathlib.Path socket ssl http urllib.request select selectors
    asyncio subprocess threading multiprocessing concurrent logging sqlite3
"""
IMPURE_CALLS: Final = {"open", "print", "input", "exec", "eval"}

MODULES: Final = dict(modules())


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def room_of(name: str) -> str | None:
    """The room that a dotted name stands in; None if it is none of ours."""
    return max((room for room in MAY_IMPORT if within(name, room)), key=len, default=None)


def imports_of(module: str) -> set[str]:
    path = MODULES[module]
    return imports(path.read_text("utf-8"), module, package=path.name == "__init__.py")


def forbidden(module: str, imported: set[str]) -> set[str]:
    """What of ``imported`` a module of this name may not import."""
    room = room_of(module)
    assert room is not None, f"{module} stands in no room that the layers know"
    allowed = MAY_IMPORT[room] | {room, "inglenook"}
    wrong = {name for name in imported if room_of(name) not in allowed | {None}}
    for library, owner in ONLY_IN.items():
        if room != owner:
            wrong |= {name for name in imported if within(name, library)}
    if room == "inglenook_context":
        wrong |= {name for name in imported if any(within(name, each) for each in IMPURE.split())}
    return wrong


def test_the_rooms_are_there() -> None:
    rooms = {room_of(module) for module in MODULES}
    assert {
        "inglenook_context",
        "inglenook.models",
        "inglenook.engine",
        "inglenook.server",
    } <= rooms


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_room_may(module: str) -> None:
    assert forbidden(module, imports_of(module)) == set()


@pytest.mark.parametrize("module", MODULES)
def test_diskcache_is_fenced_off(module: str) -> None:
    found = {name for name in imports_of(module) if within(name, "diskcache")}
    assert not found or module == "inglenook.engine.safe_disk"


@pytest.mark.parametrize("module", MODULES)
def test_no_import_is_computed_but_in_two_places(module: str) -> None:
    # The command line imports the one command that was asked for; a grammar is found by name.
    computes = "?" in imports_of(module)
    assert not computes or module == "inglenook_context.grammar"


@pytest.mark.parametrize("module", [name for name in MODULES if within(name, "inglenook_context")])
def test_the_context_is_synchronous_and_does_nothing(module: str) -> None:
    source = MODULES[module].read_text("utf-8")
    assert not is_async(source)
    assert calls(source) & IMPURE_CALLS == set()


@pytest.mark.parametrize("module", MODULES)
def test_no_handler_runs_in_the_pool_of_the_reader(module: str) -> None:
    # Two busy threads of pygls' pool delay every message: protocol traps in ARCHITECTURE.md.
    assert "thread" not in decorators(MODULES[module].read_text("utf-8"))


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("inglenook.models.x", "import inglenook.engine.ask", {"inglenook.engine.ask"}),
        ("inglenook.models.x", "from inglenook import engine", {"inglenook.engine"}),
        ("inglenook.models.x", "from inglenook import __version__", set()),
        (
            "inglenook.models.x",
            "from ..engine import y",
            {"inglenook.engine", "inglenook.engine.y"},
        ),
        ("inglenook.models.x", "from . import y", set()),
        ("inglenook.workspace.x", "import inglenook.models", {"inglenook.models"}),
        ("inglenook.engine.x", "def f():\n    import aiohttp", {"aiohttp"}),
        (
            "inglenook.engine.x",
            "if TYPE_CHECKING:\n    from lsprotocol import types",
            {"lsprotocol", "lsprotocol.types"},
        ),
        ("inglenook.engine.x", "import_module('pygls.server')", {"pygls.server"}),
        ("inglenook.engine.x", "import inglenook.cli", {"inglenook.cli"}),
        ("inglenook.cli", "import_module(f'inglenook.commands.{name}')", set()),
        ("inglenook.cli", "import_module(f'inglenook.server.{n}')", {"inglenook.server"}),
        ("inglenook_context.x", "import os.path", {"os.path"}),
        ("inglenook_context.x", "from pathlib import PurePosixPath", set()),
        ("inglenook_context.x", "from pathlib import Path", {"pathlib.Path"}),
        ("inglenook_context.x", "from urllib import request", {"urllib.request"}),
        ("inglenook_context.x", "import inglenook.models", {"inglenook.models"}),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str, wrong: set[str]) -> None:
    assert forbidden(module, imports(source, module)) == wrong


def test_what_else_the_checks_see() -> None:
    assert imports("import_module(name)") == {"?"}
    assert is_async("[x async for x in y]")
    assert is_async("async def f(): pass")
    assert not is_async("def f(): return [x for x in y]")
    assert calls("io.open(f); open(g)") == {"open"}
    assert decorators("@server.thread()\ndef f(): ...") == {"thread"}
    assert decorators("@thread\ndef f(): ...") == {"thread"}


def test_no_module_of_the_sample_counts() -> None:
    assert not [path for path in MODULES.values() if "demo_workspace" in Path(path).parts]
