"""What is said of a config file that is not as expected, and what is never said."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.engine.config import load_settings
from inglenook.engine.settings import Settings


def _load(directory: Path, text: str) -> Settings:
    file = directory / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings({"INGLENOOK_CONFIG": str(file)})


_KEYED = "models:\n  - {name: a, provider: openai, model: m, apiBase: 'http://127.0.0.1:1', %s}\n"


@pytest.mark.parametrize(
    "entry",
    [
        "apiKey: *SECRET",
        "apiKey: &SECRET a, b: &SECRET c",
        "apiKey: !SECRET",
        "apiKey: !SECRET x",
        "apiKey: !!SECRET x",
        "apiKey: !!SECRET:int x",
        "apiKey: !SECRET!x",
        "apiKey: %SECRET",
        "apiKey: @SECRET",
        "apiKey: &SECRET.",
        'apiKey: "\\SECRET"',
        'apiKey: "SECRET',
        "apiKey: SECRET]",
        "apiKey: [SECRET]",
        "apiKey: {SECRET}",
        "apiKey:SECRET",
        "apiKey:SECRET, apiKey:SECRET",
        "apiKey: SECRET SECRET",
        "apiKey: ${{ SECRET }}",
        "apiKey: SECRET, x: 1",
    ],
)
def test_no_message_quotes_a_key(tmp_path: Path, entry: str) -> None:
    """To YAML a key without quotes can be an alias, a tag, or the beginning of many things."""
    settings = _load(tmp_path, _KEYED % entry)
    assert settings.notices
    assert not [notice.text for notice in settings.notices if "SECRET" in notice.text]
    assert "SECRET" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: *y", "found undefined alias"),
        ("a: !y!z x", "found undefined tag handle"),
        ("a: @y", "found character that cannot start any token"),
        ("a: [b: c: d", "expected ',' or ']', but got ':'"),
        ("a: [b", "expected ',' or ']', but got '<stream end>'"),
        ("a: &. x", "expected alphabetic or numeric character"),
        ("a\nb: c", "mapping values are not allowed here"),
    ],
)
def test_what_is_wrong_is_still_said(tmp_path: Path, text: str, problem: str) -> None:
    (notice,) = _load(tmp_path, text).notices
    assert notice.text.endswith(f": is not YAML ({problem})")
