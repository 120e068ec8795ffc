"""The user's ``config.yaml`` and environment, read into `Settings`; nothing here ever raises.

The file is a subset of Continue's schema: ``models`` with ``name``, ``provider``, ``model``,
``apiBase``, ``apiKey`` and ``roles``. Keys that are not used yet are named in one notice; a bad
value costs its model and one notice that says file, line, key and what was expected. Files of a
workspace are not read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

from inglenook.engine.address import AddressRefused, loopback_address
from inglenook.engine.config_nodes import Bad, key_name, mapping, problem, sequence, text_of
from inglenook.engine.settings import (
    LLAMA_CPP_ADDRESS,
    LM_STUDIO_ADDRESS,
    OLLAMA_ADDRESS,
    VLLM_ADDRESS,
    Level,
    Notice,
    Settings,
)
from inglenook.engine.sharing import engine_idle, engines_dir
from inglenook.models.spec import ROLES, ModelSpec, Provider

if TYPE_CHECKING:
    from yaml.nodes import Node

_MAX_BYTES: Final = 256 * 1024
_MAX_MODELS: Final = 100
_USED: Final = frozenset({"name", "provider", "model", "apiBase", "apiKey", "roles"})
_NAMED_ONLY: Final = frozenset({"name", "version", "schema"})  # describe the file, set nothing
_OFF: Final = frozenset({"0", "off", "no", "false"})
_PORTS: Final = {
    Provider.OLLAMA: 11434,
    Provider.LLAMA_CPP: 8080,
    Provider.LM_STUDIO: 1234,
    Provider.VLLM: 8000,
}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the config file and OLLAMA_HOST.

    INGLENOOK_CONFIG names another file, INGLENOOK_MODELS_DIR, INGLENOOK_STATE_DIR and
    INGLENOOK_CACHE_DIR other directories; INGLENOOK_DISK_CACHE=off keeps no answer and no index on
    the disk; INGLENOOK_PROBE=off keeps models from being probed in the background.
    INGLENOOK_RUNTIME_DIR is where the embedded engine is shared, INGLENOOK_ENGINE_IDLE how many
    seconds it outlives the last program that uses it.
    """
    environ = os.environ if environ is None else environ
    named = environ.get("INGLENOOK_CONFIG", "")
    models_dir = environ.get("INGLENOOK_MODELS_DIR", "")
    state_dir = environ.get("INGLENOOK_STATE_DIR", "")
    file = Path(named) if named else user_config_path("inglenook", appauthor=False) / "config.yaml"
    notices: list[Notice] = []
    models = _read_models(file, bool(named), notices)
    return Settings(
        config_file=file,
        state_dir=Path(state_dir) if state_dir else user_state_path("inglenook", appauthor=False),
        cache_dir=_cache_dir(environ, "completions"),
        index_dir=_cache_dir(environ, "index"),
        engines_dir=engines_dir(environ),
        engine_idle=engine_idle(environ.get("INGLENOOK_ENGINE_IDLE", ""), notices),
        models_dir=Path(models_dir)
        if models_dir
        else user_data_path("inglenook", appauthor=False) / "models",
        models=models,
        ollama_address=_ollama_address(environ.get("OLLAMA_HOST", ""), notices),
        llama_cpp_address=LLAMA_CPP_ADDRESS,
        lm_studio_address=LM_STUDIO_ADDRESS,
        probes=environ.get("INGLENOOK_PROBE", "").lower() not in _OFF,
        notices=tuple(notices),
    )


def _cache_dir(environ: Mapping[str, str], name: str) -> Path | None:
    if environ.get("INGLENOOK_DISK_CACHE", "").lower() in _OFF:
        return None
    named = environ.get("INGLENOOK_CACHE_DIR", "")
    return Path(named or user_cache_path("inglenook", appauthor=False)) / name


def _ollama_address(host: str, notices: list[Notice]) -> str:
    if not host.strip():
        return OLLAMA_ADDRESS
    try:
        address = loopback_address(host, _PORTS[Provider.OLLAMA])
    except AddressRefused as refused:
        text = f"OLLAMA_HOST {refused}; Ollama is left out, for only this machine is asked"
        notices.append(Notice(Level.WARNING, text))
        return ""
    if address.remark:
        notices.append(Notice(Level.INFO, f"OLLAMA_HOST {address.remark}"))
    return address.url


def _read_models(file: Path, must_exist: bool, notices: list[Notice]) -> tuple[ModelSpec, ...]:
    def warn(text: str) -> None:
        notices.append(Notice(Level.WARNING, text))

    try:
        if file.exists() and not file.is_file():
            # To open a pipe would wait for its writer.
            warn(f"{file}: cannot be read (it is not a regular file)")
            return ()
        with file.open("rb") as opened:
            data = opened.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        if must_exist:
            warn(f"{file}: there is no such file, though INGLENOOK_CONFIG names it")
        return ()
    except OSError as error:
        warn(f"{file}: cannot be read ({error.strerror})")
        return ()
    if len(data) > _MAX_BYTES:
        warn(f"{file}: is larger than {_MAX_BYTES // 1024} KiB and is not read")
        return ()
    import yaml  # costs 15 ms, and most users have no file

    try:
        root = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        warn(f"{file}: is not UTF-8 text")
        return ()
    except RecursionError:
        warn(f"{file}: is nested too deeply")
        return ()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        warn(f"{file}:{mark.line + 1 if mark else 1}: is not YAML ({problem(error)})")
        return ()
    except (yaml.YAMLError, ValueError, OverflowError):
        # The last two: escapes for characters beyond Unicode, which PyYAML does not check.
        warn(f"{file}: is not YAML (a character that YAML does not allow)")
        return ()
    return tuple(_models(root, file, notices)) if root is not None else ()


