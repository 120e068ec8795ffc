"""The documents of the server's own that say why a prompt is as it is, over stdio."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest

from inglenook.server.positions import Encoding
from tests.support.house import AUTOMATIC, House, house
from tests.support.lsp_client import start

METHOD: Final = "workspace/textDocumentContent"
REFRESH: Final = "workspace/textDocumentContent/refresh"
READS: Final[dict[str, Any]] = {"workspace": {"textDocumentContent": {}}}
PRICES: Final = "def vat_of(price: float, country: str) -> float:\n    return price\n"
FILE: Final = "from prices import vat_of\n\ndef total(price):\n    return vat_of(█\n"


async def content(home: House, uri: str) -> str:
    answer = await home.client.request(METHOD, {"uri": uri})
    text: str = answer.result["text"]
    return text


async def completed(home: House, drawing: str = FILE, uri: str = "file:///house/cart.py") -> None:
    """A document beside another that it imports from, completed until both are known."""
    home.client.open("file:///house/prices.py", PRICES)
    home.open(drawing, uri)
    async with asyncio.timeout(10):
        while "vat_of(price: float" not in await content(home, "inglenook:prompt"):
            await home.items(AUTOMATIC)


def parts_of(text: str) -> dict[str, str]:
    """What is sent, by the names of its parts."""
    parts = text.split("\n=== ")[1:]
    named = [part.partition("\n") for part in parts]
    return {name: body for name, _, body in named}


@pytest.mark.parametrize("provider", ["llama.cpp", "ollama", "openai"])
async def test_the_exact_prompt_that_the_backend_was_sent(tmp_path: Path, provider: str) -> None:
    async with house(tmp_path, provider=provider, text="{n})", capabilities=READS) as home:
        await completed(home, FILE.replace("price):", "price):  # é 𝄞 <|fim_middle|>\r"))
        _, _, prompt = (await content(home, "inglenook:prompt")).partition("\n=== prompt\n")
        assert prompt in [seen.json["prompt"] for seen in home.backend.generations]
        assert prompt.startswith("<|repo_name|>workspace\n")
        assert "def vat_of(price: float, country: str) -> float" in prompt


async def test_it_says_by_what_reason_and_how_long_it_took(tmp_path: Path) -> None:
    async with house(tmp_path, text="{n})", capabilities=READS, prompt_tokens=90) as home:
        await completed(home)
        before, _, _ = (await content(home, "inglenook:prompt")).partition("\n=== prompt\n")
    assert before.startswith("The prompt for cart.py, line 4, column 19\n")
    assert "qwen2.5-coder:0.5b on llama.cpp (template, qwen-coder, frozen-line)" in before
    assert "the model answered; its first token came after" in before
    assert "90 tokens, 1 evaluated, 89 reused" in before
    assert "  prices.py: " in before
    assert "  vat_of: its call is being written\n" in before
    for step in ("parse", "window", "candidates", "choice", "prompt"):
        assert f"  {step}\n" in before
    assert "Size: " in before


async def test_a_chat_is_told_message_by_message(tmp_path: Path) -> None:
    async with house(
        tmp_path, capabilities=READS, text="x", models=("mystery",), infill=False, architecture=""
    ) as home:
        await completed(home)
        told = parts_of(await content(home, "inglenook:prompt"))
        messages = [
            {each["role"]: each["content"] for each in seen.json.get("messages", ())}
            for seen in home.backend.generations
        ]
        assert told in messages


@pytest.mark.parametrize(
    "uri",
    [
        "inglenook:prompt?file:///house/my%20cart.py",
        "inglenook:prompt?" + quote("file:///house/my%20cart.py", safe=""),
        "inglenook:prompt/my cart.py",
        "inglenook:/prompt/my%20cart.py",
        "INGLENOOK:prompt?file:///house/my%20cart.py",
    ],
)
async def test_every_open_document_has_its_own(tmp_path: Path, uri: str) -> None:
    async with house(tmp_path, text="{n}", capabilities=READS) as home:
        await completed(home, uri="file:///house/my%20cart.py")
        home.open("x = █\n", "file:///house/other.py")
        await home.items(AUTOMATIC)
        assert (await content(home, "inglenook:prompt")).startswith("The prompt for other.py")
        assert (await content(home, uri)).startswith("The prompt for my cart.py")


async def test_what_cannot_be_shown_is_one_sentence(tmp_path: Path) -> None:
    how = (
        "There is no such document. inglenook:prompt is the last prompt, inglenook:prompt/PATH "
        "that of an open document.\n"
    )
    closed = " is not open here, or nothing is completed in it.\n"
    async with house(tmp_path, capabilities=READS) as home:
        assert await content(home, "inglenook:prompt") == "No model was asked for anything yet.\n"
        assert await content(home, "inglenook:prompt/a.py") == "a.py" + closed
        assert await content(home, "inglenook:prompt?file:///x/a.py") == "a.py" + closed
        home.open(FILE)
        asked = await content(home, "inglenook:prompt/case.py")
        assert asked == "No model was asked for case.py yet.\n"
        for uri in ("inglenook:", "inglenook:prompts", "file:///house/case.py", ""):
            assert await content(home, uri) == how
        await home.items(AUTOMATIC)
        home.client.close_document(home.uri)
        assert await content(home, "inglenook:prompt/case.py") == "case.py" + closed
        assert await content(home, "inglenook:prompt") == "No model was asked for anything yet.\n"


async def test_what_is_answered_from_memory_is_counted(tmp_path: Path) -> None:
    async with house(tmp_path, text="value", capabilities=READS) as home:
        home.open("x = █\n")
        await home.items(AUTOMATIC)
        home.type("v")
        assert await home.text() == "alue"
        assert "answered once from what is known" in await content(home, "inglenook:prompt")


async def test_a_new_prompt_is_told_of_where_it_is_read(tmp_path: Path) -> None:
    """At most once a second, and only for what was asked for."""
    async with house(tmp_path, text="{n}", capabilities=READS) as home:
        home.open("x = █\n")
        await home.items(AUTOMATIC)
        assert "line 1, column 5" in await content(home, "inglenook:prompt/case.py")
        for key in "abcdefgh":
            home.type(key)
            await home.items(AUTOMATIC)
        await home.client.until(lambda: refreshed(home), 10)
        await asyncio.sleep(0.2)
        assert 1 <= len(refreshed(home)) <= 2
        assert set(refreshed(home)) == {"inglenook:prompt/case.py"}


def refreshed(home: House) -> list[str]:
    requests = [each for each in home.client.requests if each["method"] == REFRESH]
    return [each["params"]["uri"] for each in requests]


async def test_nobody_is_told_of_what_was_not_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path, text="{n}", capabilities=READS) as home:
        home.open("x = █\n")
        await content(home, "inglenook:prompt?file:///house/elsewhere.py")
        await home.items(AUTOMATIC)
        await asyncio.sleep(0.2)
        assert refreshed(home) == []


async def test_such_a_document_is_not_completed(tmp_path: Path) -> None:
    async with house(tmp_path, text="{n}", capabilities=READS) as home:
        home.open("x = █\n", "inglenook:prompt")
        assert await home.items() == []
        home.type("abc")
        assert await home.items() == []
        home.client.close_document("inglenook:prompt")
        assert home.backend.generations == []
        assert home.client.seen("window/showMessage") == []


@pytest.mark.parametrize("reads", [True, False])
async def test_it_is_offered_to_clients_that_can_read_it(tmp_path: Path, reads: bool) -> None:
    """A client that never said so is not offered it, and gets an error, once."""
    async with await start([sys.executable, "-m", "inglenook", "serve"]) as client:
        result = await client.initialize(capabilities=READS if reads else {})
        offered = result["capabilities"]["workspace"].get("textDocumentContent")
        assert offered == ({"schemes": ["inglenook"]} if reads else None)
        answer = await client.request(METHOD, {"uri": "inglenook:prompt"})
        assert answer.error_code == (None if reads else -32601)
        assert await client.shutdown() == 0


async def test_no_word_of_it_reaches_the_log(tmp_path: Path) -> None:
    async with house(tmp_path, encoding=Encoding.UTF8, text="{n}", capabilities=READS) as home:
        await completed(home, FILE.replace("total", "zorblat"))
        assert "zorblat" in await content(home, "inglenook:prompt")
        assert b"zorblat" not in home.client.stderr


async def test_a_secret_is_in_it_as_it_was_sent(tmp_path: Path) -> None:
    async with house(tmp_path, text="{n}", capabilities=READS) as home:
        home.open("password = 'Zk8#mQ2v!pLw'\nx = █\n")
        await home.items(AUTOMATIC)
        text = await content(home, "inglenook:prompt")
        assert "Zk8#mQ2v" not in text
        assert "REDACTED" in text
        assert text.endswith("\n=== prompt\n" + (await home.generation(0)).json["prompt"])
