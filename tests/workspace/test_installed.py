"""Installed packages: found without running anything, read when asked for, and nothing else."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from inglenook.private import own
from inglenook.workspace import installed as installed_module
from inglenook.workspace.environments import site_packages
from inglenook.workspace.index import Index
from inglenook.workspace.installed import Installed
from inglenook_context.resolve import Place, Resolver
from tests.workspace.drawn import Begin, Draw

SITE = ".venv/lib/python3.11/site-packages"
VENV = {".venv/pyvenv.cfg": "home = /nowhere\n"}
PACKAGES = {
    f"{SITE}/shop/__init__.py": "from .api import buy\n",
    f"{SITE}/shop/api.py": "def buy(what: str, price: int) -> bool: ...\n",
    f"{SITE}/single.py": "def alone(): ...\n",
}
PATIENCE = 30.0  # seconds; nothing here takes one


@pytest.fixture(autouse=True)
def nothing_is_activated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


async def known(index: Index, path: str) -> set[str]:
    """The names that a file defines, as soon as it is known."""
    async with asyncio.timeout(PATIENCE):
        while (facts := index.facts(path)) is None:
            await asyncio.sleep(0.005)
    assert facts.path == path
    return set(facts.defines)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.005)


async def listed(index: Index) -> Index:
    """The names at the top of the packages are known."""
    async with asyncio.timeout(PATIENCE):
        await index.walked()
        while not any(each.directories for each in index._environments.values()):
            await asyncio.sleep(0.005)
    return index


async def absent(index: Index, path: str) -> bool:
    """Whether a file is still unknown after it was asked for and looked for."""
    for _ in range(3):
        if index.exists(path) or index.facts(path) is not None:
            return False
        await asyncio.sleep(0)  # the question is sent at the end of the turn
        async with asyncio.timeout(PATIENCE):
            await index.settled()
    return True


# -- where they are --------------------------------------------------------------------------------


def link(place: Path, target: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({**VENV, f"{SITE}/a.py": ""}, SITE),
        ({f"{SITE}/a.py": ""}, None),  # no environment
        ({**VENV}, None),
        (
            {**VENV}
            | {f".venv/lib/python3.{n}/site-packages/a.py": "" for n in ("9", "13", "12", "x")},
            ".venv/lib/python3.13/site-packages",
        ),
        ({"mine/pyvenv.cfg": "", "mine/Lib/site-packages/a.py": ""}, "mine/Lib/site-packages"),
        (
            {"back/.venv/pyvenv.cfg": "", "back/.venv/lib/python3.12/site-packages/a.py": ""},
            "back/.venv/lib/python3.12/site-packages",
        ),
        (
            {
                **VENV,
                f"{SITE}/a.py": "",
                "env/pyvenv.cfg": "",
                "env/lib/python3.14/site-packages/a.py": "",
            },
            SITE,
        ),
        ({".venv/pyvenv.cfg/x": "", f"{SITE}/a.py": ""}, None),
        ({".env": "SECRET=1\n", "venv": "../elsewhere\n"}, None),
    ],
)
def test_where_the_packages_are(
    draw: Draw, root: Path, files: dict[str, str], found: str | None
) -> None:
    draw(files)
    assert site_packages(root) == (root / found if found else None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyrightconfig.json", '{ "venvPath": ".envs", // here\n "venv": "one", }'),
        ("pyrightconfig.json", '{"venv": ".envs/one"}'),
        ("pyproject.toml", '[tool.pyright]\nvenvPath = ".envs"\nvenv = "one"\n'),
        (".vscode/settings.json", '{"python.defaultInterpreterPath": ".envs/one/bin/python"}'),
        (
            ".vscode/settings.json",
            '{"python.pythonPath": "${workspaceFolder}/.envs/one/bin/python3.12"}',
        ),
        (".vscode/settings.json", '{"python.pythonPath": "~/code/.envs/one/bin/python"}'),
    ],
)
def test_a_file_names_the_environment(
    draw: Draw,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    text: str,
) -> None:
    link(tmp_path / "code", root)
    monkeypatch.setenv("HOME", str(tmp_path))
    draw({".envs/one/pyvenv.cfg": "", ".envs/one/lib/python3.12/site-packages/a.py": ""})
    draw({**VENV, f"{SITE}/a.py": "", name: text})
    assert site_packages(root) == root / ".envs/one/lib/python3.12/site-packages"


def test_what_is_named_leads_nowhere_else(draw: Draw, root: Path, tmp_path: Path) -> None:
    """Whatever a file or a link says, only the packages of an environment are looked at."""
    private = tmp_path / "private"
    (private / "lib/python3.11/site-packages").mkdir(parents=True)  # without a pyvenv.cfg
    (private / "Lib").mkdir()
    (private / "Lib/site-packages").symlink_to(private)
    hostile = (
        '{"venvPath": "..", "venv": "private"}',
        '{"venvPath": "/", "venv": "etc"}',
        '{"venv": "../../../../../../../../etc"}',
        '{"venv": "a\\u0000b"}',
        '{"venv": "\\ud800"}',
        '{"venv": 3, "venvPath": ["x"]}',
        '{"venv": "$HOME"}',
        '{"python.defaultInterpreterPath": "/usr/bin/python3"}',
        '{"python.defaultInterpreterPath": "python"}',
        '{"python.defaultInterpreterPath": ""}',
        "[" * 100_000,
        '"' * 100_001,
        "/*" * 99_000,
        '"\\' * 90_000,
    )
    for text in hostile:
        for name in ("pyrightconfig.json", ".vscode/settings.json", "pyproject.toml"):
            draw({name: text})
        assert site_packages(root) is None
    draw({"pyproject.toml": "[tool.pyright]\nvenv = 3\n" + "x = [" + "[" * 50_000})
    assert site_packages(root) is None

    link(root / ".venv", private)
    assert site_packages(root) is None
    (private / "pyvenv.cfg").symlink_to("/etc/passwd")
    assert site_packages(root) is None
    (private / "pyvenv.cfg").unlink()
    draw({"venv/pyvenv.cfg": ""})
    link(root / "venv/lib/python3.11/site-packages", private)
    assert site_packages(root) is None
    draw({"env/pyvenv.cfg": ""})
    link(root / "env/lib/python3.11", private / "lib/python3.11")
    assert site_packages(root) is None
    assert site_packages(root, "relative") is None
    assert site_packages(root, "\0") is None


def test_an_environment_elsewhere(draw: Draw, root: Path, tmp_path: Path) -> None:
    """A link to one is fine; so is the one that the user activated, if the root has none."""
    there = tmp_path / "envs/one"
    site = there / "lib/python3.11/site-packages"
    site.mkdir(parents=True)
    (there / "pyvenv.cfg").write_text("")
    assert site_packages(root, str(there)) == site
    link(root / ".venv", there)
    assert site_packages(root) == site
    draw({"pyrightconfig.json": '{"venv": "mine"}', "mine/pyvenv.cfg": ""})
    draw({"mine/lib/python3.9/site-packages/a.py": ""})
    assert site_packages(root, str(there)) == root / "mine/lib/python3.9/site-packages"


# -- what is read of them --------------------------------------------------------------------------


async def test_what_is_asked_for_is_known_a_moment_later(begin: Begin, draw: Draw) -> None:
    draw({**VENV, **PACKAGES, "app.py": "import shop\n"})
    index = await listed(begin())
    before = index.generation
    assert not index.exists("site-packages/shop/__init__.py")  # nothing waits
    assert index.facts("site-packages/shop/api.py") is None
    await until(lambda: index.exists("site-packages/shop/__init__.py"))
    assert await known(index, "site-packages/shop/api.py") == {"buy"}
    assert await known(index, "site-packages/single.py") == {"alone"}
    assert index.generation > before
    assert not index.exists("shop/api.py")  # and no file of the workspace
    assert not index.exists(f"{SITE}/shop/api.py")
    assert index.named("buy") == ()
    assert await absent(index, "site-packages/shop/other.py")
    assert await absent(index, "site-packages/os.py")


async def test_a_name_is_followed_into_a_package(begin: Begin, draw: Draw) -> None:
    draw({**VENV, **PACKAGES, "app.py": "from shop import buy\n"})
    index = await listed(begin())
    await known(index, "app.py")

    def led() -> Place | None:
        return Resolver(index).export("app.py", "buy")

    await until(lambda: led() is not None)
    place = led()
    assert place == Place("site-packages/shop/api.py", 0)
    definition = Resolver(index).definition(place)
    assert definition is not None
    assert definition.signature == "def buy(what: str, price: int) -> bool: ..."


async def test_the_workspace_goes_first_and_stubs_before_sources(begin: Begin, draw: Draw) -> None:
    draw(
        {
            **VENV,
            f"{SITE}/shop/__init__.py": "",
            f"{SITE}/shop/api.py": "def buy(what): ...\n",
            f"{SITE}/shop/api.pyi": "def buy(what: str) -> bool: ...\n",
            f"{SITE}/shop/web.py": "def show(): ...\n",
            f"{SITE}/shop-stubs/web.pyi": "def show() -> str: ...\n",
            f"{SITE}/mine/__init__.py": "theirs = 1\n",
            "mine/__init__.py": "ours = 1\n",
        }
    )
    index = await listed(begin())

    async def is_led(module: str, path: str) -> None:
        def module_file() -> str | None:
            return Resolver(index).module("app/main.py", module)

        await until(lambda: module_file() == path)

    await is_led("shop.api", "site-packages/shop/api.pyi")
    await is_led("shop.web", "site-packages/shop-stubs/web.pyi")
    await is_led("mine", "mine/__init__.py")


async def test_only_what_is_asked_for_is_looked_at(
    begin: Begin, draw: Draw, tmp_path: Path
) -> None:
    draw({**VENV, **PACKAGES})
    draw({f"{SITE}/big/m{number}.py": "x = 1\n" for number in range(300)})
    index = await listed(begin())
    await known(index, "site-packages/big/m7.py")
    async with asyncio.timeout(PATIENCE):
        await index.settled()
    rows = []
    for database in (tmp_path / "store").glob("*.db"):
        connection = sqlite3.connect(database)
        rows += connection.execute("SELECT dir, name, facts FROM file").fetchall()
        connection.close()
    assert {directory for directory, _, _ in rows if directory != ""} == {"big"}
    assert [name for _, name, facts in rows if facts is not None] == ["m7.py"]


async def test_what_is_not_read(begin: Begin, draw: Draw, root: Path, tmp_path: Path) -> None:
    """Links, what a .pth names, secrets, programs, what a program made, and what is elsewhere."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("outside = 1\n")
    (outside / "__init__.py").write_text("outside = 1\n")
    draw(
        {
            **VENV,
            f"{SITE}/evil.pth": f"{outside}\nimport os; os.abort()\n",
            f"{SITE}/sitecustomize.py": "raise SystemExit\n",
            f"{SITE}/good/__init__.py": "good = 1\n",
            f"{SITE}/good/fast.so": "\0",
            f"{SITE}/good/id_rsa.py": "secret = 1\n",
            f"{SITE}/good/large.py": "x = 1\n" * 200_000,
            f"{SITE}/good/made.py": "# @generated by a program\nx = 1\n",
            f"{SITE}/good/binary.py": "x = 1\n\0",
            f"{SITE}/good/data.json": "{}",
        }
    )
    link(root / SITE / "linked", outside)
    link(root / SITE / "linked.py", outside / "a.py")
    link(root / SITE / "good/inner", outside)
    link(root / SITE / "good/a.py", outside / "a.py")
    index = await listed(begin())
    assert await known(index, "site-packages/good/__init__.py") == {"good"}
    for path in (
        *("linked/a.py", "linked/__init__.py", "linked.py", "good/inner/a.py", "good/a.py"),
        *("good/fast.so", "good/id_rsa.py", "good/large.py", "good/data.json", "a.py"),
        *("../a.py", "good/../../a.py", "good/./__init__.py", "good//__init__.py", "/etc/a.py"),
        "good/\0.py",
    ):
        assert await absent(index, f"site-packages/{path}"), path
    for path in ("made.py", "binary.py"):
        await until(partial(index.exists, f"site-packages/good/{path}"))
        async with asyncio.timeout(PATIENCE):
            await index.settled()
        assert index.facts(f"site-packages/good/{path}") is None


