"""What the open documents hold, as numbers that change with it: sums of digests.

Kept answers belong to what was known when their prompt was made (`engine.recall`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inglenook.engine.outline import Open, digest_of


@dataclass(eq=False, slots=True)
class Editions:
    """By kind of language, over all that is open."""

    _facts: dict[str, int] = field(default_factory=dict)
    _bodies: dict[str, int] = field(default_factory=dict)

    def revise(self, opened: Open) -> bool:
        """A document has been outlined; whether it tells others something else than before."""
        facts, shape = opened.facts, opened.shape
        told = digest_of(f"{facts.path} {facts.digest}") if facts is not None else 0
        return self._set(opened, told, shape.digest if shape is not None else 0)

    def forget(self, opened: Open) -> bool:
        """A document was closed."""
        return self._set(opened, 0, 0)

    def of_others(self, mine: Open) -> tuple[int, int]:
        """What the others define, and their texts; 0 where there is nothing."""
        kind = kind_of(mine.document.language)
        return self._facts.get(kind, 0) - mine.edition, self._bodies.get(kind, 0) - mine.body

    def _set(self, opened: Open, edition: int, body: int) -> bool:
        kind, changed = kind_of(opened.document.language), edition != opened.edition
        self._facts[kind] = self._facts.get(kind, 0) + edition - opened.edition
        self._bodies[kind] = self._bodies.get(kind, 0) + body - opened.body
        opened.edition, opened.body = edition, body
        return changed


def kind_of(language: str) -> str:
    """Languages whose files call each other: TypeScript, JavaScript and their JSX are one."""
    return "script" if language.startswith(("typescript", "javascript")) else language
