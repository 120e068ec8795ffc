"""``inglenook review`` of a real change of a public package, with the real engine and model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.support.chat_command import git
from tests.support.real_engine import real_engine
from tests.support.releases import NEW, OLD
from tests.support.review_model import commit, repository, review, write
from tests.support.sarif import sarif_schema

pytestmark = pytest.mark.model

PATIENCE: Final = 600.0  # seconds, on a machine that has other things to do
FORMATS: Final = ("text", "json", "sarif", "markdown", "github")


async def test_a_release_is_reviewed_in_every_format_and_then_asks_nothing(tmp_path: Path) -> None:
    folder = repository(tmp_path, OLD.files())
    write(folder, NEW.files())
    commit(folder)
    assert git(folder, "diff", "--stat", "HEAD~1..HEAD").count("|") == 2
    config = tmp_path / "real.yaml"
    with real_engine() as engine:
        config.write_text(
            "models:\n"
            f"  - {{name: real, provider: llama.cpp, model: coder, apiBase: '{engine.url}',\n"
            f"     apiKey: '{engine.key}', roles: [chat],\n"
            f"     requestOptions: {{timeout: {PATIENCE}}}}}\n"
        )

        async def told(name: str) -> dict[str, str]:
            done = await review(
                *(tmp_path, "--diff", "HEAD~1..HEAD", "--reviewers", "correctness"),
                *(f"--format={each}={tmp_path / name}.{each}" for each in FORMATS),
                address=engine.url,
                cwd=folder,
                patience=PATIENCE,
                INGLENOOK_CONFIG=str(config),
            )
            assert done.errors == ""
            texts = {each: (tmp_path / f"{name}.{each}").read_text() for each in FORMATS}
            return {**texts, "code": str(done.code)}

        first, second = await told("first"), await told("second")
    one, two = json.loads(first["json"]), json.loads(second["json"])
    # What a small model says is not foreseen; that it says the same in each form is.
    coverage, findings = one["coverage"], one["findings"]
    assert (coverage["files"], coverage["units"]) == (2, 2)
    assert coverage["asked"] >= 2, coverage
    worst = {each["severity"] for each in findings} & {"warning", "error"}
    right = 1 if worst else 0 if coverage["complete"] else 3
    assert (first["code"], one["exit_code"]) == (str(right), right)
    for each in findings:
        lines = (folder / each["path"]).read_text().split("\n")
        assert "\n".join(lines[each["line"] - 1 : each["end_line"]]).strip("\n") == each["quote"]
        assert f"{each['path']}:{each['line']}" in first["text"]
        assert f"file={each['path']},line={each['line']}," in first["github"]
        assert each["path"] in first["markdown"]
    sarif_schema().validate(json.loads(first["sarif"]))
    [run] = json.loads(first["sarif"])["runs"]
    assert [each["ruleId"] for each in run["results"]] == [each["rule"] for each in findings]

    assert two["coverage"]["asked"] == 0
    assert two["coverage"]["cached"] == coverage["asked"]
    assert two["findings"] == findings
    assert second["code"] == first["code"]