async def test_a_directory_that_becomes_a_link(
    begin: Begin, draw: Draw, root: Path, tmp_path: Path
) -> None:
    draw({**VENV, **PACKAGES})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "api.py").write_text("outside = 1\n")
    index = await listed(begin())
    assert await known(index, "site-packages/shop/api.py") == {"buy"}
    shutil.rmtree(root / SITE / "shop")
    link(root / SITE / "shop", outside)
    index.changed([root / SITE / "shop" / "api.py", root / SITE / "shop"])
    index.look()
    await until(lambda: index.facts("site-packages/shop/api.py") is None)
    assert await absent(index, "site-packages/shop/api.py")


async def test_packages_that_change(begin: Begin, draw: Draw, root: Path) -> None:
    draw({**VENV, **PACKAGES})
    index = await listed(begin())
    assert await known(index, "site-packages/shop/api.py") == {"buy"}
    draw({f"{SITE}/shop/api.py": "def sell(): ...\n", f"{SITE}/later/__init__.py": "late = 1\n"})
    index.changed([root / SITE / "shop/api.py", root / SITE / "later"])
    await until(
        lambda: (facts := index.facts("site-packages/shop/api.py")) and "sell" in facts.defines
    )
    assert await known(index, "site-packages/later/__init__.py") == {"late"}
    shutil.rmtree(root / SITE / "shop")
    index.look()  # nobody tells
    await until(lambda: not index.exists("site-packages/shop/api.py"))


