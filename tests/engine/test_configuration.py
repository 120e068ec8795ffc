"""All that is configured, read at once, and whether it is worth it to read it again."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from inglenook.engine import configuration
from inglenook.engine.chat.configured import manner
from inglenook.engine.configuration import Sources, read, stamp

MACHINE: Final = {
    "rules": ["Ask ${{ secrets.NAME }}."],
    "models": [{"uses": "./block.yaml"}],
}
BLOCK: Final = "models: [{name: %s, provider: ollama, model: m}]\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("INGLENOOK_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("INGLENOOK_CONFIG", raising=False)
    return tmp_path


@pytest.mark.parametrize("fresh", [True, False])
def test_what_the_machines_settings_name_is_seen_when_it_changes(
    home: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    monkeypatch.setattr(configuration, "_fresh", lambda _files: fresh)
    own = home / "config" / "inglenook"
    own.mkdir(parents=True)
    sources = Sources((), {"machine": MACHINE}, vouched=True)
    seen = [read(sources)]
    for file, text in (
        ("block.yaml", BLOCK % "A"),
        (".env", "NAME=x"),
        ("block.yaml", BLOCK % "Bo"),
    ):
        assert stamp((), seen[-1].choices.settings.files) == seen[-1].stamp
        (own / file).write_text(text)
        assert stamp((), seen[-1].choices.settings.files) != seen[-1].stamp
        seen.append(read(sources))
    assert [[spec.name for spec in each.choices.settings.models] for each in seen] == [
        *([], ["A"], ["A"], ["Bo"])
    ]
    assert [rule.text for rule in seen[-1].choices.settings.rules] == ["Ask x."]


def test_a_home_that_is_a_workspace_does_not_refuse_the_users_own_file(home: Path) -> None:
    own = home / ".continue"
    (own / "rules").mkdir(parents=True)
    (own / "config.yaml").write_text(BLOCK % "A" + "inglenook: {models: {chat: A}}\n")
    (own / "rules" / "kind.md").write_text("Be kind.\n")
    (home / "AGENTS.md").write_text("Be brief.\n")
    found = read(Sources((home,)))
    assert [spec.name for spec in found.choices.settings.models] == ["A"]
    assert [rule.text for rule in found.choices.settings.rules] == ["Be kind."]
    assert [rule.text for rule in found.choices.folders[str(home)].rules] == ["Be brief."]
    assert found.notices == ()
    assert found.choices.chosen(str(home), "chat").why.startswith("Your configuration file")


def test_what_lies_beside_it_is_not_a_workspaces_either(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Continue's files stay where they are when they have been imported."""
    (home / ".continue" / "agents").mkdir(parents=True)
    for name in ("config.yaml", "agents/a.yaml"):
        (home / ".continue" / name).write_text(BLOCK % "A")
    named = home / "own.yaml"
    named.write_text(BLOCK % "Mine")
    monkeypatch.setenv("INGLENOOK_CONFIG", str(named))
    found = read(Sources((home,)))
    assert [spec.name for spec in found.choices.settings.models] == ["Mine"]
    assert found.notices == ()


@pytest.mark.parametrize("trusted", [True, False])
def test_of_a_workspace_that_is_not_trusted_no_file_counts_and_no_command_runs_in_it(
    home: Path, tmp_path: Path, trusted: bool
) -> None:
    own, workspace = home / "config" / "inglenook", tmp_path / "theirs"
    own.mkdir(parents=True)
    check = "inglenook: {checks: [{name: tests, kind: test, command: [pytest]}]}\n"
    (own / "config.yaml").write_text(f"rules: [Be kind.]\n{BLOCK % 'A'}{check}")
    (workspace / ".inglenook").mkdir(parents=True)
    (workspace / ".inglenook" / "config.yaml").write_text(
        "inglenook: {enabled: false, models: {chat: A}, ignore: ['*.py']}\n"
        "prompts:\n  - {name: theirs, prompt: Say it.}\n"
    )
    (workspace / "AGENTS.md").write_text("Be cruel.\n")
    choices = read(Sources((workspace,), trusted=trusted)).choices
    folder = configuration.real(workspace)
    said = manner(choices, folder)
    assert [rule.text for rule in said.rules] == ["Be kind.", *(["Be cruel."] * trusted)]
    assert [prompt.name for prompt in said.prompts] == ["theirs"] * trusted
    assert choices.chosen(folder, "chat").name == "A" * trusted
    assert choices.left_out(folder).leaves_out("a.py") is trusted
    assert choices.serves(folder, "a.txt", "text", automatic=True) is not trusted
    assert [each.name for each in choices.settings.checks] == ["tests"] * trusted
