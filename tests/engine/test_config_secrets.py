"""Secrets by name: where they are looked for, and that nothing shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.engine.config import load_settings
from inglenook.engine.config.secrets import Secrets
from inglenook.engine.settings import Fate

MODEL = "models: [{name: a, provider: vllm, model: m, apiKey: '%s'}]"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anything; a configuration in it is the user's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "inglenook").mkdir(parents=True)
    (tmp_path / ".continue").mkdir()
    return tmp_path


def key(home: Path, template: str, **environ: str) -> str:
    (home / "config" / "inglenook" / "config.yaml").write_text(MODEL % template)
    (spec,) = load_settings(environ).models
    return spec.api_key


def test_where_a_secret_is_looked_for(home: Path) -> None:
    own = home / "config" / "inglenook" / ".env"
    theirs = home / ".continue" / ".env"
    assert key(home, "${{ secrets.TOKEN }}", TOKEN="of-environ") == "of-environ"
    theirs.write_text("TOKEN=of-continue\n")
    assert key(home, "${{ secrets.TOKEN }}", TOKEN="of-environ") == "of-continue"
    own.write_text("TOKEN=own\n")
    assert key(home, "${{ secrets.TOKEN }}", TOKEN="of-environ") == "own"
    assert key(home, "${{inputs.TOKEN}}") == "own"
    assert key(home, "${{ secrets.owner/block/TOKEN }}") == "own"
    assert key(home, "sk-${{ secrets.TOKEN }}-${{ secrets.TOKEN }}") == "sk-own-own"
    assert {own, theirs} <= set(load_settings({}).files)


def test_a_workspace_is_never_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = home / "work"
    (workspace / ".continue").mkdir(parents=True)
    for file in (workspace / ".env", workspace / ".continue" / ".env"):
        file.write_text("TOKEN=of-the-workspace\n")
    monkeypatch.chdir(workspace)
    assert key(home, "${{ secrets.TOKEN }}") == ""


def test_one_that_is_missing_costs_its_key_and_one_notice(home: Path) -> None:
    assert key(home, "${{ secrets.TOKEN }}") == ""
    found = load_settings({})
    (notice,) = found.notices
    env = home / "config" / "inglenook" / ".env"
    assert notice.text.endswith(
        f"config.yaml:1: models[0].apiKey: the secret TOKEN is not set; "
        f"expected TOKEN=… in {env} or the environment"
    )
    assert [row.fate for row in found.rows if row.key.endswith("apiKey")] == [Fate.REFUSED]


def test_nothing_shows_what_was_put_in(home: Path) -> None:
    file = home / "config" / "inglenook" / "config.yaml"
    file.write_text(
        """\
models:
  - name: a
    provider: vllm
    model: m
    apiBase: http://${{ secrets.S }}:1
    roles: ["${{ secrets.S }}"]
    contextLength: ${{ secrets.S }}
    bogus: ${{ secrets.S }}
  - {name: "${{ secrets.S }}", provider: "${{ secrets.S }}", model: m}
  - {name: "${{ secrets.S }}", provider: vllm, model: m}
  - {name: "${{ secrets.S }}", provider: vllm, model: m}
inglenook:
  hosts: ["${{ secrets.S }}"]
  workspaces: [{folder: "${{ secrets.S }}"}]
  think: {chat: "${{ secrets.S }}"}
data: [{name: d, destination: "https://${{ secrets.S }}"}]
rules: [{uses: "${{ secrets.S }}"}]
"""
    )
    found = load_settings({"S": "hunter"})
    assert len(found.notices) > 8
    assert "hunter" not in repr((found.rows, found.notices))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=plain", "plain"),
        ("export A = spaced  # a comment", "spaced"),
        ("A='single # $x'", "single # $x"),
        ('A="two\\nlines \\"x\\""', 'two\nlines "x"'),
        ("A=a=b", "a=b"),
        ("A=", None),
        ("# A=1", None),
        ("A", None),
        ("\ufeffA=first", "first"),
    ],
)
def test_lines_of_an_env_file(tmp_path: Path, line: str, value: str | None) -> None:
    file = tmp_path / ".env"
    file.write_text(line + "\nB=2\n", encoding="utf-8")
    assert Secrets([file], {}).get("A") == value
    assert Secrets([file], {}).get("B") == "2"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | st.from_regex(rb"A=[\"'\\#a-z ]*", fullmatch=True))
def test_no_env_file_raises(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(data)
    Secrets([file], {}).get("A")
