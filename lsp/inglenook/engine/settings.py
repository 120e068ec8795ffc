"""What the user set, resolved and frozen. Nothing here comes from a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from inglenook.models.spec import ModelSpec

OLLAMA_ADDRESS = "http://127.0.0.1:11434"
LLAMA_CPP_ADDRESS = "http://127.0.0.1:8080"
LM_STUDIO_ADDRESS = "http://127.0.0.1:1234"
VLLM_ADDRESS = "http://127.0.0.1:8000"
ENGINE_IDLE = 60.0  # seconds


class Level(StrEnum):
    WARNING = "warning"  # something that the user asked for is not done
    INFO = "info"  # worth knowing; nothing is wrong


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the user about the configuration."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Settings:
    """See `inglenook.engine.config.load_settings`."""

    config_file: Path  # where it is looked for; it need not exist
    state_dir: Path  # where what was found out of models is kept
    cache_dir: Path | None  # where answers are kept on the disk; None: they are not
    index_dir: Path | None  # where what the workspace's files define is kept; None: nowhere
    models_dir: Path  # where the embedded engine's GGUF files are, and where `models get` writes
    engines_dir: Path  # where the programs of one user meet to share an embedded engine
    models: tuple[ModelSpec, ...] = ()
    ollama_address: str = OLLAMA_ADDRESS  # "" if OLLAMA_HOST names a machine that is not this one
    llama_cpp_address: str = LLAMA_CPP_ADDRESS
    lm_studio_address: str = LM_STUDIO_ADDRESS
    probes: bool = True  # models are probed in the background
    engine_idle: float = ENGINE_IDLE  # seconds without a program that uses it, then it goes
    notices: tuple[Notice, ...] = ()

    @property
    def probes_dir(self) -> Path:
        """Where the findings of probes are kept."""
        return self.state_dir / "probes"
