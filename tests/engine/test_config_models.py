"""The entries of `models`, as `ModelSpec`s; and where each may send what you write."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.engine.address import AddressRefused, allowed_origin, model_address
from inglenook.engine.config import load_settings
from inglenook.engine.config.options import seconds
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Fate, Settings
from inglenook.models.egress import EgressPolicy, Trust, check
from inglenook.models.spec import (
    AUTODETECT,
    Autocomplete,
    Loading,
    ModelSpec,
    Multiline,
    Provider,
    Sampling,
    Think,
)


def load(directory: Path, text: str, **environ: str) -> Settings:
    file = directory / "config.yaml"
    file.write_text(dedent(text), encoding="utf-8")
    return load_settings({"INGLENOOK_CONFIG": str(file), **environ})


def said(settings: Settings) -> list[str]:
    name = str(settings.config_file)
    return [notice.text.replace(name, "config.yaml") for notice in settings.notices]


def entry(directory: Path, keys: str, base: str = "provider: ollama, model: m") -> ModelSpec:
    settings = load(directory, f"models:\n  - {{name: a, {base}, {keys}}}\n")
    assert said(settings) == []
    return settings.models[0]


def test_an_entry_with_everything(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        models:
          - name: Qwen
            provider: ollama
            model: AUTODETECT
            apiKey: sk-1
            roles: [autocomplete, chat]
            capabilities: [tool_use]
            contextLength: 16384
            maxStopWords: 1
            defaultCompletionOptions:
              temperature: 0.2
              topP: 0.9
              topK: 40
              minP: 0.05
              presencePenalty: 0.1
              frequencyPenalty: -0.1
              maxTokens: 2048
              stop: ["\\n\\n", END]
              keepAlive: 600
              numGpu: 20
              numThreads: 4
              useMmap: false
              reasoning: true
            autocompleteOptions:
              disable: false
              maxPromptTokens: 2000
              debounceDelay: 250
              multilineCompletions: always
              onlyMyCode: true
              useCache: false
              useImports: false
              useRecentlyEdited: false
              useRecentlyOpened: false
              disableInFiles: ["*.md"]
              template: "{{{prefix}}}"
            promptTemplates: {autocomplete: "<PRE>{{{prefix}}}<SUF>{{{suffix}}}"}
            chatOptions: {baseSystemMessage: Be brief.}
            requestOptions:
              timeout: 30
              headers: {X-Team: blue}
              extraBodyProperties: {seed: 7}
        """,
    )
    assert said(settings) == []
    assert settings.models == (
        ModelSpec(
            name="Qwen",
            provider=Provider.OLLAMA,
            model=AUTODETECT,
            roles=("autocomplete", "chat"),
            api_key="sk-1",
            headers=(("X-Team", "blue"),),
            extra_body=(("seed", 7),),
            timeout=30,
            context_tokens=16384,
            capabilities=("tool_use",),
            sampling=Sampling(0.2, 0.9, 40, 0.05, 0.1, -0.1, ("\n\n",), 2048),
            loading=Loading(16384, 600, (("num_gpu", 20), ("num_thread", 4), ("use_mmap", False))),
            autocomplete=Autocomplete(
                enabled=True,
                max_prompt_tokens=2000,
                debounce_ms=250,
                multiline=Multiline.ALWAYS,
                template="<PRE>{{{prefix}}}<SUF>{{{suffix}}}",
                only_my_code=True,
                use_cache=False,
                use_imports=False,
                use_recently_edited=False,
                use_recently_opened=False,
                disabled_files=("*.md",),
            ),
            think=Think.ON,
            system_message="Be brief.",
        ),
    )


