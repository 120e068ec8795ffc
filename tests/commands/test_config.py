"""``inglenook config``, as a user types it."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from textwrap import dedent

import pytest

from inglenook.cli import main
from inglenook.commands.config_import import write_own
from inglenook.engine.config import load_settings
from tests.support.configs import CONFIGS

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own file is looked for; nothing is there, nor anything of Continue's."""
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setenv("INGLENOOK_CONFIG", str(tmp_path / "own" / "config.yaml"))
    monkeypatch.setenv("CONTINUE_GLOBAL_DIR", str(tmp_path / "none"))
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    return tmp_path / "own" / "config.yaml"


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(text), encoding="utf-8")
    return file


GOOD = """\
    models:
      - name: Coder
        provider: ollama
        model: qwen2.5-coder:3b
        roles: [autocomplete]
    inglenook:
      hosts: [https://gpu.example:8443]
      models: {autocomplete: Coder, languages: {python: {chat: Coder}}}
    """
KEYED = """\
    models:
      - {name: Team, provider: vllm, model: m, apiKey: clear-text-key, proxi: other-secret}
      - {name: Cloud, provider: anthropic, model: c, apiKey: cloud-text-key}
    """


def test_show_says_what_is_in_force_and_where_it_stands(config: Path, capsys: Out) -> None:
    write(config, GOOD)
    assert main(["config", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Your configuration: {config}"
    assert re.search(r"^ +4 used +models\[0\]\.model +qwen2\.5-coder:3b$", "\n".join(lines), re.M)
    assert "  Coder: qwen2.5-coder:3b of ollama (autocomplete)" in lines
    assert "Selected for all folders: autocomplete: Coder" in lines
    assert "Selected for all folders: chat in python: Coder" in lines
    assert lines[-1] == "Hosts: this machine, https://gpu.example:8443"


def test_config_alone_shows(capsys: Out) -> None:
    assert main(["config"]) == 0
    out = capsys.readouterr().out
    assert "(there is none)" in out
    assert "Models: whatever is found on this machine" in out


def test_show_as_json(config: Path, capsys: Out) -> None:
    write(config, GOOD)
    assert main(["config", "show", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["found"] is True
    assert report["models"] == [
        {
            "name": "Coder",
            "provider": "ollama",
            "model": "qwen2.5-coder:3b",
            "address": "",
            "roles": ["autocomplete"],
        }
    ]
    assert report["selection"] == {
        "autocomplete": "Coder",
        "languages": {"python": {"chat": "Coder"}},
    }
    assert report["hosts"] == ["https://gpu.example:8443"]
    assert {
        "key": "models[0].provider",
        "fate": "used",
        "value": "ollama",
        "file": str(config),
        "line": 3,
        "why": "",
    } in report["rows"]


@pytest.mark.parametrize("command", [["show"], ["show", "--json"], ["check"], ["check", "--json"]])
def test_no_key_is_shown(config: Path, capsys: Out, command: list[str]) -> None:
    write(config, KEYED)
    main(["config", *command])
    out, err = capsys.readouterr()
    assert "text-key" not in out + err
    assert "other-secret" not in out + err


def test_show_reads_the_workspace_with_the_rights_of_one(
    config: Path, tmp_path: Path, capsys: Out
) -> None:
    write(config, GOOD)
    theirs = """\
        models:
          - {name: Theirs, provider: openai, model: m, apiBase: "https://canary.example/v1"}
        inglenook: {disabledLanguages: [markdown]}
        """
    write(tmp_path / "ws" / ".inglenook" / "config.yaml", theirs)
    assert main(["config", "show", "--folder", str(tmp_path / "ws")]) == 0
    out = capsys.readouterr().out
    assert "Theirs: m of" not in out
    assert out.splitlines()[-1] == "Hosts: this machine, https://gpu.example:8443"
    (refused,) = [line for line in out.splitlines() if re.search(r"\d refused  models", line)]
    assert "refused in a file of a workspace" in refused


def test_check_of_a_good_file(config: Path, capsys: Out) -> None:
    write(config, GOOD)
    assert main(["config", "check"]) == 0
    assert capsys.readouterr().out == ""


def test_check_names_file_line_and_key(tmp_path: Path, capsys: Out) -> None:
    file = write(tmp_path / "theirs.yaml", "models:\n  - {name: a, provider: ollama, modell: m}\n")
    assert main(["config", "check", str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{file}:2: models[0].modell: is no key that is known here; did you mean 'model'?",
        f"{file}:2: models[0].model: is missing; expected a text",
    ]


def test_what_is_only_worth_knowing_fails_no_check(tmp_path: Path, capsys: Out) -> None:
    text = "models:\n  - {name: a, provider: ollama, model: m, cacheBehavior: {}}\n"
    file = write(tmp_path / "theirs.yaml", text)
    assert main(["config", "check", str(file)]) == 0
    assert capsys.readouterr().out.startswith(f"info: {file}: these keys have no effect")


@pytest.mark.parametrize("name", ["tabs.yaml", "json_truncated.json", "there_is_none.yaml"])
def test_check_of_what_cannot_be_read(name: str, capsys: Out) -> None:
    assert main(["config", "check", str(CONFIGS / name)]) == 2
    assert name in "".join(capsys.readouterr())


def test_check_without_any_file_is_fine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("INGLENOOK_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert main(["config", "check"]) == 0


def test_check_of_a_workspace(tmp_path: Path, capsys: Out) -> None:
    text = "requestOptions: {proxy: 'http://canary.example'}\n"
    write(tmp_path / "ws" / ".inglenook" / "config.yaml", text)
    assert main(["config", "check", str(tmp_path / "ws")]) == 1
    assert ".inglenook/config.yaml:1: requestOptions" in capsys.readouterr().out


def test_check_as_json(tmp_path: Path, capsys: Out) -> None:
    file = write(tmp_path / "theirs.yaml", "modles: []\n")
    assert main(["config", "check", "--json", str(file)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["exit_code"] == 1
    assert [row["fate"] for row in report["rows"]] == ["unknown"]
    assert [notice["level"] for notice in report["notices"]] == ["warning"]


def test_import_prints_and_writes_nothing(config: Path, tmp_path: Path, capsys: Out) -> None:
    file = write(tmp_path / "theirs.yaml", KEYED)
    assert main(["config", "import", str(file)]) == 0
    out, err = capsys.readouterr()
    assert not config.exists()
    assert "apiKey: (hidden)" in out
    assert "refused  models[1].provider" in err
    assert "text-key" not in out + err
    assert "other-secret" not in out + err


def test_import_writes_for_the_owners_eyes(config: Path, tmp_path: Path, capsys: Out) -> None:
    file = write(tmp_path / "theirs.yaml", KEYED)
    assert main(["config", "import", "--write", str(file)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "text-key" not in err
    (spec,) = load_settings().models
    assert (spec.name, spec.api_key) == ("Team", "clear-text-key")
    assert "apiKey: cloud-text-key" in config.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(config.stat().st_mode) == 0o600
        assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700
    assert [path.name for path in config.parent.iterdir()] == ["config.yaml"]


def test_import_replaces_nothing_unless_it_is_forced(
    config: Path, tmp_path: Path, capsys: Out
) -> None:
    write(config, "rules: [mine]\n")
    file = write(tmp_path / "theirs.yaml", GOOD)
    assert main(["config", "import", "--write", str(file)]) == 2
    assert config.read_text() == "rules: [mine]\n"
    assert "--force" in capsys.readouterr().err
    for number in (1, 2):
        before = config.read_text()
        assert main(["config", "import", "--write", "--force", str(file)]) == 0
        kept = config.with_name(f"config.yaml.before-import-{number}")
        assert kept.read_text() == before
        if os.name == "posix":
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert load_settings().models[0].name == "Coder"


def test_a_write_that_fails_changes_nothing(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(config, "rules: [mine]\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_own(config, "rules: [other]\n")
    assert config.read_text() == "rules: [mine]\n"
    assert [path.name for path in config.parent.iterdir()] == ["config.yaml"]


def test_import_of_continues_directory(tmp_path: Path, capsys: Out) -> None:
    theirs = tmp_path / ".continue"
    write(
        theirs / "config.json", '{"models": [{"title": "A", "provider": "ollama", "model": "a"}]}'
    )
    write(theirs / "config.ts", "export function modifyConfig(config) { return config; }")
    block = "models:\n  - {name: B, provider: ollama, model: b}\n"
    write(theirs / "models" / "b.yaml", "name: block\nversion: 0.0.1\n" + block)
    write(theirs / "rules" / "kind.md", "---\nglobs: '*.py'\n---\nBe kind.\n")
    write(theirs / "assistants" / "other.yaml", GOOD)
    assert main(["config", "import", "--write", str(theirs)]) == 0
    settings = load_settings()
    assert [spec.name for spec in settings.models] == ["A", "B"]
    assert [(rule.text, rule.globs) for rule in settings.rules] == [("Be kind.", ("*.py",))]
    err = capsys.readouterr().err
    assert "config.ts: is a program, which is never run" in err
    assert "other.yaml: is a whole configuration of its own" in err


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (".continuerc.json", "is a file of a workspace"),
        ("config.ts", "is a program, which is never run"),
        ("empty", "has no configuration in it"),
        ("none.yaml", "there is no file at"),
    ],
)
def test_what_is_not_imported(tmp_path: Path, capsys: Out, name: str, sentence: str) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / ".continuerc.json", '{"mergeBehavior": "merge"}')
    assert main(["config", "import", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err


def test_another_machine_comes_with_the_lines_that_would_allow_it(
    config: Path, capsys: Out
) -> None:
    assert main(["config", "import", "--write", str(CONFIGS / "vllm_lan.yaml")]) == 0
    assert "- http://192.168.1.20:8000" in capsys.readouterr().err
    assert [spec.name for spec in load_settings().models] == ["Fallback on this laptop"]
    prose = ("# Made", "# What", "# Other", "# To allow", "# Not used")
    lines = [
        line if line.lstrip().startswith(prose) else re.sub(r"^( *)# ", r"\1", line)
        for line in config.read_text(encoding="utf-8").splitlines()
    ]
    config.write_text("\n".join(lines), encoding="utf-8")
    settings = load_settings()
    assert settings.policy.allowed == {"http://192.168.1.20:8000", "http://gpubox.lan:8001"}
    assert [(spec.name, spec.address) for spec in settings.models] == [
        ("Qwen3 Coder (GPU box)", "http://192.168.1.20:8000"),
        ("FIM (GPU box)", "http://gpubox.lan:8001"),
        ("Fallback on this laptop", ""),
    ]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_nothing_leads_out_of_a_comment(config: Path, tmp_path: Path, end: str) -> None:
    bad = f"x{end}inglenook:{end}  hosts: [https://evil.example:443]{end}"
    theirs = {
        "models": [
            {"title": "a", "provider": "ollama", "model": "m", "requestOptions": {"proxy": bad}},
            {"title": bad, "provider": "anthropic", "model": bad, bad: bad},
            {"title": "c", "provider": "vllm", "model": bad, "apiBase": "http://10.0.0.1:8000"},
        ],
        "systemMessage": bad,
        bad: bad,
    }
    file = write(tmp_path / "config.json", json.dumps(theirs))
    assert main(["config", "import", "--write", str(file)]) == 0
    settings = load_settings()
    assert settings.policy.allowed == frozenset()
    assert [spec.name for spec in settings.models] == ["a"]
    assert [rule.text for rule in settings.rules] == [bad]


def test_no_name_writes_to_the_terminal(tmp_path: Path, capsys: Out) -> None:
    evil = "\\e[31m\\u202eevil\\a"
    text = f'models:\n  - {{"name": "{evil}", provider: ollama, model: "m", "{evil}": "{evil}"}}\n'
    file = write(tmp_path / "theirs.yaml", text)
    for command in (["check"], ["check", "--json"], ["import"]):
        main(["config", *command, str(file)])
        out, err = capsys.readouterr()
        assert not [sign for sign in out + err if sign != "\n" and not sign.isprintable()]


def test_paths_that_begin_beside_the_old_file_still_lead_there(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "theirs" / "ca").mkdir(parents=True)
    (tmp_path / "theirs" / "ca" / "root.pem").touch()
    text = """\
        models:
          - name: a
            provider: vllm
            model: m
            apiBase: https://localhost:8443
            requestOptions: {caBundlePath: ca/root.pem}
        """
    file = write(tmp_path / "theirs" / "config.yaml", text)
    assert main(["config", "import", "--write", str(file)]) == 0
    (trust,) = load_settings().policy.trust
    assert trust.ca_files == (str(tmp_path / "theirs" / "ca" / "root.pem"),)


def test_the_schema_is_printed(capsys: Out) -> None:
    assert main(["config", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert {"models", "rules", "inglenook"} <= set(schema["properties"])
