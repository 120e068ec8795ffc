"""The real server as an editor starts it, with the fake model behind it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Server:
    program: Path
    env: Mapping[str, str]


def fake_server(
    folder: Path,
    text: str,
    *,
    first_token_ms: int = 0,
    others: Mapping[str, str] | None = None,
    talk: Mapping[str, Any] | None = None,
    program: Path | None = None,
) -> Server:
    """A server whose model always says ``text``, where ``{n}`` is the number of the request.

    ``others`` are further models by their names, and what they say. With ``talk``, which is more
    of the fake model's script (``chat``, ``thinking``, …), it chats and writes edits too.
    ``program`` is another than the installed one.
    """
    models = [fake_model(folder, "fake", text, first_token_ms=first_token_ms, talk=talk)]
    models += [fake_model(folder, name, said) for name, said in (others or {}).items()]
    config = folder / "config.yaml"
    config.write_text(json.dumps({"models": models}))  # JSON is YAML
    return Server(program or installed(), {"INGLENOOK_CONFIG": str(config)})


def fake_model(
    folder: Path,
    name: str,
    text: str,
    *,
    first_token_ms: int = 0,
    talk: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """An entry of a configuration's `models`."""
    script = folder / f"{name}.json"
    script.write_text(json.dumps({"text": text, "first_token_ms": first_token_ms, **(talk or {})}))
    roles = ["autocomplete", *(["chat", "edit"] if talk is not None else [])]
    return {"name": name, "provider": "fake", "model": str(script), "roles": roles}


def installed() -> Path:
    """The program that belongs to this Python."""
    program = shutil.which("inglenook", path=str(Path(sys.executable).parent))
    if program is None:
        raise FileNotFoundError("inglenook is not installed beside this Python")
    return Path(program)
