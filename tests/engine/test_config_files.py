"""Which files are the user's configuration, and what stands in the ones beside the main one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.engine.choices import means
from inglenook.engine.config import load_settings
from inglenook.engine.config.json_tree import from_json, read_json
from inglenook.engine.config.tree import plain
from inglenook.engine.config.yaml_tree import read_yaml
from inglenook.engine.settings import Fate, Level, PromptTemplate, Rule, Settings

QWEN = "{name: %s, provider: ollama, model: m}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def names(found: Settings) -> list[str]:
    return [spec.name for spec in found.models]


def said(found: Settings, home: Path) -> list[str]:
    return [notice.text.replace(f"{home}/", "") for notice in found.notices]


def test_the_file_that_is_read_is_the_first_that_is_there(home: Path) -> None:
    own, theirs = home / "config" / "inglenook", home / ".continue"
    assert names(load_settings({})) == []
    write(
        theirs / "config.json",
        json.dumps({"models": [{"title": "json", "provider": "ollama", "model": "m"}]}),
    )
    assert names(load_settings({})) == ["json"]
    write(theirs / "config.yaml", f"models: [{QWEN % 'continue'}]")
    assert names(load_settings({})) == ["continue"]
    write(own / "config.yml", f"models: [{QWEN % 'yml'}]")
    assert names(load_settings({})) == ["yml"]
    write(own / "config.yaml", f"models: [{QWEN % 'own'}]")
    assert names(load_settings({})) == ["own"]
    named = write(home / "named.yaml", f"models: [{QWEN % 'named'}]")
    assert names(load_settings({"INGLENOOK_CONFIG": str(named)})) == ["named"]
    found = load_settings({"CONTINUE_GLOBAL_DIR": str(home / "elsewhere")})
    assert names(found) == ["own"]


def test_a_file_that_may_come_counts(home: Path) -> None:
    found = load_settings({})
    assert found.notices == ()
    assert found.rows == ()
    looked = {str(file.relative_to(home)) for file in found.files}
    assert {
        "config/inglenook/config.yaml",
        "config/inglenook/config.yml",
        ".continue/config.yaml",
        ".continue/config.json",
        "config/inglenook/rules",
    } <= looked


def test_a_program_is_never_run(home: Path) -> None:
    write(home / ".continue" / "config.ts", "process.exit(1)")
    write(home / ".continue" / "config.yaml", f"models: [{QWEN % 'a'}]")
    found = load_settings({})
    assert names(found) == ["a"]
    assert said(found, home) == [
        ".continue/config.ts: is a program, which is never run; "
        "only what is in config.yaml or config.json counts"
    ]


def test_blocks_beside_the_file(home: Path) -> None:
    own = home / "config" / "inglenook"
    write(own / "config.yaml", f"models: [{QWEN % 'main'}]")
    write(own / "models" / "b.yaml", f"name: b\nversion: 1.0.0\nmodels: [{QWEN % 'beside'}]")
    write(own / "models" / "a.yml", "models: 5")
    write(own / "models" / "c.txt", "models: 5")
    write(own / "rules" / "a.md", "---\nname: A\nglobs: ['*.py']\ninvokable: true\n---\nBe kind.\n")
    write(own / "rules" / "b.md", "Be short.")
    write(own / "prompts" / "fix.prompt", "---\ndescription: d\ntemperature: 1\n---\nFix it.")
    write(own / "mcpServers" / "x.json", "{}")
    write(own / "docs" / "x.yaml", "docs: [{name: d, startUrl: u}]\ninglenook: {probe: false}")
    found = load_settings({})
    assert names(found) == ["main", "beside"]
    assert found.rules == (
        Rule("Be kind.", "A", globs=("*.py",), source=str(own / "rules" / "a.md")),
        Rule("Be short.", "rules/b.md", source=str(own / "rules" / "b.md")),
    )
    assert found.prompts == (
        PromptTemplate("fix", "Fix it.", "d", str(own / "prompts" / "fix.prompt")),
        PromptTemplate("A", "Be kind.", "", str(own / "rules" / "a.md")),
    )
    assert found.probes  # only the main file's counts
    assert said(found, home) == [
        "config/inglenook/models/a.yml:1: models: is a number; expected a list"
    ]
    fates = {row.key: row.fate for row in found.rows}
    assert fates["mcpServers"] is Fate.REFUSED
    assert fates["inglenook.probe"] is Fate.IGNORED
    assert own / "models" / "b.yaml" in found.files


def test_what_lies_beside_a_named_file_is_nobodys(home: Path) -> None:
    named = write(home / "repo" / "config.yaml", f"models: [{QWEN % 'a'}]")
    write(home / "repo" / "models" / "b.yaml", f"models: [{QWEN % 'b'}]")
    assert names(load_settings({"INGLENOOK_CONFIG": str(named)})) == ["a"]


def test_the_line_of_a_rules_head_is_that_of_its_file(home: Path) -> None:
    write(
        home / "config" / "inglenook" / "rules" / "a.md", "---\nname: A\nglob: x\n---\nBe kind.\n"
    )
    found = load_settings({})
    assert said(found, home) == [
        "config/inglenook/rules/a.md:3: rules[0].glob: "
        "is no key that is known here; did you mean 'globs'?"
    ]
    assert [(row.key, row.line) for row in found.rows][-1] == ("rules[0].rule", 5)


def test_files_that_are_used_by_name(home: Path) -> None:
    own = home / "config" / "inglenook"
    block = (
        "models: [{name: b, provider: vllm, model: m, apiKey: '${{ inputs.KEY }}', roles: [chat]}]"
    )
    write(own / "b.yaml", block)
    whole = write(home / "whole.yaml", f"models: [{QWEN % 'whole'}]")
    write(home / "tilde.yaml", f"models: [{QWEN % 'tilde'}]")
    write(own / "rule.md", "Be kind.")
    write(
        own / "config.yaml",
        f"""\