def _models(root: Node, file: Path, notices: list[Notice]) -> Iterator[ModelSpec]:
    def warn(bad: Bad) -> None:
        notices.append(Notice(Level.WARNING, f"{file}:{bad.line}: {bad}"))

    ignored: list[str] = []
    taken: set[str] = set()
    try:
        keys = mapping(root, "the file")
        ignored += [key_name(key) for key in keys if key != "models" and key not in _NAMED_ONLY]
        entries = sequence(keys["models"], "models") if "models" in keys else []
        if len(entries) > _MAX_MODELS:
            raise Bad(entries[_MAX_MODELS], f"models: at most {_MAX_MODELS} are read")
    except Bad as bad:
        warn(bad)
        entries = []
    for number, entry in enumerate(entries):
        where = f"models[{number}]"
        try:
            fields = mapping(entry, where)
            spec, remark = _spec(entry, fields, where)
            if spec.name in taken:
                raise Bad(fields["name"], f"{where}.name: two models have the name {spec.name!r}")
        except Bad as bad:
            warn(bad)
            continue
        unused = [key for key in fields if not _is_used(key, spec.provider)]
        ignored += [f"{where}.{key_name(key)}" for key in unused]
        if remark:
            line = fields["apiBase"].start_mark.line + 1
            notices.append(Notice(Level.INFO, f"{file}:{line}: {where}.apiBase {remark}"))
        taken.add(spec.name)
        yield spec
    if ignored:
        text = f"{file}: these keys are not used and were ignored: {', '.join(ignored[:20])}"
        notices.append(Notice(Level.INFO, text + (" and more" if len(ignored) > 20 else "")))


def _spec(entry: Node, fields: dict[str, Node], where: str) -> tuple[ModelSpec, str]:
    """The entry, and a remark on its address; `Bad` if it cannot be used.

    For OpenAI's API ``apiBase`` may end in a version or not: /v1 stands for none, and another
    (/v3) is asked as it stands there (`inglenook.models.openai_models.OpenAIServer`).
    """
    for key in ("name", "provider", "model"):
        if key not in fields:
            raise Bad(entry, f"{where}.{key}: is missing; expected a text")
    provider_id = text_of(fields["provider"], f"{where}.provider")
    try:
        provider = Provider(provider_id)
    except ValueError:
        known = ", ".join(Provider)
        text = f"{where}.provider: {provider_id!r} is not yet supported; expected one of {known}"
        raise Bad(fields["provider"], text) from None
    address, remark = VLLM_ADDRESS if provider is Provider.VLLM else "", ""
    if provider is Provider.OPENAI and "apiBase" not in fields:
        text = f"{where}.apiBase: is missing; expected the address of a server on this machine"
        raise Bad(entry, text)
    if "apiBase" in fields:
        base = fields["apiBase"]
        try:
            port = _PORTS.get(provider, 80)
            found = loopback_address(text_of(base, f"{where}.apiBase"), port)
        except AddressRefused as refused:
            text = f"{where}.apiBase: {refused}; expected an address such as http://127.0.0.1:11434"
            raise Bad(base, text) from None
        address, remark = found.url, found.remark
        if provider.speaks_openai:  # with /v1 or without it is the same server
            address = address.removesuffix("/v1")
    name = text_of(fields["name"], f"{where}.name")
    model = text_of(fields["model"], f"{where}.model")
    roles, key = _roles(fields, where), _api_key(fields, where)
    return ModelSpec(name, provider, model, address, roles, key), remark


def _is_used(key: str, provider: Provider) -> bool:
    takes_key = provider is Provider.LLAMA_CPP or provider.speaks_openai
    return key in _USED and (key != "apiKey" or takes_key)


def _api_key(fields: dict[str, Node], where: str) -> str:
    """No message quotes it."""
    if "apiKey" not in fields:
        return ""
    key = text_of(fields["apiKey"], f"{where}.apiKey")
    if "${{" in key:
        text = f"{where}.apiKey: templates are not yet supported; expected the key itself"
        raise Bad(fields["apiKey"], text)
    if not key.isascii() or " " in key:
        raise Bad(fields["apiKey"], f"{where}.apiKey: expected ASCII without blanks")
    return key


def _roles(fields: dict[str, Node], where: str) -> tuple[str, ...]:
    if "roles" not in fields:
        return ()
    nodes = sequence(fields["roles"], f"{where}.roles")
    roles = tuple(text_of(node, f"{where}.roles") for node in nodes)
    for node, role in zip(nodes, roles, strict=True):
        if role not in ROLES:
            expected = ", ".join(sorted(ROLES))
            raise Bad(node, f"{where}.roles: {role!r} is no role; expected some of {expected}")
    return roles
