"""Other names of a script's modules: from the roots' configuration, which leads nowhere else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inglenook.workspace.aliases import Configs, packed, unpacked
from inglenook.workspace.index import Index
from inglenook.workspace.source import Root
from inglenook_context.modules_script import Aliases
from inglenook_context.resolve import Resolver
from tests.workspace.drawn import Begin, Draw

PATIENCE = 30.0  # seconds; nothing here takes one

MONOREPO = {
    "package.json": '{"name": "shop", "workspaces": ["packages/*"]}',
    "tsconfig.base.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["libs/*"]}}}',
    "libs/text.ts": "export const text = 1\n",
    "apps/web/tsconfig.json": """{
        // what the applications have in common
        "extends": "../../tsconfig.base.json",
    }""",
    "apps/web/main.ts": "import { text } from '@lib/text'\n",
    "apps/api/tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}]}',
    "apps/api/tsconfig.app.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
    "apps/api/src/routes.ts": "export const routes = 1\n",
    "packages/core/package.json": """{
        "name": "@shop/core",
        "main": "dist/main.js",
        "exports": {
            ".": {"types": "./dist/entry.d.ts", "import": "./dist/entry.mjs"},
            "./money": "./dist/cash.js",
            "./parts/*": {"import": "./dist/pieces/*.js"}
        }
    }""",
    "packages/core/src/entry.ts": "export const entry = 1\n",
    "packages/core/src/cash.ts": "export const cash = 1\n",
    "packages/core/src/pieces/one.ts": "export const one = 1\n",
    "packages/plain/package.json": '{"name": "plain"}',
    "packages/plain/src/index.ts": "export const plain = 1\n",
    "packages/plain/tools.ts": "export const tools = 1\n",
}


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.005)


async def settled(index: Index) -> Index:
    async with asyncio.timeout(PATIENCE):
        await index.settled()
    return index


def led(index: Index, path: str, module: str) -> str | None:
    return Resolver(index, index.aliases()).module(path, module)


async def test_where_the_modules_of_a_workspace_are(begin: Begin, draw: Draw) -> None:
    draw(MONOREPO)
    index = await settled(begin())
    for path, module, file in (
        ("apps/web/main.ts", "@lib/text", "libs/text.ts"),
        ("apps/web/main.ts", "libs/text", "libs/text.ts"),
        ("apps/api/src/main.ts", "@/routes", "apps/api/src/routes.ts"),
        ("other/main.ts", "@lib/text", "libs/text.ts"),  # what is at the top is everybody's
        ("apps/web/main.ts", "@/routes", None),
        ("apps/web/main.ts", "@shop/core", "packages/core/src/entry.ts"),
        ("apps/web/main.ts", "@shop/core/money", "packages/core/src/cash.ts"),
        ("apps/web/main.ts", "@shop/core/parts/one", "packages/core/src/pieces/one.ts"),
        ("apps/web/main.ts", "plain", "packages/plain/src/index.ts"),
        ("apps/web/main.ts", "plain/tools", "packages/plain/tools.ts"),
        ("apps/web/main.ts", "@shop/none", None),
    ):
        assert led(index, path, module) == file, module


async def test_the_configuration_changes(begin: Begin, draw: Draw, root: Path) -> None:
    draw(MONOREPO)
    index = await settled(begin())
    before, edition = index.generation, index.edition

    draw({"tsconfig.base.json": '{"compilerOptions": {"paths": {"~/*": ["libs/*"]}}}'})
    index.changed([root / "tsconfig.base.json"])  # which no tsconfig.json is, but one extends it
    await until(lambda: led(index, "apps/web/main.ts", "~/text") == "libs/text.ts")
    assert led(index, "apps/web/main.ts", "@lib/text") is None
    assert index.generation > before
    assert index.edition != edition

    draw({"new/tsconfig.json": '{"compilerOptions": {"baseUrl": "../libs"}}'})
    index.changed([root / "new/tsconfig.json"])
    await until(lambda: led(index, "new/a.ts", "text") == "libs/text.ts")

    (root / "packages").rename(root / "moved")
    index.changed([root / "packages", root / "moved"])
    await until(lambda: led(index, "a.ts", "plain") == "moved/plain/src/index.ts")
    await settled(index)

    generation = index.generation
    index.look()
    await settled(index)
    assert index.generation == generation  # nothing is new


async def test_a_restart_has_the_same_edition(begin: Begin, draw: Draw) -> None:
    draw(MONOREPO)
    await asyncio.sleep(0.06)  # files that are just written are read twice
    index = await settled(begin())
    edition = index.edition
    await index.close()
    assert (await settled(begin())).edition == edition


async def test_ignored_and_foreign_ones_do_not_count(begin: Begin, draw: Draw, root: Path) -> None:
    paths = '{"compilerOptions": {"paths": {"%s/*": ["libs/*"]}}}'
    draw(
        {
            ".gitignore": "built/\n",
            "built/package.json": '{"name": "built"}',
            "built/tsconfig.json": paths % "built",
            "node_modules/dep/package.json": '{"name": "dep"}',
            "node_modules/dep/tsconfig.json": paths % "dep",
            "libs/text.ts": "export const text = 1\n",
        }
    )
    index = await settled(begin())
    assert index.aliases() == ()
    index.changed([root / "built/tsconfig.json", root / "node_modules/dep/package.json"])
    await settled(index)
    assert index.aliases() == ()


def configs(root: Path, *paths: str) -> list[Aliases]:
    found = Configs(Root.of(root))
    for path in paths:
        found.add(path)
    return found.read()


def test_nothing_outside_is_read(draw: Draw, root: Path, tmp_path: Path) -> None:
    """Neither by what is extended, nor by a link, nor by a directory that is one."""
    outside = tmp_path / "outside"
    outside.mkdir()
    secret = '{"compilerOptions": {"paths": {"secret": ["found"]}}}'
    (outside / "tsconfig.json").write_text(secret)
    (outside / "package.json").write_text('{"name": "secret"}')
    (root / "linked").symlink_to(outside)
    (root / "jsconfig.json").symlink_to(outside / "tsconfig.json")
    draw(
        {
            "tsconfig.json": json.dumps(
                {
                    "extends": [
                        "../outside/tsconfig.json",
                        "./linked/tsconfig.json",
                        str(outside / "tsconfig.json"),
                        "./jsconfig.json",
                        "./a\0b",
                        "./\ud800",
                    ],
                    "compilerOptions": {
                        "baseUrl": "../../etc",
                        "paths": {
                            "@a/*": ["../../etc/*", "../outside/*"],
                            "@b/*": ["/etc/*", "./fine/*"],
                            "@c/*": "no list",
                            "*/*/*": ["fine/*"],
                        },
                    },
                }
            ),
        }
    )
    paths = ("tsconfig.json", "jsconfig.json", "linked/tsconfig.json", "linked/package.json")
    [found] = configs(root, *paths)
    assert found == Aliases("", None, (("@b/*", ("etc/*", "fine/*")),))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '"' * 100_001,
        '"\\' * 90_000,
        "/*" * 99_000,
        ", " * 90_000,
        '{"name": 1' + "0" * 10_000 + "}",
        '{"name": "../../etc", "main": "../../../etc/passwd"}',
        '{"name": "a b"}',
        '{"name": "ok", "main": "../../../etc/passwd", "exports": {"./x": "../../y"}}',
        '{"name": "deep", "exports": ' + '{"a": ' * 500 + "1" + "}" * 501,
        "\0",
        "[]",
        "3",
    ],
    ids=range(13),
)
def test_hostile_files_say_nothing(draw: Draw, root: Path, text: str) -> None:
    draw({"tsconfig.json": text, "package.json": text})
    for each in configs(root, "tsconfig.json", "package.json"):
        for _, targets in each.paths:
            assert not any(".." in target or target.startswith("/") for target in targets)
        assert {name for name, _ in each.packages} <= {"ok", "deep"}


def test_no_more_than_can_be_told(draw: Draw, root: Path) -> None:
    many = {f"@{number}/*": ["x" * 150 for _ in range(6)] for number in range(500)}
    draw(
        {
            f"d{number}/tsconfig.json": json.dumps({"compilerOptions": {"paths": many}})
            for number in range(4)
        }
    )
    draw({f"p{n}/package.json": f'{{"name": "p{n}", "main": "a.js"}}' for n in range(600)})
    paths = [f"d{number}/tsconfig.json" for number in range(4)]
    found = configs(root, *paths)
    assert sum(len(each.paths) for each in found) <= 1_000
    assert len(json.dumps([packed(each) for each in found])) < 400_000
    [packages] = configs(root, *(f"p{number}/package.json" for number in range(600)))
    assert 100 < len(packages.packages) <= 500


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        (
            "go.mod",
            "// a shop\nmodule example.com/shop/v2 // here\n\ngo 1.24\n",
            "example.com/shop/v2",
        ),
        ("go.mod", 'module "shop"\n', "shop"),
        ("go.mod", "require example.com/other v1.0.0\n", None),
        ("Cargo.toml", '[package]\nversion = "1"\nname = "shop-core"\n', "shop-core"),
        ("Cargo.toml", '[workspace]\nmembers = ["a"]\n[[bin]]\nname = "tool"\n', None),
        ("Cargo.toml", "[package]\n" * 20_000, None),
        ("package.json", '{"name": "@shop/core", // ours\n}', "@shop/core"),
    ],
)
def test_who_has_a_name(draw: Draw, root: Path, file: str, text: str, name: str | None) -> None:
    draw({f"parts/core/{file}": text})
    found = configs(root, f"parts/core/{file}")
    assert [each.packages for each in found] == ([((name, "parts/core"),)] if name else [])


def test_what_is_told_is_what_was_read() -> None:
    aliases = Aliases("a", "b", (("@/*", ("x", "y")),), (("p", "packages/p"),))
    assert unpacked(json.loads(json.dumps(packed(aliases)))) == aliases