models:
  - uses: ./b.yaml
    with: {{KEY: sk-1}}
    override: {{name: c, roles: [edit]}}
  - uses: {whole}
  - uses: file://{whole}
    override: {{name: again}}
  - uses: ~/tilde.yaml
rules:
  - uses: rule.md
""",
    )
    found = load_settings({})
    assert said(found, home) == []
    assert names(found) == ["c", "whole", "again", "tilde"]
    assert (found.models[0].api_key, found.models[0].roles) == ("sk-1", ("edit",))
    assert [rule.text for rule in found.rules] == ["Be kind."]
    assert "sk-1" not in repr((found.rows, found.notices))
    assert whole in found.files


@pytest.mark.parametrize(
    ("uses", "why"),
    [
        ("owner/name", "names a block of Continue's hub, and nothing is ever fetched"),
        ("owner/name@1.0.0", "names a block of Continue's hub, and nothing is ever fetched"),
        ("../b.yaml", "leaves the folder of the configuration"),
        ("https://example.com/b.yaml", "is no path"),
        ("file://example.com/b.yaml", "is no path"),
        ("./gone.yaml", "names a file that is not there"),
        (".", "is no path"),
        ("./", "names a file that cannot be read (it is not a regular file)"),
        ("./loop.yaml", "names a file that has no entry of models that can be used"),
    ],
)
def test_what_cannot_be_used_by_name(home: Path, uses: str, why: str) -> None:
    own = home / "config" / "inglenook"
    write(own / "loop.yaml", "models: [{uses: ./loop.yaml}]")
    write(own / "config.yaml", f"models: [{{uses: '{uses}'}}, {QWEN % 'good'}]")
    found = load_settings({})
    assert names(found) == ["good"]
    assert why in said(found, home)[-1]
    assert found.rows[0].fate is Fate.REFUSED


def test_lists_that_do_nothing_here(home: Path) -> None:
    write(
        home / "config" / "inglenook" / "config.yaml",
        """\
