"""``inglenook doctor`` on ten broken machines: cause and cure in the first three lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inglenook.engine import other_providers
from inglenook.models import findings, ollama
from inglenook.models.http import HttpClient
from inglenook.models.model import Fill, ModelInfo, Way
from inglenook.models.probe import Finding, Tried
from tests.support.clinic import (
    CURRENT,
    NOWHERE,
    everywhere,
    examine,
    ollama_versions,
    without_privileges,
    without_space,
)
from tests.support.command import Run
from tests.support.fake_backend import FakeBackend, fake_backend


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The version that fake Ollamas tell; the last one counts."""
    return ollama_versions(monkeypatch)


pytestmark = pytest.mark.usefixtures("version")


def head(run: Run) -> str:
    """The first three lines, of which nothing broke."""
    assert "Traceback" not in run.out + run.errors
    return "\n".join(run.out.splitlines()[:3])


async def test_a_healthy_machine(tmp_path: Path) -> None:
    async with fake_backend() as backend:
        run = await examine(tmp_path, ollama=backend.url)
    assert run.out.splitlines()[:2] == [
        "Completion will work, with qwen2.5-coder:0.5b of ollama (verified-local).",
        "",
    ]
    assert run.code == 0
    assert run.errors == ""


async def test_nothing_is_there(tmp_path: Path) -> None:
    run = await examine(tmp_path)
    assert run.out.splitlines()[:3] == [
        "Completion will not work.",
        "! No model server answers on this machine, and there is no GGUF file in "
        f"{tmp_path / 'models'}",
        "  Start Ollama, LM Studio or llama.cpp; or get a model that needs none: "
        "inglenook models get qwen2.5-coder:0.5b",
    ]
    assert run.code == 1


async def test_ollama_without_models(tmp_path: Path) -> None:
    async with fake_backend(models=()) as backend:
        run = await examine(tmp_path, ollama=backend.url)
        assert f"Ollama answers at {backend.url} and has no model that writes text" in head(run)
    assert "ollama pull qwen2.5-coder:1.5b" in head(run)
    assert run.code == 1


async def test_ollama_with_a_model_for_vectors_alone(tmp_path: Path) -> None:
    async with fake_backend(models=("nomic-embed-text:latest",)) as backend:
        run = await examine(tmp_path, ollama=backend.url)
    assert "has no model that writes text" in head(run)
    assert run.code == 1


async def found_out(home: Path, backend: FakeBackend, finding: Finding) -> ModelInfo:
    """Keep a probe's finding of the backend's model, as a server would."""
    client = HttpClient()
    try:
        model = await ollama.connect(client, client.check(backend.url), "qwen2.5-coder:0.5b")
    finally:
        await client.close()
    findings.save(home / "state" / "probes", model.info, finding)
    return model.info


async def test_no_template_fills_holes(tmp_path: Path) -> None:
    tried = (Tried(Way(Fill.TEMPLATE, "qwen-coder"), (False, False, False)),)
    finding = Finding(Way(Fill.CHAT), confirmed=False, complete=True, tried=tried)
    async with fake_backend() as backend:
        await found_out(tmp_path, backend, finding)
        run = await examine(tmp_path, ollama=backend.url)
    assert "qwen2.5-coder:0.5b filled none of the known holes in any template" in head(run)
    assert "Use a model that was trained to fill holes: ollama pull" in head(run)
    assert run.code == 1


async def test_a_name_means_another_template(tmp_path: Path) -> None:
    way = Way(Fill.TEMPLATE, "codellama")
    finding = Finding(way, confirmed=True, complete=True, tried=(Tried(way, (True, True)),))
    async with fake_backend() as backend:
        await found_out(tmp_path, backend, finding)
        run = await examine(tmp_path, ollama=backend.url)
    assert "means the template of qwen-coder, but the model fills holes in that of" in head(run)
    assert "Inglenook asks it so" in head(run)
    assert run.code == 0


async def test_a_model_that_only_chats(tmp_path: Path) -> None:
    async with fake_backend(models=("llama3:8b",), capabilities=("completion",)) as backend:
        run = await examine(tmp_path, ollama=backend.url)
    assert "llama3:8b: This model was not trained to fill holes" in head(run)
    assert "ollama pull qwen2.5-coder:1.5b" in head(run)
    assert run.code == 1


@pytest.mark.parametrize(
    "script",
    [{"remote_host": "https://ollama.com"}, {"models": ("gpt-oss:120b-cloud",)}],
    ids=["told by the server", "told by the name"],
)
async def test_a_remote_model_alone(tmp_path: Path, script: dict[str, Any]) -> None:
    async with fake_backend(**script) as backend:
        run = await examine(tmp_path, ollama=backend.url)
        assert not backend.generations
    assert "It does not run here: Ollama forwards it to another host" in head(run)
    assert "Get a model that runs here: ollama pull qwen2.5-coder:1.5b" in head(run)
    assert run.code == 1


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_a_proxy_is_set(tmp_path: Path, name: str) -> None:
    async with fake_backend() as proxy, fake_backend() as backend:
        address = f"http://user:secret@127.0.0.1:{proxy.port}"
        run = await examine(tmp_path, ollama=backend.url, **{name: address})
        assert proxy.connections == 0
    assert f"{name} names a proxy. Inglenook ignores it" in head(run)
    assert "Set NO_PROXY=localhost,127.0.0.1,::1" in head(run)
    assert "secret" not in run.out
    assert run.code == 0


