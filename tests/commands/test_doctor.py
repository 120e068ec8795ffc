"""What ``inglenook doctor`` tells in full, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from inglenook.commands.doctor_completing import Completing
from inglenook.commands.doctor_disk import Blocked
from inglenook.commands.doctor_facts import Answering, Facts, proxies
from inglenook.commands.doctor_page import page
from inglenook.commands.doctor_troubles import exit_code, troubles, works
from inglenook.engine.advisories import DATED
from inglenook.engine.choices import Choices, Chosen
from inglenook.engine.config import load_settings
from inglenook.engine.counters import Counters, Event
from inglenook.engine.exposed import Listener
from inglenook.engine.other_providers import Seen
from inglenook.engine.settings import Fate, FolderRule, Level, Notice, Row, Selection, Switches
from inglenook.models import findings, ollama
from inglenook.models.choose import Choice
from inglenook.models.discover import Found, Place, Survey
from inglenook.models.http import HttpClient
from inglenook.models.model import Fill, Locality, ModelInfo
from inglenook.models.probe import Finding
from inglenook.models.spec import Provider
from tests.support.clinic import NOWHERE, everywhere, examine
from tests.support.fake_backend import fake_backend

OLLAMA = "http://127.0.0.1:11434"
MODEL = Found("qwen2.5-coder:0.5b", Provider.OLLAMA, OLLAMA, "qwen-coder", 1, loaded=True)
INFO = ModelInfo(
    name=MODEL.name,
    backend="ollama",
    digest="d",
    address=OLLAMA,
    locality=Locality.VERIFIED,
    fill=Fill.TEMPLATE,
    family="qwen-coder",
    context_tokens=8192,
)


def serving(language: str = "", **more: Any) -> Completing:
    """The model completes there."""
    chosen = Chosen("", "Nobody chose.")
    return replace(Completing(language, chosen, Choice(MODEL, "It is loaded."), INFO, ""), **more)


NOBODY = serving(choice=None, info=None, failure="There is none.")


def having(facts: Facts, **more: Any) -> Facts:
    """The same machine with other settings of the user's."""
    return replace(facts, choices=replace(facts.choices, settings=replace(facts.settings, **more)))


@pytest.fixture
def well(tmp_path: Path) -> Facts:
    """What is known of a machine on which nothing is wrong."""
    settings = load_settings({"INGLENOOK_CONFIG": str(tmp_path / "config.yaml")})
    return Facts(
        choices=Choices(replace(settings, notices=(), rows=())),
        folder="",
        now=datetime.combine(DATED, time(), UTC),
        survey=Survey((Place(Provider.OLLAMA, OLLAMA, (MODEL,)),)),
        completing=(serving(),),
        answering={OLLAMA: Answering("0.30.7")},
    )


def test_nothing_to_say(well: Facts) -> None:
    assert troubles(well) == ()
    assert works(well)
    assert exit_code(well, ()) == 0


def everything_is_wrong(well: Facts) -> Facts:
    file = well.settings.config_file
    configured = having(
        well,
        notices=(Notice(Level.WARNING, f"{file}:3: models[0].provider: is not one"),),
        rows=(
            Row("models[0].provider", Fate.REFUSED, str(file), 3, "is not one"),
            Row("models[1].requestOptions.proxy", Fate.REFUSED, str(file), 9, "no proxies"),
            Row("models[1].model", Fate.USED, str(file), 8),
        ),
    )
    chats = replace(INFO, fill=Fill.CHAT, family="", notice="It only chats.")
    return replace(
        configured,
        now=datetime.combine(DATED + timedelta(days=91), time(), UTC),
        completing=(serving(info=chats),),
        answering={OLLAMA: Answering("0.17.0")},
        listening=(Listener("0.0.0.0", 11434),),
        others=Seen(("Continue",), well.now),
        proxies=("HTTP_PROXY",),
        unreadable=(Blocked(Path("/a/b"), Path("/a"), "Permission denied"),),
        unwritable=(
            Blocked(Path("/a/c"), Path("/a"), "Permission denied"),
            Blocked(Path("/d"), Path("/d"), "No space left on device", full=True),
            Blocked(Path("/e"), Path("/e"), "Permission denied", mine=False),
        ),
    )


def test_the_most_important_is_said_first(well: Facts) -> None:
    found = troubles(everything_is_wrong(well))
    assert [each.rank.name for each in found] == [
        "UNREADABLE",
        "EXPOSED",
        "CONFIG",
        "CONFIG",
        "NO_SPACE",
        "NO_SPACE",
        "TEMPLATE",
        "PROVIDERS",
        "ADVISORY",
        "PROXY",
        "OLD_TABLE",
    ]
    assert all(each.cause.endswith((".", "is not one", "no proxies")) for each in found)
    assert all(each.cure for each in found)
    assert exit_code(everything_is_wrong(well), found) == 1
    assert "CVE-2026-7482, CVE-2026-7020" in found[8].cause
    assert found[8].cure == "Update it to a version after 0.20.2."


