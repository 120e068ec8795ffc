"""Where programs share an engine, and for how long, as the environment has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inglenook.engine.config import load_settings
from inglenook.engine.settings import ENGINE_IDLE, Level, Settings
from inglenook.engine.sharing import engines_dir


def load(directory: Path, **environ: str) -> Settings:
    (directory / "config.yaml").touch()
    return load_settings({"INGLENOOK_CONFIG": str(directory / "config.yaml"), **environ})


def test_the_user_names_the_directory(tmp_path: Path) -> None:
    named = load(tmp_path, INGLENOOK_RUNTIME_DIR=str(tmp_path / "run"), XDG_RUNTIME_DIR="/tmp")
    assert named.engines_dir == tmp_path / "run" / "engines"


def test_else_it_is_in_the_sessions_directory(tmp_path: Path) -> None:
    settings = load(tmp_path, XDG_RUNTIME_DIR=str(tmp_path))
    assert settings.engines_dir == tmp_path / "inglenook" / "engines"


@pytest.mark.parametrize("session", ["", "relative", "{home}/missing", "{home}/file"])
def test_without_one_it_is_in_the_state_directory(
    tmp_path: Path, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "relative").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: 2**31)  # nobody has a session in /run/user
    environ = {
        "XDG_RUNTIME_DIR": session.format(home=tmp_path),
        "INGLENOOK_STATE_DIR": str(tmp_path / "state"),
    }
    assert engines_dir(environ) == tmp_path / "state" / "run" / "engines"


def test_another_users_session_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``sudo -E`` hands its variable to root."""
    environ = {"XDG_RUNTIME_DIR": str(tmp_path), "INGLENOOK_STATE_DIR": str(tmp_path / "state")}
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: 2**31)
    assert engines_dir(environ) == tmp_path / "inglenook" / "engines"
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    assert engines_dir(environ) == tmp_path / "state" / "run" / "engines"


@pytest.mark.parametrize(
    ("text", "seconds"), [("", ENGINE_IDLE), (" ", ENGINE_IDLE), ("0", 0.0), ("2.5", 2.5)]
)
def test_the_idle_time(tmp_path: Path, text: str, seconds: float) -> None:
    settings = load(tmp_path, INGLENOOK_ENGINE_IDLE=text)
    assert (settings.engine_idle, settings.notices) == (seconds, ())


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf", "1e9", "1" * 5000])
def test_what_is_no_idle_time_is_said(tmp_path: Path, text: str) -> None:
    settings = load(tmp_path, INGLENOOK_ENGINE_IDLE=text)
    assert settings.engine_idle == ENGINE_IDLE
    (notice,) = settings.notices
    assert notice.level is Level.WARNING
    assert notice.text.startswith(f"INGLENOOK_ENGINE_IDLE is {text[:40]!a}; expected seconds")
