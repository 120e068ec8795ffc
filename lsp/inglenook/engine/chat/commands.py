"""Slash commands: the first word of a question that stands for a longer one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from inglenook.engine.settings import PromptTemplate

BUILT_IN: Final = (
    PromptTemplate(
        "explain",
        "Explain what the selected code does, step by step, and what is not obvious in it.",
        "explain the selection",
    ),
    PromptTemplate(
        "fix",
        "Find what is wrong with the selected code, say why in a sentence or two, and show the "
        "corrected code.",
        "find and correct what is wrong",
    ),
    PromptTemplate(
        "test",
        "Write unit tests for the selected code with the test framework that this project uses: "
        "the usual case, the edges, and what must fail.",
        "write unit tests",
    ),
    PromptTemplate(
        "doc",
        "Write the documentation comment for the selected code, in the form that is usual in its "
        "language. Show only the comment.",
        "write the documentation comment",
    ),
    PromptTemplate(
        "optimize",
        "Make the selected code faster or simpler without changing what it does. Say what it "
        "gains, and show the code.",
        "make it faster or simpler",
    ),
    PromptTemplate(
        "commit",
        "Write a commit message for this diff: a line of at most 72 characters in the imperative "
        "mood that says what changes, an empty line, and then why, unless that is obvious. Answer "
        "with the message alone.",
        "a commit message for what is staged",
    ),
)
COMMIT: Final = "commit"
_INPUT: Final = ("{{{ input }}}", "{{{input}}}", "{{ input }}", "{{input}}")


def known(prompts: Sequence[PromptTemplate]) -> dict[str, PromptTemplate]:
    """All commands by name; the user's own go before those that are built in."""
    return {each.name: each for each in (*BUILT_IN, *reversed(prompts))}


def named(text: str) -> tuple[str, str]:
    """The command that ``text`` begins with, without its slash, and the rest; "" if with none."""
    if not text.startswith("/"):
        return "", text
    first, *rest = text.split(maxsplit=1)
    return first[1:], rest[0] if rest else ""


def expanded(text: str, prompts: Sequence[PromptTemplate]) -> str:
    """What a question means. A first word that is no command of ours is left as it is."""
    name, rest = named(text)
    command = known(prompts).get(name)
    if command is None:
        return text
    for mark in _INPUT:
        if mark in command.text:
            return command.text.replace(mark, rest)
    return f"{command.text}\n\n{rest}" if rest else command.text
