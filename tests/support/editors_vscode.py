"""A real VS Code for the tests: code-server in Chromium, driven by playwright-core.

code-server is VS Code's own workbench behind HTTP. Its packages come from npm and Debian only.
It wants exactly Node 24, with the headers that belong to it, whatever node the machine has.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.support.editors_cache import InstallationError, install_once, is_root, run

NODE = "24"
CODE_SERVER = "4.139.1"  # its selectors move with VS Code: pinned
PLAYWRIGHT = "1.65.1"
AXE = "4.14.1"
EXTENSION = Path(__file__).parents[2] / "editors/vscode"
_MADE = {"node_modules", "dist"}
ADVICE = "Let npm install the test editor (it needs Node.js with npm, make, g++ and libkrb5-dev)"


@dataclass(frozen=True, slots=True)
class VSCode:
    node: Path
    code_server: Path  # its entry point, a file for node
    playwright: Path  # the node_modules folder that holds playwright-core
    axe: Path  # and the one that holds axe-core, which looks for what keeps people out
    chromium: Path


def vscode() -> VSCode:
    chromium = _debian_packages()
    node = node_24()
    server = install_once(f"code-server-{CODE_SERVER}", _install_code_server)
    playwright = install_once(f"playwright-core-{PLAYWRIGHT}", _install_playwright)
    axe = install_once(f"axe-core-{AXE}", _install_axe)
    return VSCode(
        node=node,
        code_server=server / "node_modules/code-server/out/node/entry.js",
        playwright=playwright / "node_modules",
        axe=axe / "node_modules",
        chromium=chromium,
    )


def node_24() -> Path:
    """The program of node's own distribution, which has its headers beside it."""
    folder = install_once(f"node-{NODE}", _install_node)
    programs = folder.glob("node_modules/**/bin/node")
    return next(path for path in programs if (path.parents[1] / "include/node").is_dir())


def package_extension() -> Path:
    """The ``.vsix`` of editors/vscode as it is now, built with its one command in a copy."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(EXTENSION)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    folder = install_once(f"extension-{digest.hexdigest()[:12]}", _build_extension)
    return next(folder.glob("source/*.vsix"))


def _sources() -> list[Path]:
    every = (path for path in EXTENSION.rglob("*") if path.is_file() and path.suffix != ".vsix")
    return [path for path in every if not _MADE & set(path.relative_to(EXTENSION).parts)]


def extension_modules() -> Path:
    """The packages that the extension is built with, as its lock names them."""
    lock = (EXTENSION / "package-lock.json").read_bytes()
    name = f"extension-modules-{hashlib.sha256(lock).hexdigest()[:12]}"
    return install_once(name, _install_modules) / "node_modules"


def _build_extension(folder: Path) -> None:
    source = folder / "source"
    shutil.copytree(EXTENSION, source, ignore=shutil.ignore_patterns(*_MADE, "*.vsix"))
    (source / "node_modules").symlink_to(extension_modules(), target_is_directory=True)
    run(["npm", "run", "package"], cwd=source, env=_with_node(), advice="Mend editors/vscode")


def _debian_packages() -> Path:
    """Chromium's program; it, the header that code-server's build needs and tmux come from apt."""
    wanted = []
    if not shutil.which("chromium"):
        wanted += ["chromium", "fonts-dejavu-core"]
    if not Path("/usr/include/gssapi/gssapi.h").exists():
        wanted += ["libkrb5-dev"]
    if not shutil.which("tmux"):  # in which the other editors are seen
        wanted += ["tmux"]
    if wanted:
        advice = f"Install {', '.join(wanted)} (as root: apt-get install {' '.join(wanted)})"
        if not shutil.which("apt-get") or not is_root():
            raise InstallationError(f"{advice}.")
        apt = ["apt-get", "-qq", "-oDPkg::Lock::Timeout=120"]
        env = {"DEBIAN_FRONTEND": "noninteractive"}
        run([*apt, "update"], env=env, advice=advice, tries=2)
        install = [*apt, "--yes", "--no-install-recommends", "install", *wanted]
        run(install, env=env, advice=advice, tries=2)
    return Path(shutil.which("chromium") or "chromium")


def _install_node(folder: Path) -> None:
    _npm_install(folder, f"node@{NODE}", env={})


def _install_code_server(folder: Path) -> None:
    # Native addons are built against the headers of the node that will load them.
    headers = {"npm_config_nodedir": str(node_24().parents[1])}
    _npm_install(folder, f"code-server@{CODE_SERVER}", env={**_with_node(), **headers})


def _install_playwright(folder: Path) -> None:
    _npm_install(folder, f"playwright-core@{PLAYWRIGHT}", env=_with_node())


def _install_axe(folder: Path) -> None:
    _npm_install(folder, f"axe-core@{AXE}", env=_with_node())


def _install_modules(folder: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(EXTENSION / name, folder)
    run(["npm", "ci"], cwd=folder, env=_with_node(), advice=ADVICE, tries=2)


def _npm_install(folder: Path, package: str, env: dict[str, str]) -> None:
    if not shutil.which("npm"):
        raise InstallationError(f"{ADVICE}.")
    (folder / "package.json").write_text(json.dumps({"name": "editor", "private": True}))
    npm = ["npm", "install", "--no-audit", "--no-fund", package]
    run(npm, cwd=folder, env=env, advice=ADVICE, tries=2)


def _with_node() -> dict[str, str]:
    return {"PATH": os.pathsep.join([str(node_24().parent), os.environ.get("PATH", "")])}
