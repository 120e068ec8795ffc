"""What a repository's files and an editor's settings can do: narrow, and be told of the rest."""

from __future__ import annotations

import json

import pytest

from inglenook.engine.config.editor import load_editor
from inglenook.engine.config.folder import load_folder
from inglenook.engine.config.narrowing import MOST, narrowed
from inglenook.engine.settings import PromptTemplate, Rule, Selection, Switches
from inglenook.models.spec import ModelSpec, Provider
from tests.support.hostile_settings import (
    CONTINUE,
    EVIL,
    YAML,
    editor,
    folder,
    refused,
    said,
    user,
)

# -- what they may do ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [YAML, CONTINUE, ".continue/agents/a.yaml"])
def test_what_a_workspace_may_say(path: str) -> None:
    found = folder(
        """
        name: ours
        inglenook:
          models: {autocomplete: Fast, languages: {go: {autocomplete: Qwen}}}
          enabled: false
          automatic: false
          disabledLanguages: [markdown]
          ignore: ["*.gen.ts"]
        rules:
          - Be brief.
          - {name: types, rule: Use types., globs: "*.ts", alwaysApply: false}
        prompts:
          - {name: tests, prompt: Write tests., description: d}
        """,
        path,
    )
    file = f"/ws/{path}"
    assert found.selection == Selection({"autocomplete": "Fast"}, {"go": {"autocomplete": "Qwen"}})
    assert found.switches == Switches(False, False, frozenset({"markdown"}), ("*.gen.ts",))
    assert found.rules == (
        Rule("Be brief.", source=file),
        Rule("Use types.", "types", globs=("*.ts",), always=False, source=file),
    )
    assert found.prompts == (PromptTemplate("tests", "Write tests.", "d", file),)
    assert said(found) == []


def test_files_that_are_rules_and_prompts() -> None:
    files = {
        ".continue/rules/a.md": "---\nname: A\nglobs: ['*.py']\nalwaysApply: false\n---\nUse A.\n",
        ".continue/rules/b.md": "Use B.\n",
        ".continue/prompts/c.md": "---\nname: C\ninvokable: true\n---\nDo C.\n",
        ".continue/prompts/d.prompt": "---\nname: D\ndescription: d\n---\nDo D.\n",
        ".continue/rules/e.yaml": "rules: [Use E.]\n",
        "AGENTS.md": "---\nUse F.\n",
        ".continuerules": "Use G.\n",
        "CLAUDE.md": " \n",
    }
    found = load_folder(user(), "/ws", [(path, text.encode()) for path, text in files.items()])
    assert [rule.text for rule in found.rules] == [
        *("Use A.", "Use B.", "Use E.", "---\nUse F.", "Use G.")
    ]
    assert found.rules[0].globs == ("*.py",)
    assert found.rules[0].always is False
    assert [(each.name, each.text) for each in found.prompts] == [("C", "Do C."), ("D", "Do D.")]
    assert found.rules[3].name == "AGENTS.md"
    assert said(found) == []


def test_the_older_schema() -> None:
    found = folder(
        json.dumps(
            {
                "mergeBehavior": "overwrite",
                "systemMessage": "Be brief.",
                "customCommands": [{"name": "t", "description": "d", "prompt": "Test."}],
                "inglenook": {"enabled": False, "models": {"autocomplete": "Fast"}},
                "rules": ["Be kind."],
                "allowAnonymousTelemetry": True,
                "models": [{"title": "m", "provider": "ollama", "model": "m", "apiBase": EVIL}],
                "requestOptions": {"proxy": EVIL},
            }
        ),
        ".continuerc.json",
    )
    assert found.switches.enabled is False
    assert found.selection.roles == {"autocomplete": "Fast"}
    assert [rule.text for rule in found.rules] == ["Be brief.", "Be kind."]
    assert [each.name for each in found.prompts] == ["t"]
    assert {text.split(": ")[1] for text in said(found)} == {"models[0]", "requestOptions"}
    assert EVIL not in repr(found)


