"""What every check looks at: a changed file, and which of its lines it may speak of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from inglenook.engine.redaction_patterns import Secret
from inglenook.review.lines import Lines
from inglenook.review.values import Changed, Finding, Rule

_HELD: Final = "…"  # what stands for a secret


@dataclass(frozen=True, slots=True)
class Looked:
    changed: Changed
    language: str
    lines: Lines
    wanted: frozenset[int]  # lines that are new, or all of a file that is reviewed as a whole
    secrets: Sequence[Secret] = ()  # of the whole file, in order: no report may show them

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

    def shown(self, line: int) -> str:
        """A line without its secrets."""
        start, text = self.lines.starts[line - 1], self.lines.text(line)
        stop = start + len(text)
        pieces, at = [], start
        first = bisect_left(self.secrets, start, key=lambda each: each.stop)
        for secret in self.secrets[first:]:
            if secret.start >= stop:
                break
            if secret.stop > at:
                pieces += [text[at - start : max(secret.start - start, 0)], _HELD]
                at = min(secret.stop, stop)
        return "".join([*pieces, text[at - start :]]).strip()

    def finding(self, rule: Rule, line: int, message: str, *, quote: str | None = None) -> Finding:
        """What a check is sure of."""
        shown = self.shown(line) if quote is None else quote
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
