"""Whatever a workspace says, what the user leaves out is left out; and nobody waits for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.engine import choices, ignored
from inglenook.engine.choices import Choices, leaves_out
from inglenook.engine.config.folder import load_folder
from inglenook.engine.config.narrowing import MOST_PATTERNS, MOST_TEXT, MOST_WILDCARDS, bounded
from inglenook.engine.ignored import Ignored
from inglenook.engine.settings import FolderRule, FolderSettings, Selection, Switches
from inglenook.models.spec import Autocomplete, ModelSpec, Provider
from inglenook.workspace.patterns import Patterns
from tests.support.hostile_settings import YAML, folder, said, user

PARTS: Final = ("*", "**", "a", "a*", "*.gen", "!", "\ufeff!", " !", "\\", "/", "keep.gen", "[a-c]")
PATTERNS: Final = st.lists(st.lists(st.sampled_from(PARTS), max_size=4).map("".join), max_size=5)
PATHS: Final = st.lists(st.sampled_from(("a", "ab", "x.gen", "keep.gen")), min_size=1, max_size=4)


def having(own: list[str], theirs: list[str]) -> Choices:
    """As if nobody had looked at what the workspace's patterns are."""
    settings = user(switches=Switches(ignored=tuple(own)))
    return Choices(
        settings, folders={"/ws": FolderSettings(switches=Switches(ignored=tuple(theirs)))}
    )


@given(PATTERNS, PATTERNS, PATHS.map("/".join))
def test_no_pattern_of_a_workspace_takes_back_what_the_user_leaves_out(
    own: list[str], theirs: list[str], path: str
) -> None:
    before, after = having(own, []), having(own, theirs)
    if before.left_out("/ws").leaves_out(path):
        assert after.left_out("/ws").leaves_out(path)
        assert after.left_out_anywhere().leaves_out(path)
        assert not after.serves("/ws", path, "python", automatic=False)
    alone = having([], theirs).left_out("/ws").leaves_out(path)
    assert after.left_out("/ws").leaves_out(path) >= alone


def test_what_the_user_takes_back_is_still_left_out_by_the_workspace() -> None:
    found = having(["*.gen", "!keep.gen"], ["*.gen"])
    assert found.left_out("/ws").leaves_out("keep.gen")
    assert not found.left_out("").leaves_out("keep.gen")
    assert found.left_out("/elsewhere") == found.left_out("")


@pytest.mark.parametrize("taken", ["!*.pem", "!", "!/a", r"\uFEFF!*.pem", r"\u200B!*.pem"])
def test_a_pattern_that_takes_back_is_told_and_none(taken: str) -> None:
    found = folder(f'inglenook: {{ignore: [a, "{taken}", b]}}')
    assert found.switches.ignored in (("a", "b"), ("a", "!", "b"))
    assert len(said(found)) == (taken != "!")


# -- bounds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patterns", "kept"),
    [
        ([f"name{number}.py" for number in range(1_000)], MOST_PATTERNS),
        (["x" * 500 + f"{number}" for number in range(20)], MOST_TEXT // 501),
        ([f"*a*{number}" for number in range(100)], MOST_WILDCARDS // 2),
        ([f"**/gen{number}/**" for number in range(90)], 90),
        ([f"**a/{number}" for number in range(90)], MOST_WILDCARDS // 2),
    ],
)
def test_a_workspace_has_so_many_patterns(patterns: list[str], kept: int) -> None:
    first, second = patterns[: len(patterns) // 2], patterns[len(patterns) // 2 :]
    files = [
        (path, f"inglenook: {{enabled: false, ignore: {each}}}".encode())
        for path, each in ((YAML, first), (".continue/config.yaml", second))
    ]
    found = load_folder(user(), "/ws", files)
    assert found.switches.ignored == tuple(patterns[:kept])
    assert not found.switches.enabled
    if kept == len(patterns):
        assert said(found) == []
    else:
        assert said(found) == [
            f"/ws: inglenook.ignore: only {kept} of the {len(patterns)} patterns in this folder's "
            "files count; expected at most 100, with 4,096 characters and 120 wildcards in all. "
            "Have the others in a file .inglenookignore"
        ]


def test_a_pattern_that_is_too_large_costs_no_other() -> None:
    assert bounded(["a", "*" + "?" * MOST_WILDCARDS, "b", "x" * MOST_TEXT, "c"]) == ("a", "b", "c")


# -- what is compiled when -------------------------------------------------------------------------


def test_nothing_is_compiled_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many patterns there are: a value that exists answers, and so does one made of it."""
    many = tuple(f"own{number}*.py" for number in range(300))
    entry = ModelSpec(
        "M", Provider.OLLAMA, "m", autocomplete=Autocomplete(disabled_files=("*.dis*",))
    )
    settings = user(
        switches=Switches(ignored=many),
        models=(entry,),
        folder_rules=tuple(FolderRule(f"/w{n}/*", Selection({"chat": "M"})) for n in range(300)),
    )
    theirs = FolderSettings(switches=Switches(ignored=("theirs*",)))
    found = Choices(settings, folders={f"/w{n}/a": theirs for n in range(3)})

    def compiled(_lines: object) -> Patterns:
        raise AssertionError("compiled while somebody waits")

    monkeypatch.setattr(ignored, "compiled", compiled)
    monkeypatch.setattr(choices.re, "compile", compiled)
    picked = replace(found, picks={"/w0/a": Selection({"chat": "M"})})
    for each in (found, picked):
        assert each.left_out("/w1/a").leaves_out("own7.py")
        assert each.left_out_anywhere().leaves_out("theirs.py")
        assert not each.serves("/w2/a", "theirs.py", "python", automatic=True)
        assert each.chosen("/w299/a", "chat").name == "M"
    choices._one.cache_clear()
    assert leaves_out(("*.dis*",), "a.dist")


def test_the_digest_tells_zones_apart() -> None:
    zones = ((), (("a",),), (("b",),), (("a", "b"),), (("a",), ("b",)), (("\ud800",),))
    assert len({Ignored.by(each).digest for each in zones}) == len(zones)
    assert not Ignored.by(((), ()))
