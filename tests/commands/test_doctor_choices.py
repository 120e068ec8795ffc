"""``inglenook doctor`` judges what a server does in the same folder: who completes, and whether.

Each set-up is drawn with its files, and each is held against a real server in that folder.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import pytest

from inglenook.cli import main
from inglenook.commands.doctor_completing import ROLE, meant
from inglenook.commands.models import one_line
from inglenook.engine.config import load
from inglenook.engine.ignored import Ignored
from inglenook.engine.picks import Pick, keep_pick
from tests.support.clinic import NOWHERE, configure, environment, examine, ollama_versions
from tests.support.command import Run
from tests.support.fake_backend import FakeBackend, fake_backend
from tests.support.lsp_client import start

SMALL, LARGE = "qwen2.5-coder:0.5b", "qwen2.5-coder:7b"
INVOKED, AUTOMATIC = 1, 2
MODELS: Final = """\
    models:
      - {name: Small, provider: ollama, model: "qwen2.5-coder:0.5b", apiBase: "URL"}
      - {name: Large, provider: ollama, model: "qwen2.5-coder:7b", apiBase: "URL"}
    """
_PLACES: Final = ("URL", "HOME", "WS")


@dataclass(frozen=True)
class Setup:
    """``config`` is the user's file and ``theirs`` the workspace's; ``picks`` what the user chose
    in the editor, by language. In the texts URL, HOME and WS stand for what they are.

    ``model`` is the one that completes a Python file, "" for none.
    """

    config: str
    cause: str
    cure: str
    model: str = ""
    theirs: str = ""
    picks: tuple[tuple[str, str], ...] = ()
    there: tuple[str, ...] = (SMALL, LARGE)
    code: int = 1
    kind: int = AUTOMATIC  # how a completion is asked for


def inglenook(line: str, models: str = MODELS) -> str:
    return f"{dedent(models)}inglenook:\n  {line}\n"


ONE: Final = """\
    models:
      - name: Small
        provider: ollama
        model: "qwen2.5-coder:0.5b"
        apiBase: "URL"
        autocompleteOptions: {OPTION}
    """
BROKEN: Final = {
    "the picked model is gone": Setup(
        MODELS,
        "'Large' of your configuration file cannot be used: ollama has no model 'qwen2.5-coder:7b'"
        ". You chose it in the editor for this folder.",
        "Get it: ollama pull qwen2.5-coder:7b, or choose another in the editor",
        picks=(("", "Large"),),
        there=(SMALL,),
    ),
    "the picked model has no entry and is gone": Setup(
        "mcpServers: [{name: q, command: npx}]\n",  # is refused, and costs no model
        "'qwen2.5-coder:7b' is chosen, and is not there. You chose it in the editor",
        "Choose another in the editor (Inglenook: Select Model, or :Inglenook model); those that",
        picks=(("", LARGE),),
        there=(SMALL,),
    ),
    "the picked entry is refused": Setup(
        'models:\n  - {name: Team, provider: vllm, model: m, apiBase: "http://10.1.2.3:8000"}\n',
        "HOME/.config/inglenook/config.yaml:2: models[0].apiBase: ",
        "Correct it there",
        picks=(("", "Team"),),
    ),
    "a folder rule names another": Setup(
        inglenook("workspaces: [{folder: HOME, models: {autocomplete: Larg}}]"),
        "'Larg' is chosen, and is not there. Your configuration file has it for the folders 'HOME'",
        "Name another for the folders 'HOME' in HOME/.config/inglenook/config.yaml",
    ),
    "the user's file names another": Setup(
        inglenook("models: {autocomplete: Larg}"),
        "'Larg' is chosen, and is not there. Your configuration file has it for all folders.",
        "Name another in HOME/.config/inglenook/config.yaml",
    ),
    "the workspace names one whose model is gone": Setup(
        MODELS,
        "'Large' of your configuration file cannot be used: ollama has no model 'qwen2.5-coder:7b'"
        ". The workspace's configuration file names it.",
        "Get it: ollama pull qwen2.5-coder:7b, or name another in WS/.inglenook/config.yaml",
        theirs="inglenook: {models: {autocomplete: Large}}\n",
        there=(SMALL,),
    ),
    "the user has it off": Setup(
        inglenook("enabled: false"),
        "Completion is switched off: inglenook.enabled is false in HOME/.config/inglenook/"
        "config.yaml:5",
        "Set inglenook.enabled to true there.",
    ),
    "the workspace has it off": Setup(
        MODELS,
        "The workspace switches completion off: inglenook.enabled is false in "
        "WS/.inglenook/config.yaml:2",
        "Take that out there",
        theirs="inglenook:\n  enabled: false\n",
    ),
    "the workspace leaves every file out": Setup(
        MODELS,
        "Every file here is left out by inglenook.ignore, in HOME/.config/inglenook/config.yaml or "
        "WS/.inglenook/config.yaml",
        "Narrow its patterns: inglenook config show",
        theirs="inglenook: {ignore: ['*']}\n",
    ),
    "the entry is disabled": Setup(
        ONE.replace("OPTION", "disable: true"),
        "'Small' completes nothing: autocompleteOptions.disable is true, in "
        "HOME/.config/inglenook/config.yaml:6",
        "Take that out there, or choose another model for autocomplete.",
    ),
    "the entry leaves every file out": Setup(
        ONE.replace("OPTION", "disableInFiles: ['**']"),
        "'Small' completes nothing: autocompleteOptions.disableInFiles means every file, in "
        "HOME/.config/inglenook/config.yaml:6",
        "Take that out there",
    ),
    "the entry leaves every file with a dot out": Setup(
        ONE.replace("OPTION", "disableInFiles: ['**/*.*']"),
        "'Small' completes nothing: autocompleteOptions.disableInFiles means every file with a dot "
        "in its name, in HOME/.config/inglenook/config.yaml:6",
        "Take that out there",
    ),
    "another entry is picked, and disabled": Setup(
        dedent(MODELS) + '  - {name: Idle, provider: ollama, model: "qwen2.5-coder:0.5b",'
        ' apiBase: "URL", autocompleteOptions: {disable: true}}\n',
        "'Idle' completes nothing: autocompleteOptions.disable is true",
        "Take that out there",
        picks=(("", "Idle"),),
    ),
}
WORKING: Final = {
    "nobody chose": Setup(MODELS, "with qwen2.5-coder:0.5b of ollama", "", SMALL, code=0),
    "the user picked": Setup(
        MODELS, "with qwen2.5-coder:7b of", "", LARGE, picks=(("", "Large"),), code=0
    ),
    "a pick goes before a folder rule": Setup(
        inglenook("workspaces: [{folder: HOME, models: {autocomplete: Small}}]"),
        *("with qwen2.5-coder:7b of", "", LARGE),
        picks=(("", "Large"),),
        code=0,
    ),
    "a folder rule": Setup(
        inglenook("workspaces: [{folder: HOME, models: {autocomplete: Large}}]"),
        *("with qwen2.5-coder:7b of", "", LARGE),
        theirs="inglenook: {models: {autocomplete: Small}}\n",
        code=0,
    ),
    "the workspace chose": Setup(
        inglenook("models: {autocomplete: Small}"),
        *("with qwen2.5-coder:7b of", "", LARGE),
        theirs="inglenook: {models: {autocomplete: Large}}\n",
        code=0,
    ),
    "another one in Python": Setup(
        inglenook("models: {autocomplete: Small, languages: {python: {autocomplete: Large}}}"),
        "with qwen2.5-coder:0.5b of ollama (verified-local); in python with qwen2.5-coder:7b of "
        "ollama (verified-local).",
        "",
        LARGE,
        code=0,
    ),
    "only when it is asked for": Setup(
        inglenook("automatic: false"),
        "Completion will work when you ask for it, with qwen2.5-coder:0.5b",
        "inglenook.automatic is false in HOME/.config/inglenook/config.yaml:5",
        SMALL,
        code=0,
        kind=INVOKED,
    ),
    "not while one types, by the workspace": Setup(
        MODELS,
        "Completion will work when you ask for it, with qwen2.5-coder:0.5b",
        "inglenook.automatic is false in WS/.inglenook/config.yaml:1",
        theirs="inglenook: {automatic: false}\n",
        code=0,
    ),
    "not in a language": Setup(
        inglenook("disabledLanguages: [python]"),
        "with qwen2.5-coder:0.5b of ollama (verified-local); not in python.",
        "No completion in python: inglenook.disabledLanguages in HOME/.config/inglenook/config.yaml"
        ":5",
        code=0,
    ),
    "backups are left out": Setup(
        inglenook("ignore: ['*~']"), "with qwen2.5-coder:0.5b of", "", SMALL, code=0
    ),
    "every file but those in Python is left out": Setup(
        inglenook("ignore: ['*', '!*.py']"), "with qwen2.5-coder:0.5b of", "", SMALL, code=0
    ),
    "the entry is for Python alone": Setup(
        ONE.replace("OPTION", "disableInFiles: ['*~', '*', '!*.py']"),
        *("with qwen2.5-coder:0.5b of", "", SMALL),
        code=0,
    ),
    "the one for a language is gone": Setup(
        MODELS,
        "with qwen2.5-coder:0.5b of ollama (verified-local); not in python; but this is wrong:",
        "Nothing is completed in python: 'Large' of your configuration file cannot be used",
        picks=(("python", "Large"),),
        there=(SMALL,),
    ),
}


@dataclass
class Seen:
    """What the doctor said of a set-up, in both forms, and the model that a server asked."""

    head: str  # three lines
    report: dict[str, Any]
    codes: tuple[int, int]
    model: str


See = Callable[[Setup], Awaitable[Seen]]


@pytest.fixture
def see(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> See:
    """Sets a machine up, and looks at it with the doctor and with a server."""
    ollama_versions(monkeypatch)
    for name in ("LLAMA_CPP_ADDRESS", "LM_STUDIO_ADDRESS"):
        monkeypatch.setattr(load, name, NOWHERE)
    workspace = tmp_path / "ws"
    (workspace / ".inglenook").mkdir(parents=True)
    monkeypatch.chdir(workspace)

    def doctor(*arguments: str) -> Run:
        code = main(["doctor", *arguments])
        return Run(code, *capsys.readouterr())

    async def look(setup: Setup) -> Seen:
        for language, name in setup.picks:
            pick = Pick(os.path.realpath(workspace), ROLE, language, name)
            keep_pick(tmp_path / "state", pick)
        if setup.theirs:
            (workspace / ".inglenook" / "config.yaml").write_text(setup.theirs)
        async with fake_backend(models=setup.there) as backend:
            configure(tmp_path, placed(dedent(setup.config), tmp_path, backend.url))
            for name, value in environment(tmp_path, backend.url).items():
                monkeypatch.setenv(name, value)
            model = await _asked(workspace, setup.kind, backend)
            text = await asyncio.to_thread(doctor)
            as_json = await asyncio.to_thread(doctor, "--json")
        head = "\n".join(text.out.splitlines()[:3])
        return Seen(head, json.loads(as_json.out), (text.code, as_json.code), model)

    return look


def placed(text: str, home: Path, url: str = "") -> str:
    for name, place in zip(_PLACES, (url, str(home), str(home / "ws")), strict=True):
        text = text.replace(name, place)
    return text


async def _asked(workspace: Path, kind: int, backend: FakeBackend) -> str:
    """The model that a server in the workspace asks for a Python file; empty for none."""
    command = [sys.executable, "-m", "tests.support.clinic", "serve"]
    async with await start(command, {**os.environ, "INGLENOOK_PROBE": "off"}) as client:
        await client.initialize(folders=(workspace.as_uri(),))
        await client.until(lambda: any(map(_settled, client.seen("inglenook/status"))))
        uri = (workspace / "case.py").as_uri()
        client.open(uri, "value = \n", "python")
        at = {"line": 0, "character": len("value = ")}
        params = {"textDocument": {"uri": uri}, "position": at, "context": {"triggerKind": kind}}
        answer = await client.request("textDocument/inlineCompletion", params)
        assert await client.shutdown() == 0
    prompts = [str(each.json["model"]) for each in backend.generations if each.json.get("prompt")]
    assert bool(answer.result["items"]) == bool(prompts)
    return prompts[0] if prompts else ""


def _settled(status: Any) -> bool:
    """Whether the search for the model has ended; before it nothing is said."""
    return status["state"] == "idle" or bool(status["text"])


@pytest.mark.parametrize("name", BROKEN)
async def test_what_completes_nothing(tmp_path: Path, see: See, name: str) -> None:
    setup = BROKEN[name]
    found = await see(setup)
    assert found.model == ""
    assert found.head.startswith("Completion will not work.\n! ")
    assert placed(setup.cause, tmp_path) in found.head
    assert placed(setup.cure, tmp_path) in found.head
    assert found.report["works"] is False
    first = found.report["troubles"][0]
    said = [one_line(f"! {first['cause']}"), f"  {first['cure']}"]
    assert found.head.splitlines()[1:] == said
    assert found.codes == (1, 1)


@pytest.mark.parametrize("name", WORKING)
async def test_what_completes_something(tmp_path: Path, see: See, name: str) -> None:
    setup = WORKING[name]
    found = await see(setup)
    assert found.model == setup.model
    assert found.head.startswith("Completion will work")
    assert placed(setup.cause, tmp_path) in found.head
    assert placed(setup.cure, tmp_path) in found.head
    assert found.report["works"] is True
    assert found.report["folder"] == os.path.realpath(tmp_path / "ws")
    assert found.report["automatic"] is ("when you ask for it" not in found.head)
    assert python(found.report) == setup.model or not found.report["automatic"]
    assert found.codes == (setup.code, setup.code)


def python(report: dict[str, Any]) -> str:
    """The model that completes Python, by the doctor's word."""
    if "python" in report["disabled_languages"]:
        return ""
    special = report["languages"].get("python")
    return str(special["model"] or "") if special else str(report["picked"]["name"])


