"""Whether others can reach a model server: which ports of this machine are listened on, and where.

Read from the kernel's own table, so nothing is connected to, least of all an address that is not
loopback. Only Linux has such a table for everybody to read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Final

from inglenook.models.spec import Provider

TABLES: Final = Path("/proc/net")
# The ports that model servers listen on by themselves; only Ollama's and LM Studio's are theirs.
USUAL_PORTS: Final = {
    Provider.OLLAMA: 11434,
    Provider.LM_STUDIO: 1234,
    Provider.LLAMA_CPP: 8080,
    Provider.VLLM: 8000,
}
_CURES: Final = {
    Provider.OLLAMA: "Set OLLAMA_HOST=127.0.0.1 for Ollama's own process and start it again "
    "(in its app: switch off 'Expose Ollama to the network').",
    Provider.LLAMA_CPP: "Start it again as: llama-server --host 127.0.0.1",
    Provider.LM_STUDIO: "In the settings of LM Studio's server, switch off 'Serve on Local "
    "Network'.",
    Provider.VLLM: "Start it again as: vllm serve --host 127.0.0.1",
}
_CURE: Final = "Let the server listen on 127.0.0.1 only."
_LISTENS: Final = "0A"  # TCP_LISTEN in the kernel's tcp_states.h


@dataclass(frozen=True, slots=True)
class Listener:
    """A port that is listened on at an address: "127.0.0.1", "0.0.0.0", "::"."""

    host: str
    port: int

    @property
    def open(self) -> bool:
        """Whether another machine may reach it."""
        address = IPv6Address(self.host) if ":" in self.host else IPv4Address(self.host)
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return not (mapped or address).is_loopback

    @property
    def where(self) -> str:
        """As words after "listens on"."""
        everywhere = self.host in ("0.0.0.0", "::")
        return "every network of this machine" if everywhere else f"{self.host} too"


def listeners(tables: Path = TABLES) -> tuple[Listener, ...] | None:
    """All listening TCP sockets; None if this system does not tell."""
    found: list[Listener] = []
    told = False
    for name in ("tcp", "tcp6"):
        try:
            lines = (tables / name).read_text("ascii", "replace").splitlines()
        except OSError:
            continue  # a kernel without IPv6 has the first only
        told = True
        found += _listening(lines[1:])
    return tuple(dict.fromkeys(found)) if told else None


def reachable(found: tuple[Listener, ...], port: int) -> Listener | None:
    """Where others can reach ``port``; the widest, and None if nowhere."""
    there = [each for each in found if each.port == port and each.open]
    return min(
        there, key=lambda each: (each.host not in ("0.0.0.0", "::"), each.host), default=None
    )


def cure(provider: Provider) -> str:
    """How to make a server of this kind listen on loopback only."""
    return _CURES.get(provider, _CURE)


def _listening(lines: list[str]) -> Iterator[Listener]:
    """Each line: ``  0: 0100007F:2CAA 00000000:0000 0A …``, addresses in words of the CPU."""
    for line in lines:
        fields = line.split()
        if len(fields) < 4 or fields[3] != _LISTENS:
            continue
        host, _, port = fields[1].partition(":")
        try:
            yield Listener(_address(host), int(port, 16))
        except ValueError:
            continue


def _address(hexadecimal: str) -> str:
    data = bytes.fromhex(hexadecimal)
    if sys.byteorder == "little":
        data = b"".join(data[start : start + 4][::-1] for start in range(0, len(data), 4))
    return str(IPv4Address(data) if len(data) == 4 else IPv6Address(data))
