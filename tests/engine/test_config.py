"""The user's config file: what is taken, what is ignored, what is refused and in which words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.engine.address import AddressRefused, loopback_address
from inglenook.engine.config import load_settings
from inglenook.engine.settings import Level, Settings
from inglenook.models.spec import ModelSpec, Provider


def load(directory: Path, text: str, **environ: str) -> Settings:
    file = directory / "config.yaml"
    file.write_text(dedent(text), encoding="utf-8")
    return load_settings({"INGLENOOK_CONFIG": str(file), **environ})


def said(settings: Settings) -> list[str]:
    """The notices, with the file's name in place of its path."""
    return [
        f"{notice.level}: {notice.text.replace(str(settings.config_file), 'config.yaml')}"
        for notice in settings.notices
    ]


def test_a_file_as_users_have_it(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        name: My assistant
        version: 1.0.0
        schema: v1
        models:
          - name: Qwen
            provider: ollama
            model: qwen2.5-coder:0.5b
            apiBase: http://localhost:11434/
            roles: [autocomplete]
          - name: Server
            provider: llama.cpp
            model: any
        """,
    )
    assert settings.models == (
        ModelSpec(
            "Qwen",
            Provider.OLLAMA,
            "qwen2.5-coder:0.5b",
            "http://127.0.0.1:11434",
            ("autocomplete",),
        ),
        ModelSpec("Server", Provider.LLAMA_CPP, "any"),
    )
    assert said(settings) == []


def test_servers_of_openais_api(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        models:
          - {name: Studio, provider: lmstudio, model: a, apiBase: "http://localhost:1234/v1/"}
          - {name: Fast, provider: vllm, model: b}
          - {name: Team, provider: openai, model: c, apiBase: "http://127.0.0.1:4000", apiKey: sk-1}
          - {name: Mine, provider: llama.cpp, model: any, apiKey: sk-2}
        """,
    )
    assert [(spec.provider, spec.address, spec.api_key) for spec in settings.models] == [
        (Provider.LM_STUDIO, "http://127.0.0.1:1234", ""),
        (Provider.VLLM, "http://127.0.0.1:8000", ""),
        (Provider.OPENAI, "http://127.0.0.1:4000", "sk-1"),
        (Provider.LLAMA_CPP, "", "sk-2"),
    ]
    assert "sk-" not in repr(settings)
    assert said(settings) == []