@pytest.mark.parametrize(
    ("keys", "think"),
    [
        ("roles: [chat]", None),
        ("defaultCompletionOptions: {reasoning: true}", Think.ON),
        ("defaultCompletionOptions: {reasoning: false}", Think.OFF),
        ("defaultCompletionOptions: {reasoningBudgetTokens: 0}", Think.OFF),
        ("defaultCompletionOptions: {reasoningBudgetTokens: 2048}", Think.ON),
        ("defaultCompletionOptions: {reasoning: false, reasoningBudgetTokens: 9}", Think.OFF),
        ("requestOptions: {extraBodyProperties: {think: false}}", Think.OFF),
        ("requestOptions: {extraBodyProperties: {think: high}}", Think.HIGH),
        (
            "defaultCompletionOptions: {reasoning: true}, "
            "requestOptions: {extraBodyProperties: {think: false}}",
            Think.OFF,
        ),
    ],
)
def test_whether_it_reasons(tmp_path: Path, keys: str, think: Think | None) -> None:
    spec = entry(tmp_path, keys)
    assert spec.think is think
    assert spec.extra_body == ()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (600, 600.0),
        (-1, -1.0),
        ("30m", 1800.0),
        ("1h30m", 5400.0),
        ("-1s", -1.0),
        ("250ms", 0.25),
        ("90", 90.0),
        ("soon", None),
        ("", None),
        (True, None),
    ],
)
def test_how_long_it_is_kept(data: str | int, found: float | None) -> None:
    assert seconds(Value(data, "f", 1)) == found


def test_the_body_says_how_long_before_the_option_does(tmp_path: Path) -> None:
    keys = (
        "defaultCompletionOptions: {keepAlive: 5}, "
        "requestOptions: {extraBodyProperties: {keep_alive: 2m}}"
    )
    assert entry(tmp_path, keys).loading.keep_alive == 120.0


def test_the_context_of_the_entry_goes_before_that_of_its_options(tmp_path: Path) -> None:
    keys = "contextLength: 8192, defaultCompletionOptions: {contextLength: 4096}"
    assert entry(tmp_path, keys).context_tokens == 8192
    keys = "defaultCompletionOptions: {contextLength: 4096}"
    assert entry(tmp_path, keys).loading == Loading(context_tokens=4096)


def test_what_only_ollama_is_told_is_ignored_elsewhere(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "models: [{name: a, provider: vllm, model: m, contextLength: 4096, "
        "defaultCompletionOptions: {keepAlive: 5, numGpu: 1}}]",
    )
    assert settings.models[0].loading == Loading()
    assert settings.models[0].context_tokens == 4096
    ignored = [row.key for row in settings.rows if row.fate is Fate.IGNORED]
    assert [key.rpartition(".")[2] for key in ignored] == ["keepAlive", "numGpu"]


