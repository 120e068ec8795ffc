"""Which model serves where: who is heard before whom, and what switches ghost text off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inglenook.engine.choices import Choices, leaves_out, means
from inglenook.engine.settings import (
    FolderRule,
    FolderSettings,
    Selection,
    Settings,
    Switches,
)

HERE = Path("/nowhere")
SETTINGS = Settings(HERE, HERE, None, None, HERE, HERE)


def for_completion(name: str) -> Selection:
    return Selection({"autocomplete": name})


def name(choices: Choices, folder: str = "/w/a", language: str = "python") -> str:
    return choices.chosen(folder, "autocomplete", language).name


def test_who_is_heard_before_whom() -> None:
    everyone = Choices(
        replace(
            SETTINGS,
            selection=for_completion("the user's file, for all"),
            folder_rules=(FolderRule("/w/*", for_completion("the user's file, for the folder")),),
        ),
        FolderSettings(for_completion("the editor's settings")),
        {"/w/a": FolderSettings(for_completion("the workspace"))},
        {"/w/a": for_completion("the user, in the editor")},
    )
    heard = [everyone.chosen("/w/a", "autocomplete")]
    without_pick = replace(everyone, picks={})
    heard.append(without_pick.chosen("/w/a", "autocomplete"))
    without_rule = replace(without_pick, settings=replace(everyone.settings, folder_rules=()))
    heard.append(without_rule.chosen("/w/a", "autocomplete"))
    without_editor = replace(without_rule, editor=FolderSettings())
    heard.append(without_editor.chosen("/w/a", "autocomplete"))
    without_workspace = replace(without_editor, folders={})
    heard.append(without_workspace.chosen("/w/a", "autocomplete"))
    nobody = replace(without_workspace, settings=SETTINGS)
    heard.append(nobody.chosen("/w/a", "autocomplete"))
    assert [f"{each.name or '-'}: {each.why}" for each in heard] == [
        "the user, in the editor: You chose it in the editor for this folder.",
        "the user's file, for the folder: Your configuration file has it for the folders '/w/*'.",
        "the editor's settings: The editor's settings name it.",
        "the workspace: The workspace's configuration file names it.",
        "the user's file, for all: Your configuration file has it for all folders.",
        "-: Nobody chose: the best that was found is used.",
    ]


def test_a_language_goes_before_all_languages_and_one_role_is_not_another() -> None:
    selection = Selection(
        {"autocomplete": "small", "chat": "large"}, {"rust": {"autocomplete": "oxide"}}
    )
    choices = Choices(replace(SETTINGS, selection=selection))
    assert [name(choices, language=each) for each in ("rust", "python")] == ["oxide", "small"]
    assert choices.chosen("", "chat", "rust").name == "large"
    assert choices.chosen("", "edit").name == ""
    assert choices.names() == {"small", "oxide"}


@pytest.mark.parametrize(
    ("pattern", "folder", "meant"),
    [
        ("/w/a", "/w/a", True),
        ("/w/a/", "/w/a/b/c", True),
        ("/w/a", "/w/ab", False),
        ("/w/*", "/w/a/b", True),
        ("/w/*", "/w", False),
        ("/w/*/x", "/w/a/b/x", False),
        ("/w/**/x", "/w/a/b/x", True),
        ("/w/**/x", "/w/x", True),
        ("/w/**/x", "/w/a/y", False),
        ("/w/c*-x", "/w/c++-x", True),
        ("/w/[a]", "/w/a", False),
    ],
)
def test_what_a_pattern_of_folders_means(pattern: str, folder: str, meant: bool) -> None:
    assert means(pattern, folder) is meant


def test_of_two_patterns_the_longer_one_wins() -> None:
    rules = (
        FolderRule("/w", for_completion("wide")),
        FolderRule("/w/a", for_completion("narrow")),
        FolderRule("/v", for_completion("other")),
    )
    choices = Choices(replace(SETTINGS, folder_rules=rules))
    assert [name(choices, folder) for folder in ("/w/a/b", "/w/b", "/v", "/u", "")] == [
        "narrow",
        "wide",
        "other",
        "",
        "",
    ]


def test_every_side_can_switch_off_and_none_can_switch_on() -> None:
    off = Switches(automatic=False, disabled_languages=frozenset({"markdown"}), ignored=("gen/",))
    for choices in (
        Choices(replace(SETTINGS, switches=off)),
        Choices(SETTINGS, FolderSettings(switches=off)),
        Choices(SETTINGS, folders={"/w": FolderSettings(switches=off)}),
        Choices(
            replace(SETTINGS, switches=off), folders={"/w": FolderSettings(switches=Switches())}
        ),
    ):
        assert choices.serves("/w", "a.py", "python", automatic=False)
        assert not choices.serves("/w", "a.py", "python", automatic=True)
        assert not choices.serves("/w", "a.md", "markdown", automatic=False)
        assert not choices.serves("/w", "gen/deep/a.py", "python", automatic=False)


def test_patterns_that_leave_a_path_out() -> None:
    patterns = ("*.gen.ts", "!keep.gen.ts", "/build/")
    paths = ("a.gen.ts", "src/b.gen.ts", "keep.gen.ts", "build/x.py", "src/build/x.py", "a.ts")
    assert [path for path in paths if leaves_out(patterns, path)] == [
        "a.gen.ts",
        "src/b.gen.ts",
        "build/x.py",
    ]
