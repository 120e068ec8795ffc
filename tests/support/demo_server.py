"""A language server for tests of the demo: one status, then one answer for every request.

``python demo_server.py STATE GHOST``. It shares no code with the program, checks nothing and
completes nothing: it lets a test say what the demo is told.
"""

from __future__ import annotations

import json
import sys
from typing import Any

Json = dict[str, Any]


def send(message: Json) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    sys.stdout.buffer.flush()


def read() -> Json | None:
    size = 0
    while line := sys.stdin.buffer.readline().strip():
        size = int(line.partition(b":")[2])
    message: Json | None = json.loads(sys.stdin.buffer.read(size)) if size else None
    return message


def report(uri: str) -> Json:
    return {
        "uri": uri,
        "model": "toy-coder",
        "backend": "toy",
        "cached": False,
        "ms": {"total": 12.25, "context": 1.5, "firstToken": 9.0},
        "prompt": {"tokens": 400, "evaluated": 7, "reused": 393},
        "predicted": {"tokens": 11, "perSecond": 50.6},
    }


def main(state: str, ghost: str) -> None:
    while (message := read()) is not None:
        method = message["method"]
        result: Json | None = None
        if method == "initialize":
            result = {"capabilities": {"inlineCompletionProvider": True}}
        elif method == "initialized":
            status = {"state": "loading", "text": "Loading.", "model": "toy-coder"}
            send({"method": "inglenook/status", "params": status})
            send({"method": "inglenook/status", "params": status | {"state": state, "text": ""}})
        elif method == "textDocument/inlineCompletion":
            uri = message["params"]["textDocument"]["uri"]
            send({"method": "inglenook/completionReport", "params": report(uri)})
            result = {"items": [{"insertText": ghost}] if ghost else []}
        elif method == "exit":
            return
        if "id" in message:
            send({"id": message["id"], "result": result})


if __name__ == "__main__":
    main(*sys.argv[1:])
