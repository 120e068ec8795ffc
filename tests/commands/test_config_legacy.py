"""Continue's older config.json in the words of config.yaml: nothing that it says is lost."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inglenook.engine.config import load_settings
from inglenook.engine.config.json_tree import from_json, read_json
from inglenook.engine.config.legacy import Legacy, convert, old_name, retold
from inglenook.engine.config.legacy_keys import EXPERIMENTAL, IGNORED, MODEL, ROOT
from inglenook.engine.config.tree import Value, plain, walk
from inglenook.engine.settings import Fate, Level, Notice, Row, Settings
from inglenook.models.spec import Autocomplete, Loading, Multiline, Provider, Sampling
from tests.support.configs import environment


def load(directory: Path, text: str) -> Settings:
    file = directory / "config.json"
    file.write_text(dedent(text), encoding="utf-8")
    return load_settings(environment(directory, file))


def converted(text: str) -> Legacy:
    value, notices = read_json(dedent(text).encode(), "config.json")
    assert value is not None
    assert notices == []
    return convert(value)


def test_what_continues_own_converter_loses_is_kept(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        {
          "completionOptions": {"numThreads": 4, "temperature": 0.5},
          "models": [
            {
              "title": "Chat", "provider": "ollama", "model": "m", "contextLength": 8192,
              "systemMessage": "Be brief.", "capabilities": {"tools": true, "uploadImage": false},
              "completionOptions": {"temperature": 0.1, "numGpu": 20, "useMmap": false}
            }
          ],
          "tabAutocompleteModel": {"title": "Tab", "provider": "llama.cpp", "model": "any"},
          "tabAutocompleteOptions": {"multilineCompletions": "never", "disableInFiles": ["*.md"]}
        }
        """,
    )
    chat, tab = settings.models
    assert chat.roles == ("chat", "edit", "apply", "summarize")
    assert chat.loading == Loading(
        8192, options=(("num_gpu", 20), ("num_thread", 4), ("use_mmap", False))
    )
    assert chat.sampling == Sampling(temperature=0.1)
    assert (chat.system_message, chat.capabilities) == ("Be brief.", ("tool_use",))
    assert (tab.provider, tab.roles) == (Provider.LLAMA_CPP, ("autocomplete",))
    assert tab.autocomplete == Autocomplete(multiline=Multiline.NEVER, disabled_files=("*.md",))
    assert tab.sampling == Sampling(temperature=0.5)


