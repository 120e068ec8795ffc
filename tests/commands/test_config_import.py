"""``inglenook config import``: what was in force before is in force after, and no secret is lost.

Each case draws the files of an old configuration.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.cli import main
from inglenook.engine.config import load_settings
from inglenook.engine.config.imported import judge, place_of
from inglenook.engine.config.imported_secrets import is_secret
from inglenook.engine.config.imported_yaml import as_text
from inglenook.engine.settings import Settings
from tests.support.configs import environment

Out = pytest.CaptureFixture[str]
Drawn = Callable[..., Path]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own file is written; nothing is there, nor anything of Continue's."""
    monkeypatch.delenv("INGLENOOK_CONFIG", raising=False)
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.setenv("CONTINUE_GLOBAL_DIR", str(tmp_path / "none"))
    monkeypatch.setattr("inglenook.engine.config.files.user_config_path", _config_path(tmp_path))
    monkeypatch.setattr("platformdirs.user_config_path", _config_path(tmp_path))
    return tmp_path / "own" / "config.yaml"


def _config_path(tmp_path: Path) -> Callable[..., Path]:
    return lambda *_, **__: tmp_path / "own"


@pytest.fixture
def drawn(tmp_path: Path) -> Drawn:
    """Writes the files of an old configuration; gives its directory."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            file = tmp_path / "old" / name.replace("__", "/").replace("_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8")
        return tmp_path / "old"

    return write


def before(theirs: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What is in force while Continue's directory is read as it is."""
    with monkeypatch.context() as patched:
        patched.setenv("CONTINUE_GLOBAL_DIR", str(theirs))
        return load_settings()