async def test_after_a_restart_they_are_believed_when_they_were_looked_at(
    begin: Begin, draw: Draw, root: Path
) -> None:
    draw({**VENV, **PACKAGES})
    index = await listed(begin())
    assert await known(index, "site-packages/shop/api.py") == {"buy"}
    async with asyncio.timeout(PATIENCE):
        await index.settled()
    await index.close()
    assert not index.exists("site-packages/shop/api.py")

    draw({f"{SITE}/shop/api.py": "def sell(): ...\n"})
    index = await listed(begin())
    assert await known(index, "site-packages/shop/api.py") == {"sell"}


async def test_two_workspaces_of_one_environment_share_what_was_read(
    begin: Begin, draw: Draw, root: Path, tmp_path: Path
) -> None:
    draw({**VENV, **PACKAGES})
    other = tmp_path / "other"
    other.mkdir()
    link(other / ".venv", root / ".venv")
    first, second = begin(), begin(roots=[other])
    for index in (first, second):
        await listed(index)
        assert await known(index, "site-packages/shop/api.py") == {"buy"}
    assert len(list((tmp_path / "store").glob("*.db"))) == 3  # two roots, one environment


async def test_an_environment_that_is_made_later(begin: Begin, draw: Draw, root: Path) -> None:
    draw({"app.py": "x = 1\n"})
    index = begin()
    async with asyncio.timeout(PATIENCE):
        await index.settled()
    draw({**VENV, **PACKAGES})
    index.changed([root / ".venv/pyvenv.cfg"])
    await listed(index)
    assert await known(index, "site-packages/single.py") == {"alone"}
    assert await known(index, "app.py") == {"x"}
    shutil.rmtree(root / ".venv")
    index.changed([root / ".venv/pyvenv.cfg"])
    await until(lambda: not index.exists("site-packages/single.py"))


