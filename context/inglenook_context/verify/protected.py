"""Files that no edit of a model may touch: they decide what is run, or what is trusted.

A change there has made editors run commands, fetch addresses and grant themselves rights
(CVE-2025-53773, CVE-2025-54135), so they are refused by name, wherever in the tree they are.
"""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import unquote

_DIRECTORIES: Final = {
    ".vscode": "settings of the editor",
    ".idea": "settings of the editor",
    ".vs": "settings of the editor",
    ".fleet": "settings of the editor",
    ".zed": "settings of the editor",
    ".cursor": "settings of an assistant",
    ".windsurf": "settings of an assistant",
    ".clinerules": "instructions to assistants",
    ".roo": "settings of an assistant",
    ".gemini": "settings of an assistant",
    ".codex": "settings of an assistant",
    ".ssh": "keys, and commands that a login runs",
    ".claude": "settings of an assistant",
    ".continue*": "settings of an assistant",
    ".inglenook*": "settings of Inglenook",
    ".git": "Git's own files, which run commands",
    ".hg": "Mercurial's own files, which run commands",
    ".husky": "hooks, which run commands",
    ".devcontainer": "commands that the editor runs",
    ".circleci": "commands of continuous integration",
    ".githooks": "hooks, which run commands",
    ".amazonq": "settings of an assistant",
    ".helix": "settings of the editor",
}
_PAIRS: Final = {
    (".github", "workflows"): "commands of continuous integration",
    (".github", "actions"): "commands of continuous integration",
    (".github", "instructions"): "instructions to assistants",
    (".github", "prompts"): "instructions to assistants",
    (".github", "chatmodes"): "instructions to assistants",
    (".github", "agents"): "instructions to assistants",
    (".gitea", "workflows"): "commands of continuous integration",
    (".forgejo", "workflows"): "commands of continuous integration",
    ("inglenook", "config.yaml"): "settings of Inglenook",
}
_FILES: Final = {
    ".mcp.json": "commands that an assistant runs",
    "mcp.json": "commands that an assistant runs",
    "*.code-workspace": "settings of the editor",
    ".devcontainer.json": "commands that the editor runs",
    "agents.md": "instructions to assistants",
    "claude.md": "instructions to assistants",
    "claude.local.md": "instructions to assistants",
    "gemini.md": "instructions to assistants",
    "copilot-instructions.md": "instructions to assistants",
    ".cursorrules": "instructions to assistants",
    ".windsurfrules": "instructions to assistants",
    ".env*": "secrets",
    ".envrc": "commands that a shell runs",
    "conftest.py": "code that pytest runs unasked",
    "sitecustomize.py": "code that Python runs at every start",
    "usercustomize.py": "code that Python runs at every start",
    "*.pth": "code that Python runs at every start",
    ".gitmodules": "Git's own files, which run commands",
    ".gitattributes": "Git's own files, which run commands",
    ".gitconfig": "Git's own files, which run commands",
    ".pre-commit-config.yaml": "hooks, which run commands",
    ".gitlab-ci.yml": "commands of continuous integration",
    ".travis.yml": "commands of continuous integration",
    "azure-pipelines.yml": "commands of continuous integration",
    "bitbucket-pipelines.yml": "commands of continuous integration",
    "jenkinsfile": "commands of continuous integration",
    "lefthook.yml": "hooks, which run commands",
    ".lefthook.yml": "hooks, which run commands",
    ".nvim.lua": "commands that the editor runs",
    ".nvimrc": "commands that the editor runs",
    ".exrc": "commands that the editor runs",
    ".dir-locals.el": "settings of the editor",
    ".npmrc": "where packages come from",
    ".pypirc": "secrets",
    ".netrc": "secrets",
    "package.json": "scripts that an installation runs",
}
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\xad]")
_STREAM: Final = re.compile(r"(?<=.):.*", re.DOTALL)  # of NTFS: `.env::$DATA` is `.env`


def protected(path: str) -> str | None:
    """Why no edit may touch the file of this path, as one sentence; None if one may.

    Paths are taken as any file system might read them: case, Unicode's forms, both separators,
    dots and spaces at an end, streams and escaped characters make no difference.
    """
    parts = [part for part in map(_plain, _split(path)) if part not in ("", ".")]
    resolved: list[str] = []
    for part in parts:
        if part == "..":
            resolved = resolved[:-1]
        else:
            resolved.append(part)
    ended = _decoded(path).partition("\0")[0]
    cut = [part for part in map(_plain, _split(ended)) if part not in ("", ".")]
    for taken in (parts, resolved, cut):  # what `..` leaves may be a link; NUL ends a name
        if said := _said(taken):
            return f"{said[0]} is never edited by a model: it holds {said[1]}."
    return None


def _said(parts: list[str]) -> tuple[str, str] | None:
    for at, part in enumerate(parts):
        for pattern, what in _DIRECTORIES.items():
            if fnmatchcase(part, pattern):
                return part, what
        for pair, what in _PAIRS.items():
            if tuple(parts[at : at + 2]) == pair:
                return "/".join(pair), what
    for pattern, what in _FILES.items() if parts else ():
        if fnmatchcase(parts[-1], pattern):
            return parts[-1], what
    return None


def _decoded(path: str) -> str:
    for _ in range(3):  # %252e is %2e is a dot
        path = unquote(path)
    return path


def _split(path: str) -> list[str]:
    return re.split(r"[/\\\0]", unicodedata.normalize("NFKC", _decoded(path)))


def _plain(part: str) -> str:
    """A name as a file system that forgives most would read it."""
    part = _INVISIBLE.sub("", part).casefold()
    if part in (".", ".."):
        return part
    return _STREAM.sub("", part.strip(" ")).rstrip(" .")
