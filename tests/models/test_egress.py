"""Every spelling of an address is provably loopback, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.models.egress import EgressPolicy, check
from inglenook.models.errors import EgressRefused


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("https://127.0.0.1", "https://127.0.0.1:443"),
        ("http://127.8.9.10:1", "http://127.8.9.10:1"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("HTTP://LocalHost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://[0:0:0:0:0:0:0:1]:8080", "http://[0:0:0:0:0:0:0:1]:8080"),
    ],
)
def test_loopback(url: str, origin: str) -> None:
    target = check(url)
    assert target.origin == origin
    assert target.loopback


def test_a_path_stays() -> None:
    assert check("http://127.0.0.1:8080/llm/v1/").at("/completion") == (
        "http://127.0.0.1:8080/llm/v1/completion"
    )


REFUSED = [
    "http://localhost.evil.test",
    "http://127.0.0.1.evil.test",
    "http://127.0.0.1@evil.test",
    "http://127.0.0.1:80@evil.test",
    "http://evil.test#@127.0.0.1",
    "http://evil.test?@127.0.0.1",
    "http://user:secret@127.0.0.1",
    "http://2130706433",
    "http://0x7f.1",
    "http://0x7f000001",
    "http://0177.1",
    "http://0177.0.0.1",
    "http://127.1",
    "http://127.0.0.01",
    "http://[::ffff:7f00:1]",
    "http://[::ffff:127.0.0.1]",
    "http://[::1%lo]",
    "http://[::]",
    "http://0.0.0.0:11434",
    "http://０.0.0.0",
    "http://１２７.0.0.1",
    "http://127。0。0。1",
    "http://localhost.",
    "http://127.0.0.1.",
    "http:\\\\127.0.0.1",
    "http://127.0.0.1\\@evil.test",
    "http://evil.test\\@127.0.0.1",
    "http://127.0.0.1%2eevil.test",
    "http://%6cocalhost",
    "http://127.0.0.1 ",
    " http://127.0.0.1",
    "http://127.0.0.1\n",
    "http://127.0.0.1\tevil.test",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
    "http://127.0.0.1:-1",
    "http://127.0.0.1:٣",
    "http://127.0.0.1/a?b",
    "http://127.0.0.1/../a b",
    "http:///etc/passwd",
    "http://",
    "//127.0.0.1",
    "127.0.0.1:11434",
    "file:///etc/passwd",
    "ftp://127.0.0.1",
    "unix:///run/ollama.sock",
    "http://192.168.1.2",
    "http://10.0.0.1",
    "http://169.254.169.254",
    "http://ollama.com",
    "http://ⓛocalhost",
    "http://127.0.0.1\u200b",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_refused(url: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        check(url)
    message = str(caught.value)
    assert "secret" not in message
    assert message.isascii()
    assert message.isprintable()


def test_a_host_that_the_user_allows() -> None:
    policy = EgressPolicy(frozenset({"https://gpu.example:8443", "http://192.168.1.2"}))
    assert not check("https://gpu.example:8443/v1", policy).loopback
    assert not check("https://GPU.example:8443", policy).loopback
    assert check("http://192.168.1.2:80", policy).origin == "http://192.168.1.2:80"


@pytest.mark.parametrize(
    "url",
    [
        "http://gpu.example:8443",
        "https://gpu.example",
        "https://gpu.example:8444",
        "https://evil.gpu.example:8443",
        "https://gpu.example.evil.test:8443",
        "https://gpu.example:8443@evil.test",
    ],
)
def test_nothing_near_it(url: str) -> None:
    with pytest.raises(EgressRefused):
        check(url, EgressPolicy(frozenset({"https://gpu.example:8443"})))


@given(st.text(alphabet="http://[]127.0:@\\%localhost#?evil \t\u3002", max_size=40))
def test_what_passes_has_a_plain_loopback_host(url: str) -> None:
    try:
        target = check(url)
    except EgressRefused:
        return
    host = target.origin.partition("://")[2].rpartition(":")[0]
    assert host == "localhost" or host.startswith(("127.", "["))
    assert set(host) <= set("0123456789.[]:localhost")
