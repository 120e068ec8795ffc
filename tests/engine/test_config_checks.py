"""The key ``checks``: commands that only the user's own file may name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from inglenook.engine.config.editor import load_editor
from inglenook.engine.config.folder import load_folder
from inglenook.engine.config.load import load_settings
from inglenook.engine.settings import Check, CheckKind, Fate, Settings
from tests.support.hostile_settings import CONTINUE, YAML, editor, folder, refused, said, user

OWN: Final = "only your own configuration file may set it"
GIVEN: Final[dict[str, Any]] = {"name": "ruff", "command": ["ruff", "check", "-"]}


def load(tmp_path: Path, *checks: Any) -> Settings:
    file = tmp_path / "config.yaml"
    file.write_text(json.dumps({"inglenook": {"checks": list(checks)}}))
    return load_settings({"INGLENOOK_CONFIG": str(file), "HOME": str(tmp_path)})


def told(settings: Settings) -> list[str]:
    return [each.text.partition("inglenook.checks")[2] for each in settings.notices]


def fates(settings: Settings, number: int) -> set[Fate]:
    start = f"inglenook.checks[{number}]."
    return {row.fate for row in settings.rows if row.key.startswith(start)}


def test_checks_of_the_users_own_file(tmp_path: Path) -> None:
    whole = str(tmp_path / "bin" / "tool")
    settings = load(
        tmp_path,
        GIVEN,
        {"name": "fmt", "command": [whole, "", "a\nb"], "kind": "format", "languages": ["python"]},
        {"name": "tests", "command": ["pytest"], "kind": "test", "timeout": 5},
    )
    assert settings.checks == (
        Check("ruff", ("ruff", "check", "-"), CheckKind.LINT, frozenset(), 60.0),
        Check("fmt", (whole, "", "a\nb"), CheckKind.FORMAT, frozenset({"python"})),
        Check("tests", ("pytest",), CheckKind.TEST, seconds=5),
    )
    assert settings.notices == ()
    assert {row.fate for row in settings.rows} == {Fate.USED}
    assert settings.checks[1].is_for("python")
    assert not settings.checks[1].is_for("go")
    assert settings.checks[0].is_for("go")


def test_a_home_is_written_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (check,) = load(tmp_path, {"name": "a", "command": ["~/bin/a", "~/b"]}).checks
    assert check.command == (str(tmp_path / "bin" / "a"), "~/b")


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"command": "ruff check"}, ".command: is a text; expected a list"),
        ({"command": []}, ".command: names no program; expected its name alone, or its whole path"),
        ({"command": ["./ruff"]}, ".command: names no program; expected its name alone"),
        ({"command": ["bin/ruff"]}, ".command: names no program; expected its name alone"),
        ({"command": [".."]}, ".command: names no program; expected its name alone"),
        ({"command": [""]}, ".command: names no program; expected its name alone"),
        ({"command": ["ruff", 100]}, ".command[1]: is a number; expected a text"),
        ({"command": ["ruff", ["-"]]}, ".command[1]: is a list; expected a text"),
        ({"command": ["ruff", "\0"]}, ".command: has a character that no argument can have"),
        ({"command": None}, ".command: is missing; expected a list"),
        ({"name": " "}, ".name: is empty; expected a text"),
        ({"kind": "tests"}, ".kind: is 'tests'; expected one of lint, format, test"),
        ({"languages": "python"}, ".languages: is a text; expected a list"),
        ({"languages": ["python", 3]}, ".languages[1]: is a number; expected a text"),
        ({"timeout": 0}, ".timeout: is 0; expected a number from 0.1 to 3600"),
        ({"timeout": "1h"}, ".timeout: is a text; expected a number from 0.1 to 3600"),
    ],
)
def test_a_check_with_anything_wrong_in_it_is_not_run(
    tmp_path: Path, entry: dict[str, Any], text: str
) -> None:
    """With an argument less, of another kind, or for more languages it would be another."""
    settings = load(tmp_path, GIVEN | entry, {"name": "good", "command": ["good"]})
    assert [check.name for check in settings.checks] == ["good"]
    (notice,) = told(settings)
    assert notice.startswith(f"[0]{text}")
    assert fates(settings, 0) <= {Fate.REFUSED, Fate.IGNORED}
    assert fates(settings, 1) == {Fate.USED}


def test_a_key_that_is_unknown_costs_itself(tmp_path: Path) -> None:
    settings = load(tmp_path, GIVEN | {"shell": True})
    assert [check.name for check in settings.checks] == ["ruff"]
    assert told(settings) == [
        "[0].shell: is no key that is known here; expected one of "
        "name, command, kind, languages, timeout"
    ]


def test_the_second_of_two_equal_names_is_refused(tmp_path: Path) -> None:
    settings = load(tmp_path, GIVEN, GIVEN | {"command": ["other"]})
    assert [check.command[0] for check in settings.checks] == ["ruff"]
    assert told(settings) == ["[1].name: 'ruff' is the name of an earlier check; expected another"]
    assert fates(settings, 1) == {Fate.REFUSED}


def test_what_came_from_a_secret_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOKEN=tell-nobody\n")
    settings = load(tmp_path, {"name": "a", "command": ["a", "--token=${{ secrets.TOKEN }}"]})
    assert "tell-nobody" not in repr(settings.rows) + repr(settings.notices)


@pytest.mark.parametrize("path", [YAML, CONTINUE, ".continue/agents/a.yaml"])
@pytest.mark.parametrize(
    "written",
    [
        {"inglenook": {"checks": [GIVEN]}},
        {"inglenook": {"Checks": [GIVEN]}},
        {"inglenook.checks": [GIVEN]},
        {"inglenook": {"checks": [{**GIVEN, "kind": "test"}], "enabled": True}},
        {"Inglenook": {"checks": GIVEN}},
    ],
)
def test_a_workspace_names_no_command(path: str, written: dict[str, Any]) -> None:
    found = folder(json.dumps(written), path)
    assert [key for key in refused(found) if "hecks" in key] == refused(found)[:1]
    assert any(OWN in text for text in said(found))
    assert "ruff" not in repr(found)


def test_the_older_schema_names_no_command() -> None:
    found = load_folder(
        user(),
        "/ws",
        [(".continuerc.json", json.dumps({"inglenook": {"checks": [GIVEN]}}).encode())],
    )
    assert refused(found) == ["inglenook.checks"]
    assert "ruff" not in repr(found)


@pytest.mark.parametrize("vouched", [False, True])
@pytest.mark.parametrize(
    "section",
    [{"checks": [GIVEN]}, {"inglenook": {"checks": [GIVEN]}}, {"inglenook.checks": [GIVEN]}],
)
def test_an_editor_names_no_command(section: dict[str, Any], vouched: bool) -> None:
    found = editor(section, vouched=vouched)
    assert refused(found) == ["checks"]
    assert OWN in said(found)[0]


def test_nor_does_what_it_keeps_for_the_machine() -> None:
    mine = user(checks=(Check("mine", ("mine",)),))
    machine = {"inglenook": {"checks": [GIVEN], "counters": False}}
    settings, found = load_editor(mine, {"machine": machine}, vouched=True)
    assert settings.checks == mine.checks
    assert settings.counters is False
    assert [row.key for row in found.rows if row.fate is Fate.REFUSED] == [
        "inglenook.checks[0].name",
        "inglenook.checks[0].command",
    ]
    assert "only your own configuration file may name commands" in said(found)[0]
