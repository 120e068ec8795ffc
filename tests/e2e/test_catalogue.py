"""`inglenook/catalogue` and `inglenook/prompts` over stdio: what an editor may offer."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from inglenook.models.catalogue import CATALOGUE
from tests.support.edit_desk import studio
from tests.support.house import config_for
from tests.support.lsp_client import start


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


@pytest.mark.parametrize("trusted", [True, False])
async def test_an_editor_says_that_its_workspace_is_not_trusted(
    tmp_path: Path, trusted: bool
) -> None:
    theirs = tmp_path / "theirs"
    (theirs / ".inglenook").mkdir(parents=True)
    prompt = "prompts:\n  - {name: zorblat, prompt: Say zorblat.}\n"
    (theirs / ".inglenook" / "config.yaml").write_text(prompt)
    env = {**os.environ, **config_for(tmp_path, "ollama", "http://127.0.0.1:9")}
    options = {"inglenook": {"workspaceTrusted": True}, "workspaceTrusted": trusted}
    async with await start([sys.executable, "-m", "inglenook", "serve"], env) as client:
        await client.initialize(options=options, folders=(theirs.as_uri(),))
        params = {"uri": (theirs / "a.py").as_uri()}
        result = (await client.request("inglenook/prompts", params)).result
        assert await client.shutdown() == 0
    names = [each["name"] for each in result["prompts"]]
    assert ("zorblat" in names) is trusted
