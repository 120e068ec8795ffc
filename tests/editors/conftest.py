"""The editors, installed once, and a Neovim for each test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.editors_cache import InstallationError
from tests.support.editors_neovim import Neovim, neovim, older_neovim
from tests.support.editors_nvim import PATIENCE, Open, Screen, opened
from tests.support.editors_processes import end_of
from tests.support.editors_server import fake_server
from tests.support.editors_sessions import Sessions
from tests.support.editors_talk import SAID, Talk
from tests.support.forked import forked_server


@pytest.fixture(scope="session", params=["0.12 native", "0.12", "0.11"])
def editor(request: pytest.FixtureRequest) -> Neovim:
    """Neovim that draws ghost text itself, and both versions with the plugin's own drawing."""
    try:
        if request.param == "0.11":
            return older_neovim()
        return neovim(native=request.param == "0.12 native")
    except InstallationError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def leaving() -> Iterator[list[psutil.Process]]:
    """Editors and servers that were told to end: the next test need not wait for them."""
    processes: list[psutil.Process] = []
    yield processes
    assert not end_of(processes, PATIENCE)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The server as it is started in most tests; those of its start take the installed one."""
    with forked_server(tmp_path_factory.mktemp("forked")) as found:
        yield found


@pytest.fixture
def open_file(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_(
            drawing: str,
            text: str,
            *,
            first_token_ms: int = 0,
            program: Path | None = program,
            **options: str,
        ) -> Screen:
            server = fake_server(tmp_path, text, first_token_ms=first_token_ms, program=program)
            screen = opened(editor, drawing, tmp_path, server, leaving=leaving, **options)
            return stack.enter_context(screen)

        yield open_


@pytest.fixture
def talk(
    editor: Neovim, tmp_path: Path, program: Path, leaving: list[psutil.Process]
) -> Iterator[Talk]:
    (tmp_path / ".git").mkdir()
    with ExitStack() as stack:

        def open_(
            drawing: str, said: str, *, setup: Mapping[str, Any] | None = None, **script: Any
        ) -> Screen:
            server = fake_server(tmp_path, "", talk={"chat": said, **script}, program=program)
            screen = opened(
                editor, drawing, tmp_path, server, first=SAID, setup=setup, leaving=leaving
            )
            return stack.enter_context(screen)

        yield open_


@pytest.fixture(scope="session")
def sessions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sessions]:
    """Of all modules that were collected and have one: they begin when the first is asked for."""
    modules = dict.fromkeys(
        item.module
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item.module, "drive")
    )
    driven = Sessions(modules, tmp_path_factory.mktemp("vscode"))
    yield driven
    driven.close()


@pytest.fixture(scope="module")
def session(request: pytest.FixtureRequest, sessions: Sessions) -> Any:
    """What the module's session of VS Code gave."""
    try:
        return sessions.of(request.module.__name__)
    except InstallationError as error:
        pytest.fail(str(error), pytrace=False)
