"""The configurations of tests/configs, as Continue's users have them, and what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

CONFIGS: Final = Path(__file__).parents[1] / "configs"
YAML: Final = sorted(CONFIGS.glob("*.yaml"))
JSON: Final = sorted(CONFIGS.glob("*.json"))
ALL: Final = [*YAML, *JSON]
UNREADABLE: Final = frozenset({"tabs.yaml", "json_truncated.json"})
# What the templates in them name; other names are not set.
SECRETS: Final = {
    "GATEWAY_KEY": "gateway-secret-1",
    "TENANT": "tenant-secret-2",
    "VLLM_KEY": "vllm-secret-3",
    "TEAM_KEY": "team-secret-4",
    "SSE_TOKEN": "sse-secret-5",
}


def environment(directory: Path, config: Path | None = None) -> dict[str, str]:
    """A user's environment: the secrets, no files of Continue's, and a file of their own."""
    named = {"INGLENOOK_CONFIG": str(config)} if config is not None else {}
    return {**SECRETS, "CONTINUE_GLOBAL_DIR": str(directory / "none"), **named}
