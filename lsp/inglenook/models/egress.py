"""Where a request may go: this machine, and what a policy allows by name.

There is one reading of a URL here and it is narrow: what it does not know it refuses. So no
spelling can mean one address to this check and another to the HTTP client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address
from typing import Final

from inglenook.models.errors import EgressRefused

# `localhost` is a name like any other to a resolver, so it never gets to see one.
LOCALHOST: Final = ("127.0.0.1", "::1")

_LOOPBACK: Final = IPv4Network("127.0.0.0/8")
_PORTS: Final = {"http": 80, "https": 443}
# ASCII only, no userinfo, no backslash, no percent-encoding, no zone in an IPv6 address.
_URL: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?))"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~-]*)*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """``allowed`` holds further origins ("https://gpu.example:8443"), compared exactly."""

    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address. ``origin`` names the port always; ``path`` has no slash at its end."""

    origin: str
    path: str
    loopback: bool

    def at(self, path: str) -> str:
        """The URL of ``path`` ("/api/tags") below this address."""
        return self.origin + self.path + path


def check(url: str, policy: EgressPolicy | None = None) -> Target:
    """What ``url`` ("http://127.0.0.1:11434") means; EgressRefused if it may not be asked."""
    scheme, colon, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    match = _URL.fullmatch(scheme.lower() + colon + authority.lower() + slash + path)
    port = int(match["port"] or _PORTS[match["scheme"]]) if match else 0
    if match is None or not 0 < port < 65536:
        raise EgressRefused(f"{_shown(url)} is not an address that can be used for a model.")
    host = f"[{match['v6']}]" if match["v6"] else match["name"]
    origin = f"{match['scheme']}://{host}:{port}"
    loopback = _is_loopback(match)
    if not loopback and origin not in _origins(policy):
        raise EgressRefused(
            f"{_shown(origin)} is not on this machine, and only this machine's own addresses are "
            "allowed."
        )
    return Target(origin, match["path"].rstrip("/"), loopback)


def _is_loopback(match: re.Match[str]) -> bool:
    try:
        if match["v6"]:
            # An IPv4 address in IPv6 clothes is left out: systems differ in what it reaches.
            return IPv6Address(match["v6"]) == IPv6Address("::1")
        # The octets of IPv4Address are decimal without leading zeros, so 0177.1 is a name to it.
        return match["name"] == "localhost" or IPv4Address(match["name"]) in _LOOPBACK
    except AddressValueError:
        return False


def _origins(policy: EgressPolicy | None) -> frozenset[str]:
    if policy is None:
        return frozenset()
    origins = set()
    for allowed in policy.allowed:
        origin = allowed.lower().rstrip("/")
        match = _URL.fullmatch(origin)
        if match is not None:
            origins.add(origin if match["port"] else f"{origin}:{_PORTS[match['scheme']]}")
    return frozenset(origins)


def _shown(url: str) -> str:
    # What stands before an @ may be a password.
    return ascii(url.rpartition("@")[2][:80])