def test_the_first_file_that_chooses_has_chosen() -> None:
    first = b"inglenook: {models: {autocomplete: Fast}, automatic: false, ignore: [a]}"
    second = (
        b"inglenook: {models: {autocomplete: Qwen, edit: Qwen}, disabledLanguages: [go],"
        b" ignore: [b, a]}"
    )
    found = load_folder(user(), "/ws", [(YAML, first), (CONTINUE, second)])
    assert found.selection.roles == {"autocomplete": "Fast", "edit": "Qwen"}
    assert found.switches == Switches(True, False, frozenset({"go"}), ("a", "b"))


def test_an_entry_of_models_chooses_by_its_name_and_roles() -> None:
    """As in a file for Continue; nothing else of it counts."""
    found = folder(
        f"""
        models:
          - name: Qwen
            roles: [autocomplete, edit]
            provider: openai
            apiBase: {EVIL}
          - {{name: Mine, provider: ollama, model: m, apiBase: {EVIL}, roles: [chat]}}
          - {{name: Fast, provider: llama.cpp, model: fast}}
          - {EVIL}
        """
    )
    assert found.selection.roles == {"autocomplete": "Qwen", "edit": "Qwen"}
    refusals = ["models[0].provider", "models[0].apiBase", "models[1]", "models[2]", "models[3]"]
    assert refused(found) == refusals
    assert [text.split(": ")[1] for text in said(found)] == refusals
    assert [text.split(": ")[0] for text in said(found)] == [
        f"/ws/{YAML}:{line}" for line in (5, 6, 7, 8, 9)
    ]


@pytest.mark.parametrize(
    ("name", "role", "text"),
    [
        ("Qwem", "autocomplete", "names no model of your own configuration; did you mean 'Qwen'?"),
        ("xyz", "autocomplete", "expected one of Qwen, Fast, Team"),
        # Whoever has it for chats does not have every key sent there.
        ("Team", "autocomplete", "your own configuration has for chat only"),
        ("qwen2.5-coder:1.5b", "chat", "names no model of your own configuration"),
    ],
)
def test_a_name_that_cannot_be_chosen_is_told_and_the_rest_works(
    name: str, role: str, text: str
) -> None:
    chosen = {role: name, "edit": "Qwen"}
    for found in (
        folder(json.dumps({"inglenook": {"models": chosen}})),
        editor({"models": chosen}),
    ):
        assert found.selection == Selection({"edit": "Qwen"})
        (notice,) = said(found)
        assert text in notice
        assert f"models.{role}: " in notice


def test_a_model_without_roles_is_for_what_no_other_is_named_for() -> None:
    """It may be on another machine: a repository does not get to send every key there."""
    models = (
        ModelSpec("Qwen", Provider.OLLAMA, "q", roles=("autocomplete",)),
        ModelSpec("Rest", Provider.OPENAI, "r", "https://gpu.example/v1"),
    )
    text = "inglenook: {models: {autocomplete: Rest, chat: Rest}}"
    found = folder(text, settings=user(models=models))
    assert found.selection == Selection({"chat": "Rest"})
    assert "what no other model is named for" in said(found)[0]


def test_without_models_of_the_users_there_is_nothing_to_choose() -> None:
    found = folder("inglenook: {models: {chat: Qwen}}", settings=user(models=()))
    assert found.selection == Selection()
    assert "there are none in your own configuration" in said(found)[0]


def test_nothing_is_switched_on() -> None:
    found = folder("inglenook: {enabled: true, automatic: yes}")
    assert found.switches == Switches()
    assert refused(found) == ["inglenook.enabled", "inglenook.automatic"]
    off = user(switches=Switches(enabled=False))
    assert not narrowed([off.switches, found.switches]).enabled
    _, sent = load_editor(off, {"enabled": True}, vouched=False)
    assert refused(sent) == ["enabled"]


