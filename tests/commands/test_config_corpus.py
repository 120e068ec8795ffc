"""Configurations as Continue's users have them: what becomes of every key, and of an import.

INGLENOOK_UPDATE_TABLES=1 writes the golden tables anew; look at the difference before you keep it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Final

import jsonschema
import pytest

from inglenook.commands.config_show import describe
from inglenook.commands.config_table import notice_lines, table
from inglenook.engine.config import load_settings
from inglenook.engine.config.check import check
from inglenook.engine.config.imported import judge, place_of
from inglenook.engine.config.imported_yaml import as_text
from inglenook.engine.config.json_schema import json_schema
from inglenook.engine.config.kinds import Zone
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.config.tree import plain
from inglenook.engine.config.yaml_tree import read_yaml
from inglenook.engine.settings import Fate, Level, Settings
from tests.support.configs import ALL, CONFIGS, JSON, SECRETS, UNREADABLE, YAML, environment

UPDATE: Final = os.environ.get("INGLENOOK_UPDATE_TABLES", "") == "1"
IN_CLEAR: Final = (
    "hunter2",
    "lm-clear-text-key",
    "not-a-real-key",
    "not-a-real-token",
    "dXNlcjpub3QtcmVhbA==",
    "EMPTY",
)
# What a schema cannot see: keys that are there for their anchors, and keys that stand twice.
BLIND: Final = {"anchors_yaml11.yaml", "duplicate_keys.yaml"}
each_of_all: Final = pytest.mark.parametrize("file", ALL, ids=lambda file: file.name)
readable: Final = [file for file in ALL if file.name not in UNREADABLE]
each_readable: Final = pytest.mark.parametrize("file", readable, ids=lambda file: file.name)


def test_there_are_enough_of_them() -> None:
    assert len(YAML) >= 22
    assert len(JSON) >= 12


def test_every_table_has_its_configuration() -> None:
    assert {f"{file.name}.table.txt" for file in ALL} == {
        file.name for file in CONFIGS.glob("*.table.txt")
    }


@each_of_all
def test_the_table_of_every_key(tmp_path: Path, file: Path) -> None:
    judged = judge(place_of(file), environment(tmp_path))
    lines = [*table(judged.rows), ""]
    for notice in judged.notices:
        lines += notice_lines(notice)
    lines += ["", *(describe(spec) for spec in judged.models)]
    text = "\n".join(lines).replace(f"{CONFIGS}{os.sep}", "").replace(str(tmp_path), "HOME") + "\n"
    golden = CONFIGS / f"{file.name}.table.txt"
    if UPDATE:
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


@each_readable
def test_each_key_of_the_file_is_in_the_table(tmp_path: Path, file: Path) -> None:
    """A row for each line with a key, or one for what it stands in."""
    judged = judge(place_of(file), environment(tmp_path))
    keys = {row.key for row in judged.rows if row.file == str(file)}
    missing = [key for key in top_keys(file) if not any(_names(key, row) for row in keys)]
    assert missing == []


def _names(key: str, row: str) -> bool:
    return row == key or row.startswith((f"{key}.", f"{key}["))


def top_keys(file: Path) -> list[str]:
    """The outermost keys that have a value."""
    from inglenook.engine.config.reading import read_value

    value, _ = read_value(file)
    entries = value.entries if value is not None else {}
    return [
        key
        for key, entry in entries.items()
        if entry.data not in (None, ()) and not (entry.data == {} and key != "models")
    ]


@each_readable
def test_a_secret_is_in_no_table(tmp_path: Path, file: Path) -> None:
    judged = judge(place_of(file), environment(tmp_path))
    said = [*table(judged.rows), *(notice.text for notice in judged.notices)]
    shown = "\n".join([*said, as_text(judged, reveal=False)])
    for secret in (*SECRETS.values(), *IN_CLEAR):
        assert secret not in shown


def without_files(settings: Settings) -> object:
    """What is in force, without where it was said."""
    rules = tuple(replace(rule, source="") for rule in settings.rules)
    prompts = tuple(replace(prompt, source="") for prompt in settings.prompts)
    return (
        *(settings.models, rules, prompts, settings.docs, settings.selection, settings.think),
        *(settings.folder_rules, settings.switches, settings.policy, settings.counters),
    )


@each_readable
def test_an_imported_file_says_the_same(tmp_path: Path, file: Path) -> None:
    judged = judge(place_of(file), environment(tmp_path))
    made = tmp_path / "config.yaml"
    made.write_text(as_text(judged, reveal=True), encoding="utf-8")
    before = load_settings(environment(tmp_path, file))
    after = load_settings(environment(tmp_path, made))
    assert after.models == before.models
    assert without_files(after) == without_files(before)
    assert secrets_in(made) == []


@each_readable
def test_an_imported_file_is_clean(tmp_path: Path, file: Path) -> None:
    """Nothing in it is refused, unknown or without effect, but for secrets that are not set."""
    made = tmp_path / "config.yaml"
    text = as_text(judge(place_of(file), environment(tmp_path)), reveal=True)
    made.write_text(text, encoding="utf-8")
    rows = [row for row in load_settings(environment(tmp_path, made)).rows if "." in row.key]
    left = [row for row in rows if row.fate is not Fate.USED]
    assert [row.key for row in left if not row.why.startswith("The secret ")] == []


def secrets_in(file: Path) -> list[str]:
    """Templates stay templates."""
    text = file.read_text(encoding="utf-8")
    return [secret for secret in SECRETS.values() if secret in text]


@each_readable
def test_an_import_of_an_import_changes_nothing(tmp_path: Path, file: Path) -> None:
    made = tmp_path / "config.yaml"
    text = as_text(judge(place_of(file), environment(tmp_path)), reveal=True)
    made.write_text(text, encoding="utf-8")
    again = as_text(judge(place_of(made), environment(tmp_path)), reveal=True)
    assert active(again) == active(text)


def active(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("file", YAML, ids=lambda file: file.name)
def test_the_schema_tells_what_the_check_tells(file: Path) -> None:
    value, notices = read_yaml(file.read_bytes(), file.name)
    if value is None:
        assert file.name in UNREADABLE
        assert notices
        return
    checked = check(value, CONFIG, Zone.USER)
    wrong = any(notice.level is Level.WARNING for notice in checked.notices)
    errors = list(jsonschema.Draft202012Validator(json_schema()).iter_errors(plain(value)))
    assert (bool(errors) == wrong) == (file.name not in BLIND), [error.message for error in errors]
