"""``inglenook refactor``: what cannot be asked, which files are never edited, and who is asked."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

import pytest

from tests.support.chat_command import NO_PLACES, shop_in
from tests.support.command import ALONE
from tests.support.command import run as run_command
from tests.support.fake_backend import fake_backend
from tests.support.refactor_command import block, refactor

SAY: Final = "Say one thing that is to be done: an instruction, as in inglenook refactor"
ANSWER: Final = block("x = 2")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_in(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        *NO_PLACES,
        ([".", "?"], ". is a directory; name a file of it."),
        (["-", "?"], "Standard input (-) can be the instruction; what is edited is a file."),
        (["cart.py:5"], SAY),
        (["cart.py:5", "?", "--types"], SAY),
        (["cart.py:5", "--docstring", "--simplify"], SAY),
        (["cart.py:5", " "], "The instruction is empty."),
        (["cart.py:5", "-"], "Nothing came on standard input."),
        (["cart.py:5", "--fix", ""], "The message of --fix is empty."),
        (["cart.py", "--fix", "unused"], "Say which line is meant, as in cart.py:12."),
        (["cart.py", "--types"], "Say which line is meant, as in cart.py:12."),
        (["cart.py", "--docstring"], "Say which line is meant, as in cart.py:12."),
        (["long.py", "?"], "long.py has 201 lines; say which are meant, as in long.py:12-30."),
        (["latin.py:1", "?"], "latin.py is not UTF-8 (byte 5); convert it first."),
        (["gen/a.py:1", "?"], "{shop}/gen/a.py is shown to no model: the configuration leaves it"),
        (["gen.py:1", "?"], "{shop}/gen/a.py is shown to no model: the configuration leaves it"),
        (["deploy.key:1", "?"], "{shop}/deploy.key is shown to no model: by its name it holds"),
        (["key.py:1", "?"], "{shop}/deploy.key is shown to no model: by its name it holds"),
        (["still.py:1", "?", "--apply"], "still.py is write-protected; make it writable first."),
    ],
)
async def test_what_cannot_be_asked_is_one_sentence(
    tmp_path: Path, shop: Path, arguments: list[str], sentence: str
) -> None:
    (shop / "deploy.key").write_text("KEY=1\n")
    (shop / "key.py").symlink_to("deploy.key")
    (shop / "latin.py").write_bytes(b"x = '\xe9'\n")
    (shop / "gen").mkdir()
    (shop / "gen" / "a.py").write_text("x = 1\n")
    (shop / "gen.py").symlink_to("gen/a.py")
    (shop / "long.py").write_text("x = 1\n" * 200)
    (shop / "still.py").write_text("x = 1\n")
    (shop / "still.py").chmod(0o444)
    (shop / ".inglenook").mkdir()
    (shop / ".inglenook" / "config.yaml").write_text("inglenook: {ignore: ['gen/']}\n")
    async with fake_backend(text=ANSWER) as backend:
        done = await refactor(tmp_path, *arguments, address=backend.url, cwd=shop, piped="")
        assert (done.code, done.out) == (2, "")
        assert done.errors.startswith(f"inglenook: {sentence.format(shop=shop)}")
        assert done.errors.count("\n") == 1
        assert backend.seen == []


PROTECTED: Final = (
    *(".vscode/settings.json", ".VSCODE/tasks.json", ".idea/workspace.xml", ".git/config"),
    *(".github/workflows/ci.yml", ".inglenook/config.yaml", ".continue/rules/a.md"),
    *(".cursor/rules.md", ".claude/settings.json", ".husky/pre-commit", "sub/.vscode/a.json"),
    *("AGENTS.md", "CLAUDE.md", "package.json", "sub/package.json", ".mcp.json", "conftest.py"),
    *("sitecustomize.py", "a.code-workspace", ".pre-commit-config.yaml", ".gitattributes"),
    *(".vscode/project/src/a.py", unicodedata.normalize("NFD", ".inglenook/Ä.yaml")),
)


@pytest.mark.parametrize("path", PROTECTED)
async def test_a_protected_file_is_never_edited(tmp_path: Path, shop: Path, path: str) -> None:
    file = shop / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x = 1\n")
    if "project" in path:  # a project of its own, by what stands in it
        (shop / ".vscode" / "project" / "pyproject.toml").write_text("")
    async with fake_backend(text=ANSWER) as backend:
        done = await refactor(
            tmp_path, "--apply", f"{path}:1", "Two", address=backend.url, cwd=shop
        )
        assert (done.code, done.out, done.errors.count("\n")) == (2, "", 1)
        assert "is never edited by a model" in done.errors
        assert backend.seen == []
    assert file.read_text() == "x = 1\n"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("src/a.py", ".vscode/a.py"),  # a link to what is protected
        ("conftest.py", "src/plain.py"),  # a protected name of something else
        ("src/.vscode", "src/plain"),
    ],
)
async def test_nor_is_it_by_another_name(
    tmp_path: Path, shop: Path, link: str, target: str
) -> None:
    leads, source = shop / link, shop / target
    for each in (leads, source):
        each.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix:
        source.write_text("x = 1\n")
    else:
        source.mkdir()
        (source / "a.py").write_text("x = 1\n")
    leads.symlink_to(source)
    asked = leads if source.suffix else leads / "a.py"
    async with fake_backend(text=ANSWER) as backend:
        for given in (str(asked), f"{shop}/src/../{asked.relative_to(shop)}"):
            done = await refactor(
                tmp_path, "--apply", f"{given}:1", "Two", address=backend.url, cwd=shop
            )
            assert (done.code, "is never edited by a model" in done.errors) == (2, True)
        assert backend.seen == []
    assert asked.read_text() == "x = 1\n"


def three_models(directory: Path, address: str) -> dict[str, str]:
    """One for completions, one for chats, one for edits."""
    file = directory / "three.yaml"
    entry = f"provider: ollama, apiBase: '{address}'"
    file.write_text(
        "models:\n"
        f"  - {{name: Quick, model: 'quick:1b', {entry}, roles: [autocomplete]}}\n"
        f"  - {{name: Wise, model: 'wise:7b', {entry}, roles: [chat]}}\n"
        f"  - {{name: Deft, model: 'deft:3b', {entry}, roles: [edit]}}\n"
    )
    return {"INGLENOOK_CONFIG": str(file)}


@pytest.mark.parametrize(
    ("options", "model", "think"),
    [
        ([], "deft:3b", None),
        (["--model", "Wise"], "wise:7b", None),
        (["--think"], "deft:3b", True),
        (["--no-think"], "deft:3b", False),
    ],
)
async def test_who_is_asked(
    tmp_path: Path, shop: Path, options: list[str], model: str, think: bool | None
) -> None:
    (shop / "cart.py").write_text("x = 1\n")
    names = ("quick:1b", "wise:7b", "deft:3b")
    able = ("completion", "thinking")
    async with fake_backend(text=ANSWER, models=names, capabilities=able) as backend:
        three = three_models(tmp_path, backend.url)
        done = await refactor(
            tmp_path, *options, *ALONE, f"{shop}/cart.py:1", "Two", address=backend.url, **three
        )
        (seen,) = backend.generations
    assert (done.code, seen.json["model"], seen.json.get("think")) == (0, model, think)
    assert done.out.endswith("-x = 1\n+x = 2\n")


async def test_diff_and_apply_are_one_or_the_other(tmp_path: Path, shop: Path) -> None:
    done = await refactor(
        tmp_path, "--diff", "--apply", f"{shop}/cart.py:5", "?", address="http://127.0.0.1:9"
    )
    assert (done.code, done.out) == (2, "")
    assert "not allowed with argument --diff" in done.errors


async def test_help_says_what_can_be_asked(tmp_path: Path) -> None:
    done = await run_command(tmp_path, "refactor", "--help")
    assert done.code == 0
    assert "FILE[:START[-END]]" in done.out
    assert "code points" in " ".join(done.out.split())