async def test_a_proxy_that_spares_this_machine(tmp_path: Path) -> None:
    async with fake_backend() as backend:
        run = await examine(
            tmp_path, ollama=backend.url, HTTP_PROXY=NOWHERE, no_proxy="localhost, 127.0.0.1"
        )
    assert "a proxy" not in run.out
    assert run.code == 0


async def test_an_exposed_listener(tmp_path: Path) -> None:
    async with fake_backend() as backend, everywhere(backend.port) as address:
        port = address.rpartition(":")[2]
        run = await examine(tmp_path, ollama=address)
    assert f"Ollama listens on every network of this machine (port {port})" in head(run)
    assert "OLLAMA_HOST=127.0.0.1" in head(run)
    assert f"  ! {port} at 0.0.0.0" in run.out.splitlines()
    assert run.code == 1


async def test_an_error_in_the_configuration(tmp_path: Path) -> None:
    async with fake_backend() as backend:
        run = await examine(
            tmp_path,
            ollama=backend.url,
            config="models:\n  - {name: a, provider: olama, model: m}\n",
        )
    assert run.out.startswith("Completion will work, with qwen2.5-coder:0.5b")
    assert f"{tmp_path}/.config/inglenook/config.yaml:2: models[0].provider" in head(run)
    assert "inglenook config show" in head(run)
    assert run.code == 1


async def test_a_configuration_that_is_no_yaml_comes_before_what_it_costs(tmp_path: Path) -> None:
    run = await examine(tmp_path, config="models:\n  - {name: [\n")
    assert "config.yaml:" in head(run)
    assert "is not YAML" in head(run)
    assert "Correct it there" in head(run)
    assert "No model server answers" in run.out
    assert run.code == 1


async def test_no_space(tmp_path: Path) -> None:
    async with fake_backend() as backend:
        run = await examine(tmp_path, ollama=backend.url, before=without_space)
    assert f"There is no space for {tmp_path / 'state'}" in head(run)
    assert "Free some there" in head(run)
    assert run.code == 1


@pytest.mark.parametrize("closed", ["", ".config/inglenook"], ids=["home", "config directory"])
async def test_an_unreadable_home(tmp_path: Path, closed: str) -> None:
    home = tmp_path / "home"
    (home / ".config" / "inglenook").mkdir(parents=True)
    (home / ".config" / "inglenook" / "config.yaml").touch()
    directory = home / closed
    directory.chmod(0)
    try:
        async with fake_backend() as backend:
            run = await examine(home, ollama=backend.url, config=None, before=without_privileges)
    finally:
        directory.chmod(0o700)
    assert "config.yaml cannot be read: " in head(run)
    assert f"{directory} (Permission denied)" in head(run)
    assert f"chmod u+rwx '{directory}'" in head(run)
    assert sum(line.startswith("! ") for line in run.out.splitlines()) == 1  # one cause, said once
    assert run.code == 1


async def test_two_providers(tmp_path: Path) -> None:
    other_providers.save(tmp_path / "state", ["GitHub Copilot"], datetime.now(UTC))
    async with fake_backend() as backend:
        run = await examine(tmp_path, ollama=backend.url)
    assert "GitHub Copilot offers inline completions in the editor too" in head(run)
    assert 'set "github.copilot.enable" to {"*": false}' in head(run)
    assert run.code == 1


async def test_providers_of_long_ago(tmp_path: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=8)
    other_providers.save(tmp_path / "state", ["GitHub Copilot"], long_ago)
    async with fake_backend() as backend:
        run = await examine(tmp_path, ollama=backend.url)
    assert "Copilot" not in run.out
    assert run.code == 0


@pytest.mark.parametrize(
    ("told", "holes"),
    [("0.1.28", 5), ("0.1.33", 4), ("0.17.0", 2), ("0.20.2", 1), (CURRENT, 0), ("0.0.0", 0)],
)
async def test_known_holes(tmp_path: Path, version: list[str], told: str, holes: int) -> None:
    version.append(told)
    async with fake_backend() as backend:
        run = await examine(tmp_path, "--json", ollama=backend.url)
    report = json.loads(run.out)
    found = [each for each in report["troubles"] if each["kind"] == "advisory"]
    assert sum(each["cause"].count("CVE-") for each in found) == min(holes, 4)
    assert [each["version"] for each in report["looked_at"]] == [told, "", "", ""]
    assert run.code == (1 if holes else 0)


async def test_the_backend_of_the_chosen_model_breaks(tmp_path: Path) -> None:
    script = json.dumps(str(tmp_path / "script.json"))
    run = await examine(
        tmp_path, config=f"models:\n  - {{name: a, provider: fake, model: {script}}}\n"
    )
    assert run.out.startswith("Completion will not work.")
    assert "is not a script for the fake model" in head(run)
    assert run.code == 3
