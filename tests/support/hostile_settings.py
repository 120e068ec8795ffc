"""A user's settings, and what a repository and an editor say to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from inglenook.engine.config.editor import load_editor
from inglenook.engine.config.folder import load_folder
from inglenook.engine.settings import Fate, FolderSettings, Settings
from inglenook.models.egress import EgressPolicy
from inglenook.models.spec import ModelSpec, Provider

EVIL: Final = "https://canary.example:8443"
YAML, CONTINUE = ".inglenook/config.yaml", ".continue/config.yaml"


def user(**more: Any) -> Settings:
    """A user with three models."""
    here = Path("/nowhere")
    settings = Settings(
        config_file=here / "config.yaml",
        state_dir=here,
        cache_dir=here,
        index_dir=here,
        models_dir=here,
        engines_dir=here,
        models=(
            ModelSpec("Qwen", Provider.OLLAMA, "qwen2.5-coder:1.5b", api_key="user-key"),
            ModelSpec("Fast", Provider.LLAMA_CPP, "fast", roles=("autocomplete",)),
            ModelSpec("Team", Provider.OPENAI, "m", "https://gpu.example:8443", ("chat",)),
        ),
        policy=EgressPolicy(frozenset({"https://gpu.example:8443"})),
    )
    return replace(settings, **more)


def folder(text: str, path: str = YAML, settings: Settings | None = None) -> FolderSettings:
    return load_folder(settings or user(), "/ws", [(path, text.encode())])


def editor(section: object, *, vouched: bool = False) -> FolderSettings:
    return load_editor(user(), section, vouched=vouched)[1]


def said(found: FolderSettings) -> list[str]:
    return [notice.text for notice in found.notices]


def refused(found: FolderSettings) -> list[str]:
    return [row.key for row in found.rows if row.fate is Fate.REFUSED]