def test_request_options_of_all_stand_under_those_of_each(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        requestOptions:
          timeout: 5
          headers: {X-A: all, X-B: all}
        models:
          - {name: a, provider: vllm, model: m}
          - {name: b, provider: vllm, model: m, requestOptions: {timeout: 9, headers: {X-B: b}}}
        """,
    )
    assert [(spec.timeout, dict(spec.headers)) for spec in settings.models] == [
        (5, {"X-A": "all", "X-B": "all"}),
        (9, {"X-A": "all", "X-B": "b"}),
    ]


@pytest.mark.parametrize(
    ("provider", "known", "address"),
    [
        ("ollama", Provider.OLLAMA, ""),
        ("llama.cpp", Provider.LLAMA_CPP, ""),
        ("llamafile", Provider.LLAMA_CPP, ""),
        ("lmstudio", Provider.LM_STUDIO, ""),
        ("vllm", Provider.VLLM, "http://127.0.0.1:8000"),
        ("lemonade", Provider.OPENAI, "http://127.0.0.1:8000/api"),
        ("docker", Provider.OPENAI, "http://127.0.0.1:12434/engines"),
        ("msty", Provider.OPENAI, "http://127.0.0.1:10000"),
        ("text-gen-webui", Provider.OPENAI, "http://127.0.0.1:5000"),
        ("llamastack", Provider.OPENAI, "http://127.0.0.1:8321/v1/openai"),
        ("huggingface-tgi", Provider.OPENAI, "http://127.0.0.1:8080"),
    ],
)
def test_where_a_provider_is(tmp_path: Path, provider: str, known: Provider, address: str) -> None:
    spec = entry(tmp_path, "roles: [chat]", f"provider: {provider}, model: m")
    assert (spec.provider, spec.address) == (known, address)


@pytest.mark.parametrize("provider", ["anthropic", "bedrock", "openrouter", "xAI", "mistral"])
def test_a_provider_elsewhere_costs_its_entry(tmp_path: Path, provider: str) -> None:
    settings = load(
        tmp_path,
        f"models: [{{name: a, provider: {provider}, model: m, apiKey: sk-secret}}]",
    )
    assert settings.models == ()
    (notice,) = said(settings)
    assert "runs on another company's machines" in notice
    assert {row.fate for row in settings.rows} == {Fate.REFUSED}
    assert "sk-secret" not in repr(settings)


def test_what_nothing_asks_for_is_left_out_with_its_reason(tmp_path: Path) -> None:
    settings = load(tmp_path, "models: [{name: a, provider: transformers.js, model: m}]")
    assert settings.models == ()
    assert {row.fate for row in settings.rows} == {Fate.IGNORED}


# --- hosts --------------------------------------------------------------------------------


def test_another_machine_is_asked_only_if_the_user_allows_it(tmp_path: Path) -> None:
    model = "models: [{name: a, provider: vllm, model: m, apiBase: http://GPU.example:8000/v1}]\n"
    settings = load(tmp_path, model)
    assert settings.models == ()
    (notice,) = said(settings)
    pasted = notice.partition("these lines:\n")[2]
    assert pasted == "inglenook:\n  hosts:\n    - http://gpu.example:8000"

    settings = load(tmp_path, model + pasted + "\n")
    assert settings.models[0].address == "http://gpu.example:8000"
    assert settings.policy == EgressPolicy(frozenset({"http://gpu.example:8000"}))
    (notice,) = said(settings)
    assert notice.startswith("config.yaml:4: inglenook.hosts[0]: is not https: ")
    check(settings.models[0].address, settings.policy)


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("https://gpu.example:8443", "http://gpu.example:8443"),
        ("https://gpu.example:8443", "https://gpu.example"),
        ("https://gpu.example:8443", "https://gpu.example:8444"),
        ("https://gpu.example:8443", "https://gpu.example.evil:8443"),
        ("https://gpu.example:8443", "https://x.gpu.example:8443"),
        ("https://gpu.example:8443", "https://gpu.example:8443@evil"),
        ("https://gpu.example:8443", "https://evil/https://gpu.example:8443"),
        ("https://gpu.example:8443", "https://gpu.example:8443\\@evil"),
        ("https://gpu.example:8443", "https://gpu.example:8443/../x"),
        ("https://gpu.example:8443", "https://gpu.example:08443"),
    ],
)
def test_a_host_is_allowed_by_scheme_name_and_port(tmp_path: Path, host: str, base: str) -> None:
    settings = load(
        tmp_path,
        f"inglenook: {{hosts: ['{host}']}}\n"
        f"models: [{{name: a, provider: vllm, model: m, apiBase: '{base}'}}]",
    )
    if base.endswith("08443"):  # the same port
        assert settings.models[0].address == host
    else:
        assert settings.models == ()
        assert len(settings.notices) == 1


@pytest.mark.parametrize(
    "host",
    ["*", "https://*.example", "https://a/v1", "gpu.example:8000", "https://u:p@a", "https://",
     "ftp://a", "https://a?x", "https://a:99999", "https://\u0430pple.example"],
)  # fmt: skip
def test_a_host_that_is_not_exactly_one_allows_nothing(tmp_path: Path, host: str) -> None:
    settings = load(tmp_path, f"inglenook: {{hosts: ['{host}']}}")
    assert settings.policy == EgressPolicy()
    assert len(settings.notices) == 1
    assert "u:p" not in repr((settings.notices, settings.rows))


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://localhost:8443/v1", "https://localhost:8443"),
        ("https://127.0.0.1", "https://127.0.0.1:443"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("localhost", "http://127.0.0.1:8000"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_this_machine_needs_no_leave(tmp_path: Path, base: str, address: str) -> None:
    spec = entry(tmp_path, f"apiBase: '{base}'", "provider: vllm, model: m")
    assert spec.address == address
    check(spec.address)


def test_no_address_has_a_password(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "models: [{name: a, provider: vllm, model: m, apiBase: 'http://me:hunter2@127.0.0.1'}]",
    )
    assert settings.models == ()
    assert "user name or password" in said(settings)[0]
    assert "hunter2" not in repr(settings)


@given(st.text() | st.from_regex(r"(https?://)?[\[\]:.0-9a-z@/\\%-]*", fullmatch=True))
def test_whatever_is_read_as_an_address_may_be_asked(text: str) -> None:
    allowed = frozenset({"https://a.b:1"})
    try:
        found = model_address(text, 80, allowed)
    except AddressRefused:
        return
    check(found.url, EgressPolicy(allowed))


@given(st.text() | st.from_regex(r"https?://[\[\]:.0-9a-z@/\\%*-]*", fullmatch=True))
def test_whatever_is_allowed_is_one_origin(text: str) -> None:
    try:
        origin = allowed_origin(text)
    except AddressRefused:
        return
    assert check(origin, EgressPolicy(frozenset({origin}))).origin == origin


# --- what goes along ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ("headers: {'X-Ä': a}", "is no name of a header"),
        ("headers: {'X A': a}", "is no name of a header"),
        ("headers: {X-A: ä}", "has other characters"),
        ('headers: {X-A: "a\\r\\nEvil: b"}', "has characters that cannot be printed"),
        ("headers: {Host: a}", "who sends a request frames it"),
        ("headers: {transfer-encoding: a}", "who sends a request frames it"),
        ("headers: {Proxy-Authorization: a}", "who sends a request frames it"),
        ("proxy: 'http://p'", "A proxy would see your code"),
        ("clientCertificate: {cert: a, key: b, passphrase: p}", "give one without"),
    ],
)
def test_what_never_goes_along(tmp_path: Path, options: str, where: str) -> None:
    settings = load(
        tmp_path,
        f"models: [{{name: a, provider: vllm, model: m, requestOptions: {{{options}}}}}]",
    )
    (notice, *_) = said(settings)
    assert where in notice
    assert not any(spec.headers for spec in settings.models)


def test_certificates_belong_to_an_origin(tmp_path: Path) -> None:
    for name in ("ca.pem", "team.pem", "cert.pem", "key.pem"):
        (tmp_path / name).write_text("x")
    settings = load(
        tmp_path,
        """\
        inglenook:
          hosts: [{origin: "https://gpu.example", ca: ca.pem}]
        models:
          - name: a
            provider: vllm
            model: m
            apiBase: https://gpu.example/v1
            requestOptions:
              caBundlePath: [team.pem, gone.pem]
              clientCertificate: {cert: cert.pem, key: key.pem}
          - name: b
            provider: vllm
            model: m
            requestOptions: {caBundlePath: team.pem}
        """,
    )
    files = [str(tmp_path / name) for name in ("ca.pem", "team.pem", "cert.pem", "key.pem")]
    assert settings.policy.trust == (
        Trust("https://gpu.example:443", (files[0], files[1]), files[2], files[3]),
    )
    (notice,) = said(settings)
    assert notice.endswith("names no file that is there; expected the path of a PEM file")
    last = settings.rows[-1]
    assert (last.fate, last.why) == (
        Fate.IGNORED,
        "Its address is not https, so no certificate is looked at.",
    )