def test_without_a_model_the_configuration_may_be_why(well: Facts) -> None:
    facts = replace(
        everything_is_wrong(well),
        completing=(NOBODY,),
        unreadable=(),
        survey=Survey((Place(Provider.OLLAMA, OLLAMA, trouble="Nothing answers."),)),
    )
    names = [each.rank.name for each in troubles(facts)]
    assert names[:3] == ["BROKEN_CONFIG", "BROKEN_CONFIG", "NO_MODEL"]


def test_a_name_without_its_file_is_no_reason(well: Facts) -> None:
    text = "c.yaml: there is no such file, though INGLENOOK_CONFIG names it"
    facts = having(well, notices=(Notice(Level.WARNING, text),))
    facts = replace(facts, completing=(NOBODY,), survey=Survey(()))
    assert [each.rank.name for each in troubles(facts)] == ["NO_MODEL", "CONFIG"]


def test_notes_leave_the_exit_code(well: Facts) -> None:
    facts = replace(well, proxies=("HTTP_PROXY",), now=datetime(2028, 1, 1, tzinfo=UTC))
    found = troubles(facts)
    assert [each.rank.name for each in found] == ["PROXY", "OLD_TABLE"]
    assert exit_code(facts, found) == 0


def test_switched_off(well: Facts) -> None:
    facts = having(well, switches=Switches(enabled=False))
    assert not works(facts)
    (found,) = troubles(facts)
    assert "inglenook.enabled" in found.cause + found.cure
    assert exit_code(facts, (found,)) == 1


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, ()),
        ({"HTTP_PROXY": "http://p"}, ("HTTP_PROXY",)),
        ({"HTTP_PROXY": ""}, ()),
        ({"HTTPS_PROXY": "http://p"}, ()),  # what is asked for here is plain http
        ({"all_proxy": "socks5://p", "http_proxy": "p"}, ("http_proxy", "all_proxy")),
        ({"HTTP_PROXY": "p", "NO_PROXY": "localhost"}, ("HTTP_PROXY",)),  # is a name like another
        ({"HTTP_PROXY": "p", "NO_PROXY": "localhost, 127.0.0.1"}, ()),
        ({"HTTP_PROXY": "p", "no_proxy": "*"}, ()),
    ],
)
def test_variables_that_name_a_proxy(environ: dict[str, str], found: tuple[str, ...]) -> None:
    assert proxies(environ) == found


async def test_the_page_of_a_machine_in_use(tmp_path: Path) -> None:
    keeper = Counters(tmp_path / "state")
    for event, count in ((Event.SHOWN, 3), (Event.ACCEPTED, 1), (Event.REJECTED, 2)):
        for _ in range(count):
            keeper.count(event, "qwen2.5-coder:0.5b", "python")
    await keeper.close()
    async with fake_backend(models=("llama3:8b", "qwen2.5-coder:0.5b")) as backend:
        finding = await _probed(tmp_path, backend.url)
        run = await examine(tmp_path, ollama=backend.url)
        lines = run.out.splitlines()
        assert f"  ollama  {backend.url}  0.13.0" in lines
        assert "    - llama3:8b, 398 MB, chat, loaded, verified-local" in lines
        assert "    - qwen2.5-coder:0.5b, 398 MB, fills holes, loaded, verified-local" in lines
        assert f"  - {backend.port} at 127.0.0.1" in lines
    assert f"  llama.cpp  {NOWHERE}" in lines
    assert "Used  qwen2.5-coder:0.5b of ollama (verified-local)" in lines
    assert "  It fills in the middle, and it is loaded already." in lines
    assert "  For chat: qwen2.5-coder:0.5b. It fills in the middle, and it is loaded already." in (
        lines
    )
    assert finding.prompt_per_second == 150.0
    assert (
        "  Measured here: 150 prompt tokens read a second, 54 tokens written a second, "
        "80 ms to the first token of a key." in lines
    )
    assert "  - qwen2.5-coder:0.5b, python: 3 shown, 1 accepted (33%), 2 rejected" in lines
    assert any("--log-file" in line for line in lines)
    assert f"Configuration  {tmp_path}/.config/inglenook/config.yaml" in lines


async def test_what_is_selected_where(tmp_path: Path, well: Facts) -> None:
    selection = Selection({"chat": "Big"}, {"python": {"autocomplete": "Fast"}})
    rules = (FolderRule("/home/me/secret", Selection({"autocomplete": "Mine"})),)
    lines = list(page(having(well, selection=selection, folder_rules=rules), ()))
    assert "  For chat: 'Big'" in lines
    assert "  For autocomplete in python: 'Fast'" in lines
    assert "  In /home/me/secret for autocomplete: 'Mine'" in lines


