"""A file against the schema: every key has one row, and no spelling of one gets past."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.engine.config.check import Checked, check
from inglenook.engine.config.json_tree import from_json, read_json
from inglenook.engine.config.kinds import Either, Key, Keys, Kind, ListOf, MapOf, Zone
from inglenook.engine.config.report import Report
from inglenook.engine.config.schema import CONFIG, EDITOR
from inglenook.engine.config.tree import Value, plain
from inglenook.engine.config.yaml_tree import read_yaml
from inglenook.engine.settings import Fate


def checked(text: str, zone: Zone = Zone.USER) -> Checked:
    value, notices = read_yaml(dedent(text).encode(), "config.yaml")
    assert notices == []
    assert value is not None
    return check(value, CONFIG, zone)


def rows(found: Checked) -> list[str]:
    return [f"{row.fate} {row.line} {row.key} {row.value}".rstrip() for row in found.rows]


def said(found: Checked) -> list[str]:
    return [notice.text.removeprefix("config.yaml:") for notice in found.notices]


def test_every_key_becomes_one_row_in_the_order_of_the_file() -> None:
    found = checked(
        """\
        name: mine
        models:
          - name: Q
            provider: ollama
            model: q
            apiKey: sk-1
            requestOptions:
              proxy: http://me:secret@proxy
              verifySsl: false
              headers: {X-Team: blue}
            defaultCompletionOptions: {temperature: 0.5, n: 2, topP: 7}
            autocompletOptions: {disable: true}
        """
    )
    assert rows(found) == [
        "ignored 1 name mine",
        "used 3 models[0].name Q",
        "used 4 models[0].provider ollama",
        "used 5 models[0].model q",
        "used 6 models[0].apiKey (hidden)",
        "refused 8 models[0].requestOptions.proxy",
        "refused 9 models[0].requestOptions.verifySsl",
        "used 10 models[0].requestOptions.headers.X-Team (hidden)",
        "used 11 models[0].defaultCompletionOptions.temperature 0.5",
        "ignored 11 models[0].defaultCompletionOptions.n 2",
        "refused 11 models[0].defaultCompletionOptions.topP",
        "unknown 12 models[0].autocompletOptions",
    ]
    assert all(row.why for row in found.rows if row.fate is not Fate.USED)
    assert "secret" not in repr((found.rows, found.notices))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("model: []", "1: model: is no key that is known here; did you mean 'models'?"),
        ("Models: []", "1: Models: is no key that is known here; did you mean 'models'?"),
        ("rules: 5", "1: rules: is a number; expected a list"),
        ("rules: [{name: a}]", "1: rules[0].rule: is missing; expected a text"),
        ("rules: [[a]]", "1: rules[0]: is a list; expected a text or keys with values"),
        ("inglenook: {enabled: 1}", "1: inglenook.enabled: is a number; expected true or false"),
        (
            "inglenook: {think: {chat: hgih}}",
            "1: inglenook.think.chat: is 'hgih'; expected one of off, on, low, medium, high or "
            "true or false",
        ),
        (
            "inglenook: {ignore: [a, 5]}",
            "1: inglenook.ignore[1]: is a number; expected a text (put it in quotes)",
        ),
        (
            "requestOptions: {timeout: -1}",
            "1: requestOptions.timeout: is -1; expected a number from 0.001 to 1000000",
        ),
        ("requestOptions: {timeout: .inf}", None),
        ("requestOptions: {timeout: !t 5}", "1: requestOptions.timeout: is a tag; expected"),
        (
            "requestOptions: {clientCertificate: {cert: a.pem}}",
            "1: requestOptions.clientCertificate.key: is missing; expected the path of a file",
        ),
        ("prompts: [{name: a, prompt: ''}]", "1: prompts[0].prompt: is empty; expected a text"),
        ("models:\n  -\n", "2: models[0]: is nothing; expected keys with values"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, sentence: str | None) -> None:
    found = checked(text + "\nrules2: &r x\ndocs: [{name: d, startUrl: u}]")
    (first, *_) = said(found)
    assert first.startswith(sentence or "1: requestOptions.timeout: is a number that is not finite")
    assert found.tree is not None
    assert plain(found.tree.entries["docs"]) == [{"name": "d", "startUrl": "u"}]


def test_a_flag_is_what_yaml_ever_took_for_one() -> None:
    found = checked("inglenook: {enabled: off, automatic: No, probe: true, counters: yes}")
    assert found.tree is not None
    assert plain(found.tree.entries["inglenook"]) == {
        "enabled": False,
        "automatic": False,
        "probe": True,
        "counters": True,
    }


def test_a_bad_entry_keeps_the_places_of_the_others() -> None:
    found = checked("rules: [a, {name: b}, c]\nmodels: [x]")
    assert found.tree is not None
    assert plain(found.tree) == {"rules": ["a", None, "c"], "models": [None]}


def test_what_is_there_for_its_anchor_is_ignored_without_a_word() -> None:
    found = checked(
        """\
        x-common: {a: 1}
        .hidden: 5
        defaults: &defaults
          provider: ollama
        models:
          - <<: *defaults
            name: a
            model: m
            contextLength: 4096
        """
    )
    assert said(found) == []
    assert rows(found)[:3] == ["ignored 1 x-common", "ignored 2 .hidden", "ignored 3 defaults"]
    assert found.tree is not None
    assert plain(found.tree.entries["models"].items[0].entries["provider"]) == "ollama"


def test_a_dotted_key_is_the_nested_one() -> None:
    found = checked("requestOptions.timeout: 5\nrequestOptions: {headers.x: a}")
    assert "used 1 requestOptions.timeout 5" in rows(found)
    assert found.tree is not None
    assert plain(found.tree.entries["requestOptions"].entries["timeout"]) == 5


HOSTS = [
    "inglenook: {hosts: [http://evil]}",
    "inglenook.hosts: [http://evil]",
    "inglenook.hosts: [http://evil]\ninglenook: {enabled: false}",
    "inglenook: {hosts: [http://evil], hosts: [http://evil]}",
    "inglenook: {hosts: [http://evil]}\ninglenook.hosts: [http://evil]",
    "inglenook: {HOSTS: [http://evil]}",
    "Inglenook: {hosts: [http://evil]}",
    "INGLENOOK.Hosts: [http://evil]",
    "inglenook: {ho\uff53ts: [http://evil]}",
    '"inglenook": {"h\\u006fsts": [http://evil]}',
    "x-a: &a [http://evil]\ninglenook: {hosts: *a}",
    "x-a: &a {hosts: [http://evil]}\ninglenook: {<<: *a}",
    "\ufeffinglenook: {hosts: [http://evil]}",
]


@pytest.mark.parametrize("text", HOSTS)
@pytest.mark.parametrize("zone", [Zone.FOLDER, Zone.EDITOR])
def test_no_spelling_of_a_restricted_key_gets_past(text: str, zone: Zone) -> None:
    found = checked(text, zone)
    assert [row.fate for row in found.rows].count(Fate.REFUSED) == 1
    (notice,) = said(found)
    assert "is refused" in notice
    assert "evil" not in repr(found.tree)


def test_only_the_users_own_file_may_say_these() -> None:
    text = """\
        models: [{name: a, provider: ollama, model: m}]
        requestOptions: {headers: {A: b}}
        mcpServers: []
        inglenook: {enabled: true, automatic: false, models: {chat: A}, probe: false}
        rules: [be kind, {uses: ./more.yaml}]
        """
    found = checked(text, Zone.FOLDER)
    assert found.tree is not None
    assert plain(found.tree) == {
        "inglenook": {"automatic": False, "models": {"chat": "A"}},
        "rules": ["be kind", None],
    }
    assert [row.key for row in found.rows if row.fate is Fate.REFUSED] == [
        "models",
        "requestOptions",
        "mcpServers",
        "inglenook.enabled",
        "inglenook.probe",
        "rules[1].uses",
    ]
    assert len(found.notices) == 6


def test_an_editors_settings_are_read_by_their_own_table() -> None:
    obj = {"enabled": False, "models.chat": "A", "hosts": ["http://x"], "reportTimings": True}
    found = check(from_json(obj, "settings of the editor"), EDITOR, Zone.EDITOR)
    assert found.tree is not None
    assert plain(found.tree) == {"enabled": False, "reportTimings": True, "models": {"chat": "A"}}
    assert [notice.text[:31] for notice in found.notices] == ["settings of the editor: hosts: "]


def test_a_file_of_nothing_but_faults_is_told_in_few_words() -> None:
    found = checked("\n".join(f"key{number}: {number}" for number in range(5_000)))
    assert len(found.rows) == 5_000
    assert len(found.notices) == 51


def test_a_report_without_an_end_of_refusals_is_made_quickly() -> None:
    """The rows of one entry are found without a look at those of the others."""
    report = Report()
    entries = "".join(f"  - {{name: n{number}, destination: d}}\n" for number in range(900))
    value, _ = read_yaml(f"data:\n{entries}".encode(), "f")
    assert value is not None
    tree = check(value, CONFIG, Zone.USER, report).tree
    assert tree is not None
    for entry in tree.entries["data"].items:
        report.mark(entry, report.path(entry), Fate.REFUSED, "no")
    assert {row.fate for row in report.rows} == {Fate.REFUSED}


# --- the table itself ---------------------------------------------------------------------


def keys_of(kind: Kind, path: str = "", zone: Zone = Zone.USER) -> list[tuple[str, Key]]:
    """The keys that ``zone`` can reach, with their paths."""
    if isinstance(kind, Keys):
        found = []
        for name, key in kind.keys.items():
            if zone in key.zones:
                found += [(f"{path}.{name}", key), *keys_of(key.kind, f"{path}.{name}", zone)]
        return found
    if isinstance(kind, (ListOf, MapOf)):
        return keys_of(kind.of, path + "[]", zone)
    if isinstance(kind, Either):
        return [each for one in kind.kinds for each in keys_of(one, path, zone)]
    return []


def test_every_key_without_effect_has_a_sentence_that_says_why() -> None:
    for path, key in keys_of(CONFIG):
        assert bool(key.why) == (key.fate is not Fate.USED), path
        if key.fate is Fate.IGNORED:
            assert key.why.endswith("."), path


def test_a_workspace_may_write_these_and_no_others() -> None:
    reached = [path.replace("[]", "") for path, _ in keys_of(CONFIG, "", Zone.FOLDER)]
    roots = {".".join(path.split(".")[1:3]) for path in reached}
    assert roots == {
        *("name", "version", "schema", "metadata", "inglenook"),
        *("rules", "rules.name", "rules.rule", "rules.description", "rules.globs"),
        *("rules.regex", "rules.alwaysApply", "rules.invokable", "rules.sourceFile"),
        *("prompts", "prompts.name", "prompts.prompt", "prompts.description"),
        *("prompts.sourceFile", "inglenook.enabled", "inglenook.automatic"),
        *("inglenook.disabledLanguages", "inglenook.ignore", "inglenook.models"),
    }


# --- anything at all ----------------------------------------------------------------------

_NAMES = sorted({path.rsplit(".", 1)[-1] for path, _ in keys_of(CONFIG)})
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_KEYS = (
    st.sampled_from(_NAMES)
    | st.text(st.characters(exclude_characters="[]."), max_size=6)
    | st.tuples(st.sampled_from(_NAMES), st.sampled_from(_NAMES)).map(".".join)
    | st.sampled_from(_NAMES).map(str.upper)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)


def leaves(value: Value, path: str = "") -> list[str]:
    if value.entries:
        found = [leaves(each, f"{path}.{key}") for key, each in value.entries.items()]
    elif value.items:
        found = [leaves(each, f"{path}[{n}]") for n, each in enumerate(value.items)]
    else:
        return [path]
    return [leaf for each in found for leaf in each]


@given(st.dictionaries(_KEYS, _VALUES, max_size=6), st.sampled_from(list(Zone)))
def test_every_leaf_has_exactly_one_row(obj: dict[str, object], zone: Zone) -> None:
    value = from_json(obj, "f")
    found = check(value, CONFIG, zone)
    report = found.report
    places = [path for _, path in report._rows]
    for place in places:
        above = [place[:end] for end in range(len(place))]
        assert not set(above) & set(places)
    assert len(places) == len(found.rows)
    if not any("." in key for key in _all_keys(value)):  # those stand elsewhere then
        texts = {"." + ".".join(map(str, place)) for place in places}
        for leaf in leaves(value):
            steps = leaf.replace("[", ".").replace("]", "").split(".")
            covered = [".".join(steps[:end]) in texts for end in range(1, len(steps) + 1)]
            assert covered.count(True) == 1 or leaf == "", (leaf, texts)


def _all_keys(value: Value) -> list[str]:
    found = [*value.entries]
    for each in (*value.entries.values(), *value.items):
        found += _all_keys(each)
    return found


@given(st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_a_lower_zone_never_gets_more_than_the_user(obj: dict[str, object]) -> None:
    tree = check(from_json(obj, "f"), CONFIG, Zone.FOLDER).tree
    assert tree is not None
    assert set(tree.entries) <= {"rules", "prompts", "inglenook"}
    ours = tree.entries.get("inglenook")
    allowed = {"models", "enabled", "automatic", "disabledLanguages", "ignore"}
    assert ours is None or set(ours.entries) <= allowed
    for name in ("enabled", "automatic"):
        assert ours is None or name not in ours.entries or ours.entries[name].data is False


@given(st.text() | st.from_regex(r'[\[\]{}":,0-9a-z/* \n.-]*', fullmatch=True))
def test_no_text_is_too_odd_for_json(text: str) -> None:
    read_json(text.encode(errors="replace"), "f")
