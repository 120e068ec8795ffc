"""No file of a repository, and no setting that came with it, makes us talk to anybody or run it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.command import Run
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.hostile_canary import Canary, canary
from tests.support.hostile_repository import KEY, hostile_repository, section_for
from tests.support.house import AUTOMATIC, INVOKED, House, config_for
from tests.support.lsp_client import LspClient, start

# As an installed script would: the directory that it is run in is not on the path of imports.
INGLENOOK: Final = (sys.executable, "-P", "-m", "inglenook")
TYPED: Final = "def main(prices):\n    total = █\n"


@dataclass
class Scene:
    """A user with a backend, in a repository of somebody else's."""

    bird: Canary
    backend: FakeBackend  # the user's own
    repository: Path
    ran: Path  # appears if something of the repository is run
    environment: dict[str, str]
    paths: list[Path]

    async def run(self, *arguments: str) -> Run:
        """One command, in the repository."""
        process = await asyncio.create_subprocess_exec(
            *(*INGLENOOK, *arguments),
            env=self.environment,
            cwd=self.repository,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, errors = await asyncio.wait_for(process.communicate(), 60)
        return Run(process.returncode or 0, out.decode(), errors.decode())

    @asynccontextmanager
    async def editor(
        self, *arguments: str, inline: bool = True, trusting: bool = False
    ) -> AsyncIterator[House]:
        """An editor whose folders are the repository and one in it.

        If it is ``trusting`` it hands on the settings that the repository has for it.
        """
        section = section_for(self.bird, self.ran) if trusting else None

        def answer_to(method: str, params: Any) -> Any:
            asked = method == "workspace/configuration"
            return [section for _ in params["items"]] if asked else None

        capabilities = {
            "textDocument": {} if inline else {"inlineCompletion": None},
            "workspace": {"configuration": True, "didChangeConfiguration": {}},
        }
        folders = [self.repository.as_uri(), (self.repository / "nested").as_uri()]
        command = (*INGLENOOK, "serve", *arguments)
        async with await start(
            command, self.environment, answer_to=answer_to, cwd=self.repository
        ) as client:
            await client.initialize(
                capabilities=capabilities,
                folders=folders,
                options={"inglenook": section} if trusting else None,
            )
            house = House(client, self.backend)
            house.uri = (self.repository / "app.py").as_uri()
            await house.status("idle")
            yield house
            assert await client.shutdown() == 0
            assert b"Traceback" not in client.stderr
            assert KEY.encode() not in client.stderr

    async def is_quiet(self) -> bool:
        assert await self.bird.others() == []
        assert not self.ran.exists()
        return True


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    home, repository, ran = tmp_path / "home", tmp_path / "repository", tmp_path / "ran"
    home.mkdir()
    repository.mkdir()
    async with canary() as bird, fake_backend(text="value_{n}") as backend:
        paths = hostile_repository(repository, bird, ran)
        (repository / "evil").write_text(f"#!/bin/sh\ntouch {ran}\n")
        (repository / "evil").chmod(0o755)
        environment = {
            **{name: value for name, value in os.environ.items() if "OLLAMA" not in name},
            **config_for(home, "llama.cpp", backend.url),
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
        }
        yield Scene(bird, backend, repository, ran, environment, paths)


async def test_the_canary_sings(scene: Scene) -> None:
    """What the user's own file names is asked, and the canary hears it: the rest is no accident."""
    config = Path(scene.environment["INGLENOOK_CONFIG"])
    config.write_text(config.read_text().replace(scene.backend.url, f"{scene.bird.url}/own"))
    await scene.run("complete", "app.py:5:9", "--index-seconds", "0")
    assert any(b"/own/" in each for each in await scene.bird.others())
    assert not scene.ran.exists()


def test_every_file_of_the_repository_names_the_canary_or_runs_something(scene: Scene) -> None:
    silent = [
        path.relative_to(scene.repository).as_posix()
        for path in scene.paths
        if not any(
            mark in path.read_text()
            for mark in (scene.bird.url, scene.bird.host, str(scene.ran), scene.bird.url[7:])
        )
    ]
    assert silent == [
        ".continueignore",
        ".vscode/extensions.json",
        ".vscode/launch.json",
        ".netrc",
        ".git/HEAD",
        "app.py",
        "shop.py",
        "nested/inner.py",
    ]
    assert len(scene.paths) > 75


@pytest.mark.parametrize("trusting", [False, True])
async def test_ghost_text(scene: Scene, trusting: bool) -> None:
    async with scene.editor(trusting=trusting) as house:
        house.open(TYPED, house.uri)
        for key in "sum":
            house.type(key)
            await house.items(AUTOMATIC)
        assert (await house.items(INVOKED))[0]["insertText"].startswith("value_")
        house.open(TYPED, (scene.repository / "nested" / "inner.py").as_uri())
        assert await house.items(INVOKED)
        await _change_settings(house.client, scene)
        house.open(TYPED.replace("total", "again"), (scene.repository / "shop.py").as_uri())
        assert await house.items(INVOKED)
        of_files = [text for text in told(house.client) if text.startswith(str(scene.repository))]
    assert len(scene.backend.generations) >= 3
    for path in (".inglenook/config.yaml", "nested/.inglenook/config.yaml"):
        assert any(f"/{path}:" in text and ": inglenook.hosts: " in text for text in of_files)
    assert await scene.is_quiet()


def told(client: LspClient) -> list[str]:
    return [params["message"] for params in client.seen("window/logMessage")]


async def _change_settings(client: LspClient, scene: Scene) -> None:
    """The repository's files and the editor's settings change while we look."""
    watched = [path for path in scene.paths if path.suffix in (".yaml", ".json", ".md", ".env")]
    for path in watched:
        path.write_text(path.read_text() + "\n")
    changes = [{"uri": path.as_uri(), "type": 2} for path in watched]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    section = section_for(scene.bird, scene.ran)
    client.notify("workspace/didChangeConfiguration", {"settings": {"inglenook": section}})
    await client.until(lambda: any("settings: hosts: is refused" in text for text in told(client)))
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await client.request("workspace/nothing")  # all before it was read


@pytest.mark.parametrize("trusting", [False, True])
async def test_the_popup(scene: Scene, trusting: bool) -> None:
    async with scene.editor(inline=False, trusting=trusting) as house:
        house.open(TYPED, house.uri)
        params = {
            "textDocument": {"uri": house.uri},
            "position": {"line": house.line, "character": house.character},
            "context": {"triggerKind": 1},
        }
        answer = await house.client.request("textDocument/completion", params)
        assert answer.result
    assert scene.backend.generations
    assert await scene.is_quiet()


COMMANDS: Final[dict[tuple[str, ...], frozenset[int]]] = {
    ("complete", "app.py:5:9", "--index-seconds", "5"): frozenset({0}),
    ("complete", "app.py:5:9", "--why", "--index-seconds", "5"): frozenset({0}),
    ("models", "list"): frozenset({0}),
    **dict.fromkeys(
        [
            ("doctor",),
            ("doctor", "--json"),
            ("config", "show"),
            ("config", "check"),
            ("config", "check", ".inglenook/config.yaml"),
            ("config", "import", ".inglenook/config.yaml"),
            ("config", "import", ".continue/config.yaml"),
            ("config", "import", ".continue/config.json"),
            ("config", "import", ".continue/models/evil.yaml"),
            ("config", "import", ".continue"),
        ],
        frozenset({0, 1}),
    ),
    # A program, and what belongs to a folder, are not imported.
    ("config", "import", ".continue/config.ts"): frozenset({2}),
    ("config", "import", ".continuerc.json"): frozenset({2}),
}


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
async def test_a_command(scene: Scene, arguments: tuple[str, ...]) -> None:
    done = await scene.run(*arguments)
    assert await scene.is_quiet()
    assert "Traceback" not in done.errors
    assert KEY not in done.out + done.errors
    assert done.code in COMMANDS[arguments], done.errors