async def _probed(home: Path, address: str) -> Finding:
    client = HttpClient()
    try:
        model = await ollama.connect(client, client.check(address), "qwen2.5-coder:0.5b")
    finally:
        await client.close()
    finding = Finding(
        model.info.way,
        confirmed=True,
        complete=True,
        tried=(),
        first_token=0.08,
        prompt_per_second=150.0,
        predicted_per_second=54.0,
    )
    findings.save(home / "state" / "probes", model.info, finding)
    return finding


async def test_as_json(tmp_path: Path) -> None:
    async with fake_backend(loaded=False) as backend, everywhere(backend.port) as address:
        await _probed(tmp_path, address)
        run = await examine(tmp_path, "--json", ollama=address, HTTP_PROXY=NOWHERE)
        port = int(address.rpartition(":")[2])
    report: dict[str, Any] = json.loads(run.out)
    assert report["works"] is True
    harmless = {each["kind"]: each["harmless"] for each in report["troubles"]}
    assert list(harmless)[:3] == ["exposed", "advisory", "proxy"]
    assert (harmless["exposed"], harmless["proxy"]) == (False, True)
    assert report["picked"] == {
        "name": "qwen2.5-coder:0.5b",
        "backend": "ollama",
        "reason": "It fills in the middle, and it is the best of those that were found.",
        "locality": "verified-local",
        "fill": "template",
        "family": "qwen-coder",
        "context_tokens": 8192,
        "notice": "",
    }
    file = str(tmp_path / ".config" / "inglenook" / "config.yaml")
    assert report["config"] == {"file": file, "found": True}
    assert report["roles"]["chat"]["model"] == "qwen2.5-coder:0.5b"
    assert [(each["backend"], each["version"]) for each in report["looked_at"]] == [
        ("ollama", "0.13.0"),
        ("llama.cpp", ""),
        ("lmstudio", ""),
        ("embedded", ""),
    ]
    assert report["looked_at"][0]["cloud"] is True
    assert report["looked_at"][0]["models"][0]["locality"] == "verified-local"
    assert report["measured"]["predicted_per_second"] == 54.0
    assert report["proxies"] == ["HTTP_PROXY"]
    assert {"host": "0.0.0.0", "port": port} in report["listeners"]
    assert report["packages"]["aiohttp"]
    assert report["trouble"] == ""
    assert run.code == 1


async def test_llama_cpp_tells_its_build(tmp_path: Path) -> None:
    async with fake_backend() as backend:
        config = (
            f"models:\n  - {{name: a, provider: llama.cpp, model: m, apiBase: '{backend.url}'}}\n"
        )
        run = await examine(tmp_path, "--json", config=config)
        report = json.loads(run.out)
        told = {each["address"]: each["version"] for each in report["looked_at"]}
        assert told[backend.url] == "b1-fake"
    assert report["picked"]["locality"] == "declared-local"
    assert [each for each in report["troubles"] if not each["harmless"]] == []
    assert run.code == 0


async def test_an_entry_whose_server_is_down(tmp_path: Path) -> None:
    config = f"models:\n  - {{name: Mine, provider: ollama, model: m, apiBase: '{NOWHERE}'}}\n"
    run = await examine(tmp_path, config=config)
    lines = run.out.splitlines()
    assert lines[0] == "Completion will not work."
    assert "'Mine' of your configuration file cannot be used: Nothing answers at" in lines[1]
    assert "Start it: ollama serve" in lines[2]
    assert run.code == 1


async def test_an_entry_whose_model_is_missing(tmp_path: Path) -> None:
    async with fake_backend() as backend:
        config = (
            f"models:\n  - {{name: Mine, provider: ollama, model: m, apiBase: '{backend.url}'}}\n"
        )
        run = await examine(tmp_path, config=config)
    assert "ollama has no model 'm'" in run.out.splitlines()[1]
    assert "Get it: ollama pull m" in run.out.splitlines()[2]
    assert run.code == 1


async def test_a_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    async with fake_backend(models=("evil\x1b]0;owned\x07:\n1b\x9b31m\u202e",)) as backend:
        run = await examine(tmp_path, ollama=backend.url)
    assert not [sign for sign in run.out if sign != "\n" and not sign.isprintable()]
    assert "evil\\x1b]0;owned\\x07:\\n1b\\x9b31m\\u202e" in run.out


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
async def test_a_key_is_never_shown(tmp_path: Path, form: list[str]) -> None:
    async with fake_backend() as backend:
        config = (
            "models:\n"
            f"  - {{name: a, provider: llama.cpp, model: m, apiBase: '{backend.url}',"
            " apiKey: sk-canary-1, requestOptions: {headers: {X-Key: canary-2}}}\n"
            "  - {name: b, provider: olama, model: m, apiKey: sk-canary-3}\n"
        )
        run = await examine(tmp_path, *form, config=config)
    assert "models[1].provider" in run.out
    assert "canary" not in run.out + run.errors
