"""``inglenook refactor`` as a shell runs it, with a model that answers as it is told."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

from tests.support.chat_command import piped_into
from tests.support.command import Run
from tests.support.fake_backend import FakeBackend

OPENS, CLOSES = "⟦", "⟧"
FENCE: Final = "```"


async def refactor(directory: Path, *arguments: str, **how: Any) -> Run:
    return await piped_into(directory, "refactor", *arguments, **how)


def drawn_at(file: Path, drawing: str) -> str:
    """Write what is drawn to a file; returns ``FILE:START-END`` of the lines between ⟦ and ⟧."""
    before, _, rest = drawing.partition(OPENS)
    selected = rest.partition(CLOSES)[0]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(drawing.replace(OPENS, "").replace(CLOSES, "").encode())
    first = before.count("\n") + 1
    return f"{file}:{first}-{first + selected.count(chr(10))}"


def block(code: str) -> str:
    """Code as a model answers with it."""
    return f"{FENCE}python\n{code}\n{FENCE}"


def applied(folder: Path, diff: str) -> None:
    """Have git apply a diff to the files of a folder."""
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        cwd=folder,
        input=diff.encode(),
        check=True,
        capture_output=True,
    )


def asked(backend: FakeBackend) -> list[str]:
    """The last message of each question that came."""
    return [seen.json["messages"][-1]["content"] for seen in backend.generations]
