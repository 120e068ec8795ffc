"""Sessions of VS Code in a browser, with the packaged extension and the given server."""

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from tests.support.editors_processes import end_of, family_of
from tests.support.editors_server import Server
from tests.support.editors_vscode import VSCode

DRIVER = Path(__file__).parents[1] / "editors/vscode/drive.js"
START, SESSION, END = 120.0, 600.0, 60.0  # seconds

# A file that sessions edit, and what its edit makes of it.
TOTAL: Final = """\
def total(items):
    net = 0
    for item in items:
        net += item.price
    return net
"""
COUNTED: Final = TOTAL.replace("item.price", "item.price * item.count")

USER_SETTINGS = {
    "editor.inlineSuggest.enabled": True,
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.accessibilitySupport": "off",
    "editor.cursorBlinking": "solid",
    "editor.minimap.enabled": False,
    "editor.stickyScroll.enabled": False,
    "chat.disableAIFeatures": True,
    "files.autoSave": "off",
    "git.enabled": False,
    "workbench.reduceMotion": "on",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "security.workspace.trust.startupPrompt": "never",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
}


@dataclass(frozen=True, slots=True)
class Workbench:
    """What a VS Code has that begins with nothing, and keeps what it gets from its sessions.

    Its files are in ``ws`` of ``folder``, its screenshots and logs beside them.
    """

    editor: VSCode
    server: Server
    folder: Path
    trusts: bool = True  # every workspace; else none is trusted before its user says so

    @property
    def workspace(self) -> Path:
        return self.folder / "ws"

    def install(self, *extensions: Path) -> None:
        options = [f"--install-extension={path}" for path in extensions]
        _run([*self._code_server(), *options], self._environment(), START)

    def drive(self, part: str, **task: Any) -> dict[str, Any]:
        """What the driver saw in one session."""
        shots = self.folder / f"shots-{part}"
        shots.mkdir()
        with self._serving() as port:
            task |= {
                "part": part,
                "playwright": str(self.editor.playwright),
                "chromium": str(self.editor.chromium),
                "port": port,
                "folder": str(self.workspace),
                "shots": str(shots),
            }
            command = [self.editor.node, DRIVER, json.dumps(task)]
            lines = _run(command, self._environment(), SESSION).splitlines()
        shutil.rmtree(shots / "profile", ignore_errors=True)
        seen: dict[str, Any] = json.loads(lines[-1])
        assert "error" not in seen, f"{seen}; screenshots are in {shots}"
        return seen

    def _environment(self) -> dict[str, str]:
        """One of its own: no file of the user's is read or written, no gallery is asked."""
        home = str(self.folder / "home")
        own = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
        own |= {"HOME": home, "EXTENSIONS_GALLERY": "{}"}
        return {**os.environ, **own, **self.server.env}

    def _code_server(self) -> list[str | Path]:
        return [
            self.editor.node,
            self.editor.code_server,
            f"--config={self.folder / 'code-server.yaml'}",
            f"--user-data-dir={self.folder / 'user'}",
            f"--extensions-dir={self.folder / 'extensions'}",
        ]

    @contextmanager
    def _serving(self) -> Iterator[int]:
        """code-server on a free loopback port; it and all its children are gone afterwards."""
        port, env = _free_port(), self._environment()
        command = [
            *self._code_server(),
            f"--bind-addr=127.0.0.1:{port}",
            "--auth=none",
            "--disable-telemetry",
            "--disable-update-check",
            "--disable-getting-started-override",
            *(["--disable-workspace-trust"] if self.trusts else []),
        ]
        with (self.folder / "code-server.log").open("ab") as log:
            process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
            try:
                _wait_until_healthy(port)
                yield port
            finally:
                family = family_of(psutil.Process(process.pid))
                process.terminate()
                end_of(family, END)
                process.wait()


def workbench(
    editor: VSCode,
    server: Server,
    files: Mapping[str, bytes],
    folder: Path,
    machine: Mapping[str, Any],
    *,
    trusts: bool = True,
    user: Mapping[str, Any] | None = None,
) -> Workbench:
    """``machine`` are settings that a workspace cannot change; ``user`` come beside ours."""
    made = Workbench(editor, server, folder, trusts)
    for path in (made.workspace, folder / "home"):
        path.mkdir(parents=True)
    for name, content in files.items():
        file = made.workspace / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    own = {"inglenook.path": str(server.program), **machine}
    for place, settings in (("User", {**USER_SETTINGS, **(user or {})}), ("Machine", own)):
        file = folder / "user" / place / "settings.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings))
    (folder / "code-server.yaml").touch()
    return made


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
