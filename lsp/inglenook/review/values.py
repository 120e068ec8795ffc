"""What a review is made of, as values: what changed, what is asked about it, what was found.

Lines are counted from 1 on the new side of a change and include both ends; paths are relative to
the root of the review, with slashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from inglenook.review.numbering import Numbering


class Severity(IntEnum):
    """The levels of SARIF 2.1.0, section 3.27.10, so that no report has to translate them."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


# -- what is to be reviewed --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hunk:
    """A change in place: ``removed`` lines of the old side stood where ``count`` lines from
    ``start`` stand now. With no new line (``count`` 0) they stood before line ``start``."""

    start: int
    count: int
    removed: tuple[str, ...] = ()
    old_start: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """One file as it is now, and what of it is new.

    ``old_path`` is None for a new file, ``text`` is empty for a deleted one. ``old_text`` is None
    where the old side is not known. ``partial``: only the lines that are ``known`` are, from one to
    another, and the others of ``text`` are empty. ``whole``: the user asked for the file, not for a
    change of it.
    """

    path: str
    text: str
    hunks: tuple[Hunk, ...]
    old_path: str | None = None
    old_text: str | None = None
    deleted: bool = False
    partial: bool = False
    whole: bool = False
    known: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not reviewed, and why, as one sentence.

    ``missed``: nobody wants it left out, so that without it a review is not complete.
    """

    path: str
    reason: str
    missed: bool = False


# -- what a model is asked about ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Code of another place that helps to judge a unit: a definition, a caller, a test."""

    path: str
    line: int
    text: str
    why: Literal["uses", "caller", "test"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of one file that is reviewed as a whole: a function with its changes, at best.

    ``symbol`` is its qualified name, "" for what stands in no definition; ``code`` are the lines
    from ``start`` to ``stop`` as they are; ``changed`` are those of them that are new, ``removed``
    what went, with the line before which it stood. ``scope`` are the headers that it stands in.
    """

    path: str
    language: str
    symbol: str
    start: int
    stop: int
    code: str
    changed: frozenset[int]
    removed: tuple[tuple[int, str], ...] = ()
    scope: str = ""
    excerpts: tuple[Excerpt, ...] = ()
    whole: bool = False  # the user asked for the file: every line may be spoken of
    partial: bool = False  # only lines of the diff are known
    file: Numbering = field(repr=False, kw_only=True)  # as it is, whatever the unit has of it


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that a reviewer looks for; ``severity`` is the most that a finding of it gets."""

    id: str  # as in correctness/off-by-one
    description: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One declarative file: what to look for, in which languages, and how it is asked for.

    Without ``languages`` it looks at all of them.
    """

    name: str
    title: str
    prompt: str
    rules: tuple[Rule, ...]
    languages: frozenset[str] = frozenset()
    source: str = ""  # of which file it is, for messages


# -- what was found ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong at a place that was found in the file.

    ``quote`` is what stands there, from the file. ``confidence`` goes from 0 to 1. ``by`` are the
    reviewers that said so, or the name of a deterministic check. ``judged`` is what the judge said
    of it: True stands, None was not asked; what it refuted is no finding. ``fingerprint`` is stable
    when lines move, ``anywhere`` also when the file is renamed; both are filled in last. ``hint``
    tells apart what the quote does not show, and ``nth`` places with the same quote.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    line: int
    end_line: int
    quote: str
    symbol: str = ""
    confidence: float = 1.0
    by: tuple[str, ...] = ()
    judged: bool | None = None
    certain: bool = False  # of a deterministic check, not of a model
    fingerprint: str = ""
    anywhere: str = ""
    hint: str = ""
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Known:
    """A finding of an earlier run, as a baseline has it."""

    fingerprint: str
    anywhere: str
    rule: str
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that the team does not want to see, and the words of whoever said so.

    ``where`` is ``inSource`` or ``external``, as SARIF calls it (section 3.35.2)."""

    finding: Finding
    reason: str
    where: Literal["inSource", "external"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at and what was not. Nothing is dropped without being counted here.

    ``unseen`` files were not reached before the review ended. ``units`` is how many the others
    have; of these ``reviewed`` got an answer from every reviewer that
    looks at their language. ``asked`` and ``cached`` count requests to the model. ``unparsed`` are
    answers that could not be read, or not all of them, even after a repair, ``failed`` requests
    that got no answer at all, ``unlocated`` findings whose quote is in no line, or in several of
    which nobody can tell which is meant, ``refuted`` those that the judge refuted, ``cut`` findings
    and excerpts that were left out for their number or size.
    """

    files: int = 0
    unseen: int = 0
    skipped: tuple[Skipped, ...] = ()
    units: int = 0
    reviewed: int = 0
    asked: int = 0
    cached: int = 0
    unparsed: int = 0
    failed: int = 0
    unlocated: int = 0
    refuted: int = 0
    cut: int = 0
    prompt_tokens: int = 0
    tokens: int = 0
    stopped: str = ""  # why the review ended before its end, as one sentence

    @property
    def complete(self) -> bool:
        """Whether all that was to be reviewed has been."""
        whole = self.reviewed == self.units and not self.stopped and not self.unseen
        missed = any(each.missed for each in self.skipped)
        return whole and not self.unparsed and not self.failed and not missed


@dataclass(frozen=True, slots=True)
class Reviewing:
    """The model that reviewed, for the record; ``locality`` in the words of `models.model`."""

    name: str
    backend: str
    digest: str
    locality: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a review says. Lists are ranked: what matters most comes first.

    ``known`` are findings that the baseline has, ``fixed`` the baseline's that are no more,
    ``kept`` those that nobody looked for. ``remarks`` are sentences about suppressions: unused,
    expired, without a reason.
    """

    root: str
    subject: str  # what was reviewed, as in main..HEAD
    findings: tuple[Finding, ...]
    coverage: Coverage
    model: Reviewing | None = None
    suppressed: tuple[Suppressed, ...] = ()
    known: tuple[Finding, ...] = ()
    fixed: tuple[Known, ...] = ()
    kept: tuple[Known, ...] = ()
    remarks: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    seconds: float = 0.0
    judge: bool = False