def test_only_what_the_schema_calls_a_path_is_one(
    own: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = drawn(
        config_yaml="""\
        requestOptions: {headers: {ca: all}}
        models:
          - name: A
            provider: openai
            model: m
            apiBase: http://127.0.0.1:9/v1
            requestOptions:
              headers: {key: abc, cert: def, X-a: b, requestOptions.caBundlePath: g}
              extraBodyProperties:
                ca: foo
                key: [bar]
                lora: {key: bar, cert: [x], requestOptions: {caBundlePath: y}}
        """
    )
    (was,) = before(theirs, monkeypatch).models
    assert main(["config", "import", "--write", str(theirs)]) == 0
    (spec,) = load_settings().models
    assert dict(spec.headers) == {
        "ca": "all",
        "key": "abc",
        "cert": "def",
        "X-a": "b",
        "requestOptions.caBundlePath": "g",
    }
    assert dict(spec.extra_body) == {
        "ca": "foo",
        "key": ["bar"],
        "lora": {"key": "bar", "cert": ["x"], "requestOptions": {"caBundlePath": "y"}},
    }
    assert spec == was


FILES = """\
    models:
      - name: {name}
        provider: openai
        model: m
        apiBase: https://127.0.0.1:{port}/v1
        requestOptions:
          caBundlePath: [ca.pem, certs/more.pem]
          clientCertificate: {{cert: me.pem, key: certs/me.key}}
    """


def test_a_path_of_a_block_begins_where_it_began_before(
    own: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = drawn(
        config_yaml="""\
        models:
          - uses: ./blocks/used.yaml
            override: {requestOptions: {caBundlePath: certs/more.pem}}
          - uses: ./blocks/whole.yaml
        inglenook:
          hosts: [{origin: "https://gpu.example:8443", ca: ca.pem}]
        """,
        blocks__used_yaml=FILES.format(name="Used", port=91),
        blocks__whole_yaml=FILES.format(name="Whole", port=92),
        models__beside_yaml=FILES.format(name="Beside", port=93),
        **dict.fromkeys(("ca_pem", "certs__more_pem", "me_pem", "certs__me_key"), ""),
    )
    was = before(theirs, monkeypatch)
    trust = {each.origin: each for each in was.policy.trust}
    both = (str(theirs / "ca.pem"), str(theirs / "certs/more.pem"))
    assert trust["https://127.0.0.1:91"].ca_files == both[1:]
    assert trust["https://127.0.0.1:92"].ca_files == both
    assert trust["https://127.0.0.1:93"].client_key == str(theirs / "certs/me.key")
    assert trust["https://gpu.example:8443"].ca_files == both[:1]
    assert main(["config", "import", "--write", str(theirs)]) == 0
    now = load_settings()
    assert now.models == was.models
    assert now.policy == was.policy
    assert [each.text for each in now.notices if "no file" in each.text] == []


def test_a_path_that_a_secret_has_is_left_to_it(
    own: Path, drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = drawn(
        config_yaml="""\
        models:
          - name: A
            provider: openai
            model: m
            apiBase: https://127.0.0.1:9
            requestOptions: {caBundlePath: "${{ secrets.CA_FILE }}"}
        """,
        ca_pem="",
    )
    monkeypatch.setenv("CA_FILE", str(theirs / "ca.pem"))
    assert main(["config", "import", "--write", str(theirs)]) == 0
    (trust,) = load_settings().policy.trust
    assert trust.ca_files == (str(theirs / "ca.pem"),)
    assert str(theirs) not in own.read_text(encoding="utf-8")


def test_nothing_in_a_body_is_something(
    own: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = drawn(
        config_yaml="""\
        models:
          - name: A
            provider: ollama
            model: m
            requestOptions:
              extraBodyProperties: {a: [1, null, {b: null}, []], n: null, m: {x: ~, y: {}}}
        """
    )
    body = {"a": [1, None, {"b": None}, []], "n": None, "m": {"x": None, "y": {}}}
    assert dict(before(theirs, monkeypatch).models[0].extra_body) == body
    assert main(["config", "import", "--write", str(theirs)]) == 0
    assert dict(load_settings().models[0].extra_body) == body


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
_NAMES = st.sampled_from(["ca", "key", "cert", "caBundlePath", "a.b", "n", "no", "1", "x y"])


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)
@given(body=st.dictionaries(_NAMES, _JSON, max_size=4))
def test_any_body_is_the_same_after_an_import(tmp_path: Path, body: dict[str, object]) -> None:
    entry = {"name": "A", "provider": "ollama", "model": "m"}
    text = json.dumps({"models": [entry | {"requestOptions": {"extraBodyProperties": body}}]})
    file, made = tmp_path / "theirs.yaml", tmp_path / "made.yaml"
    file.write_text(text, encoding="utf-8")
    judged = judge(place_of(file), environment(tmp_path))
    made.write_text(as_text(judged, reveal=True), encoding="utf-8")
    was = load_settings(environment(tmp_path, file)).models
    assert load_settings(environment(tmp_path, made)).models == was
    assert len(was) == 1


@pytest.mark.parametrize("name", ["config.yaml", "config.yml"])
def test_a_file_of_either_name_is_not_written_over(
    own: Path, drawn: Drawn, capsys: Out, name: str
) -> None:
    theirs = drawn(config_yaml="rules: [theirs]\n")
    mine = own.with_name(name)
    mine.parent.mkdir()
    mine.write_text("rules: [mine]\n", encoding="utf-8")
    assert main(["config", "import", "--write", str(theirs)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"inglenook: {mine} is there already; --force replaces it and keeps it beside."
    ]
    assert [rule.text for rule in load_settings().rules] == ["mine"]
    assert main(["config", "import", "--write", "--force", str(theirs)]) == 0
    kept = f"{name}.before-import-1"
    assert sorted(file.name for file in mine.parent.iterdir()) == [name, kept]
    assert [rule.text for rule in load_settings().rules] == ["theirs"]
    assert mine.with_name(kept).read_text(encoding="utf-8") == "rules: [mine]\n"


def test_of_both_names_the_one_that_is_read_is_replaced(own: Path, drawn: Drawn) -> None:
    theirs = drawn(config_yaml="rules: [theirs]\n")
    own.parent.mkdir()
    own.write_text("rules: [mine]\n", encoding="utf-8")
    own.with_name("config.yml").write_text("rules: [older]\n", encoding="utf-8")
    assert main(["config", "import", "--write", "--force", str(theirs)]) == 0
    assert [rule.text for rule in load_settings().rules] == ["theirs"]
    assert own.with_name("config.yml").read_text(encoding="utf-8") == "rules: [older]\n"


def test_no_yaml_is_written_into_a_file_that_is_read_as_json(
    own: Path, drawn: Drawn, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = drawn(config_yaml="rules: [theirs]\n", mine_json="{}\n")
    monkeypatch.setenv("INGLENOOK_CONFIG", str(theirs / "mine.json"))
    assert main(["config", "import", "--write", "--force", str(theirs)]) == 2
    assert "mine.json, and an import writes YAML; name a .yaml file" in capsys.readouterr().err
    assert (theirs / "mine.json").read_text(encoding="utf-8") == "{}\n"


KEYED = """\
    models:
      - {name: A, provider: ollama, model: m, apiKey: "${{ secrets.NEAR }}"}
      - {name: B, provider: ollama, model: n, apiKey: "${{ secrets.me/block/OTHER }}"}
      - {name: C, provider: ollama, model: o, apiKey: "${{ secrets.KNOWN }}"}
      - {name: D, provider: ollama, model: p, apiKey: "${{ secrets.MISSING }}"}
      - {name: E, provider: anthropic, model: q, apiKey: "${{ secrets.CLOUD }}"}
    """
DOTENV = "NEAR=sk-near\nOTHER=sk-other\nKNOWN=sk-known\nCLOUD=sk-cloud\nUNASKED=sk-unasked\n"


@pytest.mark.parametrize("form", [[], ["--write"]], ids=["printed", "written"])
def test_secrets_that_stay_behind_are_named_once(
    own: Path, drawn: Drawn, capsys: Out, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    """Those that count, and that are not found as well where the new file looks."""
    monkeypatch.setenv("KNOWN", "sk-known")
    monkeypatch.setenv("OTHER", "sk-another")  # would be used from now on
    theirs = drawn(config_yaml=KEYED, _env=DOTENV)
    assert main(["config", "import", *form, str(theirs / "config.yaml")]) == 0
    out, err = capsys.readouterr()
    assert "sk-" not in out + err
    (said,) = [line for line in err.splitlines() if f"{theirs / '.env'}: " in line]
    assert said == (
        f"warning: {theirs / '.env'}: {own} does not look here for these secrets: NEAR, OTHER; "
        f"copy their lines to {own.with_name('.env')}, or set them in the environment"
    )


def test_secrets_that_are_found_there_too_are_not_spoken_of(
    own: Path, drawn: Drawn, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Continue's own .env is always looked at; and so is that beside the new file."""
    theirs = drawn(config_yaml=KEYED, _env=DOTENV)
    with monkeypatch.context() as patched:
        patched.setenv("CONTINUE_GLOBAL_DIR", str(theirs))
        assert main(["config", "import", str(theirs)]) == 0
        assert ".env: " not in capsys.readouterr().err
    own.parent.mkdir()
    own.with_name(".env").write_text(DOTENV, encoding="utf-8")
    assert main(["config", "import", str(theirs)]) == 0
    assert ".env: " not in capsys.readouterr().err


YAML_TOOLS = """\
    mcpServers:
      - {name: q, command: npx, args: [-y, --token, sk-canary-1], env: {T: sk-canary-2}}
      - {name: r, command: npx, args: --token=sk-canary-3}
    """
JSON_TOOLS = """\
    {"experimental": {"modelContextProtocolServers": [{"transport": {
      "type": "stdio", "command": "npx", "args": ["--token", "sk-canary-1"]}}]}}
    """


@pytest.mark.parametrize(
    "files",
    [{"config_yaml": YAML_TOOLS}, {"config_json": JSON_TOOLS}],
    ids=lambda files: next(iter(files)),
)
def test_what_a_tool_is_started_with_is_shown_to_nobody(
    own: Path, drawn: Drawn, capsys: Out, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> None:
    theirs = drawn(**files)
    assert is_secret("mcpServers[0].args[2]")
    for command in (["import", str(theirs)], ["check", str(next(theirs.iterdir()))]):
        main(["config", *command])
        out, err = capsys.readouterr()
        assert "canary" not in out + err
        assert "npx" in out or command[0] == "check"
    monkeypatch.setenv("CONTINUE_GLOBAL_DIR", str(theirs))
    for command in (["show"], ["show", "--json"]):
        main(["config", *command])
        assert "canary" not in "".join(capsys.readouterr())
    main(["config", "import", "--write", str(theirs)])
    assert "sk-canary-1" in own.read_text(encoding="utf-8")  # in a comment: nothing is lost