def test_roles_that_name_a_model_select_it(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        {
          "models": [
            {"title": "A", "provider": "ollama", "model": "a"},
            {"title": "B", "provider": "ollama", "model": "b"}
          ],
          "experimental": {"modelRoles": {"inlineEdit": "B"}},
          "reranker": {"name": "llm", "params": {"modelTitle": "A"}}
        }
        """,
    )
    assert settings.selection.roles == {"edit": "B", "rerank": "A"}
    assert [spec.name for spec in settings.models] == ["A", "B"]


def test_a_model_for_completions_may_be_called_as_one_for_chats_is(tmp_path: Path) -> None:
    text = """\
        {"models": [{"title": "Q", "provider": "ollama", "model": "a"}],
         "tabAutocompleteModel": {"title": "Q", "provider": "ollama", "model": "b"}}
        """
    names = [(spec.name, spec.model) for spec in load(tmp_path, text).models]
    assert names == [("Q", "a"), ("Q (autocomplete)", "b")]


def test_switched_off_completions_stay_off(tmp_path: Path) -> None:
    settings = load(tmp_path, '{"models": [], "tabAutocompleteOptions": {"disable": true}}')
    assert not settings.switches.automatic
    text = """\
        {"models": [], "tabAutocompleteOptions": {"disable": true},
         "tabAutocompleteModel": {"title": "T", "provider": "ollama", "model": "t"}}
        """
    settings = load(tmp_path, text)
    assert settings.switches.automatic
    assert [spec.autocomplete.enabled for spec in settings.models] == [False]


def test_rows_and_notices_speak_of_the_old_keys(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """\
        {
          "tabAutocompleteModel": {
            "title": "T", "provider": "ollama", "model": "t",
            "apiBase": "http://10.0.0.1:11434",
            "requestOptions": {"verifySsl": false}
          },
          "embeddingsProvider": {"provider": "ollama", "model": 7}
        }
        """,
    )
    rows = {row.key: (row.line, row.fate) for row in settings.rows}
    assert rows["tabAutocompleteModel.requestOptions.verifySsl"] == (5, Fate.REFUSED)
    assert rows["tabAutocompleteModel.apiBase"] == (4, Fate.REFUSED)
    assert rows["embeddingsProvider.model"] == (7, Fate.REFUSED)
    assert not [key for key in rows if key.startswith(("models", "inglenook"))]
    texts = [notice.text.removeprefix(str(tmp_path)) for notice in settings.notices]
    assert any(text.startswith("/config.json:4: tabAutocompleteModel.apiBase:") for text in texts)
    assert any(text.startswith("/config.json:7: embeddingsProvider.model: ") for text in texts)


def test_what_stands_there_once_is_told_once() -> None:
    """Options of all models become those of each, and stay one row: the worst fate."""
    legacy = converted(
        """\
        {"completionOptions": {"keepAlive": 60},
         "models": [{"title": "A", "model": "a"}, {"title": "B", "model": "b"}]}
        """
    )
    place = "models[{}].defaultCompletionOptions.keepAlive"
    found = [
        Row(place.format(0), Fate.USED, "config.json", 1),
        Row(place.format(1), Fate.REFUSED, "config.json", 1, "Bad."),
    ]
    said = [
        Notice(Level.WARNING, f"config.json:1: {place.format(number)}: is bad") for number in (0, 1)
    ]
    rows, notices = retold(legacy, found, said)
    assert [(row.key, row.fate) for row in rows] == [("completionOptions.keepAlive", Fate.REFUSED)]
    assert [each.text for each in notices] == ["config.json:1: completionOptions.keepAlive: is bad"]


def test_the_longest_part_of_a_path_has_the_name() -> None:
    names = {"models[1]": "tabAutocompleteModel", "models[1].name": "tabAutocompleteModel.title"}
    assert old_name("models[1].name", names) == "tabAutocompleteModel.title"
    assert old_name("models[1].stop[2]", names) == "tabAutocompleteModel.stop[2]"
    assert old_name("models[10].name", names) == "models[10].name"


def test_a_key_that_is_none_names_the_one_that_was_meant() -> None:
    legacy = converted('{"tabAutocompleteModle": {"apiKey": "sk-secret"}}')
    (row,) = legacy.rows
    assert (row.key, row.fate) == ("tabAutocompleteModle", Fate.UNKNOWN)
    (notice,) = legacy.notices
    assert notice.text == (
        "config.json:1: tabAutocompleteModle: is no key of config.json; "
        "did you mean 'tabAutocompleteModel'?"
    )
    assert "sk-secret" not in repr((row, notice))


def test_every_value_keeps_its_line() -> None:
    text = '{\n"models": [\n{\n"title": "A",\n"contextLength": 5,\n"region": "eu"}]}'
    (model,) = converted(text).value.entries["models"].items
    assert model.entries["name"].line == 4
    assert model.entries["contextLength"].line == 5
    assert model.entries["env"].entries["region"].line == 6


_MORE = """
    models tabAutocompleteModel embeddingsProvider reranker docs customCommands contextProviders
    tabAutocompleteOptions completionOptions experimental modelContextProtocolServers transport
    modelRoles devData params systemMessage name prompt url modelTitle tools inlineEdit nobody's
    """
_KEYS = st.sampled_from([*ROOT, *IGNORED, *EXPERIMENTAL, *MODEL, *_MORE.split(), ""])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("llm"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=30,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, max_size=8))
def test_no_file_breaks_it_and_every_key_has_a_place(old: dict[str, object]) -> None:
    legacy = convert(from_json(old, "config.json"))
    json.dumps(plain(legacy.value))
    told = {row.key.partition(".")[0].partition("[")[0] for row in legacy.rows}
    named = {name.partition(".")[0].partition("[")[0] for name in legacy.names.values()}
    for key, value in old.items():
        empty = value in (None, [], {}) or not _texts(value)
        assert empty or key in told | named, key


def _texts(value: object) -> list[Value]:
    """What stands in it that could say something."""
    whole = from_json(value, "config.json")
    return [each for each in walk(whole) if each.data not in (None, (), {}, "")]
