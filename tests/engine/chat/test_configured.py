"""Who answers questions and who writes edits, by the roles of the user's list and choices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inglenook.engine.chat.configured import editing, manner, talking
from inglenook.engine.choices import Choices
from inglenook.engine.settings import Selection, Settings
from inglenook.models.spec import ModelSpec, Provider, Think

HERE = Path("/nowhere")
SETTINGS = Settings(HERE, HERE, None, None, HERE, HERE)


def choices_of(models: dict[str, str], chosen: dict[str, str]) -> Choices:
    """Models by name with their roles, and what is chosen for a role."""
    specs = [
        ModelSpec(name, Provider.OLLAMA, name, roles=tuple(roles.split()))
        for name, roles in models.items()
    ]
    return Choices(replace(SETTINGS, models=tuple(specs), selection=Selection(chosen)))


@pytest.mark.parametrize(
    ("models", "chosen", "edits"),
    [
        ({}, {}, ""),
        ({"small": "autocomplete"}, {"autocomplete": "small"}, "small"),
        ({"small": "autocomplete", "big": "chat"}, {"autocomplete": "small"}, "big"),
        ({"big": "chat", "other": "edit"}, {}, "other"),
        ({"first": "chat edit", "second": "chat edit"}, {}, "first"),
        # Who answers by the user's choice writes too, if it is for that.
        ({"first": "chat edit", "second": "chat edit"}, {"chat": "second"}, "second"),
        ({"first": "chat edit", "second": "chat"}, {"chat": "second"}, "first"),
        ({"first": "chat edit", "second": "chat"}, {"chat": "first", "edit": "second"}, "second"),
    ],
)
def test_who_writes_edits(models: dict[str, str], chosen: dict[str, str], edits: str) -> None:
    assert editing(choices_of(models, chosen), "/w", "python") == edits


def test_who_answers_questions_is_not_who_writes() -> None:
    choices = choices_of({"talks": "chat", "writes": "edit"}, {})
    assert talking(choices, "/w", "python") == "talks"
    assert editing(choices, "/w", "python") == "writes"


def test_whether_to_reason_is_said_by_role() -> None:
    thinks = {"chat": Think.ON, "edit": Think.OFF}
    choices = Choices(replace(SETTINGS, think=thinks))
    assert manner(choices, "/w").think is Think.ON
    assert manner(choices, "/w", "edit").think is Think.OFF