context: [{provider: diff}, {provider: web, params: {n: 1}}]
mcpServers: [{name: m, command: sh, env: {TOKEN: sk-1}}]
data: [{name: d, destination: "https://me:sk-2@x"}, {name: e, destination: file:///tmp}]
""",
    )
    found = load_settings({})
    fates = {row.key: row.fate for row in found.rows}
    assert fates["context[0].provider"] is Fate.IGNORED
    assert fates["context[1].params"] is Fate.REFUSED
    assert fates["mcpServers[0].command"] is Fate.REFUSED
    assert fates["data[0].destination"] is Fate.REFUSED
    assert fates["data[1].destination"] is Fate.IGNORED
    assert [notice.level for notice in found.notices] == [Level.WARNING] * 3 + [Level.INFO]
    assert "sk-" not in repr(found)


def test_our_own_block(home: Path) -> None:
    write(
        home / "config" / "inglenook" / "config.yaml",
        f"""\
models: [{QWEN % "Qwen"}]
inglenook:
  models: {{autocomplete: Qwen, languages: {{python: {{autocomplete: Qwne}}}}}}
  workspaces: [{{folder: ~/work/*, models: {{chat: Qwen}}}}, {{folder: work}}]
  think: {{chat: high, edit: false}}
  enabled: true
  automatic: false
  disabledLanguages: [markdown]
  ignore: ["*.gen.ts"]
  probe: false
  diskCache: false
  counters: false
""",
    )
    found = load_settings({})
    assert found.selection.name("autocomplete", "go") == "Qwen"
    assert found.selection.name("autocomplete", "python") == "Qwne"
    assert [rule.pattern for rule in found.folder_rules] == [str(home / "work" / "*")]
    assert {role: str(think) for role, think in found.think.items()} == {
        "chat": "high",
        "edit": "off",
    }
    assert (found.switches.enabled, found.switches.automatic) == (True, False)
    assert found.switches.disabled_languages == {"markdown"}
    assert found.switches.ignored == ("*.gen.ts",)
    assert (found.probes, found.counters, found.cache_dir, found.index_dir) == (
        False,
        False,
        None,
        None,
    )
    assert [text.partition(": ")[2] for text in said(found, home)] == [
        "inglenook.models.languages.python.autocomplete: no entry of models has this name; "
        "did you mean 'Qwen'?",
        "inglenook.workspaces[1].folder: is no whole path; expected one that begins with / or ~",
    ]
    environ = {"INGLENOOK_PROBE": "on", "INGLENOOK_DISK_CACHE": "on"}
    found = load_settings(environ)
    assert found.probes
    assert found.cache_dir is not None


def test_a_folder_behind_a_link_is_meant_by_its_real_path_too(home: Path) -> None:
    (home / "disk" / "shop").mkdir(parents=True)
    (home / "code").symlink_to(home / "disk")
    write(
        home / "config" / "inglenook" / "config.yaml",
        f"""\
models: [{QWEN % "Q"}]
inglenook:
  workspaces:
    - {{folder: ~/code/s*, models: {{chat: Q}}}}
    - {{folder: ~/code/shop, models: {{edit: Q}}}}
    - {{folder: ~/disk/*, models: {{edit: Q}}}}
    - {{folder: /*, models: {{edit: Q}}}}
""",
    )
    rules = load_settings({}).folder_rules
    code, disk = f"{home}/code", f"{home}/disk"
    assert [rule.pattern for rule in rules] == [
        *(f"{code}/s*", f"{disk}/s*", f"{code}/shop", f"{disk}/shop", f"{disk}/*", "/*")
    ]
    assert [means(rule.pattern, f"{disk}/shop") for rule in rules] == [
        *(False, True, False, True, True, True)
    ]


# --- notations ----------------------------------------------------------------------------


def test_yaml_is_what_continue_reads() -> None:
    value, notices = read_yaml(
        b"a: on\nb: 0777\nc: 0o17\nd: 2024-01-01\ne: ~\nf: 1e3\ng: TRUE\nh: 1_000\n1: x\ni: .nan\n",
        "f",
    )
    assert notices == []
    assert value is not None
    assert plain(value) == {
        "a": "on",
        "b": 777,
        "c": 15,
        "d": "2024-01-01",
        "e": None,
        "f": 1000.0,
        "g": True,
        "h": "1_000",
        "1": "x",
        "i": None,
    }
    assert value.entries["i"].unread
    assert [value.entries[key].line for key in "abc"] == [1, 2, 3]


def test_merge_keys_give_way_to_what_is_written() -> None:
    text = b"x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {b: 9, <<: [*x, *y]}\nw: {<<: 5}\n"
    value, _ = read_yaml(text, "f")
    assert value is not None
    assert plain(value.entries["z"]) == {"a": 1, "b": 9, "c": 4}
    assert plain(value.entries["w"]) == {"<<": 5}
    assert value.entries["z"].entries["c"].line == 2


@pytest.mark.parametrize("form", ["[{}]", "{{k: {}}}", "{{<<: [{}]}}"])
def test_aliases_of_aliases_are_counted_and_not_made(form: str) -> None:
    first = "{q: 1}" if "<<" in form else "[x]"
    lines = [f"a0: &a0 {first}"]
    for number in range(1, 10):
        many = ", ".join([f"*a{number - 1}"] * 10)
        inner = many if form != "{{k: {}}}" else f"[{many}]"
        lines.append(f"a{number}: &a{number} " + form.format(inner))
    value, (notice,) = read_yaml("\n".join(lines).encode(), "f")
    assert value is None
    assert "stands for more than 20,000 values" in notice.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &a [1]\nb: [" + "*a, " * 200 + "]", "f:2: has more than 100 aliases (*)"),
        ("- 1\n" * 30_000, "f:20000: has more than 20,000 values"),
        ("[" * 5_000, "f:1: is nested too deeply"),
        ("a: &a [*a]", "f:1: has an alias (*) for a value that it stands in"),
        ("a: 1\n---\nb: 2", "f:2: is not YAML (but found another document)"),
    ],
)
def test_no_file_is_too_much(text: str, sentence: str) -> None:
    value, (notice,) = read_yaml(text.encode(), "f")
    assert value is None
    assert notice.text.startswith(sentence)


def test_json_with_comments() -> None:
    text = (
        '\ufeff{ // c\n "a": [1, 2.5e1, true, null,],\n'
        ' /* x\n */ "b": {"c": "\\ud83d\\ude00 \\ud83d"},\n}'
    )
    value, notices = read_json(text.encode(), "f")
    assert notices == []
    assert value is not None
    assert plain(value) == {"a": [1, 25.0, True, None], "b": {"c": "\U0001f600 \ufffd"}}
    assert (value.entries["a"].line, value.entries["b"].line) == (2, 4)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1\n"b": 2}', "f:2: is not JSON (expected ',' or '}')"),
        ('{"a" 1}', "f:1: is not JSON (expected ':' behind a key)"),
        ("{a: 1}", "f:1: is not JSON (expected a key in double quotes)"),
        ('{"a": SECRET}', "f:1: is not JSON (a word without quotes)"),
        ('{"a": "SECRET', "f:1: is not JSON (a text that does not end, or has an escape"),
        ("[1] SECRET", "f:1: is not JSON (more stands behind its end)"),
        ("[\n", "f:2: is not JSON (it ends too early)"),
        ("[" * 5_000, "f:1: is nested too deeply"),
        ("[" + "1," * 30_000 + "]", "f:1: has more than 20,000 values"),
        ('"' + "x" * 300_000, "f: is larger than 256 KiB"),
    ],
)
def test_what_is_no_json_is_one_sentence(text: str, sentence: str) -> None:
    value, (notice,) = read_json(text.encode(), "f")
    assert value is None
    assert notice.text.startswith(sentence)
    assert "SECRET" not in notice.text


