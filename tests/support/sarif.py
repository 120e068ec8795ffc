"""Whether a report is SARIF 2.1.0, as Microsoft's tool and the schema in it see it."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema

from tests.support.node_packages import NodePackages

_TOOL: Final = NodePackages(Path(__file__).with_name("sarif_multitool"), "the tool for SARIF")
_PLACE: Final = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"


@cache
def sarif_schema() -> Any:
    """A validator: ``validate(report)`` raises jsonschema's ValidationError."""
    schema = _TOOL.ask(None)
    return jsonschema.validators.validator_for(schema)(schema)


def sarif_remarks(text: str, directory: Path) -> list[str]:
    """What the tool finds wrong with a report beyond the schema, as "rule: what is wrong"."""
    report, told = directory / "told.sarif", directory / "remarks.sarif"
    report.write_text(text)
    tool = _TOOL.folder() / _PLACE
    tool.chmod(0o755)
    subprocess.run(
        [str(tool), "validate", str(report), "--output", str(told), "--level=Error;Warning"],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        check=False,  # it exits with 1 if there are remarks
    )
    [run] = json.loads(told.read_bytes().removeprefix(b"\xef\xbb\xbf"))["runs"]
    assert run["invocations"][0]["executionSuccessful"], run["invocations"]
    return [f"{each['ruleId']}: {each['message']}" for each in run["results"]]
