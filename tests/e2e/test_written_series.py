"""Code actions for a whole file: edits one after another, each checked, and one that has all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.edit_desk import studio

WHOLE = {"only": ["source"]}
THREE = """\
from typing import Any

def first(a):
    return a


class Box:
    def second(self, b):
        return b

    def third(self, c) -> int:
        return c
⟦⟧"""


async def test_all_that_lack_types(tmp_path: Path) -> None:
    def answer(_number: int, request: Any) -> str:
        asked = request["messages"][-1]["content"]
        if "`first`" in asked:
            return json.dumps({"a": "Any", "return": "Iterator[Any]"})
        if "`second`" in asked:
            return json.dumps({"b": "Mapping[str, int]", "return": "Iterator[int]"})
        return json.dumps({"c": "not a type at all"})

    async with studio(tmp_path, answer=answer) as here:
        here.open(THREE)
        offer = (await here.actions(**WHOLE))["Add the missing types in this file"]
        edit = (await here.resolved(offer))["edit"]
        after = here.after(edit)
        assert "def first(a: Any) -> Iterator[Any]:" in after
        assert "def second(self, b: Mapping[str, int]) -> Iterator[int]:" in after
        assert "def third(self, c) -> int:" in after
        for name in ("Iterator", "Mapping"):
            assert (
                len([line for line in after.split("\n") if "import" in line and name in line]) == 1
            )
        compile(after, "after", "exec")
        [why] = edit["changeAnnotations"].values()
        assert why["label"] == "Add the missing types in this file"
        assert "third: " in why["description"]
        assert why["needsConfirmation"] is True


async def test_all_that_lack_a_docstring(tmp_path: Path) -> None:
    prose = json.dumps({"summary": "Do it.", "details": ""})
    async with studio(tmp_path, prose, first_token_ms=100, token_ms=1) as here:
        here.open(THREE)
        offer = (await here.actions(**WHOLE))["Write the missing docstrings in this file"]
        asked = here.client.begin("codeAction/resolve", offer)
        await here.begun()
        here.insert(0, "# A note.\n")  # while the first is written
        edit = (await here.client.answer(asked, 30)).result["edit"]
        after = here.after(edit)
        assert after.startswith("# A note.\nfrom typing")
        assert after.count('"""Do it."""') == 4
        said = [each["message"] for each in here.progress("report")]
        assert any(each.startswith("second (3 of 4)") for each in said)


async def test_all_that_lack_types_and_all_are_refused(tmp_path: Path) -> None:
    async with studio(tmp_path, "I would rather not.") as here:
        here.open(THREE)
        offer = (await here.actions(**WHOLE))["Add the missing types in this file"]
        answer = await here.client.request("codeAction/resolve", offer)
        assert answer.error_code == -32803
        assert answer.message["error"]["message"].startswith("No edit passed the checks.")


async def test_a_model_that_goes_in_the_middle(tmp_path: Path) -> None:
    def answer(number: int, _request: Any) -> str:
        if number == 2:
            here.backend.script.status = 500
        return json.dumps({"summary": "Do it.", "details": ""})

    async with studio(tmp_path, answer=answer) as here:
        here.open(THREE)
        offer = (await here.actions(**WHOLE))["Write the missing docstrings in this file"]
        edit = (await here.resolved(offer))["edit"]
        assert here.after(edit).count('"""Do it."""') == 2
        [why] = edit["changeAnnotations"].values()
        assert "From second on nothing was written" in why["description"]
