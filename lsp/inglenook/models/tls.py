"""How the other end of an https connection proves who it is: always, by its certificate.

There is no way to switch that off. Beside the authorities that the system knows, an origin may
have files with further ones, and a certificate that the client shows.
"""

from __future__ import annotations

import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from inglenook.models.egress import Trust
from inglenook.models.errors import EgressRefused

_READING: Final = "set_default_verify_paths"
_MOST_BYTES: Final = 8 << 20  # all the world's authorities are 200 KB


def context_for(trust: Trust) -> ssl.SSLContext:
    """What connections to ``trust.origin`` are made with; EgressRefused names a file at fault.

    It reads files, the system's too, so it belongs into a thread. `ssl.create_default_context`
    would also write the keys of every connection down wherever SSLKEYLOGFILE says.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks certificate and host name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # a file may hold an intermediate
    context.set_alpn_protocols(["http/1.1"])
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    for file in trust.ca_files:
        try:
            # By its name: OpenSSL then reads it without holding Python's lock.
            context.load_verify_locations(cafile=_file(file))
        except ssl.SSLError:
            raise _trouble(trust, file, "has no certificate in PEM form") from None
        except OSError as error:
            raise _trouble(trust, file, f"cannot be read ({error.strerror})") from None
    if trust.client_cert:
        _show(context, trust)
    return context


@contextmanager
def no_default_authorities() -> Iterator[None]:
    """What this thread makes meanwhile with `ssl` knows none of the system's authorities.

    For importing aiohttp, which makes two contexts that we never use and reads all authorities for
    each, 80 ms in all. A connection that used one by mistake would believe nobody.
    """
    here, real = threading.get_ident(), ssl.SSLContext.set_default_verify_paths

    def skipped(context: ssl.SSLContext) -> None:
        if threading.get_ident() != here:
            real(context)

    setattr(ssl.SSLContext, _READING, skipped)
    try:
        yield
    finally:
        delattr(ssl.SSLContext, _READING)  # what it inherits shows again


def _show(context: ssl.SSLContext, trust: Trust) -> None:
    """Have the client show its own certificate."""
    files = [file for file in (trust.client_cert, trust.client_key) if file]
    paths = []
    for file in files:
        try:
            paths.append(_file(file))
        except OSError as error:
            raise _trouble(trust, file, f"cannot be read ({error.strerror})") from None
    key = paths[1] if trust.client_key else None
    try:
        # Without a password OpenSSL would ask at the terminal, or where an editor talks to us.
        context.load_cert_chain(paths[0], key, password=lambda: "")
    except (ssl.SSLError, OSError, ValueError):
        why = "has no certificate and key in PEM form that belong together, without a passphrase"
        raise _trouble(trust, " and ".join(files), why) from None


def _file(name: str) -> Path:
    """The file called ``name``; OSError for what is none, and could take for ever to read."""
    path = Path(name)
    with suppress(RuntimeError):  # nobody has that home; then there is no such file either
        path = path.expanduser()
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "it is not a file")
    if status.st_size > _MOST_BYTES:
        raise OSError(0, "it is too large")
    return path


def _trouble(trust: Trust, file: str, why: str) -> EgressRefused:
    return EgressRefused(
        f"{trust.origin} is not asked: the file {file} that your configuration names for it {why}."
    )
