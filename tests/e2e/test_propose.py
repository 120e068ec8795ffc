"""`inglenook/propose` over stdio: code of a chat in, a checked edit of the selection out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.edit_desk import EditDesk, studio

TOTAL = """\
def total(items):
    net = 0
    ⟦for item in items:
        net += item.price⟧
    return net
"""
SUMMED = """\
def total(items):
    net = 0
    for item in items:
        net += item.price * item.count
    return net
"""


async def propose(here: EditDesk, text: str) -> Any:
    return await here.client.request("inglenook/propose", here.params(text=text))


@pytest.mark.parametrize(
    "code",
    [
        "for item in items:\n    net += item.price * item.count",  # without its indentation
        "    for item in items:\n        net += item.price * item.count\n",
        SUMMED,  # all of the function
    ],
)
async def test_code_takes_the_place_of_the_selection(tmp_path: Path, code: str) -> None:
    async with studio(tmp_path) as here:
        here.open(TOTAL)
        result = (await propose(here, code)).result
        assert here.after(result["edit"]) == SUMMED
        [why] = result["edit"]["changeAnnotations"].values()
        assert why["needsConfirmation"] is True
        assert why["description"].startswith("Code of a chat, checked: it parses")
        assert not here.asked  # of a model


async def test_a_signature_may_change_and_imports_go_to_the_others(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        here.open("import os\n\n\n⟦def age():\n    return 0⟧\n")
        code = "import time\n\ndef age(since):\n    return time.time() - since"
        result = (await propose(here, code)).result
        assert here.after(result["edit"]) == (
            "import os\nimport time\n\n\ndef age(since):\n    return time.time() - since\n"
        )


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("for item in items\n    net += item.price", "parses"),
        ("for item in items:\n    net += pryce", "undefined"),
        ("# ... rest of the code", "elided"),
    ],
)
async def test_what_fails_a_check_is_refused(tmp_path: Path, code: str, check: str) -> None:
    async with studio(tmp_path) as here:
        here.open(TOTAL)
        error = (await propose(here, code)).message["error"]
        assert error["data"]["checks"] == [check]
        assert error["message"].startswith("This code is not put there: it fails the check of")


async def test_a_protected_file_is_left_alone(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        here.open("⟦key: 1⟧\n", name=".github/workflows/ci.yml", language="yaml")
        error = (await propose(here, "key: 2")).message["error"]
        assert error["data"]["checks"] == ["protected"]