async def test_a_language_that_works_where_all_others_do_not(see: See) -> None:
    setup = Setup(MODELS, "", "", picks=(("", LARGE), ("python", SMALL)), there=(SMALL,))
    found = await see(setup)
    assert found.model == SMALL
    assert found.head.startswith(
        "Completion will not work (but in python with qwen2.5-coder:0.5b of ollama"
    )
    assert found.report["languages"]["python"]["works"] is True


async def test_what_a_workspace_may_not_say_is_said(tmp_path: Path, see: See) -> None:
    theirs = "models:\n  - {name: X, provider: openai, model: m, apiBase: 'http://127.0.0.1:9'}\n"
    found = await see(Setup(MODELS, "", "", SMALL, theirs=theirs))
    assert found.head.startswith("Completion will work, with qwen2.5-coder:0.5b of ollama")
    assert f"{tmp_path}/ws/.inglenook/config.yaml:2: models[0]: is refused in a file of" in (
        found.head
    )
    assert found.codes == (1, 1)


@pytest.mark.parametrize(
    ("zones", "files"),
    [
        ([["*"]], "every file"),
        ([["/*"], ["*~"]], "every file"),
        ([["*.*"]], "every file with a dot in its name"),
        ([["*", "!Makefile"]], ""),  # somebody wants completions there
        ([["*", "!*.zig"]], ""),
        ([["/*", "!/lib"]], ""),
        ([["/*", "!/lib"], ["lib"]], "every file"),
        ([["*", "!*.[zZ]ig"]], ""),
        ([["*~"]], ""),
        ([["*.py", "*.md"]], ""),
        ([["src/", "docs/", "a/"]], ""),
        ([], ""),
    ],
)
def test_which_patterns_leave_all_files_out(zones: list[list[str]], files: str) -> None:
    assert meant(Ignored.by(map(tuple, zones))) == files


