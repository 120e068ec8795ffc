"""A real gateway: LiteLLM's proxy, in an environment of its own, before engines on this machine.

``async with litellm_proxy(deployments) as gateway:`` serves one model on a free loopback port,
behind a key of the run's own.

The version is pinned, for two releases of LiteLLM stole credentials (1.82.7 and 1.82.8, March
2026). 1.91.5 is of August 2026, was out for three months when it was chosen, and has the mending
of CVE-2026-42208, CVE-2026-42271 and CVE-2026-49468 (1.83.7, 1.83.7 and 1.84.0). It also ends its
request to an engine when its client goes, which older ones do not. What its publisher made is
held to digests, and nothing else in the environment is newer than `_BEFORE`.

The proxy gets no variable of the user's but PATH, keeps no database, and is told to fetch and to
report nothing. An audit hook notes every address that it looks up or connects to.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import venv
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inglenook.models.errors import ModelError
from inglenook.models.http import HttpClient
from inglenook.models.openai_models import OpenAIServer
from tests.support.test_model import model_path

VERSION: Final = "1.91.5"
MODEL: Final = "qwen2.5-coder"  # what the gateway calls the model of all its engines
_PUBLISHED: Final = (
    f"litellm=={VERSION}"
    " --hash=sha256:db09c6ea0b7c7de034b6c8b628208b000b54e02ef557468f84c2e63fbd7c8560",
    "litellm-proxy-extras==0.4.74"
    " --hash=sha256:d4b82d4f994cb0a9954e02337455e822dc35e28a33bfe29a13d4ca2bbf0e2c76",
    "litellm-enterprise==0.1.44"
    " --hash=sha256:5821cf9a313650edf1fb26a628d70e49b213507e556a95ee811112366edbbdbb",
)
_BEFORE: Final = "2026-08-25T00:00:00Z"
_STARTS_WITHIN: Final = 120.0  # seconds
_VARIABLES: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it fetches a list of prices at every start
    "LITELLM_TELEMETRY": "False",
    "LITELLM_MODE": "PRODUCTION",  # reads no .env
    "HF_HUB_OFFLINE": "1",
    "NO_PROXY": "*",
}
# As a team should have it. A stream that fails is neither tried again by LiteLLM nor held against
# its machine, so a machine that has gone must be found out by looking.
ROUTING: Final[Mapping[str, Any]] = {
    "background_health_checks": True,
    "health_check_interval": 5,  # seconds
    "enable_health_check_routing": True,
}
# The proxy, with a note of every host that it looks up or connects to.
_LAUNCH: Final = """
import os, sys
notes = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
def note(event, args):
    if event in ("socket.connect", "socket.sendto"):
        host = args[1][0] if isinstance(args[1], tuple) else "localhost"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    os.write(notes, f"{host}\\n".encode())
sys.addaudithook(note)
from litellm.proxy import proxy_cli
# uvloop, its own choice, connects without an audit event.
proxy_cli.ProxyInitializationHelpers._get_loop_type = staticmethod(lambda: "asyncio")
proxy_cli.run_server()
"""


class GatewayError(Exception):
    """Why the gateway could not be had, in one sentence."""


@dataclass(frozen=True)
class Deployment:
    """An engine as the gateway reaches it."""

    url: str
    key: str


@dataclass(frozen=True)
class Gateway:
    """A running proxy."""

    url: str
    key: str
    pid: int
    notes: Path  # of the audit hook

    def server(self, client: HttpClient, key: str = "") -> OpenAIServer:
        return OpenAIServer(client.check(self.url), api_key=key or self.key)

    def foreign(self) -> list[str]:
        """The hosts that it looked up or connected to and that are not this machine."""
        hosts = set(self.notes.read_text("utf-8").splitlines())
        return sorted(host for host in hosts if not _is_here(host))


def _is_here(host: str) -> bool:
    if host in ("localhost", "None"):  # None: an address to listen at
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def obtain() -> Path:
    """The Python of an environment with the proxy, which is made if it is not there yet."""
    home = model_path().parent / f"litellm-{VERSION}"
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent, prefix="parts-") as workdir:
            partial = Path(workdir) / "environment"
            _install(partial, Path(workdir) / "published.txt")
            partial.replace(home)
    return _python(home)


def _python(home: Path) -> Path:
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _install(home: Path, published: Path) -> None:
    venv.create(home)
    published.write_text("\n".join(_PUBLISHED), encoding="utf-8")
    _pip(home, "--require-hashes", "--no-deps", "--requirement", str(published))
    _pip(home, "--uploaded-prior-to", _BEFORE, f"litellm[proxy]=={VERSION}")


def _pip(home: Path, *arguments: str) -> None:
    print("installing", arguments[-1].rpartition(os.sep)[2], file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "pip", "--python", str(_python(home)), "install", "--quiet"]
    # Only wheels: building a source archive would run code of the package.
    command += ["--disable-pip-version-check", "--only-binary=:all:", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise GatewayError(f"pip could not install LiteLLM's proxy: {lines[-1]}")


@contextlib.asynccontextmanager
async def litellm_proxy(
    deployments: Sequence[Deployment], routing: Mapping[str, Any] = ROUTING
) -> AsyncIterator[Gateway]:
    """A proxy that is ready; it is gone at the end. ``routing`` is of its general settings."""
    python = await asyncio.to_thread(obtain)
    with tempfile.TemporaryDirectory(prefix="inglenook-gateway-") as home:
        port, key = _free_port(), "sk-" + secrets.token_urlsafe(16)
        config, notes, log = (Path(home) / name for name in ("config.yaml", "notes", "log"))
        config.write_text(json.dumps(_config(deployments, routing, key)))  # JSON is YAML too
        config.chmod(0o600)
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *(str(python), "-c", _LAUNCH, str(notes), "--config", str(config)),
                *("--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"),
                *("--telemetry", "False"),
                cwd=home,
                env={"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, **_VARIABLES},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            gateway = Gateway(f"http://127.0.0.1:{port}", key, process.pid, notes)
            await _ready(gateway, process)
            yield gateway
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _config(
    deployments: Sequence[Deployment], routing: Mapping[str, Any], key: str
) -> dict[str, Any]:
    return {
        "model_list": [
            {
                "model_name": MODEL,
                "litellm_params": {
                    # The prompt goes to /v1/completions as it is, and not as a chat's message.
                    "model": f"text-completion-openai/{MODEL}",
                    "api_base": f"{each.url}/v1",
                    "api_key": each.key,
                },
                "model_info": {"mode": "completion", "health_check_max_tokens": 1},
            }
            for each in deployments
        ],
        "litellm_settings": {"telemetry": False},
        "general_settings": {"master_key": key, **routing},
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def _ready(gateway: Gateway, process: asyncio.subprocess.Process) -> None:
    client = HttpClient()
    server = gateway.server(client)
    try:
        async with asyncio.timeout(_STARTS_WITHIN):
            while process.returncode is None:
                with contextlib.suppress(ModelError):
                    await client.get(server.target, "/v1/models", server.headers)
                    return
                await asyncio.sleep(0.1)
        raise GatewayError(f"LiteLLM's proxy ended while it started ({process.returncode})")
    finally:
        await client.close()
