"""Where a backend listens, as users write it, made into a loopback address or refused.

The spellings of OLLAMA_HOST follow Ollama's own reader (envconfig/config.go, ``Host``): scheme,
port and path may each be missing; the port is 80 after ``http://`` and 11434 otherwise.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_PATH = re.compile(r"[A-Za-z0-9._~/-]*")


class AddressRefused(ValueError):
    """Why an address is not used; reads on after its quoted text ("… names another machine")."""


@dataclass(frozen=True, slots=True)
class Address:
    """``url`` has an IP literal, a port and no slash at its end. ``remark`` may be empty."""

    url: str
    remark: str = ""


def loopback_address(text: str, default_port: int) -> Address:
    """Read ``text``; `AddressRefused` unless it names this machine, over plain http."""
    scheme, separator, rest = text.strip().rpartition("://")
    if separator and scheme.lower() != "http":
        raise AddressRefused("does not begin with http://, the one scheme that is supported")
    authority, _, path = rest.partition("/")
    host, port_text = _split(authority)
    if not _PATH.fullmatch(path) or ".." in path:
        raise AddressRefused("has a path that is not one")
    literal, remark = _loopback(host)
    port = 80 if separator else default_port
    if port_text:
        if port_text.isascii() and port_text.isdigit() and 0 < int(port_text[:6]) < 65536:
            port = int(port_text)
        else:
            port, remark = default_port, f"has no valid port, so {default_port} is used"
    return Address(f"http://{literal}:{port}/{path}".rstrip("/"), remark)


def _split(authority: str) -> tuple[str, str]:
    """Host and port, either of which may be empty; a bare IPv6 address has no port."""
    if authority.startswith("["):
        host, _, rest = authority[1:].partition("]")
        if rest and not rest.startswith(":"):
            raise AddressRefused("is not an address")
        return host, rest[1:]
    if authority.count(":") > 1:
        return authority, ""
    host, _, port = authority.partition(":")
    return host, port


def _loopback(host: str) -> tuple[str, str]:
    """The IP literal of ``host`` for a URL, and a remark."""
    if host.lower() in ("", "localhost"):
        return "127.0.0.1", ""
    if "%" in host:
        raise AddressRefused("has a zone (%), which no address of this machine itself needs")
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        raise AddressRefused("does not name this machine by 127.0.0.1, ::1 or localhost") from None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_unspecified:
        return "127.0.0.1", "means every network of this machine, so 127.0.0.1 is asked"
    if not ip.is_loopback:
        raise AddressRefused("names another machine")
    return (f"[{ip}]" if ip.version == 6 else str(ip)), ""
