"""No word of the user's text reaches a log, and no error reaches a popup."""

from __future__ import annotations

from pathlib import Path

from tests.support.lsp_client import frame_bytes, replacing
from tests.support.servers import OURS, PLAIN, completion_at, held_text, serving

CANARY = "canary_7f3a"
URI = f"file:///shop/{CANARY}.py"


async def test_logs_hold_nothing_of_documents_answers_and_errors(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    async with serving(OURS, str(log)) as client:
        client.notify("$/setTrace", {"value": "verbose"})
        client.open(URI, CANARY)
        assert await held_text(client, URI) == CANARY
        client.change(URI, 2, replacing((9, 9), (9, 9), CANARY))
        await client.request("test/raise", CANARY)
        await client.request(CANARY, CANARY)
        await client.request("textDocument/inlineCompletion", {"position": CANARY})
        await client.request("test/unserializable", CANARY)
        client.notify("$/cancelRequest", {"id": CANARY})
        client.notify("$/setTrace", {"value": CANARY})
        client.notify("workspace/didChangeWorkspaceFolders", {"event": CANARY})
        client.notify("window/workDoneProgress/cancel", {"token": CANARY})
        client.send({"jsonrpc": "2.0", "id": CANARY, "result": CANARY})
        client.send_bytes(frame_bytes(b'{"jsonrpc": "2.0", "method": "' + CANARY.encode()))
        traces = client.seen("$/logTrace")
        await client.shutdown()
        written = log.read_text() + client.stderr.decode()
    assert "a request failed" in written  # so the log was in use
    assert CANARY not in written
    assert any("textDocument/didOpen" in trace["message"] for trace in traces)
    assert CANARY not in str(traces)


async def test_plain_pygls_quotes_the_text_in_its_log() -> None:
    async with serving(PLAIN, "--log") as client:
        client.open("file:///shop/a.py", CANARY)
        await held_text(client, "file:///shop/a.py")
        await client.shutdown()
        await client.until(lambda: client.closed)
    assert CANARY in client.stderr.decode()


async def test_tracing_says_methods_and_ids_only_when_asked() -> None:
    async with serving(OURS) as client:
        client.open(URI, "text")
        await client.request("textDocument/inlineCompletion", completion_at(URI))
        assert not client.seen("$/logTrace")
        client.notify("$/setTrace", {"value": "messages"})
        id = client.begin("textDocument/inlineCompletion", completion_at(URI))
        await client.answer(id)
        await client.notification("$/logTrace")
        assert f"Received request textDocument/inlineCompletion ({id})" in [
            trace["message"] for trace in client.seen("$/logTrace")
        ]
