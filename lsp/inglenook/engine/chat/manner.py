"""How the questions of a folder are answered, as it is configured."""

from __future__ import annotations

from dataclasses import dataclass

from inglenook.engine.settings import PromptTemplate, Rule
from inglenook.models.spec import Think


@dataclass(frozen=True, slots=True)
class Manner:
    """What is configured for the folder of a question."""

    rules: tuple[Rule, ...] = ()
    prompts: tuple[PromptTemplate, ...] = ()
    think: Think | None = None
