"""Authorities and certificates that are made for one test."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import trustme

_LONG_AGO = datetime.now(UTC) - timedelta(days=9)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
_LATER = datetime.now(UTC) + timedelta(days=9)


@dataclass
class Authority:
    """One that signs certificates, and the file that tells who it is."""

    directory: Path
    ca: trustme.CA = field(default_factory=trustme.CA)

    @property
    def file(self) -> str:
        file = self.directory / f"{id(self.ca)}.pem"
        self.ca.cert_pem.write_to_path(str(file))
        return str(file)

    def server(
        self, name: str, since: datetime = _LONG_AGO, until: datetime = _LATER
    ) -> ssl.SSLContext:
        """What a server that is called ``name`` serves with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued = self.ca.issue_cert(name, not_before=since, not_after=until)
        issued.configure_cert(context)
        return context

    def itself(self) -> ssl.SSLContext:
        """What a server serves with whose certificate is signed by nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with self.ca.private_key_pem.tempfile() as key, self.ca.cert_pem.tempfile() as certificate:
            context.load_cert_chain(certificate, key)
        return context

    def client(self) -> tuple[str, str]:
        """Files with a client's certificate and its key."""
        issued = self.ca.issue_cert("somebody@team.example")
        certificate, key = self.directory / "client.pem", self.directory / "client.key"
        issued.cert_chain_pems[0].write_to_path(str(certificate))
        issued.private_key_pem.write_to_path(str(key))
        return str(certificate), str(key)


@contextlib.contextmanager
def refusing(context: ssl.SSLContext) -> Iterator[int]:
    """The port of a server with whom nobody gets beyond the handshake.

    It says why, as the common servers do; asyncio's own just hangs up.
    """

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with contextlib.suppress(OSError), connection:
                    _refuse(context, connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _refuse(context: ssl.SSLContext, connection: socket.socket) -> None:
    """Whoever closes with something unread takes back what was said before."""
    # With a plain duplicate the client's request can be read after the handshake failed.
    with connection.dup() as plain:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except ssl.SSLError:
            plain.shutdown(socket.SHUT_WR)
            plain.settimeout(5)
            while plain.recv(4096):
                pass
