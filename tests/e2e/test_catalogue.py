"""`inglenook/catalogue` and `inglenook/prompts` over stdio: what an editor may offer."""

from __future__ import annotations

import sys
from pathlib import Path

from inglenook.models.catalogue import CATALOGUE
from tests.support.edit_desk import studio


async def test_what_can_be_got_is_told_and_nothing_is_fetched(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        result = (await here.client.request("inglenook/catalogue", {})).result
        (entry,) = CATALOGUE
        assert result["models"] == [
            {
                "name": "qwen2.5-coder:0.5b",
                "sizeBytes": 491_400_064,
                "licence": "Apache-2.0",
                "about": entry.about,
                "source": "huggingface.co",
                "isThere": False,
            }
        ]
        assert result["modelsDir"] == str(tmp_path)
        engine = result["engine"]
        assert engine["python"] == sys.executable
        assert engine["requirement"].startswith("xllamacpp")
        assert "==" in engine["requirement"] or ">=" in engine["requirement"]
        assert engine["hasPip"] is (sys.prefix != sys.base_prefix)

        file = tmp_path / entry.file
        with file.open("wb") as whole:
            whole.truncate(entry.size)
        result = (await here.client.request("inglenook/catalogue", {})).result
        assert result["models"][0]["isThere"] is True


async def test_the_slash_commands_are_listed_with_the_users_own(tmp_path: Path) -> None:
    settings = "prompts:\n  - {name: zorblat, description: says zorblat, prompt: Say zorblat.}\n"
    async with studio(tmp_path, settings=settings) as here:
        result = (await here.client.request("inglenook/prompts", {})).result
        names = [each["name"] for each in result["prompts"]]
        assert names[:2] == ["explain", "fix"]
        assert result["prompts"][-1] == {"name": "zorblat", "description": "says zorblat"}
