"""Of the secrets in a workspace nothing reaches a model, a log or the cache."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.fake_backend import fake_backend
from tests.support.house import AUTOMATIC, House, config_for
from tests.support.lsp_client import start
from tests.support.planted import Planted, forms_of, planted

SECRETS = planted(2026)
SHORT = [each for each in SECRETS if "\n" not in each.text and len(each.secrets) == 1]


@asynccontextmanager
async def working(folder: Path, home: Path, text: str = "{n}") -> AsyncIterator[House]:
    """A server that writes all that it can into its log."""
    async with fake_backend(text=text) as backend:
        env = {**os.environ, **config_for(home, "llama.cpp", backend.url)}
        command = [sys.executable, "-m", "inglenook", "serve", "--log-level", "debug"]
        async with await start([*command, "--log-file", str(home / "server.log")], env) as client:
            await client.initialize(folders=(folder.as_uri(),))
            house = House(client, backend)
            await house.status("idle")
            yield house
            assert await client.shutdown() == 0
            assert b"Traceback" not in client.stderr


def seen_in(texts: Iterable[bytes], secrets: Iterable[Planted]) -> list[str]:
    """The kinds of the secrets that stand in one of ``texts``, in whatever form."""
    everything = b"\0".join(texts)
    return [
        each.kind
        for each in secrets
        if any(form.encode() in everything for secret in each.secrets for form in forms_of(secret))
    ]


def written(directory: Path) -> list[bytes]:
    """All that the server has left on the disk."""
    return [file.read_bytes() for file in directory.rglob("*") if file.is_file()]


async def test_no_secret_of_the_own_file_is_sent_logged_or_kept(tmp_path: Path) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    home.mkdir()
    async with working(work, home) as house:
        for number, each in enumerate(SECRETS):
            text = f"def a_{number}():\n    pass\n\n\n{each.text}\n"
            drawing = f"{text}\nx_{number} = █\n\n{each.text}\n"
            house.open(drawing, (work / f"case_{number}.py").as_uri())
            await house.items(AUTOMATIC)
        bodies = [seen.body for seen in house.backend.seen]
    assert sum(f"a_{number}()".encode() in b"".join(bodies) for number in range(len(SECRETS))) > 60
    assert sum(body.count(b"REDACTED_") for body in bodies) > 120
    assert seen_in(bodies, SECRETS) == []
    assert (home / "server.log").is_file()
    assert seen_in(written(home), SECRETS) == []


async def test_no_secret_of_another_file_is_sent(tmp_path: Path) -> None:
    """Neither of one that only the index knows nor, later, of one that is open."""
    work, home = tmp_path / "work", tmp_path / "home"
    (work / "shop").mkdir(parents=True)
    home.mkdir()
    # A short header keeps its defaults; these secrets are known by their form, in any code.
    some = [each for each in SHORT[:28] if len(each.secrets[0]) <= 70]
    keys = work / "shop" / "keys.py"
    keys.write_text(
        "".join(
            f'def thing_{number}(key="{each.secrets[0]}"):\n    pass\n\n\n'
            for number, each in enumerate(some)
        )
    )
    async with working(work, home) as house:
        for opened in ("indexed", "open"):
            if opened == "open":
                house.client.open(keys.as_uri(), keys.read_text())
            for number in range(len(some)):
                drawing = f"from shop.keys import thing_{number}\n\n{opened} = thing_{number}(█\n"
                house.open(drawing, (work / "shop" / f"{opened}_{number}.py").as_uri())
                await prompted(house, f"def thing_{number}(key=", f"{opened} = thing_{number}")
        bodies = [seen.body for seen in house.backend.seen]
    assert sum(body.count(b"REDACTED_") for body in bodies) >= 2 * len(some) > 40
    assert seen_in(bodies, some) == []
    assert seen_in([(home / "server.log").read_bytes()], some) == []


async def prompted(house: House, *wanted: str) -> None:
    """Ask until a prompt holds all that is ``wanted``: the index takes its time."""
    async with asyncio.timeout(30):
        while True:
            await house.items(AUTOMATIC)
            prompts = [str(seen.json.get("prompt", "")) for seen in house.backend.generations]
            if any(all(each in prompt for each in wanted) for prompt in prompts):
                return
            await asyncio.sleep(0.05)


async def test_nothing_is_asked_inside_a_secret(tmp_path: Path) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    home.mkdir()
    secret = SHORT[0].secrets[0]
    async with working(work, home) as house:
        house.open(f'key = "{secret}█"\n', (work / "a.py").as_uri())
        assert await house.items(AUTOMATIC) == []
        house.open(f'key = "{secret}"\nx = █\n', (work / "b.py").as_uri())
        assert await house.items(AUTOMATIC)
        bodies = [seen.body for seen in house.backend.generations]
    assert not any(b'key = "' in body and b"x = " not in body for body in bodies)


async def test_no_placeholder_is_offered(tmp_path: Path) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    home.mkdir()
    async with working(work, home, text='"REDACTED_OPENAI_abcde"') as house:
        house.open("key = █\n", (work / "a.py").as_uri())
        assert await house.items(AUTOMATIC) == []


def test_what_is_looked_for_is_found() -> None:
    """The forms that are searched are those that a secret takes."""
    from base64 import b64encode

    for shift in range(3):
        text = b64encode(b"x" * shift + SHORT[0].secrets[0].encode() + b"yz")
        assert seen_in([text], SHORT[:1]) == [SHORT[0].kind]
