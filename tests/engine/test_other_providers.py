"""Who else completes in the editor: the sentence, and the note that a doctor reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inglenook.engine.other_providers import cause, cure, load, named, save, sentence

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def test_one() -> None:
    assert sentence(["GitHub Copilot"]) == (
        "GitHub Copilot offers inline completions in the editor too, and only one of the answers "
        'is shown. Keep one. To switch GitHub Copilot off: set "github.copilot.enable" to '
        '{"*": false}. Or disable Inglenook in this workspace.'
    )


def test_several() -> None:
    names = ["Continue", "Codeium", "Somebody's"]
    assert cause(names).startswith("Continue, Codeium and Somebody's offer inline completions")
    assert 'Continue off: set "continue.enableTabAutocomplete" to false;' in cure(names)
    assert "Somebody's off: disable the extension." in cure(names)


def test_none() -> None:
    assert sentence([]) == ""


@pytest.mark.parametrize(
    ("told", "names"),
    [
        (["A", "B", "A"], ("A", "B")),
        ([" A ", "", 3, None, ["B"]], ("A",)),
        (["evil\x1b[31m", "a\nb", "fine"], ("fine",)),
        (["x" * 100], ("x" * 60,)),
        ([str(number) for number in range(30)], tuple(map(str, range(10)))),
        ("GitHub Copilot", ()),
        (None, ()),
    ],
)
def test_names_are_not_believed(told: object, names: tuple[str, ...]) -> None:
    assert named(told) == names


def test_a_note_is_kept(tmp_path: Path) -> None:
    save(tmp_path / "state", ["A"], NOW - timedelta(days=6))
    seen = load(tmp_path / "state", NOW)
    assert seen is not None
    assert (seen.providers, seen.when) == (("A",), NOW - timedelta(days=6))
    save(tmp_path / "state", [], NOW)
    assert getattr(load(tmp_path / "state", NOW), "providers", None) == ()
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["other_providers.json"]


@pytest.mark.parametrize("age", [timedelta(days=8), timedelta(days=-1)], ids=["old", "future"])
def test_a_note_of_another_time(tmp_path: Path, age: timedelta) -> None:
    save(tmp_path, ["A"], NOW - age)
    assert load(tmp_path, NOW) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[1, 2]",
        b'{"providers": ["A"]}',
        b'{"providers": ["A"], "when": 3}',
        b'{"providers": ["A"], "when": "2026-11-25"}',  # without a zone
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_damaged_note(tmp_path: Path, damage: bytes) -> None:
    save(tmp_path, ["A"], NOW)
    (tmp_path / "other_providers.json").write_bytes(damage)
    assert load(tmp_path, NOW) is None


def test_only_a_note_of_our_own(tmp_path: Path) -> None:
    save(tmp_path, ["A"], NOW)
    note = tmp_path / "other_providers.json"
    assert note.stat().st_mode & 0o777 == 0o600
    note.chmod(0o666)
    assert load(tmp_path, NOW) is None
    note.chmod(0o600)
    note.rename(tmp_path / "elsewhere")
    note.symlink_to(tmp_path / "elsewhere")
    assert load(tmp_path, NOW) is None


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    save(tmp_path / "state", ["A"], NOW)
    assert load(tmp_path / "state", NOW) is None
