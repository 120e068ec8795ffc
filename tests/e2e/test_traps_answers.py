"""Traps of pygls in answering; each is shown on plain pygls and closed in ours."""

from __future__ import annotations

from typing import Any

from tests.support.lsp_client import LspClient, start
from tests.support.servers import OURS, PLAIN, completion_at, serving

URI = "file:///shop/a.py"
COMPLETION = "textDocument/inlineCompletion"

WRONG_PARAMS: dict[str, Any] = {
    "nothing": None,
    "a number": 7,
    "a list": [1, 2],
    "no position": {"textDocument": {"uri": URI}, "context": {"triggerKind": 1}},
    "a negative line": completion_at(URI, line=-1),
    "a word for a line": {**completion_at(URI), "position": {"line": "abc", "character": 0}},
    "an unknown trigger": {**completion_at(URI), "context": {"triggerKind": 99}},
}


async def test_invalid_params_are_answered_with_the_id() -> None:
    async with serving(OURS) as client:
        for name, params in WRONG_PARAMS.items():
            assert (await client.request(COMPLETION, params)).error_code == -32602, name
        assert not client.seen("window/showMessage")


async def test_plain_pygls_never_answers_invalid_params() -> None:
    async with serving(PLAIN) as client:
        wrong = client.begin(COMPLETION, WRONG_PARAMS["no position"])
        await client.request("shutdown")
        assert wrong not in client.answers
        assert client.seen("window/showMessage")


async def test_a_method_that_is_not_served_is_answered_without_a_popup() -> None:
    async with serving(OURS) as client:
        assert (await client.request("textDocument/hover", {})).error_code == -32601
        assert (await client.request("no/such", [1])).error_code == -32601
        client.notify("no/such", {"a": 1})
        client.notify("$/whatever")
        await client.request("shutdown")
        assert not client.seen("window/showMessage")


async def test_a_failing_handler_is_answered_without_the_words_of_its_exception() -> None:
    async with serving(OURS) as client:
        answer = await client.request("test/raise", {"text": "canary"})
        assert answer.error_code == -32603
        assert "canary" not in str(answer.message)
        assert (await client.request("test/unserializable")).error_code == -32603
        assert (await client.request("test/counts")).result["running"] == 1


async def test_nothing_is_served_before_initialize_or_after_shutdown() -> None:
    async with await start(OURS) as client:
        assert (await client.request(COMPLETION, completion_at(URI))).error_code == -32002
        client.open(URI, "too early")
        await client.initialize()
        assert (await client.request("initialize", {"capabilities": {}})).error_code == -32600
        answer = await client.request(COMPLETION, completion_at(URI))
        assert answer.result == {"items": []}
        await client.request("shutdown")
        assert (await client.request(COMPLETION, completion_at(URI))).error_code == -32600
    async with await start(PLAIN) as client:
        await client.initialize()
        await client.request("shutdown")
        late = client.begin(COMPLETION, completion_at(URI))
        client.notify("exit")
        await client.wait()
        assert late not in client.answers  # the trap: dropped without an answer


async def test_a_cancelled_request_is_answered_once() -> None:
    async with serving(OURS) as client:
        waiting = client.begin("test/wait")
        stubborn = client.begin("test/hang")
        never_started = client.begin("test/wait")
        client.cancel(never_started)
        for id in (waiting, stubborn, waiting, 4711, "no", None, [1], {"a": 1}):
            client.cancel(id)
        for id in (waiting, stubborn, never_started):
            assert (await client.answer(id)).error_code == -32800
        await client.request("shutdown")
        assert [len(client.answers[id]) for id in (waiting, stubborn, never_started)] == [1, 1, 1]
        assert None not in client.answers


async def test_a_request_with_the_id_of_a_running_one_is_refused() -> None:
    async with serving(OURS) as client:
        client.begin("test/wait", id=77)
        client.begin("test/counts", id=77)
        assert (await client.answer(77)).error_code == -32600
        client.cancel(77)
        await client.until(lambda: len(client.answers[77]) == 2)
        assert [answer["error"]["code"] for answer in client.answers[77]] == [-32600, -32800]
        again = client.begin("test/counts", id=77)
        assert (await client.answer(again)).error_code is None


async def test_a_request_without_a_proper_id_is_an_invalid_request() -> None:
    async with serving(OURS) as client:
        for id in (None, 1.5, True, [], {}):
            client.send({"jsonrpc": "2.0", "id": id, "method": "test/counts"})
        await client.request("shutdown")
        assert [answer["error"]["code"] for answer in client.answers[None]] == [-32600] * 5


async def test_shutdown_cancels_what_runs() -> None:
    async with serving(OURS) as client:
        waiting = [client.begin("test/wait") for _ in range(20)]
        await client.request("shutdown")
        assert {(await client.answer(id)).error_code for id in waiting} == {-32800}


async def test_an_answer_from_the_client_to_nothing_is_ignored() -> None:
    async with serving(OURS) as client:
        waiting = client.begin("test/wait")
        for id in (waiting, "inglenook-1", 0):
            client.send({"jsonrpc": "2.0", "id": id, "result": None})
            client.send({"jsonrpc": "2.0", "id": id, "error": {"code": 1, "message": "x"}})
        client.cancel(waiting)
        assert (await client.answer(waiting)).error_code == -32800


async def _cycles(client: LspClient) -> None:
    for version in range(2, 302):
        client.change(URI, version, {"text": f"text {version}"})
        client.notify("$/setTrace", {"value": "off"})
        await client.request(COMPLETION, completion_at(URI))


async def test_nothing_is_kept_of_what_was_answered() -> None:
    async with serving(OURS) as client:
        client.open(URI, "text")
        await _cycles(client)
        assert (await client.request("test/counts")).result == {"futures": 0, "running": 1}
    async with serving(PLAIN) as client:
        client.open(URI, "text")
        await _cycles(client)
        # Two for initialized and didOpen, one for each notification of the 300 cycles.
        assert (await client.request("test/counts")).result["futures"] >= 602


async def test_a_capability_from_the_future_does_not_keep_the_server_from_starting() -> None:
    future: dict[str, Any] = {
        "textDocument": {"completion": {"completionItem": {"tagSupport": {"valueSet": "all"}}}},
        "general": {"positionEncodings": ["utf-8"], "markdown": 7},
    }
    async with await start(OURS) as client:
        result = await client.initialize(capabilities=future)
        assert result["capabilities"]["positionEncoding"] == "utf-8"
