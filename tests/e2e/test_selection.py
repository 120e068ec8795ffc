"""Each workspace has its own model: by the user's file, by name in its own, by the editor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_backend import fake_backend
from tests.support.houses import LARGE, MODELS, SMALL, houses
from tests.support.lsp_client import ResponseError

BY_FOLDER = """\
inglenook:
  workspaces:
    - folder: {directory}/*
      models: {{autocomplete: Small}}
    - folder: {directory}/right
      models: {{autocomplete: Large, languages: {{rust: {{autocomplete: Small}}}}}}
"""


async def soon(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(15):
        while not await condition():
            await asyncio.sleep(0.1)


async def test_each_folder_has_the_model_that_the_users_file_gives_it(tmp_path: Path) -> None:
    more = BY_FOLDER.format(directory=tmp_path)
    async with fake_backend(models=MODELS) as backend, houses(tmp_path, backend, more) as both:
        asked = [
            await both.completed(folder, language)
            for folder in (both.left, both.right, both.left, both.right)
            for language in ("python", "rust")
        ]
    assert asked == [SMALL, SMALL, LARGE, SMALL] * 2


async def test_a_workspace_names_its_model_and_can_name_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "right" / ".inglenook").mkdir(parents=True)
    (tmp_path / "right" / ".inglenook" / "config.yaml").write_text(
        "inglenook: {models: {autocomplete: Large}}\n"
        "models: [{name: Mine, provider: openai, model: m, apiBase: 'http://127.0.0.1:9'}]\n"
    )
    async with fake_backend(models=MODELS) as backend, houses(tmp_path, backend) as both:
        assert await both.completed(both.left) == SMALL
        assert await both.completed(both.right) == LARGE
        said = [each["message"] for each in both.client.seen("window/logMessage")]
    assert [text for text in said if ".inglenook/config.yaml:2" in text and "models[0]" in text]


async def test_switching_one_does_not_touch_the_other_and_a_restart_remembers(
    tmp_path: Path,
) -> None:
    async with fake_backend(models=MODELS) as backend:
        async with houses(tmp_path, backend) as both:
            assert await both.completed(both.left) == SMALL
            assert await both.completed(both.right) == SMALL
            told = await both.select("Large", folder=both.right.as_uri())
            assert told == {
                "name": "Large",
                "why": "You chose it in the editor for this folder.",
                "kept": True,
                "text": "",
            }
            asked = [await both.completed(each) for each in (both.right, both.left, both.right)]
            assert asked == [LARGE, SMALL, LARGE]
        async with houses(tmp_path, backend) as both:
            assert await both.completed(both.left) == SMALL
            assert await both.completed(both.right) == LARGE
            uri = (both.right / "any.py").as_uri()
            assert (await both.select("", uri=uri))["name"] == ""
            assert await both.completed(both.right) == SMALL
        assert not list(both.right.rglob(".*"))


async def test_what_is_chosen_is_loaded_before_it_is_asked(tmp_path: Path) -> None:
    async with fake_backend(models=MODELS) as backend, houses(tmp_path, backend) as both:
        await both.completed(both.left)
        backend.script.loaded = False
        await both.select("Large", folder=both.left.as_uri())

        async def loaded() -> bool:
            loads = [seen.json for seen in backend.seen if seen.path == "/api/generate"]
            return any(body["model"] == LARGE and not body.get("prompt") for body in loads)

        await soon(loaded)
        assert await both.completed(both.left) == LARGE


async def test_a_language_can_have_its_own_and_a_command_chooses_too(tmp_path: Path) -> None:
    async with fake_backend(models=MODELS) as backend, houses(tmp_path, backend) as both:
        wish = {"name": "Large", "language": "rust", "folder": both.left.as_uri()}
        answer = await both.client.request(
            "workspace/executeCommand",
            {"command": "inglenook.server.selectModel", "arguments": [wish]},
        )
        assert answer.result["name"] == "Large"
        assert await both.completed(both.left, "rust") == LARGE
        assert await both.completed(both.left, "python") == SMALL
        assert await both.completed(both.right, "rust") == SMALL


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"name": "Larg", "uri": "LEFT"}, "There is no model 'Larg'; did you mean 'Large'?"),
        ({"name": "Large"}, "There are several folders; say which one is meant (folder or uri)."),
        ({"name": "Large", "folder": "file:///elsewhere"}, "The folder is none of the workspace's"),
        ({"uri": "LEFT"}, "name: expected a text"),
        ({"name": "Large", "uri": "LEFT", "role": "cook"}, "There is no role 'cook'; there are: "),
    ],
)
async def test_a_choice_that_is_none(tmp_path: Path, wish: dict[str, Any], sentence: str) -> None:
    async with fake_backend(models=MODELS) as backend, houses(tmp_path, backend) as both:
        left = (both.left / "a.py").as_uri()
        wish = {key: left if value == "LEFT" else value for key, value in wish.items()}
        with pytest.raises(ResponseError) as caught:
            _ = (await both.client.request("inglenook/selectModel", wish)).result
        assert caught.value.code == -32602
        assert sentence in str(caught.value)
        assert await both.completed(both.left) == SMALL


async def test_what_can_be_chosen_is_told(tmp_path: Path) -> None:
    more = "  - {name: Gone, provider: ollama, model: gone, apiBase: 'http://127.0.0.1:9'}\n"
    async with (
        fake_backend(models=(*MODELS, "starcoder2:3b")) as backend,
        houses(tmp_path, backend, more) as both,
    ):
        await both.completed(both.left)
        told = (await both.client.request("inglenook/models")).result
    rows = [
        (each["name"], each["model"], each["locality"], each["loaded"], bool(each["refused"]))
        for each in told["models"]
    ]
    assert rows == [
        ("Small", SMALL, "verified-local", True, False),
        ("Large", LARGE, "verified-local", True, False),
        ("Gone", "gone", "refused", False, True),
        ("starcoder2:3b", "starcoder2:3b", "verified-local", True, False),
    ]
    assert told["models"][0]["speed"]["firstTokenSeconds"] > 0
    assert [each["name"] for each in told["chosen"]] == ["", ""]


async def test_a_change_of_the_file_is_picked_up_live(tmp_path: Path) -> None:
    async with fake_backend(models=MODELS) as backend, houses(tmp_path, backend) as both:
        file = tmp_path / "config.yaml"
        assert await both.completed(both.left) == SMALL
        file.write_text(file.read_text() + "inglenook: {models: {autocomplete: Large}}\n")

        async def is_large() -> bool:
            return await both.completed(both.left) == LARGE

        await soon(is_large)
        file.write_text(file.read_text().replace("disabledLanguages", "x") + "  broken: [\n")
        await both.client.until(
            lambda: any(
                "is not YAML" in each["message"] for each in both.client.seen("window/logMessage")
            )
        )


async def test_a_changed_window_of_one_entry_is_that_of_all_entries_of_its_model(
    tmp_path: Path,
) -> None:
    entry = "  - {{name: {0}, provider: ollama, model: '" + SMALL + "', apiBase: '{1}'{2}}}\n"
    async with fake_backend(models=MODELS) as backend:
        more = entry.format("Talk", backend.url, ", roles: [chat, autocomplete]")
        async with houses(tmp_path, backend, more) as both:
            await both.select("Talk", folder=both.right.as_uri())
            for folder in (both.left, both.right):
                assert await both.completed(folder) == SMALL
            file = tmp_path / "config.yaml"
            changed = entry.format(
                "Talk", backend.url, ", roles: [chat, autocomplete], contextLength: 6144"
            )
            file.write_text(file.read_text().replace(more, changed))

            async def is_new() -> bool:
                backend.reset()
                for folder in (both.left, both.right):
                    await both.completed(folder)
                windows = {seen.json["options"]["num_ctx"] for seen in backend.generations}
                return windows == {6144}

            await soon(is_new)
