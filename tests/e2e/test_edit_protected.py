"""Files that no edit of a model touches, under whatever name: a model that always proposes one."""

from __future__ import annotations

from pathlib import Path

from tests.support.edit_desk import Studio, block, studio
from tests.support.lsp_client import Answer

PROTECTED = [
    "file:///house/.vscode/settings.json",
    "file:///house/.vscode/tasks.json",
    "file:///house/.VSCode/Settings.JSON",
    "file:///house/%2evscode/settings.json",
    "file:///house/src/../.vscode/launch.json",
    "file:///house/src/..%2f.vscode/settings.json",
    "file:///house/src/%2e%2e/%2evscode/settings.json",
    "file:///house/src/..%5c.vscode%5csettings.json",
    "file:///house/.vscode%20/settings.json",
    "file:///house/.vscode./settings.json",
    "file:///house/.vsc%C2%ADode/settings.json",
    "file:///house/.vscode/settings.json?version=2",
    "vscode-remote://ssh-remote+host/house/.vscode/settings.json",
    "file:///house/.idea/workspace.xml",
    "file:///house/.git/hooks/pre-commit",
    "file:///house/sub/.git/config",
    "file:///house/.github/workflows/ci.yml",
    "file:///house/.GitHub/Workflows/ci.yml",
    "file:///house/.continue/config.yaml",
    "file:///house/.inglenook/config.yaml",
    "file:///house/.claude/settings.json",
    "file:///house/AGENTS.md",
    "file:///house/deep/down/Claude.md",
    "file:///house/conftest.py",
    "file:///house/conftest.py?x#y",
    "file:///house/CONFTEST.PY",
    "file:///house/app.code-workspace",
    "file:///house/.env.local",
    "file:///house/%EF%BC%8Eenv",  # a full-width stop
    "file:///house/pac%E2%84%AAage.json",  # the sign of Kelvin
    "file:///house/conftest%2epy",
    "file:///house/.env%3A%3A$DATA",
    "file:///house/package.json",
    "file:///house/.devcontainer/devcontainer.json",
    "untitled:.mcp.json",
]


async def test_protected_paths(tmp_path: Path) -> None:
    """The model would always propose an edit that passes all other checks."""
    async with studio(tmp_path, block("x = 2")) as here:
        accepted = []
        for uri in PROTECTED:
            here.open("x = ⟦1⟧\n", uri=uri)
            answer = await here.edit("Make it 2.")
            if answer.error_code != -32803 or _checks(answer) != ["protected"]:
                accepted.append(uri)
            if await _offered(here):
                accepted.append(f"action of {uri}")
        assert accepted == []
        assert not here.asked
        here.open("x = ⟦1⟧\n")
        assert await _offered(here) == {"Fix: It should be 2.", "Simplify the selection"}
        result = (await here.edit("Make it 2.")).result
        assert here.after(result["edit"]) == "x = 2\n"


async def test_what_a_link_leads_to(tmp_path: Path) -> None:
    house = tmp_path / "house"
    (house / ".vscode").mkdir(parents=True)
    (house / ".vscode" / "settings.json").write_text("{}\n")
    (house / "deploy.pem").write_text("x\n")
    (house / "plain.json").symlink_to(house / ".vscode" / "settings.json")
    (house / "editor").symlink_to(house / ".vscode")
    (house / "notes.txt").symlink_to(house / "deploy.pem")
    (house / "honest.py").symlink_to(house / "source.py")
    (house / "source.py").write_text("x = 1\n")
    async with studio(tmp_path, block("x = 2")) as here:
        for folder in (house, house / ".vscode"):
            here.client.notify(
                "workspace/didChangeWorkspaceFolders",
                {"event": {"added": [{"uri": folder.as_uri(), "name": "h"}], "removed": []}},
            )
        for name, check in {
            "plain.json": "protected",
            "editor/settings.json": "protected",
            "editor/new.json": "protected",
            ".vscode/settings.json": "protected",  # a folder of the workspace itself
            "notes.txt": "left out",
        }.items():
            here.open("x = ⟦1⟧\n", uri=(house / name).as_uri())
            assert _checks(await here.edit("Make it 2.")) == [check], name
        assert not here.asked
        here.open("x = ⟦1⟧\n", uri=(house / "honest.py").as_uri())
        assert (await here.edit("Make it 2.")).result["rounds"] == 1


async def test_the_users_own_configuration_under_any_name(tmp_path: Path) -> None:
    async with studio(tmp_path, block("x = 2")) as here:
        own = tmp_path / "own.yaml"  # that INGLENOOK_CONFIG names
        (tmp_path / "link.yaml").symlink_to(own)
        (tmp_path / "hard.yaml").hardlink_to(own)
        for name in ("own.yaml", "link.yaml", "hard.yaml"):
            here.open("x = ⟦1⟧\n", uri=(tmp_path / name).as_uri())
            assert _checks(await here.edit("Make it 2.")) == ["protected"], name
        (tmp_path / "other.yaml").write_text("x: 1\n")
        here.open("x = ⟦1⟧\n", uri=(tmp_path / "other.yaml").as_uri())
        assert (await here.edit("Make it 2.")).error_code is None


async def test_what_is_shown_to_no_model(tmp_path: Path) -> None:
    settings = "inglenook: {ignore: [private/]}"
    async with studio(tmp_path, block("x = 2"), settings=settings) as here:
        named = "by its name it holds secrets"
        for name, why in {
            "id_rsa": named,
            "deploy.pem": named,
            "secrets.yaml": named,
            "private/x.py": "the configuration leaves it out (inglenook config show)",
        }.items():
            here.open("x = ⟦1⟧\n", name)
            answer = await here.edit("Make it 2.")
            assert answer.message["error"]["message"] == f"{name} is shown to no model: {why}."
            assert not await _offered(here)
        assert not here.asked


async def _offered(here: Studio) -> set[str]:
    """What a model would be asked for."""
    wanted = ["quickfix", "refactor.rewrite", "source"]
    trouble = here.diagnostic("1", "It should be 2.")
    return set(await here.actions(diagnostics=[trouble], only=wanted))


def _checks(answer: Answer) -> list[str]:
    """Those that are given as the reason of a refusal."""
    checks: list[str] = answer.message.get("error", {}).get("data", {}).get("checks", [])
    return checks
