"""The server over the process's standard input and output."""

from __future__ import annotations

import asyncio
import gc
import os
from typing import Any, Final

from inglenook.server.base import InglenookServer
from inglenook.server.framing import Inbox, start_reader
from inglenook.server.writer import Writer

_END: Final = object()  # the client's last word: its end of the stream


def run_stdio(server: InglenookServer) -> int:
    """Serve the client at stdin and stdout until it says ``exit`` or is gone.

    Returns the process's exit code: 0 after ``shutdown``, else 1. Leave by `os._exit` or return
    from main at once: two seconds after the end the process ends by itself.
    """
    stdin, stdout = _claim(0, os.O_RDONLY), _claim(1, None)
    gc.freeze()  # a full collection need not look at the modules any more
    try:
        return asyncio.run(_serve(server, stdin, stdout))
    except KeyboardInterrupt:
        return 130


def _claim(descriptor: int, null_flags: int | None) -> int:
    """Keep a standard stream for the protocol alone.

    Whatever else prints goes to stderr, and child processes inherit neither stream: one that
    outlives us would keep the editor's pipe open, and one that reads would eat its messages.
    """
    own = os.dup(descriptor)
    if null_flags is None:
        os.dup2(2, descriptor)
    else:
        null = os.open(os.devnull, null_flags)
        os.dup2(null, descriptor)
        os.close(null)
    return own


async def _serve(server: InglenookServer, stdin: int, stdout: int) -> int:
    loop, lifetime, protocol = asyncio.get_running_loop(), server.lifetime, server.protocol
    lifetime.begin(loop)
    writer = Writer(stdout, give_up=lambda: lifetime.end(1))
    protocol.connect(writer)

    def receive(item: Any) -> None:
        if item is _END:
            lifetime.end(0 if protocol.is_shut_down else 1)
        else:
            protocol.receive(item)

    inbox = Inbox(loop, receive)

    def put(item: Any, size: int) -> None:
        if isinstance(item, dict) and item.get("method") == "exit":
            lifetime.limit()  # from this thread, since the loop may hang
        inbox.put(item, size)

    def ended() -> None:
        lifetime.limit()
        inbox.put(_END, 0)

    start_reader(stdin, put, ended)
    code = await lifetime.wait()
    await server.close()
    writer.close(0.5)
    return code
