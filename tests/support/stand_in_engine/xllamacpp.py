"""What `inglenook.models.embedded_child` uses of xllamacpp, in Python: it loads in no time.

It stands first on the path of the engine's process. STAND_IN in the environment says how it is:
``unloadable``, ``missing``, ``crash`` (while it loads), or ``slow`` (to load). Its answer to every
request is its process id, behind what a grammar has it begin with; it takes ``n_predict`` pieces,
of which those after the first come slowly, so that a long answer is one that can be broken off.
"""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any


class CommonParams:
    def __init__(self) -> None:
        self.model = SimpleNamespace(path="")
        self.api_keys: list[str] = []
        self.n_ubatch = 512


class Server:
    def __init__(self, params: Any) -> None:
        how = os.environ.get("STAND_IN", "")
        time.sleep(1.0 if how == "slow" else 0.1)
        if how == "missing":
            raise ImportError
        if how == "unloadable":
            raise RuntimeError
        if how == "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        handler = type("Handler", (_Handler,), {"key": params.api_keys[0]})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.listening_address = f"http://127.0.0.1:{self._http.server_port}"


def _forced(told: dict[str, Any]) -> str:
    """The literal with which a grammar of token healing begins."""
    match = re.match(r'root ::= ("(?:[^"\\]|\\.)*")', told.get("grammar") or "")
    return json.loads(match[1]) if match else ""


class _Handler(BaseHTTPRequestHandler):
    key = ""

    def do_GET(self) -> None:
        self._answer(200, b'{"status": "ok"}')

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {self.key}":
            self._answer(401, b"{}")
            return
        self.send_response(200)
        self.end_headers()
        pieces = 2 if told["n_predict"] < 1000 else 1000
        for number in range(pieces):
            said = _forced(told) + str(os.getpid())
            event = {"content": "" if number else said, "stop": number == pieces - 1}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()
            time.sleep(0.05 if pieces > 2 else 0)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""
