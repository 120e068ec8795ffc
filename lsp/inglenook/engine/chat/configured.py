"""Who answers the questions of a folder and writes its edits, and how, by the configuration."""

from __future__ import annotations

from inglenook.engine.chat.manner import Manner
from inglenook.engine.choices import Choices


def talking(choices: Choices, folder: str, language: str) -> str:
    """The name of the entry that answers questions about a document, "" for the best there is.

    It is the one that is chosen for chats, else the first of the user's list that is for them,
    else the one that completes.
    """
    if name := choices.chosen(folder, "chat", language).name:
        return name
    for spec in choices.settings.models:
        if "chat" in spec.roles:
            return spec.name
    return choices.chosen(folder, "autocomplete", language).name


def editing(choices: Choices, folder: str, language: str) -> str:
    """The name of the entry that writes edits of a document, "" for the best there is.

    It is the one that is chosen for edits, else the one that answers questions if it is for edits
    too, else the first of the user's list that is, else the one that answers questions.
    """
    if name := choices.chosen(folder, "edit", language).name:
        return name
    talks = talking(choices, folder, language)
    able = [spec.name for spec in choices.settings.models if "edit" in spec.roles]
    return able[0] if able and talks not in able else talks


def manner(choices: Choices, folder: str, role: str = "chat") -> Manner:
    """The rules and prompts of the user, then those of the folder; and whether to reason."""
    settings, theirs = choices.settings, choices.folders.get(folder)
    return Manner(
        (*settings.rules, *(theirs.rules if theirs else ())),
        (*settings.prompts, *(theirs.prompts if theirs else ())),
        settings.think.get(role),
    )
