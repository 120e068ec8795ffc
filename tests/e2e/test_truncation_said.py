"""A backend that sees less of a prompt than was sent: the user is told once, with the cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.house import AUTOMATIC, House, house

LONG = "".join(f"value_{number} = compute(value_{number})\n" for number in range(200))


def told(home: House) -> list[str]:
    return [each["message"] for each in home.client.seen("window/showMessage")]


async def test_ollama_that_cuts(tmp_path: Path) -> None:
    async with house(tmp_path, provider="ollama", text="v{n}", prompt_tokens=20) as home:
        for number in range(3):
            home.open(f"{LONG}x_{number} = █\n", f"file:///house/case{number}.py")
            assert await home.text(AUTOMATIC)
        said = told(home)
    assert len(said) == 1
    assert said[0].startswith("qwen2.5-coder:0.5b did not see all of a prompt: 20 of at least ")
    assert said[0].endswith("Set a larger contextLength for it in your configuration file.")


@pytest.mark.parametrize("provider", ["ollama", "llama.cpp"])
async def test_a_backend_that_sees_all_is_not_blamed(tmp_path: Path, provider: str) -> None:
    async with house(tmp_path, provider=provider, text="v{n}") as home:
        home.open(f"{LONG}x = █\n")
        assert await home.text(AUTOMATIC)
        assert told(home) == []
