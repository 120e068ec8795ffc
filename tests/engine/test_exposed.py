"""What listens where, from drawn tables of the kernel and from real sockets."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from inglenook.engine.exposed import TABLES, Listener, cure, listeners, reachable
from inglenook.models.spec import Provider

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
TCP = """\
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 00000000:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 0A00A8C0:04D2 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 3 1
   3: 0100007F:2CAA 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 4 1
   4: what is this
"""
TCP6 = """\
   0: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 00000000
   1: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000
   2: 0000000000000000FFFF00000100007F:0BB9 00000000000000000000000000000000:0000 0A 00000000
"""


def tables(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / name).write_text(HEAD + text)
    return directory


@pytest.fixture(autouse=True)
def little_endian(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables above are those of such a machine."""
    monkeypatch.setattr(sys, "byteorder", "little")


def test_what_the_kernel_tells(tmp_path: Path) -> None:
    assert listeners(tables(tmp_path, tcp=TCP, tcp6=TCP6)) == (
        Listener("127.0.0.1", 8080),
        Listener("0.0.0.0", 11434),
        Listener("192.168.0.10", 1234),
        Listener("::", 8000),
        Listener("::1", 3000),
        Listener("::ffff:127.0.0.1", 3001)
        if sys.version_info >= (3, 13)
        else Listener("::ffff:7f00:1", 3001),
    )


@pytest.mark.parametrize(
    ("port", "where"),
    [
        (8080, None),
        (11434, "every network of this machine"),
        (1234, "192.168.0.10 too"),
        (8000, "every network of this machine"),
        (3000, None),
        (3001, None),
        (5000, None),
    ],
)
def test_who_can_be_reached(tmp_path: Path, port: int, where: str | None) -> None:
    found = listeners(tables(tmp_path, tcp=TCP, tcp6=TCP6))
    assert found is not None
    listener = reachable(found, port)
    assert (listener.where if listener else None) == where


def test_the_widest_counts() -> None:
    narrow, wide = Listener("10.0.0.1", 80), Listener("0.0.0.0", 80)
    assert reachable((narrow, wide), 80) == reachable((wide, narrow), 80) == wide


def test_a_machine_without_ipv6(tmp_path: Path) -> None:
    assert len(listeners(tables(tmp_path, tcp=TCP)) or ()) == 3


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert listeners(tmp_path) is None


def test_real_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel has the table; elsewhere that is said."""
    monkeypatch.undo()
    with socket.socket() as wide, socket.socket() as narrow:
        wide.bind(("0.0.0.0", 0))
        narrow.bind(("127.0.0.1", 0))
        wide.listen()
        narrow.listen()
        found = listeners()
        if not TABLES.exists():
            assert found is None
            return
        assert found is not None
        assert Listener(*narrow.getsockname()) in found
        assert reachable(found, wide.getsockname()[1]) == Listener(*wide.getsockname())
        assert reachable(found, narrow.getsockname()[1]) is None


def test_each_server_has_its_cure() -> None:
    cures = {cure(provider) for provider in Provider if provider is not Provider.EMBEDDED}
    assert len(cures) == 5  # four of their own, and one for all others
    assert "OLLAMA_HOST=127.0.0.1" in cure(Provider.OLLAMA)
    assert "--host 127.0.0.1" in cure(Provider.LLAMA_CPP)
