"""What an editor keeps for the machine: as good as the user's file, if the client vouches."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from inglenook.engine.config.editor import load_editor
from inglenook.engine.settings import Selection, Switches
from inglenook.models.spec import Provider
from tests.support.hostile_settings import EVIL, refused, said, user

MACHINE: Final = {
    "models": [
        {"name": "Remote", "provider": "openai", "model": "m", "apiBase": EVIL, "apiKey": "k"},
        {"name": "Fast", "provider": "ollama", "model": "other"},
    ],
    "rules": ["Be brief."],
    "inglenook": {
        "hosts": [EVIL],
        "models": {"chat": "Remote"},
        "workspaces": [{"folder": "/a", "models": {"chat": "Qwen"}}],
        "automatic": False,
        "ignore": ["*.gen"],
        "counters": False,
        "diskCache": False,
    },
}


def test_the_machines_own_settings_count_as_the_users() -> None:
    before = user(selection=Selection({"edit": "Qwen"}), switches=Switches(enabled=False))
    section = {"enabled": False, "machine": MACHINE}
    settings, found = load_editor(before, section, vouched=True)
    assert said(found) == []
    by_name = {spec.name: spec for spec in settings.models}
    assert list(by_name) == ["Qwen", "Fast", "Team", "Remote"]
    assert (by_name["Remote"].address, by_name["Remote"].api_key) == (EVIL, "k")
    assert by_name["Fast"].provider is Provider.OLLAMA
    assert settings.policy.allowed == {EVIL, "https://gpu.example:8443"}
    assert settings.selection.roles == {"chat": "Remote", "edit": "Qwen"}
    assert [rule.pattern for rule in settings.folder_rules] == ["/a"]
    assert settings.switches == Switches(False, False, ignored=("*.gen",))
    assert (settings.cache_dir, settings.index_dir, settings.counters) == (None, None, False)
    assert [rule.text for rule in settings.rules] == ["Be brief."]
    assert not found.switches.enabled


def test_the_machines_own_settings_may_switch_on() -> None:
    before = user(switches=Switches(enabled=False), cache_dir=None, probes=False)
    block = {"enabled": True, "diskCache": True, "probe": True}
    settings, found = load_editor(before, {"machine": {"inglenook": block}}, vouched=True)
    assert settings.switches.enabled
    assert (settings.cache_dir, settings.probes) == (None, False)
    assert refused(found) == ["inglenook.diskCache", "inglenook.probe"]


def test_a_host_of_the_machine_is_checked_as_the_users_own() -> None:
    machine = {"models": MACHINE["models"]}
    settings, found = load_editor(user(), {"machine": machine}, vouched=True)
    assert [spec.name for spec in settings.models] == ["Qwen", "Fast", "Team"]
    assert len(said(found)) == 1
    assert "the editor's settings of this machine: models[0].apiBase: " in said(found)[0]


@pytest.mark.parametrize("machine", [None, [], "x", [MACHINE], {"models": "x"}, {"x": MACHINE}])
def test_a_machine_that_is_none_changes_nothing(machine: object) -> None:
    settings, found = load_editor(user(), {"machine": machine}, vouched=True)
    assert settings == user()
    assert len(said(found)) == 1


def test_without_a_word_of_the_client_the_machine_is_not_believed() -> None:
    settings, found = load_editor(user(), {"machine": MACHINE}, vouched=False)
    assert settings == user()
    (notice,) = said(found)
    assert notice.startswith("the editor's settings: machine: is refused. ")
    assert "inglenook serve --machine-scoped" in notice


def test_what_it_names_is_looked_at_for_changes(tmp_path: Path) -> None:
    """The secrets' files and those of blocks, be they there or not."""
    block = tmp_path / "block.yaml"
    block.write_text("models: [{name: U, provider: ollama, model: u}]\n")
    gone = tmp_path / "gone.yaml"
    before = user(config_file=tmp_path / "config.yaml", files=(tmp_path / "config.yaml",))
    machine = {"models": [{"uses": str(block)}, {"uses": str(gone)}]}
    settings, _ = load_editor(before, {"machine": machine}, vouched=True)
    assert settings.models[-1].name == "U"
    assert settings.files == (tmp_path / "config.yaml", block, gone)
    rule = {"rules": ["Ask ${{ secrets.NAME }}."]}
    settings, _ = load_editor(before, {"machine": rule}, vouched=True)
    assert tmp_path / ".env" in settings.files


def test_no_pattern_of_the_machine_is_lost_to_one_of_the_users_file() -> None:
    before = user(switches=Switches(ignored=("*.gen", "!a.gen")))
    section = {"machine": {"inglenook": {"ignore": ["*.gen"]}}}
    settings, _ = load_editor(before, section, vouched=True)
    assert settings.switches.ignored == ("*.gen", "!a.gen", "*.gen")
