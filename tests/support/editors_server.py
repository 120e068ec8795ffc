"""The real server as an editor starts it, with the fake model behind it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Server:
    program: Path
    env: Mapping[str, str]


def fake_server(folder: Path, text: str, *, first_token_ms: int = 0) -> Server:
    """A server whose model always says ``text``, where ``{n}`` is the number of the request."""
    script = folder / "fake.json"
    script.write_text(json.dumps({"text": text, "first_token_ms": first_token_ms}))
    config = folder / "config.yaml"
    model = {"name": "fake", "provider": "fake", "model": str(script), "roles": ["autocomplete"]}
    config.write_text(json.dumps({"models": [model]}))  # JSON is YAML
    return Server(installed(), {"INGLENOOK_CONFIG": str(config)})


def installed() -> Path:
    """The program that belongs to this Python."""
    program = shutil.which("inglenook", path=str(Path(sys.executable).parent))
    if program is None:
        raise FileNotFoundError("inglenook is not installed beside this Python")
    return Path(program)
