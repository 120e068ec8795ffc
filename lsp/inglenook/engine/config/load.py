"""The user's configuration and environment, read into `Settings`; nothing here ever raises.

A value that cannot be used costs its key, or its entry, and one notice that says file, line, key
and what was expected. Which file is read says `inglenook.engine.config.files`; what a workspace
adds, `inglenook.engine.config.folder`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path, user_state_path

from inglenook.engine.address import AddressRefused, loopback_address
from inglenook.engine.config.files import Written, find, read
from inglenook.engine.settings import (
    LLAMA_CPP_ADDRESS,
    LM_STUDIO_ADDRESS,
    OLLAMA_ADDRESS,
    Level,
    Notice,
    Settings,
)
from inglenook.engine.sharing import engine_idle, engines_dir
from inglenook.models.egress import EgressPolicy

_OFF: Final = frozenset({"0", "off", "no", "false"})
_OLLAMA_PORT: Final = 11434


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the user's configuration and OLLAMA_HOST.

    INGLENOOK_CONFIG names another file, INGLENOOK_MODELS_DIR, INGLENOOK_STATE_DIR and
    INGLENOOK_CACHE_DIR other directories; INGLENOOK_DISK_CACHE=off keeps no answer and no index on
    the disk; INGLENOOK_PROBE=off keeps models from being probed in the background.
    INGLENOOK_RUNTIME_DIR is where the embedded engine is shared, INGLENOOK_ENGINE_IDLE how many
    seconds it outlives the last program that uses it. The environment goes before the file.
    """
    environ = os.environ if environ is None else environ
    place = find(environ)
    notices: list[Notice] = list(place.notices)
    models_dir = environ.get("INGLENOOK_MODELS_DIR", "")
    state_dir = environ.get("INGLENOOK_STATE_DIR", "")
    written = read(place, environ)
    settings = Settings(
        config_file=place.file,
        state_dir=Path(state_dir) if state_dir else user_state_path("inglenook", appauthor=False),
        cache_dir=_cache_dir(environ, "completions"),
        index_dir=_cache_dir(environ, "index"),
        engines_dir=engines_dir(environ),
        models_dir=Path(models_dir)
        if models_dir
        else user_data_path("inglenook", appauthor=False) / "models",
        llama_cpp_address=LLAMA_CPP_ADDRESS,
        lm_studio_address=LM_STUDIO_ADDRESS,
        probes=environ.get("INGLENOOK_PROBE", "").lower() not in _OFF,
        files=written.looked,
    )
    if written.report is not None:
        settings = _with(settings, written, place.directory, environ)
    notices += settings.notices
    idle = engine_idle(environ.get("INGLENOOK_ENGINE_IDLE", ""), notices)
    ollama = _ollama_address(environ.get("OLLAMA_HOST", ""), notices)
    return replace(settings, engine_idle=idle, ollama_address=ollama, notices=tuple(notices))


def _with(
    settings: Settings, written: Written, directory: Path, environ: Mapping[str, str]
) -> Settings:
    """``settings`` with what the user wrote."""
    # Only who has a file pays for these.
    from inglenook.engine.config import ours, texts
    from inglenook.engine.config.checks import read_checks
    from inglenook.engine.config.disabled import disable
    from inglenook.engine.config.models import model_specs
    from inglenook.engine.config.options import flag

    report, block, blocks = written.report, written.inglenook, written.blocks
    assert report is not None
    hosts = ours.hosts(block, directory, report)
    models, trust = model_specs(
        blocks.get("models", ()), written.request_options, hosts.allowed, directory, report
    )
    own = ours.read_ours(block, [spec.name for spec in models], report)
    disable(blocks, report)
    keeps = flag(block.get("diskCache")) is not False or _is_set(environ, "INGLENOOK_DISK_CACHE")
    probes = flag(block.get("probe")) is not False or _is_set(environ, "INGLENOOK_PROBE")
    return replace(
        settings,
        models=models,
        policy=EgressPolicy(hosts.allowed, ours.together(hosts.trust, trust)),
        selection=own.selection,
        folder_rules=own.folders,
        think=own.think,
        switches=own.switches,
        cache_dir=settings.cache_dir if keeps else None,
        index_dir=settings.index_dir if keeps else None,
        probes=settings.probes and probes,
        counters=flag(block.get("counters")) is not False,
        rules=texts.rules(blocks.get("rules", ())),
        prompts=texts.prompts(blocks.get("prompts", ()), blocks.get("rules", ())),
        docs=texts.docs(blocks.get("docs", ())),
        checks=read_checks(block, report),
        rows=written.rows,
        notices=written.notices,
    )


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    return bool(environ.get(name, "").strip())


def _cache_dir(environ: Mapping[str, str], name: str) -> Path | None:
    if environ.get("INGLENOOK_DISK_CACHE", "").lower() in _OFF:
        return None
    named = environ.get("INGLENOOK_CACHE_DIR", "")
    return Path(named or user_cache_path("inglenook", appauthor=False)) / name


def _ollama_address(host: str, notices: list[Notice]) -> str:
    if not host.strip():
        return OLLAMA_ADDRESS
    try:
        address = loopback_address(host, _OLLAMA_PORT)
    except AddressRefused as refused:
        text = f"OLLAMA_HOST {refused}; Ollama is left out, for only this machine is asked"
        notices.append(Notice(Level.WARNING, text))
        return ""
    if address.remark:
        notices.append(Notice(Level.INFO, f"OLLAMA_HOST {address.remark}"))
    return address.url
