"""A listener that no editor's server may connect to, in a thread: see `hostile_canary`."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Canary:
    listener: socket.socket
    peers: list[int] = field(default_factory=list)  # their ports

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def connections(self) -> int:
        """How many there were. One of our own comes behind them, and shows that it hears."""
        with socket.create_connection(self.listener.getsockname(), timeout=10) as own:
            port = own.getsockname()[1]
            own.settimeout(10)
            assert own.recv(1) == b""  # closed from there: it was accepted
        return len([peer for peer in self.peers if peer != port])


@contextmanager
def canary() -> Iterator[Canary]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = Canary(listener)
        thread = threading.Thread(target=_listen, args=[found], daemon=True)
        thread.start()
        try:
            yield found
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _listen(found: Canary) -> None:
    while True:
        try:
            connection, (_, port) = found.listener.accept()
        except OSError:
            return
        found.peers.append(port)
        connection.close()
