"""``models get`` against a server that has every way to go wrong."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import trustme
from aiohttp import web

from inglenook.models import download as module
from inglenook.models.catalogue import CATALOGUE, Entry, find
from inglenook.models.download import DownloadFailed, download

BODY = bytes(range(256)) * 12_000  # three blocks
ENTRY = Entry(
    name="tiny:1b",
    file="tiny.gguf",
    source="https://unused.invalid/tiny.gguf",
    size=len(BODY),
    sha256=hashlib.sha256(BODY).hexdigest(),
    licence="Apache-2.0",
    about="",
)
GOES_ON = "the same command goes on with them."  # test_download_resume.py sees that it does
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@contextlib.asynccontextmanager
async def serving(handler: Handler, authority: trustme.CA | None) -> AsyncIterator[str]:
    """The address of a server on loopback; plain http without an authority."""
    context = None
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
    app = web.Application()
    app.router.add_get("/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{port}/tiny.gguf"
    finally:
        await runner.cleanup()


async def body(_request: web.Request) -> web.StreamResponse:
    return web.Response(body=BODY)


def files(directory: Path) -> list[str]:
    return [file.name for file in directory.iterdir()]


async def get(
    directory: Path, source: str, trust: ssl.SSLContext | None, seen: list[int] | None = None
) -> Path:
    progress = seen.append if seen is not None else lambda _size: None
    return await download(ENTRY, directory, progress, source=source, trust=trust)


async def refused(directory: Path, source: str, trust: ssl.SSLContext | None) -> str:
    """The sentence of the failure, after which the file has no name."""
    with pytest.raises(DownloadFailed) as failure:
        await get(directory, source, trust)
    kept = [".tiny.gguf.part", ".tiny.gguf.part.json"] if GOES_ON in str(failure.value) else []
    assert sorted(files(directory)) == kept
    return str(failure.value)


async def test_puts_the_verified_file_in_place(
    tmp_path: Path, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    seen: list[int] = []
    async with serving(body, authority) as source:
        path = await get(tmp_path / "new" / "models", source, trust, seen)
    assert path == tmp_path / "new" / "models" / "tiny.gguf"
    assert path.read_bytes() == BODY
    assert files(path.parent) == ["tiny.gguf"]
    assert seen == sorted(seen)
    assert seen[-1] == ENTRY.size


async def test_a_file_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / ENTRY.file).write_bytes(BODY)
    assert await get(tmp_path, "https://127.0.0.1:9/", None) == tmp_path / ENTRY.file


async def test_a_damaged_file_is_replaced(
    tmp_path: Path, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    (tmp_path / ENTRY.file).write_bytes(b"x" * ENTRY.size)
    async with serving(body, authority) as source:
        path = await get(tmp_path, source, trust)
    assert path.read_bytes() == BODY


async def test_follows_redirects_with_the_signature_untouched(
    tmp_path: Path, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    raw: list[str] = []

    async def storage(request: web.Request) -> web.StreamResponse:
        raw.append(request.raw_path)
        if request.path == "/tiny.gguf":
            return web.Response(status=302, headers={"Location": "/s?sig=a%2Fb%3D&n=a+b"})
        return await body(request)

    async with serving(storage, authority) as source:
        await get(tmp_path, source, trust)
    assert raw == ["/tiny.gguf", "/s?sig=a%2Fb%3D&n=a+b"]


async def test_a_redirect_to_http_is_not_followed(
    tmp_path: Path, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    plain_requests: list[str] = []

    async def plain(request: web.Request) -> web.StreamResponse:
        plain_requests.append(request.path)
        return await body(request)

    async with serving(plain, None) as plain_source:

        async def redirect(_request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": plain_source})

        async with serving(redirect, authority) as source:
            assert "without https" in await refused(tmp_path, source, trust)
    assert plain_requests == []


async def test_an_endless_redirect_ends(
    tmp_path: Path, authority: trustme.CA, trust: ssl.SSLContext
) -> None:
    count = 0

    async def redirect(_request: web.Request) -> web.StreamResponse:
        nonlocal count
        count += 1
        return web.Response(status=307, headers={"Location": f"/{count}"})

    async with serving(redirect, authority) as source:
        assert "redirects more than 5 times" in await refused(tmp_path, source, trust)
    assert count == 6


async def test_a_plain_http_source_is_refused(tmp_path: Path) -> None:
    async with serving(body, None) as source:
        assert "without https" in await refused(tmp_path, source, None)


async def test_an_unknown_certificate_is_refused(tmp_path: Path, authority: trustme.CA) -> None:
    async with serving(body, authority) as source:
        assert "certificate" in await refused(tmp_path, source, None)


def answer(data: bytes, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)  # chunked: tells no length
        await response.prepare(request)
        await response.write(data)
        return response

    return handler


def status(code: int) -> Handler:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=code)

    return handler


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(ENTRY.size)})
    await response.prepare(request)
    await response.write(BODY[:100_000])
    assert request.transport is not None
    request.transport.abort()
    return response


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        pytest.param(answer(b"x" * ENTRY.size), "SHA-256", id="other bytes"),
        pytest.param(answer(BODY + b"x"), "more than", id="one byte more"),
        pytest.param(answer(BODY[:-1]), "broke off; 3.1 of 3.1 MB are there", id="one byte less"),
        pytest.param(answer(BODY, **{"Content-Length": "12"}), "size differs", id="length"),
        pytest.param(cut, "broke off", id="cut"),
        pytest.param(answer(b""), "broke off.", id="nothing"),
        pytest.param(status(404), "status 404", id="404"),
        pytest.param(status(500), "status 500", id="500"),
        pytest.param(status(302), "status 302", id="redirect without a place"),
    ],
)
async def test_a_bad_answer_is_one_sentence(
    tmp_path: Path,
    authority: trustme.CA,
    trust: ssl.SSLContext,
    handler: Handler,
    sentence: str,
) -> None:
    async with serving(handler, authority) as source:
        assert sentence in await refused(tmp_path, source, trust)


async def test_no_network_is_one_sentence(tmp_path: Path) -> None:
    assert "there may be no network." in await refused(tmp_path, "https://127.0.0.1:9/x", None)


async def test_a_full_disk_is_said_before_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=ENTRY.size - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert "no room for the 4 MB of tiny:1b" in await refused(
        tmp_path, "https://127.0.0.1:9/", None
    )


async def test_proxies_are_not_used(
    tmp_path: Path,
    authority: trustme.CA,
    trust: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(body, authority) as source:
        await get(tmp_path, source, trust)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_every_entry_is_pinned(entry: Entry) -> None:
    assert entry.source.startswith("https://")
    assert entry.source.endswith("/" + entry.file)
    assert re.fullmatch("[0-9a-f]{64}", entry.sha256)
    assert entry.size > 0
    assert entry.licence


@pytest.mark.parametrize(
    "name",
    [
        "qwen2.5-coder:0.5b",
        "Qwen2.5-Coder:0.5B",
        "qwen2.5-coder-0.5b-instruct-q4_k_m",
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    ],
)
def test_finds_an_entry(name: str) -> None:
    found = find(name)
    assert found is not None
    assert found.name == "qwen2.5-coder:0.5b"


@pytest.mark.parametrize("name", ["", "qwen", "../qwen2.5-coder:0.5b"])
def test_guesses_no_entry(name: str) -> None:
    assert find(name) is None


def test_only_the_command_can_download() -> None:
    """No module but the command's own even names the downloader."""
    package = Path(module.__file__).parent.parent
    importers = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if re.search(r"models\.download|import download|test_model", file.read_text("utf-8"))
    }
    own = {"models/download.py", "models/download_part.py"}
    assert importers - own == {"commands/models.py", "commands/models_get.py"}