def test_keys_without_effect_are_named_in_one_notice(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        env: {A: b}
        models:
          - name: a
            provider: ollama
            model: m
            defaultCompletionOptions: {stream: true, temperature: 0.2}
        """,
    )
    assert [spec.name for spec in settings.models] == ["a"]
    assert said(settings) == [
        "info: config.yaml: these keys have no effect here and were ignored: "
        "env, models[0].defaultCompletionOptions.stream"
    ]


GOOD = "  - {name: good, provider: ollama, model: m}\n"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        pytest.param(
            "{name: a, provider: anthropic, model: m}",
            "config.yaml:2: models[0].provider: 'anthropic' runs on another company's machines, "
            "and what you write would go there; for a server of your own write provider: openai "
            "and its apiBase",
            id="provider",
        ),
        pytest.param(
            "{name: a, provider: openai, model: m, apiKey: sk-secret}",
            "config.yaml:2: models[0].apiBase: is missing; without it api.openai.com is meant, "
            "which runs on another company's machines; expected the address of a server of yours",
            id="base",
        ),
        pytest.param(
            "{name: a, provider: vllm, model: m, apiKey: '${{ KEY }}'}",
            "config.yaml:2: models[0].apiKey: has a template that is none; "
            "expected ${{ secrets.NAME }}",
            id="template",
        ),
        pytest.param(
            "{name: a, provider: vllm, model: m, apiKey: 'sk secret'}",
            "config.yaml:2: models[0].apiKey: has other characters; expected ASCII without blanks",
            id="key",
        ),
        pytest.param(
            "{name: a, provider: ollama}",
            "config.yaml:2: models[0].model: is missing; expected a text",
            id="missing",
        ),
        pytest.param(
            "{name: 7, provider: ollama, model: m}",
            "config.yaml:2: models[0].name: is a number; expected a text (put it in quotes)",
            id="number",
        ),
        pytest.param(
            "{name: a, provider: ollama, model: [m]}",
            "config.yaml:2: models[0].model: is a list; expected a text",
            id="list",
        ),
        pytest.param(
            '{name: a, provider: ollama, model: "m\\e[31m"}',
            "config.yaml:2: models[0].model: has characters that cannot be printed; "
            "expected a text",
            id="escape",
        ),
        pytest.param(
            "{name: a, provider: ollama, model: m, apiBase: 'http://10.0.0.7:11434'}",
            "config.yaml:2: models[0].apiBase: names another machine, which is asked only if "
            "your own configuration file allows it with these lines:\n"
            "inglenook:\n  hosts:\n    - http://10.0.0.7:11434",
            id="address",
        ),
        pytest.param(
            "{name: a, provider: ollama, model: m, model: n}",
            "config.yaml:2: models[0].model: stands there twice; expected it once",
            id="twice",
        ),
        pytest.param(
            "just a text",
            "config.yaml:2: models[0]: is a text; expected keys with values",
            id="text",
        ),
    ],
)
def test_a_bad_model_costs_itself_and_one_sentence(
    tmp_path: Path, entry: str, sentence: str
) -> None:
    settings = load(tmp_path, f"models:\n  - {entry}\n" + GOOD)
    assert [spec.name for spec in settings.models] == ["good"]
    assert said(settings) == [f"warning: {sentence}"]


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("roles: autocomplete", "roles: is a text; expected a list"),
        (
            "roles: [cook]",
            "roles[0]: is 'cook'; expected one of "
            "apply, autocomplete, chat, edit, embed, rerank, subagent, summarize",
        ),
        (
            "contextLength: '8k'",
            "contextLength: is a text; expected a whole number from 1 to 100000000",
        ),
        (
            "contextlength: 8000",
            "contextlength: is no key that is known here; did you mean 'contextLength'?",
        ),
        (
            "requestOptions: {verifySsl: false}",
            "requestOptions.verifySsl: is refused. Without verified certificates anybody on the "
            "way could read your code; for a certificate of your own give its authority's file as "
            "caBundlePath.",
        ),
    ],
)
def test_a_bad_key_costs_itself_and_one_sentence(tmp_path: Path, keys: str, sentence: str) -> None:
    settings = load(tmp_path, f"models:\n  - {{name: a, provider: ollama, model: m, {keys}}}\n")
    assert settings.models == (ModelSpec("a", Provider.OLLAMA, "m"),)
    assert said(settings) == [f"warning: config.yaml:2: models[0].{sentence}"]


def test_the_second_of_two_equal_names_is_refused(tmp_path: Path) -> None:
    settings = load(tmp_path, "models:\n" + GOOD + GOOD)
    assert len(settings.models) == 1
    assert said(settings) == [
        "warning: config.yaml:3: models[1].name: is the name of another model too ('good'); "
        "expected another"
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("models: 5", "config.yaml:1: models: is a number; expected a list"),
        ("- a", "config.yaml:1: the file: is a list; expected keys with values"),
        ("a: b: c", "config.yaml:1: is not YAML (mapping values are not allowed here)"),
        ("a: &x\nb: *y", "config.yaml:2: is not YAML (found undefined alias)"),
        ("a: \x07", "config.yaml: is not YAML (a character that YAML does not allow)"),
        (
            'x: "\\UFFFFFFFF"',
            "config.yaml: is not YAML (a character that YAML does not allow)",
        ),
        (
            'x: "\\U00110000"',
            "config.yaml: is not YAML (a character that YAML does not allow)",
        ),
        ("models: []\nmodels: []", "config.yaml:2: models: stands there twice; expected it once"),
        ("[" * 20_000, "config.yaml:1: is nested too deeply"),
        ("# " + "x" * 300_000, "config.yaml: is larger than 256 KiB and is not read"),
    ],
    ids=lambda text: text[:12],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    settings = load(tmp_path, text)
    assert settings.models == ()
    assert said(settings) == [f"warning: {sentence}"]


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("http://127.0.0.1:8000", ""),
        ("http://127.0.0.1:8000/v1/", ""),
        ("http://127.0.0.1:8000/v3", "/v3"),
        ("http://127.0.0.1:8000/openai/v1", "/openai"),
    ],
)
def test_the_version_at_the_end_of_a_base(tmp_path: Path, base: str, address: str) -> None:
    entry = f"{{name: a, provider: openai, model: m, apiBase: '{base}'}}"
    (spec,) = load(tmp_path, f"models: [{entry}]").models
    assert spec.address == f"http://127.0.0.1:8000{address}"


def test_a_python_tag_runs_nothing(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    text = f"models: !!python/object/apply:pathlib.Path.touch ['{bomb}']"
    assert load(tmp_path, text).models == ()
    assert not bomb.exists()


def test_a_bomb_of_aliases_costs_nothing(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 60)]
    assert load(tmp_path, "\n".join([*lines, "models: *a59"])).models == ()


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(b"models: \xff")
    assert said(load_settings({"INGLENOOK_CONFIG": str(file)})) == [
        "warning: config.yaml: is not UTF-8 text"
    ]


@pytest.mark.parametrize("text", ["", "\ufeff# only a comment\n", "models: []"])
def test_an_empty_file_is_fine(tmp_path: Path, text: str) -> None:
    settings = load(tmp_path, text)
    assert settings.models == ()
    assert said(settings) == []


def test_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    settings = load_settings({"INGLENOOK_CONFIG": str(tmp_path / "none.yaml")})
    assert [notice.level for notice in settings.notices] == [Level.WARNING]
    assert "there is no such file" in settings.notices[0].text


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    settings = load_settings({"INGLENOOK_CONFIG": str(tmp_path)})
    assert "cannot be read" in settings.notices[0].text


if sys.platform != "win32":  # which has no pipes among its files

    def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
        pipe = tmp_path / "config.yaml"
        os.mkfifo(pipe)
        settings = load_settings({"INGLENOOK_CONFIG": str(pipe)})
        assert said(settings) == ["warning: config.yaml: cannot be read (it is not a regular file)"]


def test_directories_come_from_the_users_environment(tmp_path: Path) -> None:
    settings = load(tmp_path, "", INGLENOOK_MODELS_DIR=str(tmp_path / "models"))
    assert settings.models_dir == tmp_path / "models"
    assert load(tmp_path, "").models_dir.name == "models"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("", "http://127.0.0.1:11434"),
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        (":9000", "http://127.0.0.1:9000"),
        ("localhost", "http://127.0.0.1:11434"),
        ("http://localhost", "http://127.0.0.1:80"),
        ("http://127.0.0.1:11434/", "http://127.0.0.1:11434"),
        ("http://127.0.0.1:8000/ollama/", "http://127.0.0.1:8000/ollama"),
        ("127.9.8.7", "http://127.9.8.7:11434"),
        ("::1", "http://[::1]:11434"),
        ("[::1]:9000", "http://[::1]:9000"),
        ("[::ffff:127.0.0.1]:9000", "http://127.0.0.1:9000"),
        ("  127.0.0.1  ", "http://127.0.0.1:11434"),
    ],
)
def test_ollama_host_as_ollama_reads_it(tmp_path: Path, host: str, address: str) -> None:
    settings = load(tmp_path, "", OLLAMA_HOST=host)
    assert settings.ollama_address == address
    assert said(settings) == []


@pytest.mark.parametrize(
    ("host", "address", "remark"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434", "every network"),
        ("http://0.0.0.0:9000", "http://127.0.0.1:9000", "every network"),
        ("[::]:9000", "http://127.0.0.1:9000", "every network"),
        ("::", "http://127.0.0.1:11434", "every network"),
        ("127.0.0.1:99999", "http://127.0.0.1:11434", "no valid port"),
        ("127.0.0.1:abc", "http://127.0.0.1:11434", "no valid port"),
        ("127.0.0.1:٣", "http://127.0.0.1:11434", "no valid port"),
    ],
)
def test_ollama_host_with_a_remark(tmp_path: Path, host: str, address: str, remark: str) -> None:
    settings = load(tmp_path, "", OLLAMA_HOST=host)
    assert settings.ollama_address == address
    assert [notice.level for notice in settings.notices] == [Level.INFO]
    assert remark in settings.notices[0].text


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "example.com:11434",
        "localhost.example.com",
        "http://127.0.0.1@example.com",
        "127.0.0.1@example.com",
        "https://127.0.0.1",
        "file:///x",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "１２７.0.0.1",
        "127.0.0.1.",
        "127.0.0.1\\@example.com",
        "[::1]example.com",
        "[fe80::1%eth0]",
        "[::1%lo]",
        "[::1%lo]:11434",
        "::1%lo",
        "[::ffff:10.0.0.1]",
        "127.0.0.1/a?b",
        "127.0.0.1/../x",
        "127.0.0.1/%2e",
        "http://http://127.0.0.1",
    ],
)
def test_ollama_host_elsewhere_is_refused(tmp_path: Path, host: str) -> None:
    settings = load(tmp_path, "", OLLAMA_HOST=host)
    assert settings.ollama_address == ""
    assert [notice.level for notice in settings.notices] == [Level.WARNING]
    assert settings.notices[0].text.startswith("OLLAMA_HOST ")


@given(st.text() | st.from_regex(r"(http://)?[\[\]:.0-9a-z@/\\%]*", fullmatch=True))
def test_an_address_is_loopback_or_refused(text: str) -> None:
    try:
        url = loopback_address(text, 11434).url
    except AddressRefused:
        return
    assert url.startswith(("http://127.", "http://[::1]:"))
    assert "@" not in url


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.binary())
def test_no_content_of_the_file_raises(tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "config.yaml"
    data = content.encode(errors="replace") if isinstance(content, str) else content
    file.write_bytes(b"models:\n  - name: " + data)
    load_settings({"INGLENOOK_CONFIG": str(file)})
    file.write_bytes(data)
    load_settings({"INGLENOOK_CONFIG": str(file)})