@pytest.mark.parametrize("name", ["nowhere", "file.txt"])
def test_what_is_no_folder_is_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "file.txt").touch()
    assert main(["doctor", "--folder", str(tmp_path / name)]) == 2
    said = f"inglenook: there is no folder at {tmp_path / name}; name one that is there.\n"
    assert capsys.readouterr() == ("", said)


async def test_the_folder_may_be_another_than_the_current_directory(tmp_path: Path) -> None:
    (tmp_path / "off" / ".inglenook").mkdir(parents=True)
    (tmp_path / "off" / ".inglenook" / "config.yaml").write_text("inglenook: {enabled: false}\n")
    async with fake_backend() as backend:
        here = await examine(tmp_path, ollama=backend.url, cwd=tmp_path)
        there = await examine(
            tmp_path, "--folder", "off", ollama=backend.url, config=None, cwd=tmp_path
        )
    assert here.out.startswith("Completion will work, with")
    assert there.out.startswith(
        "Completion will not work.\n! The workspace switches completion off"
    )


async def test_a_template_of_the_users_own_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ollama_versions(monkeypatch)
    config = ONE.replace("OPTION", 'template: "{{{prefix}}}<hole>{{{suffix}}}"')
    async with fake_backend(models=(SMALL,), capabilities=("completion",)) as backend:
        run = await examine(
            tmp_path, ollama=backend.url, config=placed(dedent(config), tmp_path, backend.url)
        )
    assert run.out.startswith("Completion will work, with qwen2.5-coder:0.5b")
    assert "  Holes are filled by the template of your configuration file" in run.out
    assert run.code == 0
