"""``inglenook config import``: what of an address is shown, and what braces mean in each file."""

from __future__ import annotations

from pathlib import Path

import pytest

from inglenook.cli import main
from inglenook.engine.config import load_settings
from inglenook.engine.config.imported_secrets import HIDDEN, without_secrets

Out = pytest.CaptureFixture[str]


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Continue's directory; the user's own file is beside it, in ``own``, once it is written."""
    for name in ("INGLENOOK_CONFIG", "OLLAMA_HOST", "CI_TOKEN", "NOPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONTINUE_GLOBAL_DIR", str(tmp_path / "old"))
    for name in ("inglenook.engine.config.files.user_config_path", "platformdirs.user_config_path"):
        monkeypatch.setattr(name, lambda *_, **__: tmp_path / "own")
    (tmp_path / "old").mkdir()
    return tmp_path / "old"


@pytest.mark.parametrize(
    ("key", "text", "shown"),
    [
        ("models[0].apiBase", "http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1"),
        ("models[0].apiBase", "https://h.example/v1?api-key=s3", "https://h.example/v1"),
        ("models[0].apiBase", "https://h.example/v1;token=s3", "https://h.example/v1"),
        ("models[0].apiBase", "https://h.example/v1#s3", "https://h.example/v1"),
        ("models[0].apiBase", "h.example:80/v1?api-key=s3", "h.example:80/v1"),
        ("models[0].apiBase", "https://u:s3@h.example/v1?k=s3", "https://h.example/v1"),
        ("models[0].apiBase", "u:s3@h.example", "h.example"),
        ("models[0].apiBase", "https://u:s3?s3@h.example/v1", HIDDEN),  # where does the user end?
        ("models[0].apiBase", "https://u:s3/s3@h.example/v1", HIDDEN),
        ("models[0].apiBase", "https://u:s3@s3@h.example/v1", HIDDEN),
        ("models[0].apiBase", "http://u:s3@h://x", HIDDEN),
        ("models[0].apiBase", "${{ secrets.BASE }}", "${{ secrets.BASE }}"),
        ("inglenook.hosts[0]", "https://u:s3@h.example", "https://h.example"),
        ("inglenook.hosts[0].origin", "https://h.example?s3", "https://h.example"),
        ("docs[0].startUrl", "https://u:s3@d.example/a#s3", "https://d.example/a"),
        ("models[0].name", "at http://h/?k=s3 and http://i/;s3", "at http://h/ and http://i/"),
        ("rules[0].rule", "ask http://u:s3 s3@h", HIDDEN),
        ("rules[0].rule", "Say why; is it so? #1", "Say why; is it so? #1"),
        ("models[0].apiKey", "s3", HIDDEN),
    ],
)
def test_what_is_shown(key: str, text: str, shown: str) -> None:
    assert without_secrets(text, key) == shown


def test_no_address_is_shown_with_its_secrets_and_all_are_written(old: Path, capsys: Out) -> None:
    (old / "config.yaml").write_text(
        "models:\n"
        "  - {name: A, provider: openai, model: m, apiBase: 'http://127.0.0.1:9/v1?k=canary1'}\n"
        "  - {name: B, provider: openai, model: m, apiBase: 'https://h.example/v1;t=canary2'}\n"
        "  - {name: C, provider: openai, model: m, apiBase: 'https://u:canary3@h.example/v1'}\n"
        "  - {name: D, provider: ollama, model: m}\n"
        "data: [{name: d, destination: 'https://d.example/?t=canary4', schema: 0.2.0}]\n"
        "docs: [{name: d, startUrl: 'https://u:canary5@d.example/a'}]\n"
    )
    assert main(["config", "import", str(old)]) == 0
    out, err = capsys.readouterr()
    assert "canary" not in out + err
    for shown in ("http://127.0.0.1:9/v1\n", "https://h.example/v1\n", "https://d.example/a\n"):
        assert shown in out
    assert main(["config", "import", "--write", str(old)]) == 0
    written = (old.parent / "own" / "config.yaml").read_text(encoding="utf-8")
    assert [number for number in range(1, 6) if f"canary{number}" not in written] == []


@pytest.mark.parametrize("entries", ["['${{ secrets.NOPE }}', x]", "['${{ secrets.NOPE }}']"])
def test_an_entry_whose_secret_is_not_set_yet_stays(
    old: Path, monkeypatch: pytest.MonkeyPatch, entries: str
) -> None:
    (old / "config.yaml").write_text(f"models: []\ninglenook:\n  ignore: {entries}\n")
    assert main(["config", "import", "--write", str(old)]) == 0
    was = load_settings().switches.ignored
    assert was == (("x",) if "x" in entries.split() or " x]" in entries else ())
    monkeypatch.setenv("NOPE", "later")
    assert load_settings().switches.ignored == ("later", *was)


@pytest.mark.parametrize("token", ["", "ghp_canary"])
def test_braces_in_markdown_are_text_before_and_after(
    old: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    if token:
        monkeypatch.setenv("CI_TOKEN", token)
    files = {
        "config.yaml": "models: [{name: A, provider: ollama, model: a}]\n"
        "rules:\n"
        "  - uses: ./ci.md\n"
        "    override: {name: Named here}\n"
        "    with: {X: given}\n"
        "  - In YAML a ${{ secrets.CI_TOKEN }} is one.\n",
        "ci.md": "Write ${{ inputs.X }} there.\n",
        "rules/ci.md": "---\nglobs: '*.yml'\n---\nWrite ${{ secrets.CI_TOKEN }}, no token.\n",
        "rules/plain.md": "Be brief.\n",
        "prompts/q.prompt": "name: q\n---\nexplain ${{ secrets.CI_TOKEN }}\n",
    }
    for name, text in files.items():
        (old / name).parent.mkdir(exist_ok=True)
        (old / name).write_text(text)
    was = load_settings()
    assert [rule.text for rule in was.rules if "inputs" in rule.text] == [
        "Write ${{ inputs.X }} there."
    ]
    monkeypatch.chdir(old.parent)
    assert main(["config", "import", "--write", "old"]) == 0
    warned = [line for line in capsys.readouterr().err.splitlines() if "filled in YAML" in line]
    assert len(warned) == 1
    assert warned[0].startswith("warning: old/ci.md: ")
    assert "old/rules/ci.md, old/prompts/q.prompt" in warned[0]
    now = load_settings()
    assert now.config_file == old.parent / "own" / "config.yaml"
    assert [(each.name, each.text, each.globs) for each in now.rules] == [
        (each.name, each.text, each.globs) for each in was.rules
    ]
    assert [(each.name, each.text) for each in now.prompts] == [
        (each.name, each.text) for each in was.prompts
    ]