def test_numbers_that_are_none() -> None:
    for found in (
        from_json({"a": float("nan"), "b": 10**400, "c": float("-inf")}, "f"),
        read_json(b'{"a": 1e999, "b": ' + b"9" * 400 + b', "c": -1e999}', "f")[0],
        read_yaml(b"a: .nan\nb: " + b"9" * 400 + b"\nc: -1e999", "f")[0],
    ):
        assert found is not None
        assert [each.data for each in found.entries.values()] == [None] * 3
        assert all(each.unread for each in found.entries.values())


WORDS = """
    models: rules: inglenook: hosts: - {} [] [ ] { } name: provider: ollama model: apiBase:
    http://x 'a' "b" &a *a <<: !t !!str | > ~ 1 .nan true uses: ./a.yaml requestOptions: headers:
    ${{ secrets.HOME }} roles: defaultCompletionOptions: temperature: 5 "\\ud800" # %YAML --- ...
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\n  ", "\n    ", " ", ": ", "\t", "\0"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(PIECES, max_size=40).map(" ".join), st.sampled_from(["yaml", "json"]))
def test_no_mixture_of_what_users_write_raises(tmp_path: Path, text: str, suffix: str) -> None:
    file = tmp_path / f"config.{suffix}"
    file.write_bytes(text.encode(errors="replace"))
    load_settings({"INGLENOOK_CONFIG": str(file)})


GOOD = """\
name: mine
requestOptions: {timeout: 5, headers: {A: b}}
models:
  - name: Q
    provider: vllm
    model: q
    apiBase: https://gpu.example:8443/v1
    apiKey: ${{ secrets.KEY }}
    roles: [chat]
    defaultCompletionOptions: {temperature: 0.5, stop: [a], keepAlive: 5}
    requestOptions: {extraBodyProperties: {think: low}, caBundlePath: x.pem}
rules: [a, {name: b, rule: c, globs: "*.py"}]
inglenook: {hosts: [{origin: "https://gpu.example:8443", ca: a}], think: {chat: low}}
"""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 20), PIECES), max_size=4))
def test_no_damage_to_a_good_file_raises(
    tmp_path: Path, changes: list[tuple[int, int, str]]
) -> None:
    text = GOOD
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    file = tmp_path / "config.yaml"
    file.write_bytes(text.encode(errors="replace"))
    load_settings({"INGLENOOK_CONFIG": str(file), "KEY": "k"})