def test_no_more_than_so_many(
    draw: Draw, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the worker's own terms: it neither lists nor parses without end."""
    draw({**VENV, **{f"{SITE}/p/m{n}.py": f"x = {n}\n" for n in range(9)}})
    draw({f"{SITE}/q{n}/__init__.py": "" for n in range(9)})
    own(tmp_path / "store")
    monkeypatch.setattr(installed_module, "_MOST_OF_PACKAGE", 4)
    monkeypatch.setattr(installed_module, "_MOST_DIRECTORIES", 5)
    monkeypatch.setattr(installed_module, "_MOST_NAMES", 6)
    one = Installed(root / SITE, tmp_path / "store", re.compile("never"))
    for number in range(9):
        one.want(f"p/m{number}.py")
        one.want(f"q{number}/")
    one.want("/".join("d" * 40) + "/")
    parsed = 0
    while not one.idle:
        if text := one.next():
            parsed += 1
            one.unwritten.append(text.filled(b"facts", ()))
        elif not one.step():
            one.write()
    news = one.news()
    one.close()
    assert parsed == 4
    assert news is not None
    assert len(news.directories) == 5
    assert news.names == ["p", *(f"q{number}" for number in range(5))]


async def test_a_store_that_breaks(begin: Begin, draw: Draw, tmp_path: Path) -> None:
    draw({**VENV, **PACKAGES})
    index = await listed(begin())
    assert await known(index, "site-packages/shop/api.py") == {"buy"}
    shutil.rmtree(tmp_path / "store")
    await until(lambda: any((tmp_path / "store").glob("*.db")))
    await until(lambda: index.facts("site-packages/shop/api.py") is not None)


def test_nothing_is_run(draw: Draw, root: Path, tmp_path: Path) -> None:
    """The worker with a hostile environment beside it starts nothing but its parsers."""
    mark = tmp_path / "it-ran"
    run = f"open({str(mark)!r}, 'w')\n"
    draw(
        {
            **VENV,
            ".venv/bin/python": f"#!/bin/sh\ntouch {mark}\n",
            f"{SITE}/evil.pth": f"import os; {run}",
            f"{SITE}/sitecustomize.py": run,
            f"{SITE}/usercustomize.py": run,
            f"{SITE}/json.py": run,
            f"{SITE}/shop/__init__.py": run + "def buy(): ...\n",
            "json.py": run,
            "sitecustomize.py": run,
            ".vscode/settings.json": '{"python.defaultInterpreterPath": ".venv/bin/python"}',
        }
    )
    (root / ".venv/bin/python").chmod(0o755)
    program = f"""
import asyncio
from pathlib import Path
from inglenook.workspace.index import Index
async def main():
    index = Index([Path({str(root)!r})], Path({str(tmp_path / "store")!r}), secret="x")
    index.start()
    while (facts := index.facts("site-packages/shop/__init__.py")) is None:
        await asyncio.sleep(0.01)
    print(*facts.defines)
    await index.close()
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=root,
        env={**os.environ, "VIRTUAL_ENV": str(root / ".venv")},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stdout == "buy\n", done.stderr
    assert not mark.exists()