def test_what_an_editor_has_as_its_default_is_no_trouble() -> None:
    found = editor({"enabled": True, "automatic": True, "path": "", "trace": {"server": "off"}})
    assert (found.switches, said(found)) == (Switches(), [])


def test_no_file_is_taken_back() -> None:
    """What the user's patterns leave out stays out."""
    found = folder("inglenook: {ignore: [a, '!*.secret']}")
    assert found.switches.ignored == ("a",)
    assert "takes files back" in said(found)[0]


def test_templates_are_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "user-secret")
    text = "${{ secrets.KEY }} ${{ inputs.KEY }} $KEY"
    found = load_folder(
        user(),
        "/ws",
        [
            (
                YAML,
                json.dumps({"rules": [text], "prompts": [{"name": "a", "prompt": text}]}).encode(),
            ),
            (".continue/rules/a.md", text.encode()),
            ("AGENTS.md", text.encode()),
        ],
    )
    assert [rule.text for rule in found.rules] == [text] * 3
    assert "user-secret" not in repr(found)


def test_an_editor_narrows_and_chooses() -> None:
    settings, found = load_editor(
        user(),
        {
            "enabled": False,
            "automatic": False,
            "disabledLanguages": ["go"],
            "reportTimings": True,
            "models": {"autocomplete": "Fast", "languages": {"go": {"autocomplete": "Qwen"}}},
        },
        vouched=False,
    )
    assert settings == user()
    assert found.switches == Switches(False, False, frozenset({"go"}))
    assert found.selection == Selection({"autocomplete": "Fast"}, {"go": {"autocomplete": "Qwen"}})
    assert said(found) == []


@pytest.mark.parametrize("section", [None, {}, {"models": {}}])
def test_an_editor_that_says_nothing(section: object) -> None:
    settings, found = load_editor(user(), section, vouched=True)
    assert settings == user()
    assert (found.selection, found.switches, found.notices) == (Selection(), Switches(), ())


@pytest.mark.parametrize("section", [[], [1], "x", 5, True, {"enabled": "no"}, {"models": [EVIL]}])
def test_what_is_not_as_it_should_be_is_told_once(section: object) -> None:
    found = editor(section)
    assert (found.selection, found.switches) == (Selection(), Switches())
    assert len(said(found)) == 1
    assert EVIL not in repr(found)


# -- bounds ----------------------------------------------------------------------------------------


def test_a_folder_is_not_talked_about_for_ever() -> None:
    one = "\n".join(f"key{n}: 1" for n in range(60)).encode()
    found = load_folder(user(), "/ws", [(f".continue/models/{n}.yaml", one) for n in range(3)])
    assert len(found.notices) == MOST + 1
    assert found.notices[-1].text == "/ws: and 103 more; all are in: inglenook config show"
    assert len(found.rows) == 180


def test_a_file_that_was_not_read_is_told() -> None:
    found = load_folder(user(), "/ws", [("AGENTS.md", None), (YAML, b"rules: [Be brief.]")])
    assert said(found)[0].startswith("/ws/AGENTS.md: is not read: at most 200 files")
    assert [rule.text for rule in found.rules] == ["Be brief."]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (YAML, b"\xff\xfe\x00"),
        (YAML, b"models: ["),
        (YAML, b"- a\n- b"),
        (YAML, b"models: {a: &a [*a]}"),
        (".continuerc.json", b"{"),
        (".continuerc.json", b"[]"),
        (".continue/rules/a.md", b"\xff"),
        (".continue/rules/a.md", b"---\nname: [\n---\nBe brief.\n"),
        ("AGENTS.md", b"\xff"),
    ],
)
def test_a_broken_file_is_told_once_and_costs_nothing_else(path: str, data: bytes) -> None:
    found = load_folder(user(), "/ws", [(path, data), (CONTINUE, b"rules: [Be kind.]")])
    assert len(said(found)) == 1, said(found)
    assert said(found)[0].startswith(f"/ws/{path}:")
    assert "Be kind." in [rule.text for rule in found.rules]
