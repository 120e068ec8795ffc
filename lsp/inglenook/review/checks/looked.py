"""What every check looks at: a changed file, and which of its lines it may speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inglenook.review.lines import Lines
from inglenook.review.values import Changed, Finding, Rule


@dataclass(frozen=True, slots=True)
class Looked:
    changed: Changed
    language: str
    lines: Lines
    wanted: frozenset[int]  # lines that are new, or all of a file that is reviewed as a whole

    @classmethod
    def at(cls, changed: Changed, language: str) -> Looked:
        lines = Lines.of(changed.text)
        wanted = wanted_lines(changed)
        every = range(1, lines.count + 1)
        return cls(
            changed,
            language,
            lines,
            frozenset(every if changed.whole else wanted.intersection(every)),
        )

    def texts(self) -> Iterator[tuple[int, str]]:
        """The lines that are wanted, in order."""
        for line in sorted(self.wanted):
            yield line, self.lines.text(line)

    def finding(self, rule: Rule, line: int, message: str, *, quote: str | None = None) -> Finding:
        """What a check is sure of. ``quote`` stands for a line that no report may show."""
        shown = self.lines.text(line).strip() if quote is None else quote
        return Finding(
            rule.id,
            rule.severity,
            message,
            self.changed.path,
            line,
            line,
            shown,
            by=(rule.id,),
            certain=True,
        )


def wanted_lines(changed: Changed) -> frozenset[int]:
    """The lines that are new; of a file that is reviewed as a whole every one."""
    return frozenset(
        line for each in changed.hunks for line in range(each.start, each.start + each.count)
    )
