"""In which folder a document is, and so whose model it has."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inglenook.engine.choices import Choices
from inglenook.engine.configuration import Configured, Sources, read, stamp
from inglenook.engine.picks import Pick
from inglenook.engine.settings import FolderSettings, Selection, Settings, Switches
from inglenook.server.configuring import Configuring, Start
from inglenook.server.folders import Folders
from tests.support.house import config_for


class Server:
    """An editor with folders."""

    trusts_workspace = True

    def __init__(self, *folders: Path) -> None:
        self.folders = Folders()
        self.folders.add([folder.as_uri() for folder in folders])


def selecting(name: str, *ignored: str) -> FolderSettings:
    switches = Switches(ignored=ignored)
    return FolderSettings(Selection({"autocomplete": name}), switches)


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in config_for(tmp_path, "ollama", "http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)


def started(directory: Path, state: Path) -> Configuring:
    """With the user's own file, which is empty, and no folder."""
    (directory / "config.yaml").write_text("{}")
    server: Any = Server()
    start = Start(read(Sources()))
    assert start.configured.choices.settings.state_dir == state
    return Configuring(server, start, lambda _a, _b: None, lambda _notices: None)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
async def configuring(tmp_path: Path) -> Any:
    outer, inner = tmp_path / "outer", tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    here = tmp_path / "none"
    settings = Settings(here, here, None, None, here, here)
    folders = {str(outer): selecting("Outer", "*.gen.py"), str(inner): selecting("Inner")}
    configured = Configured(Choices(settings, folders=folders), (), None)
    server: Any = Server(outer, inner)
    made = Configuring(server, Start(configured), lambda _a, _b: None, lambda _notices: None)
    yield made
    await made.close()


async def test_the_longest_folder_wins(configuring: Configuring, tmp_path: Path) -> None:
    named = {
        path: configuring.choose((tmp_path / path).as_uri(), "python")
        for path in ("outer/a.py", "outer/inner/a.py", "outer/innermost/a.py", "elsewhere/a.py")
    }
    assert named == {
        "outer/a.py": "Outer",
        "outer/inner/a.py": "Inner",
        "outer/innermost/a.py": "Outer",
        "elsewhere/a.py": "",
    }
    assert configuring.choose("untitled:Untitled-1", "python") == ""


async def test_cells_are_where_their_notebook_is(configuring: Configuring, tmp_path: Path) -> None:
    view = f"inglenook-notebook:python:{(tmp_path / 'outer/inner/a.ipynb').as_uri()}"
    assert configuring.choose(view, "python") == "Inner"


async def test_what_the_folder_leaves_out(configuring: Configuring, tmp_path: Path) -> None:
    files = ("outer/a.gen.py", "outer/a.py", "outer/inner/a.gen.py")
    served = [
        path
        for path in files
        if configuring.serves((tmp_path / path).as_uri(), "python", automatic=False)
    ]
    assert served == ["outer/a.py", "outer/inner/a.gen.py"]


async def test_a_choice_that_no_file_has_outlives_a_change_of_the_files(tmp_path: Path) -> None:
    """And so does one that is made while they are read; what another takes back is gone."""
    state = tmp_path / "state"
    configuring = started(tmp_path, state)
    for pick in (
        Pick("", "autocomplete", "", "Unkept"),
        Pick("", "autocomplete", "rust", "Oxide"),
        Pick("", "autocomplete", "rust", ""),
    ):
        configuring.pick(pick, kept=pick.name == "")
    (tmp_path / "config.yaml").write_text("rules: [be brief]")
    configuring.look()
    await until(lambda: bool(configuring.choices.settings.rules))
    assert configuring.choices.picks == {"": Selection({"autocomplete": "Unkept"})}
    await configuring.close()


async def test_a_choice_that_is_made_while_the_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuring = started(tmp_path, tmp_path / "state")
    begun, held = threading.Event(), threading.Event()

    def slowly(sources: Sources) -> Configured:
        found = read(sources)
        begun.set()
        held.wait(10)
        return found

    monkeypatch.setattr("inglenook.server.configuring.read", slowly)
    (tmp_path / "config.yaml").write_text("rules: [be brief]")
    configuring.look()
    assert await asyncio.to_thread(begun.wait, 10)
    configuring.pick(Pick("", "autocomplete", "", "Now"), kept=True)
    held.set()
    await until(lambda: bool(configuring.choices.settings.rules))
    assert configuring.choices.picks == {"": Selection({"autocomplete": "Now"})}
    await configuring.close()


def test_other_folders_are_another_configuration(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    assert stamp((one,), ()) == stamp((one,), ())
    assert stamp((one,), ()) != stamp((other,), ())


async def test_a_document_behind_a_link_is_in_its_folder(
    configuring: Configuring, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "outer")
    uris = [(tmp_path / path).as_uri() for path in ("link/a.py", "link/inner/a.py")]
    assert [configuring.choose(uri, "python") for uri in uris] == ["Outer", "Inner"]
    gen = (tmp_path / "link/a.gen.py").as_uri()
    assert not configuring.serves(gen, "python", automatic=False)
    assert configuring.leaves_out(gen, "a.gen.py")


async def test_the_innermost_folder_is_not_that_of_the_longest_real_path(tmp_path: Path) -> None:
    outer, short = tmp_path / "outer/and/longer", tmp_path / "s"
    outer.mkdir(parents=True)
    short.mkdir()
    (outer / "inner").symlink_to(short)
    here = tmp_path / "none"
    settings = Settings(here, here, None, None, here, here)
    folders = {str(outer): selecting("Outer"), str(short): selecting("Inner")}
    server: Any = Server(outer, outer / "inner")
    start = Start(Configured(Choices(settings, folders=folders), (), None))
    made = Configuring(server, start, lambda _a, _b: None, lambda _notices: None)
    assert made.choose((outer / "inner/a.py").as_uri(), "python") == "Inner"
    assert made.choose((short / "a.py").as_uri(), "python") == "Inner"
    await made.close()
