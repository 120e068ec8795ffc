"""One session of VS Code in a browser, with the packaged extension and the given server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.support.editors_processes import end_of, family_of
from tests.support.editors_server import Server
from tests.support.editors_vscode import VSCode

DRIVER = Path(__file__).parents[1] / "editors/vscode/drive.js"
START, SESSION, END = 60.0, 150.0, 30.0  # seconds

USER_SETTINGS = {
    "editor.inlineSuggest.enabled": True,
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.accessibilitySupport": "off",
    "editor.minimap.enabled": False,
    "chat.disableAIFeatures": True,
    "files.autoSave": "off",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
}


def drive(
    editor: VSCode, extension: Path, server: Server, files: Mapping[str, bytes], folder: Path
) -> dict[str, Any]:
    """What the driver saw; screenshots and logs stay in ``folder``, the files in its ``ws``."""
    workspace, shots = folder / "ws", folder / "shots"
    for path in (workspace, shots, folder / "home"):
        path.mkdir(parents=True)
    for name, content in files.items():
        (workspace / name).write_bytes(content)
    _write_settings(folder, server)
    env = {**_environment(folder), **server.env}
    _run([*_code_server(editor, folder), "--install-extension", extension], env, START)
    with _serving(editor, folder, env) as port:
        task = {
            "playwright": str(editor.playwright),
            "chromium": str(editor.chromium),
            "port": port,
            "folder": str(workspace),
            "shots": str(shots),
        }
        seen: dict[str, Any] = json.loads(
            _run([editor.node, DRIVER, json.dumps(task)], env, SESSION).splitlines()[-1]
        )
    shutil.rmtree(shots / "profile", ignore_errors=True)
    return seen


def _write_settings(folder: Path, server: Server) -> None:
    # The path of the server is a setting of the machine, which a workspace cannot change.
    machine = {"inglenook.path": str(server.program)}
    for name, settings in (("User", USER_SETTINGS), ("Machine", machine)):
        file = folder / "user" / name / "settings.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings))
    (folder / "code-server.yaml").touch()


def _environment(folder: Path) -> dict[str, str]:
    """An environment of its own: no file of the user's is read or written, no gallery is asked."""
    home = str(folder / "home")
    own = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
    return {**os.environ, **own, "HOME": home, "EXTENSIONS_GALLERY": "{}"}


def _code_server(editor: VSCode, folder: Path) -> list[str | Path]:
    return [
        editor.node,
        editor.code_server,
        f"--config={folder / 'code-server.yaml'}",
        f"--user-data-dir={folder / 'user'}",
        f"--extensions-dir={folder / 'extensions'}",
    ]


@contextmanager
def _serving(editor: VSCode, folder: Path, env: Mapping[str, str]) -> Iterator[int]:
    """code-server on a free loopback port; it and all its children are gone afterwards."""
    port = _free_port()
    command = [
        *_code_server(editor, folder),
        f"--bind-addr=127.0.0.1:{port}",
        "--auth=none",
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-getting-started-override",
        "--disable-workspace-trust",
    ]
    with (folder / "code-server.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            _wait_until_healthy(port)
            yield port
        finally:
            family = family_of(psutil.Process(process.pid))
            process.terminate()
            end_of(family, END)
            process.wait()


def _wait_until_healthy(port: int) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + START
    while True:
        try:
            opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[Any], env: Mapping[str, str], timeout: float) -> str:
    done = subprocess.run(
        command, env=env, timeout=timeout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
