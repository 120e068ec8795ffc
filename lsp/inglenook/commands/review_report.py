"""From what a run has found to what is told: what is known, suppressed, gone and left."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from inglenook.models.model import ModelInfo
from inglenook.review import baseline
from inglenook.review.checks.every import RULES
from inglenook.review.fingerprints import fingerprinted, former
from inglenook.review.merge import merged, ranked
from inglenook.review.plan import Plan
from inglenook.review.review import Run
from inglenook.review.scope import Scope
from inglenook.review.suppressions import FILE, LARGEST, applied, in_file
from inglenook.review.values import Known, Report, Reviewer, Reviewing
from inglenook.workspace.source import Root


@dataclass(frozen=True, slots=True)
class Told:
    """What was told before: ``known`` is not told again, ``previous`` is what the baseline that is
    to be written has."""

    known: Mapping[str, Known]
    previous: Mapping[str, Known]
    panel: Sequence[Reviewer]
    every: Sequence[Reviewer]  # that there is, also those that were not to look


def report_of(
    plan: Plan,
    run: Run,
    told: Told,
    args: argparse.Namespace,
    info: ModelInfo | None,
    began: float,
) -> Report:
    coverage = run.coverage(plan)
    suppressions, remarks = list(plan.suppressions), list(plan.remarks)
    text = Root.of(plan.source.root).text(FILE, LARGEST)
    if text:
        more, said = in_file(text)
        suppressions += more
        remarks += said
    asked = () if args.no_model or info is None else told.panel
    scope = _scope(plan, told.every, asked) if coverage.complete else None
    found = ranked(fingerprinted(merged([*plan.findings, *run.findings])))
    left, hidden, unused = applied(found, suppressions, datetime.now(UTC).date(), scope)
    before = former(found, plan.renamed)
    new, old = baseline.parted(left, told.known, before)
    there = {each.fingerprint for each in found}
    there |= {before[each] for each in there & before.keys()}
    fixed, _ = baseline.missing(there, told.known, scope)
    _, kept = baseline.missing(there, told.previous, scope)
    rules = {rule.id: rule for each in told.panel for rule in each.rules}
    rules |= {rule.id: rule for rule in RULES}
    return Report(
        str(plan.source.root),
        plan.source.subject,
        new,
        coverage,
        _reviewing(info),
        hidden,
        old,
        fixed,
        kept,
        (*remarks, *unused),
        rules,
        time.monotonic() - began,
        bool(args.judge),
    )


def _scope(plan: Plan, every: Sequence[Reviewer], asked: Sequence[Reviewer]) -> Scope:
    return Scope(
        frozenset(plan.whole),
        frozenset(plan.deleted),
        tuple(plan.source.below),
        frozenset(each.path for each in plan.skipped),
        frozenset(each.name for each in every) - {each.name for each in asked},
    )


def _reviewing(info: ModelInfo | None) -> Reviewing | None:
    if info is None:
        return None
    return Reviewing(info.name, info.backend, info.digest, info.locality.value)
