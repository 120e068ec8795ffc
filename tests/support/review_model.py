"""A model that reviews as it is told: it finds a line wrong if the line is shown and the rule is
asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.chat_command import git, piped_into
from tests.support.command import ALONE, Run


@dataclass(frozen=True)
class Wrong:
    """A line, the name of the rule that it breaks, and whether a judge lets that stand."""

    quote: str
    rule: str
    message: str = "This is wrong."
    stands: bool = True


@dataclass
class Reviewing:
    """An ``answer`` of the fake backend; ``asked`` counts the questions by what they are."""

    wrong: Sequence[Wrong] = ()
    instead: Callable[[str], str | None] = lambda _question: None  # any other answer
    asked: list[str] = field(default_factory=list)

    def __call__(self, _number: int, request: Mapping[str, Any]) -> str:
        if "messages" not in request:  # another question: what the backend can do
            return ""
        question = request["messages"][1]["content"]
        self.asked.append(question)
        if (other := self.instead(question)) is not None:
            return other
        shown, _, task = question.rpartition("```")
        if "Try to refute" in task:
            stands = all(each.stands for each in self.wrong if each.quote.strip() in shown[-400:])
            return json.dumps({"reason": "So.", "verdict": "stands" if stands else "refuted"})
        found = [
            {
                "quote": each.quote,
                "message": each.message,
                "rule": each.rule,
                "severity": "error",
            }
            for each in self.wrong
            if each.quote.strip() in shown and f"- {each.rule}:" in task
        ]
        return json.dumps({"findings": found})


async def review(directory: Path, *arguments: str, **how: Any) -> Run:
    """``inglenook review`` as a shell runs it, without the workspace's index."""
    return await piped_into(directory, "review", *ALONE, *arguments, **how)


def repository(directory: Path, files: Mapping[str, str]) -> Path:
    """A repository whose first commit has these files."""
    folder = directory / "shop"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder, files)
    commit(folder)
    return folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
