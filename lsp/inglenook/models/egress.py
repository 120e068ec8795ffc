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
class Trust:
    """Whom to believe at one https origin, beside the authorities that the system knows.

    Nothing here makes the check weaker: a certificate is looked at in any case. ``client_key``
    is empty if the file of the client's certificate has the key too.
    """

    origin: str  # "https://gpu.example:8443"
    ca_files: tuple[str, ...] = ()  # PEM
    client_cert: str = ""
    client_key: str = ""


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """``allowed`` holds further origins ("https://gpu.example:8443"), compared exactly.

    ``trust`` allows nothing: it may also be about an origin of this machine.
    """

    allowed: frozenset[str] = frozenset()
    trust: tuple[Trust, ...] = ()

    def trust_in(self, origin: str) -> Trust:
        """What was set for an origin as `Target` writes it, or nothing more than the system's."""
        for trust in self.trust:
            if origin_of(trust.origin) == origin:
                return trust
        return Trust(origin)


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
    origin = origin_of(scheme + colon + authority) if match else ""
    if match is None or not origin:
        raise EgressRefused(f"{_shown(url)} is not an address that can be used for a model.")
    loopback = _is_loopback(match)
    if not loopback and origin not in allowed_origins(policy):
        raise EgressRefused(
            f"{origin} is not on this machine. If you trust it with your code, allow it in your "
            f"own configuration file: inglenook: {{hosts: [{origin!r}]}}"
        )
    return Target(origin, match["path"].rstrip("/"), loopback)


def origin_of(url: str) -> str:
    """``url`` ("https://GPU.example/") as scheme, host and port; empty if it is more, or none."""
    match = _URL.fullmatch(url.lower())
    if match is None or match["path"].strip("/"):
        return ""
    port = int(match["port"] or _PORTS[match["scheme"]])
    host = f"[{match['v6']}]" if match["v6"] else match["name"]
    return f"{match['scheme']}://{host}:{port}" if 0 < port < 65536 else ""


def allowed_origins(policy: EgressPolicy | None) -> frozenset[str]:
    """The further origins of ``policy``; what is no origin allows nothing."""
    allowed = policy.allowed if policy else frozenset()
    return frozenset(origin for each in allowed if (origin := origin_of(each)))


def _is_loopback(match: re.Match[str]) -> bool:
    try:
        if match["v6"]:
            # An IPv4 address in IPv6 clothes is left out: systems differ in what it reaches.
            return IPv6Address(match["v6"]) == IPv6Address("::1")
        # The octets of IPv4Address are decimal without leading zeros, so 0177.1 is a name to it.
        return match["name"] == "localhost" or IPv4Address(match["name"]) in _LOOPBACK
    except AddressValueError:
        return False


def _shown(url: str) -> str:
    # What stands before an @ may be a password.
    return ascii(url.rpartition("@")[2][:80])
