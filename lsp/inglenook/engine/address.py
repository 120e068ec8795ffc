"""Where a backend listens, as users write it, made into an address that may be asked, or refused.

The spellings of OLLAMA_HOST follow Ollama's own reader (envconfig/config.go, ``Host``): scheme,
port and path may each be missing; the port is 80 after ``http://`` and 11434 otherwise.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from inglenook.models.egress import origin_of

_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_SCHEME_PORTS = {"http": 80, "https": 443}


class AddressRefused(ValueError):
    """Why an address is not used; reads on after its quoted text ("… names another machine").

    ``origin`` is what would have to be allowed for it; empty if nothing can make it good.
    """

    def __init__(self, text: str, origin: str = "") -> None:
        super().__init__(text)
        self.origin = origin


@dataclass(frozen=True, slots=True)
class Address:
    """``url`` has a scheme, a port and no slash at its end. ``remark`` may be empty."""

    url: str
    remark: str = ""
    origin: str = ""  # scheme, host and port


def loopback_address(text: str, default_port: int) -> Address:
    """Read ``text``; `AddressRefused` unless it names this machine, over plain http."""
    scheme, separator, _ = text.strip().rpartition("://")
    if separator and scheme.lower() != "http":
        raise AddressRefused("does not begin with http://, the one scheme that is supported")
    return model_address(text, default_port)


def model_address(text: str, default_port: int, allowed: frozenset[str] = frozenset()) -> Address:
    """Read ``text``; `AddressRefused` unless it names this machine or is at an allowed origin.

    ``allowed`` has origins with their ports ("https://gpu.example:8443").
    """
    scheme, separator, rest = text.strip().rpartition("://")
    scheme = scheme.lower() if separator else "http"
    if scheme not in _SCHEME_PORTS:
        raise AddressRefused("does not begin with http:// or https://")
    authority, _, path = rest.partition("/")
    if "@" in authority:
        raise AddressRefused("has a user name or password in it, which is never sent")
    host, port_text = _split(authority)
    if not _PATH.fullmatch(path) or ".." in path:
        raise AddressRefused("has a path that is not one")
    usual = _SCHEME_PORTS[scheme] if separator else default_port
    port = _port(port_text) if port_text else usual
    try:
        literal, remark = _loopback(host)
    except AddressRefused as refused:
        name = f"[{host}]" if ":" in host else host
        origin = origin_of(f"{scheme}://{name}:{port}") if port else ""
        if origin not in allowed or not origin:
            raise AddressRefused(str(refused), _allowable(host, origin)) from None
        return Address(f"{origin}/{path}".rstrip("/"), origin=origin)
    if not port:
        port, remark = default_port, f"has no valid port, so {default_port} is used"
    if scheme == "https" and host.lower() == "localhost":
        literal = "localhost"  # its certificate names it so
    origin = f"{scheme}://{literal}:{port}"
    return Address(f"{origin}/{path}".rstrip("/"), remark, origin)


def allowed_origin(text: str) -> str:
    """An entry of the allow-list with its port; `AddressRefused` unless it is exactly an origin."""
    text = text.strip()
    if "*" in text:
        raise AddressRefused("has a *; each host is named by itself")
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in _SCHEME_PORTS:
        raise AddressRefused("does not begin with http:// or https://")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        raise AddressRefused("has a user name or password in it")
    if path or "?" in rest or "#" in rest:
        raise AddressRefused("has a path; a host is allowed as a whole")
    origin = origin_of(text.removesuffix("/") if slash else text)
    if not origin:
        raise AddressRefused("is not an address")
    return origin


def _allowable(host: str, origin: str) -> str:
    """``origin`` if a user can allow it: an odd spelling of some address is better written out."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        named = any(letter.isalpha() for letter in host) and not host.lower().startswith("0x")
        return origin if named and not host.lower().rstrip(".").endswith("localhost") else ""
    return "" if ip.is_loopback or ip.is_unspecified or "%" in host else origin


def _port(text: str) -> int:
    """0 if it is none."""
    plain = text.isascii() and text.isdigit() and int(text[:6]) < 65536
    return int(text) if plain and len(text) < 7 else 0


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
