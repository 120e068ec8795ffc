"""From what a run has found to what is told: what is known, suppressed, gone and left."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from inglenook.models.model import ModelInfo
from inglenook.review import baseline
from inglenook.review.checks.every import RULES
from inglenook.review.fingerprints import fingerprinted
from inglenook.review.merge import merged, ranked
from inglenook.review.plan import Plan
from inglenook.review.review import Run
from inglenook.review.scope import CHECKS, Scope
from inglenook.review.suppressions import FILE, applied, in_file
from inglenook.review.values import Known, Report, Reviewer, Reviewing


@dataclass(frozen=True, slots=True)
class Told:
    """What was told before: ``known`` is not told again, ``previous`` is what the baseline that is
    to be written has."""

    known: Mapping[str, Known]
    previous: Mapping[str, Known]
    panel: Sequence[Reviewer]
    off: frozenset[str]  # rules of checks that whoever calls does not want


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
    data = plan.source.beside(FILE)
    if data:
        more, said = in_file(data)
        suppressions += more
        remarks += said
    is_there = cache(plan.source.has)
    asked = () if info is None or run.panel.tally.dropped else told.panel
    off = told.off | CHECKS if plan.cut else told.off
    scope = _scope(plan, asked, off, is_there) if coverage.complete else None
    wanted = [each for each in (*plan.findings, *run.findings) if each.rule not in told.off]
    found = ranked(fingerprinted(merged(wanted)))
    left, hidden, unused = applied(found, suppressions, datetime.now(UTC).date(), scope)
    parts = baseline.parted(left, told.known, is_there)
    quiet = [each.finding for each in hidden]
    met = parts.met | baseline.parted(quiet, told.known, is_there).met
    fixed, _ = baseline.missing(met, told.known, scope)
    # What is suppressed is not written anew, but what is known of it stays, as it may expire.
    met = baseline.parted(left, told.previous, is_there).met
    gone, kept = baseline.missing(met, told.previous, scope)
    silent = baseline.parted(quiet, told.previous, is_there).met
    kept = (*kept, *(each for each in gone if each.fingerprint in silent))
    rules = {rule.id: rule for each in told.panel for rule in each.rules}
    rules |= {rule.id: rule for rule in RULES}
    return Report(
        str(plan.source.root),
        plan.source.subject,
        parts.new,
        coverage,
        _reviewing(info),
        hidden,
        parts.old,
        fixed,
        kept,
        (*remarks, *unused),
        rules,
        time.monotonic() - began,
        bool(args.judge),
    )


def _scope(
    plan: Plan, asked: Sequence[Reviewer], off: frozenset[str], is_there: Callable[[str], bool]
) -> Scope:
    return Scope(
        frozenset(plan.whole),
        frozenset(plan.deleted),
        tuple(plan.source.below),
        {each.name: each.languages for each in asked},
        frozenset(plan.unshown),
        off,
        is_there,
    )


def _reviewing(info: ModelInfo | None) -> Reviewing | None:
    if info is None:
        return None
    return Reviewing(info.name, info.backend, info.digest, info.locality.value)
