"""For any file of a workspace: what is in force is no more than it was without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.engine.choices import Choices
from inglenook.engine.config.editor import load_editor
from inglenook.engine.config.folder import load_folder
from inglenook.engine.config.kinds import Keys
from inglenook.engine.config.schema import CONFIG, EDITOR
from inglenook.engine.settings import Check, Fate, FolderSettings, Settings, Switches
from inglenook.models.spec import ROLES, ModelSpec
from tests.support.hostile_settings import EVIL, user
from tests.support.hostile_strategies import JUNK, documents, mappings

SECRET: Final = "user-secret-0123"
USER: Final = user(
    switches=Switches(ignored=("*.pem",), disabled_languages=frozenset({"go"})),
    checks=(Check("mine", ("mine", "-")),),
)
PATHS: Final = (
    *(".inglenook/config.yaml", ".continue/config.yaml", ".continue/config.json"),
    *(".continuerc.json", ".continue/models/a.yaml", ".continue/rules/a.yaml"),
    *(".continue/rules/a.md", ".continue/prompts/a.prompt", ".continue/agents/a.yml", "AGENTS.md"),
)
FILES: Final = st.lists(st.tuples(st.sampled_from(PATHS), documents(CONFIG)), max_size=3)
SECTIONS: Final = st.one_of(
    mappings(EDITOR),
    mappings(Keys({**CONFIG.keys, **EDITOR.keys})),
    mappings(CONFIG).map(lambda config: {"machine": config}),
    mappings(CONFIG).map(lambda config: {"inglenook": config, "machine.models": config}),
    JUNK,
)
MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", SECRET)


def in_force(configured: Settings, choices: Choices) -> set[tuple[str, object]]:
    """Hosts, headers, keys, paths and all else that decides where a request goes, and commands."""
    found: set[tuple[str, object]] = {("host", each) for each in configured.policy.allowed}
    found |= {("trust", each) for each in configured.policy.trust}
    found |= {("server", each) for each in _servers(configured)}
    found |= {("command", each) for each in configured.checks}
    for role in ROLES:
        for language in ("", "python", "go"):
            name = choices.chosen("/ws", role, language).name
            if name:
                (spec,) = [spec for spec in configured.models if spec.name == name]
                found |= set(_of(spec))
    for spec in configured.models:
        found |= set(_of(spec))
    return found


def _servers(configured: Settings) -> Iterator[object]:
    yield from (configured.ollama_address, configured.llama_cpp_address)
    yield from (configured.lm_studio_address, configured.models_dir, configured.engines_dir)
    yield from (configured.cache_dir, configured.index_dir, configured.state_dir)


def _of(spec: ModelSpec) -> Iterator[tuple[str, object]]:
    yield "server", spec.address
    yield "model", (spec.provider, spec.model)
    yield "key", (spec.address, spec.api_key)
    yield "headers", (spec.address, spec.headers, spec.extra_body)


def choices_of(folder: FolderSettings, editor: FolderSettings) -> Choices:
    return Choices(USER, editor, {"/ws": folder})


NOTHING: Final = choices_of(FolderSettings(), FolderSettings())


def is_narrower(found: FolderSettings, choices: Choices) -> None:
    """What ``found`` says is about the user's models and switches only."""
    assert in_force(USER, choices) <= in_force(USER, NOTHING)
    names = {spec.name: spec.roles for spec in USER.models}
    special = found.selection.languages.values()
    for roles in (found.selection.roles, *special):
        for role, name in roles.items():
            assert role in ROLES
            assert not names[name] or role in names[name]
    for path in ("a.py", "key.pem", "deep/key.pem"):
        for language in ("python", "go"):
            for automatic in (True, False):
                if choices.serves("/ws", path, language, automatic=automatic):
                    assert NOTHING.serves("/ws", path, language, automatic=automatic)


def is_discreet(found: FolderSettings) -> None:
    """No message and no row tells what may be a secret, and none of the user's is filled in."""
    assert SECRET not in repr(found)
    for row in found.rows:
        if row.fate in (Fate.REFUSED, Fate.UNKNOWN):
            assert row.value == ""
    for notice in found.notices:
        assert "\n" not in notice.text
        assert EVIL not in notice.text
        assert "sk-canary" not in notice.text


@given(FILES)
@MANY
def test_files_of_a_workspace(files: list[tuple[str, bytes]]) -> None:
    found = load_folder(USER, "/ws", files)
    is_narrower(found, choices_of(found, FolderSettings()))
    is_discreet(found)


@given(SECTIONS, st.booleans())
@MANY
def test_settings_of_an_editor(section: Any, vouched: bool) -> None:
    if vouched and isinstance(section, dict):
        section.pop("machine", None)
    section = json.loads(json.dumps(section))
    configured, found = load_editor(USER, section, vouched=vouched)
    assert configured == USER
    is_narrower(found, choices_of(FolderSettings(), found))
    is_discreet(found)


@given(mappings(CONFIG))
@MANY
def test_settings_that_the_client_vouches_for(machine: dict[str, Any]) -> None:
    """They may do all, and still nothing raises, and no host is allowed but by name."""
    configured, found = load_editor(USER, {"machine": machine}, vouched=True)
    hosts = configured.policy.allowed - USER.policy.allowed
    written = json.dumps(machine).lower()
    assert all(host.rpartition(":")[0].lower() in written for host in hosts)
    assert {spec.name for spec in configured.models} >= {spec.name for spec in USER.models}
    assert configured.checks == USER.checks
    assert len(found.notices) <= 51


def test_the_random_files_are_not_all_refused() -> None:
    """They choose, switch off and give rules too: the property holds of something."""
    seen = {"selection": 0, "switches": 0, "rules": 0, "prompts": 0, "refused": 0}

    @given(documents(CONFIG))
    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    def look(data: bytes) -> None:
        found = load_folder(USER, "/ws", [(PATHS[0], data)])
        seen["selection"] += bool(found.selection.roles or found.selection.languages)
        seen["switches"] += found.switches != Switches()
        seen["rules"] += bool(found.rules)
        seen["prompts"] += bool(found.prompts)
        seen["refused"] += any(row.fate is Fate.REFUSED for row in found.rows)

    look()
    assert all(seen.values()), seen


def test_what_is_in_force_is_seen() -> None:
    """A model, a key and a host more would be noticed."""
    more, _ = load_editor(
        USER,
        {
            "machine": {
                "models": [{"name": "R", "provider": "openai", "model": "m", "apiBase": EVIL}],
                "inglenook": {"hosts": [EVIL], "models": {"edit": "R"}},
            }
        },
        vouched=True,
    )
    assert not in_force(more, Choices(more)) <= in_force(USER, NOTHING)
