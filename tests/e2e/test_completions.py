"""Ghost text as an editor meets it: the real process over stdio, a backend over HTTP."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from inglenook.server.positions import Encoding
from tests.support.fake_backend import fake_backend
from tests.support.house import AUTOMATIC, INVOKED, house, server_for

FILE = "def total(prices):\n    █\n\nprint(total([1]))\n"
SLOW = {"first_token_ms": 20_000.0}


@pytest.mark.parametrize("provider", ["llama.cpp", "openai", "ollama"])
async def test_an_item_is_what_is_inserted_at_an_empty_range(tmp_path: Path, provider: str) -> None:
    async with house(tmp_path, provider=provider, text="return sum(prices)") as home:
        home.open(FILE)
        here = {"line": 1, "character": 4}
        assert await home.items(AUTOMATIC) == [
            {"insertText": "return sum(prices)", "range": {"start": here, "end": here}}
        ]


async def test_an_invoked_request_gets_alternatives(tmp_path: Path) -> None:
    async with house(tmp_path, text="return {n}") as home:
        home.open(FILE)
        assert [item["insertText"] for item in await home.items(INVOKED)] == [
            "return 1",
            "return 2",
            "return 3",
        ]


@pytest.mark.parametrize("encoding", list(Encoding))
async def test_positions_count_as_negotiated(tmp_path: Path, encoding: Encoding) -> None:
    async with house(tmp_path, encoding=encoding, text=" + 1") as home:
        home.open("é = '𝄞𝄞'; x = y█\n")
        items = await home.items(AUTOMATIC)
        assert items[0]["insertText"] == " + 1"
        expected = {Encoding.UTF8: 22, Encoding.UTF16: 17, Encoding.UTF32: 15}[encoding]
        here = {"line": 0, "character": expected}
        assert items[0]["range"] == {"start": here, "end": here}


async def test_the_model_sees_the_text_that_the_request_came_with(tmp_path: Path) -> None:
    """A change that follows at once is not in it, and the answer is made to fit that change."""
    async with house(tmp_path, text="turn sum(prices)") as home:
        home.open(FILE)
        home.type("re")
        request = home.ask(AUTOMATIC)
        home.type("t")
        answer = await home.client.answer(request)
        # The last piece of what was typed is healed, so it stands in the grammar.
        assert (await home.generation()).json["grammar"].startswith('root ::= " re" ')
        assert answer.result["items"][0]["insertText"] == "urn sum(prices)"
        assert answer.result["items"][0]["range"]["start"] == {"line": 1, "character": 7}


async def test_a_newer_request_closes_the_older_ones_socket(tmp_path: Path) -> None:
    async with house(tmp_path, **SLOW) as home:
        home.open(FILE)
        older = home.ask()
        await home.generation(0)
        home.type("x")
        newer = home.ask()
        await home.generation(1)
        assert await home.ended(0)
        assert (await home.client.answer(older)).result == {"items": []}
        home.client.cancel(newer)
        assert (await home.client.answer(newer)).error_code == -32800
        assert await home.ended(1)
        assert all(overlap < 10 for overlap in home.backend.overlaps_ms())


async def test_closing_the_document_closes_the_socket_and_answers(tmp_path: Path) -> None:
    async with house(tmp_path, **SLOW) as home:
        home.open(FILE)
        request = home.ask()
        await home.generation(0)
        home.client.close_document(home.uri)
        assert await home.ended(0)
        assert (await home.client.answer(request)).result == {"items": []}


async def test_shutting_down_closes_the_socket_and_answers(tmp_path: Path) -> None:
    async with house(tmp_path, **SLOW) as home:
        home.open(FILE)
        request = home.ask()
        await home.generation(0)
        await home.client.shutdown()
        assert await home.ended(0)
        assert (await home.client.answer(request)).error_code == -32800


async def test_an_editors_popup_is_continued_over_its_own_range(tmp_path: Path) -> None:
    async with house(tmp_path, text="(prices)") as home:
        home.open("def total(prices):\n    return su█\n")
        place = {"start": {"line": 1, "character": 11}, "end": {"line": 1, "character": 13}}
        info = {"range": place, "text": "sum"}
        items = await home.items(AUTOMATIC, selectedCompletionInfo=info)
        assert items == [{"insertText": "sum(prices)", "range": place}]


async def test_a_popup_item_that_does_not_end_at_the_cursor_gets_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, text="(prices)") as home:
        home.open("def total(prices):\n    return su█m\n")
        place = {"start": {"line": 1, "character": 11}, "end": {"line": 1, "character": 14}}
        info = {"range": place, "text": "summary"}
        assert await home.items(AUTOMATIC, selectedCompletionInfo=info) == []


async def test_clients_without_inline_completion_get_it_in_the_popup(tmp_path: Path) -> None:
    without: dict[str, Any] = {"textDocument": {"inlineCompletion": None}}
    async with house(tmp_path, text="m(prices)", capabilities=without) as home:
        home.open("def total(prices):\n    return su█\n")
        answer = await home.client.request(
            "textDocument/completion",
            {"textDocument": {"uri": home.uri}, "position": {"line": 1, "character": 13}},
        )
        assert answer.result["isIncomplete"] is True
        (item,) = answer.result["items"]
        assert item["textEdit"]["newText"] == "sum(prices)"
        assert item["textEdit"]["range"]["start"] == {"line": 1, "character": 11}
        assert item["filterText"] == "su"


async def test_clients_with_inline_completion_are_offered_no_popup(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        answer = await home.client.request("textDocument/completion", {})
        assert answer.error_code == -32601


@pytest.mark.parametrize(
    "uri",
    [
        "file:///c%3A/Users/x/my%20app/a.py",
        "untitled:Untitled-1",
        "git:/house/a.py?%7B%22ref%22%3A%22HEAD%22%7D",
        "vscode-remote://ssh-remote%2Bhost/home/a.py",
    ],
)
async def test_any_scheme_is_served_from_the_open_text(tmp_path: Path, uri: str) -> None:
    async with house(tmp_path, text="return 1") as home:
        home.open(FILE, uri=uri)
        assert await home.text() == "return 1"


async def test_a_uri_may_be_spelt_in_two_ways(tmp_path: Path) -> None:
    async with house(tmp_path, text="return 1") as home:
        home.open(FILE, uri="file:///C%3A/a%20b.py")
        home.uri = "file:///c:/a b.py"
        assert await home.text() == "return 1"


async def test_files_of_secrets_are_completed_only_by_hand(tmp_path: Path) -> None:
    async with house(tmp_path, text="123") as home:
        home.open("TOKEN=█\n", uri="file:///house/.env", language="dotenv")
        assert await home.items(AUTOMATIC) == []
        assert home.backend.generations == []
        assert [item["insertText"] for item in await home.items(INVOKED)] == ["123"]


async def test_files_of_secrets_give_nothing_to_others(tmp_path: Path) -> None:
    secret = "def connect_to_vault(key='hunter2'): ...\n█"
    async with house(tmp_path, text="1") as home:
        home.open(secret, uri="file:///house/secrets.env", language="python")
        home.open(secret.replace("hunter2", "plain"), uri="file:///house/vault.py")
        await asyncio.sleep(0.3)
        home.open("from vault import connect_to_vault\nvault = connect_to_vault(█)\n")
        await home.text()
        prompt = (await home.generation()).json["prompt"]
        assert "plain" in prompt
        assert "hunter2" not in prompt


async def test_the_other_open_files_give_what_the_cursor_calls(tmp_path: Path) -> None:
    prices = "import os\n\ndef vat_of(price: float, country: str) -> float:\n    return price\n█"
    async with house(tmp_path, text="1") as home:
        home.open(prices, uri="file:///house/shop/prices.py")
        await asyncio.sleep(0.3)
        home.open("def total(price):\n    return vat_of(█\n", uri="file:///house/shop/cart.py")
        await home.text()
        prompt = (await home.generation()).json["prompt"]
        assert "shop/prices.py" in prompt
        assert "def vat_of(price: float, country: str) -> float" in prompt
        assert "import os" not in prompt


async def test_nothing_answers_then_something_does(tmp_path: Path) -> None:
    async with fake_backend() as there:
        port = there.port
    address = f"http://127.0.0.1:{port}"
    async with server_for(tmp_path, "llama.cpp", address) as client:
        status = await client.notification("inglenook/status")
        assert status["state"] == "offline"
        assert "Nothing answers at" in status["text"]
        client.open("file:///a.py", "x = ")
        answer = await client.request("textDocument/inlineCompletion", _at_the_end_of_line_0)
        assert answer.result == {"items": []}
        async with fake_backend(port=port, text="return 1"):
            await client.until(
                lambda: client.seen("inglenook/status")[-1]["state"] == "idle", limit=20
            )
            answer = await client.request("textDocument/inlineCompletion", _at_the_end_of_line_0)
            assert answer.result["items"][0]["insertText"] == "return 1"
        assert client.seen("window/showMessage") == []


async def test_a_backend_that_restarts_is_used_again(tmp_path: Path) -> None:
    async with AsyncExitStack() as first:
        backend = await first.enter_async_context(fake_backend(text="first"))
        port = backend.port
        async with server_for(tmp_path, "llama.cpp", backend.url) as client:
            await client.until(lambda: client.seen("inglenook/status"))
            client.open("file:///a.py", "x = ")
            await client.request("textDocument/inlineCompletion", _at_the_end_of_line_0)
            await first.aclose()
            client.change("file:///a.py", 2, {"text": "y = "})
            await client.request("textDocument/inlineCompletion", _at_the_end_of_line_0)
            assert client.seen("inglenook/status")[-1]["state"] == "offline"
            async with fake_backend(port=port, text="second"):
                client.change("file:///a.py", 3, {"text": "z = "})
                answer = await client.request(
                    "textDocument/inlineCompletion", _at_the_end_of_line_0
                )
                assert answer.result["items"][0]["insertText"] == "second"
            assert client.seen("window/showMessage") == []


_at_the_end_of_line_0 = {
    "textDocument": {"uri": "file:///a.py"},
    "position": {"line": 0, "character": 4},
    "context": {"triggerKind": AUTOMATIC},
}


@pytest.mark.parametrize(
    ("options", "kind", "text"),
    [
        ({"enabled": False}, INVOKED, ""),
        ({"automatic": False}, AUTOMATIC, ""),
        ({"automatic": False}, INVOKED, "return 1"),
        ({"disabledLanguages": ["python"]}, INVOKED, ""),
        ({"disabledLanguages": ["go"], "enabled": "no", "apiBase": "x"}, AUTOMATIC, "return 1"),
    ],
)
async def test_an_editor_can_switch_it_off(
    tmp_path: Path, options: dict[str, Any], kind: int, text: str
) -> None:
    async with house(tmp_path, options={"inglenook": options}, text="return 1") as home:
        home.open(FILE)
        assert await home.text(kind) == text


async def test_a_changed_configuration_counts_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, text="return 1") as home:
        home.open(FILE)
        settings = {"inglenook": {"enabled": False}}
        home.client.notify("workspace/didChangeConfiguration", {"settings": settings})
        assert await home.text() == ""


async def test_the_engines_figures_are_reported_to_who_asks(tmp_path: Path) -> None:
    options = {"inglenook": {"reportTimings": True}}
    async with house(tmp_path, options=options, text="return 1") as home:
        home.open(FILE)
        await home.text()
        report = await home.client.notification("inglenook/completionReport")
        assert (report["backend"], report["cached"]) == ("llama.cpp", False)
        assert report["prompt"]["tokens"] > 0
        home.type("r")
        assert await home.text() == "eturn 1"
        report = await home.client.notification("inglenook/completionReport", after=1)
        assert report["cached"] is True


async def test_a_position_outside_of_the_document_is_an_error(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        home.open(FILE)
        home.line = 99
        assert (await home.client.answer(home.ask())).error_code == -32602


async def test_a_document_that_is_not_open_gets_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        assert await home.items() == []


async def test_progress_is_reported_under_the_clients_token(tmp_path: Path) -> None:
    async with house(tmp_path, text="return 1") as home:
        home.open(FILE)
        params = {
            "textDocument": {"uri": home.uri},
            "position": {"line": 1, "character": 4},
            "context": {"triggerKind": AUTOMATIC},
            "workDoneToken": "mine",
        }
        await home.client.request("textDocument/inlineCompletion", params)
        progress = home.client.seen("$/progress")
        assert [each["value"]["kind"] for each in progress] == ["begin", "end"]
        assert {each["token"] for each in progress} == {"mine"}


async def test_loading_a_model_is_a_status_with_progress(tmp_path: Path) -> None:
    async with (
        fake_backend(loaded=False, load_ms=500) as backend,
        server_for(tmp_path, "ollama", backend.url) as client,
    ):
        await client.until(
            lambda: (
                [each["state"] for each in client.seen("inglenook/status")] == ["loading", "idle"]
            )
        )
        await client.until(lambda: len(client.seen("$/progress")) == 2)
        assert [each["value"]["kind"] for each in client.seen("$/progress")] == ["begin", "end"]


async def test_a_forwarded_model_is_refused_before_any_prompt(tmp_path: Path) -> None:
    async with (
        fake_backend(
            remote_host="https://elsewhere.example", models=("innocent:latest",)
        ) as backend,
        server_for(tmp_path, "ollama", backend.url) as client,
    ):
        await client.until(lambda: client.seen("inglenook/status"))
        client.open("file:///a.py", "x = ")
        answer = await client.request("textDocument/inlineCompletion", _at_the_end_of_line_0)
        assert answer.result == {"items": []}
        assert client.seen("inglenook/status")[-1]["state"] in ("offline", "refused")
        assert backend.generations == []


async def test_alternatives_come_from_one_request_where_the_backend_can(tmp_path: Path) -> None:
    async with house(tmp_path, text="return {n}", slots=4) as home:
        home.open(FILE)
        texts = [item["insertText"] for item in await home.items(INVOKED)]
        assert texts == ["return 1", "return 1_1", "return 1_2"]


async def test_what_a_configuration_asks_for_in_vain_is_said_once(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("models:\n  - {name: Sky, provider: anthropic, model: gpt}\n")
    environment = {"INGLENOOK_CONFIG": str(file)}
    address = "http://127.0.0.1:9"
    async with server_for(tmp_path, "ollama", address, environment=environment) as client:
        shown = await client.notification("window/showMessage")
        assert "anthropic" in shown["message"]
        await client.until(lambda: client.seen("inglenook/status"))
        assert len(client.seen("window/showMessage")) == 1


async def test_a_newer_request_that_gets_nothing_ends_the_older_one_all_the_same(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, **SLOW) as home:
        home.open(FILE)
        older = home.ask()
        await home.generation(0)
        home.line = 99
        assert (await home.client.answer(home.ask())).error_code == -32602
        assert await home.ended(0)
        assert (await home.client.answer(older)).result == {"items": []}


async def test_a_setting_that_is_taken_back_counts_no_more(tmp_path: Path) -> None:
    async with house(tmp_path, text="return 1") as home:
        home.open(FILE)
        for settings in ({"inglenook": {"enabled": False}}, {"inglenook": {}}):
            home.client.notify("workspace/didChangeConfiguration", {"settings": settings})
        assert await home.text() == "return 1"


async def test_a_very_long_word_holds_nobody_up(tmp_path: Path) -> None:
    without: dict[str, Any] = {"textDocument": {"inlineCompletion": None}}
    async with house(tmp_path, text="m(prices)", capabilities=without) as home:
        home.open("x = " + "A" * 200_000 + "█\n")
        position = {"line": 0, "character": 200_004}
        params = {"textDocument": {"uri": home.uri}, "position": position}
        assert (await home.client.request("textDocument/completion", params)).result


@pytest.mark.parametrize("provider", ["llama.cpp", "openai", "ollama"])
async def test_a_proxy_of_the_environment_sees_nothing(tmp_path: Path, provider: str) -> None:
    seen: list[asyncio.StreamWriter] = []
    canary = await asyncio.start_server(lambda _, writer: seen.append(writer), "127.0.0.1", 0)
    proxy = f"http://127.0.0.1:{canary.sockets[0].getsockname()[1]}"
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY", "SOCKS_PROXY", "WS_PROXY")
    environment = {spelling: proxy for name in names for spelling in (name, name.lower())}
    async with (
        canary,
        fake_backend(text="return 1", loaded=provider != "ollama") as backend,
        server_for(tmp_path, provider, backend.url, environment=environment) as client,
    ):
        client.open("file:///a.py", "x = ")
        answer = await client.request("textDocument/inlineCompletion", _at_the_end_of_line_0)
        assert answer.result["items"][0]["insertText"] == "return 1"
    assert seen == []
