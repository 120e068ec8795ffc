"""What a small real model's review is worth: 60 seeded bugs and 60 clean changes.

    python -m benchmarks.review_quality [--answers FILE] [--minutes N] [--only NAME,...] [--check]

Qwen2.5-Coder-0.5B-Instruct is asked as ``inglenook review`` asks it (`Surroundings`, `Panel`,
`Asker`), by the reviewer of correctness alone, without and with the judge; of what both ask it is
asked once. `review_cases` says what counts as right, and whether a finding is told where the
model's own quote stands. ``--answers`` keeps each case's row, and what is in that file is not asked
again; ``--minutes`` ends the run, and the figures say how many cases they are of. ``--check`` asks
no model: it runs every function before and after its change.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import save, summary, table
from benchmarks.kept_rows import keep, rows_of
from benchmarks.review_cases.behaviour import is_another
from benchmarks.review_cases.cases import Case, cases
from benchmarks.review_cases.located import is_located
from benchmarks.review_cases.score import Scored, interval, is_right, score
from inglenook.engine.find import finder
from inglenook.engine.redaction import keyed
from inglenook.engine.session import Session
from inglenook.engine.settings import Settings
from inglenook.engine.supply import Supply
from inglenook.models.chatting import ChatRequest
from inglenook.models.errors import ModelError
from inglenook.models.http import HttpClient
from inglenook.models.spec import ModelSpec, Provider
from inglenook.review.answers import Claim, Unparsed, claims_of
from inglenook.review.asker import Asker
from inglenook.review.asking import Answer, Ask, Panel, Reviewed, Tally
from inglenook.review.context import Surroundings
from inglenook.review.kept import Kept
from inglenook.review.merge import merged
from inglenook.review.reviewers import chosen, reviewers
from inglenook.review.values import Finding, Reviewer, Unit
from tests.support.real_engine import Plan, RealEngine, real_engine

_CONTEXT_TOKENS: Final = 4096
_CODE: Final = 6_000  # characters; every case's function fits
_EXCERPTS: Final = 4_000
_PATIENCE: Final = 900.0  # seconds of silence: the machine may have other things to do
_REVIEWERS: Final = ("correctness",)

Row = dict[str, Any]


async def measure(
    chosen: Sequence[Case], answers: Path | None, seconds: float, threads: int = 0
) -> list[Row]:
    """One row for each case that was answered in time. None of the others is taken for clean."""
    end = time.monotonic() + seconds
    kept = rows_of(answers)
    rows: list[Row] = []
    with (
        real_engine(Plan(context_tokens=_CONTEXT_TOKENS, threads=threads)) as engine,
        tempfile.TemporaryDirectory(prefix="inglenook-review-") as home,
    ):
        settings = _settings(Path(home), engine)
        client = HttpClient(settings.policy)
        supply = Supply(finder(settings, client, "real"), lambda _: None)
        try:
            lane = await supply.open()
            asker = Asker(supply, lane, Kept(None), Kept(Path(home) / "journal"), keyed(b"x" * 16))
            for case in chosen:
                row = kept.get(case.name)
                if row is None or not all("said" in each for each in row["findings"]):
                    if time.monotonic() > end:
                        continue
                    try:
                        async with asyncio.timeout(end - time.monotonic()):
                            row = await reviewed(case, asker)
                    except (TimeoutError, ModelError) as error:
                        print(f"{case.name}: {type(error).__name__}", flush=True)
                        continue
                    if answers is not None:
                        keep(answers, row)
                    print(_line(row), flush=True)
                rows.append(row)
            asker.close()
        finally:
            await supply.close()
            await client.close()
    return rows


def _settings(home: Path, engine: RealEngine) -> Settings:
    spec = ModelSpec(
        "real",
        Provider.LLAMA_CPP,
        "qwen2.5-coder",
        engine.url,
        ("chat",),
        engine.key,
        timeout=_PATIENCE,
    )
    return Settings(
        config_file=home / "config.yaml",
        state_dir=home,
        cache_dir=None,
        index_dir=None,
        models_dir=home,
        engines_dir=home,
        models=(spec,),
        probes=False,
    )


async def reviewed(case: Case, ask: Ask) -> Row:
    """The row of one case: what is found without a judge, and whether it lets that stand."""
    [unit] = await units(case)
    began = time.perf_counter()
    heard = Heard(ask)
    alone, tally = await _found(unit, heard, judge=False)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    judged, told = await _found(unit, ask, judge=True)
    standing = {(each.rule, each.line, each.end_line) for each in judged}
    return {
        "name": case.name,
        "half": case.half,
        "bug": case.is_bug,
        "lines": sorted(case.lines),
        "findings": [
            {
                "rule": each.rule,
                "line": each.line,
                "end_line": each.end_line,
                "quote": each.quote,
                "message": each.message,
                "stands": (each.rule, each.line, each.end_line) in standing,
                "said": heard.quotes(each),
                "located": any(
                    is_located(quote, range(each.line, each.end_line + 1), case.after, case.lines)
                    for quote in heard.quotes(each)
                ),
            }
            for each in alone
        ],
        "unparsed": tally.unparsed,
        "unlocated": tally.unlocated,
        "verdicts unparsed": told.unparsed - tally.unparsed,
        "tokens": [tally.prompt_tokens, tally.tokens],
        "seconds": round(seconds, 1),
        "judge seconds": round(time.perf_counter() - began, 1),
    }


async def units(case: Case) -> tuple[Unit, ...]:
    """A case as the command cuts and shows it."""
    session = Session(shown_path=lambda uri: uri)
    around = Surroundings(session)
    try:
        async with around.opened(case.changed) as opened:
            return await around.units(opened, _CODE)
    finally:
        session.close()


async def _found(unit: Unit, ask: Ask, *, judge: bool) -> tuple[tuple[Finding, ...], Tally]:
    tally, found = Tally(), Reviewed()
    panel = Panel(_reviewers(), ask, judge, _EXCERPTS, tally)
    await panel.review(unit, found)
    return merged(found.findings), tally


@dataclass(slots=True)
class Heard:
    """An `Ask` that keeps what reviewers claim in the model's own words, before anybody looks for
    it in the code."""

    ask: Ask
    claims: list[Claim] = field(default_factory=list)

    async def __call__(self, request: ChatRequest) -> Answer:
        answer = await self.ask(request)
        for reviewer in _reviewers():
            with contextlib.suppress(Unparsed):
                self.claims += claims_of(answer.text, reviewer).made
        return answer

    def quotes(self, finding: Finding) -> list[str]:
        """What was quoted for a finding: those who say the same of several lines do so for each."""
        said = (finding.rule, finding.message)
        return [each.quote for each in self.claims if (each.rule, each.message) == said]


def _reviewers() -> tuple[Reviewer, ...]:
    return chosen(reviewers(), _REVIEWERS)


# -- figures -----------------------------------------------------------------------------------


def scored(rows: Sequence[Row], *, judge: bool) -> list[Scored]:
    return [
        Scored(
            row["bug"],
            tuple(
                row["bug"] and is_right(frozenset(row["lines"]), each["line"], each["end_line"])
                for each in row["findings"]
                if each["stands"] or not judge
            ),
        )
        for row in rows
    ]


def figures(rows: Sequence[Row]) -> list[Row]:
    """A row for each half, without and with the judge, and for each half what a model gets that
    points at the first changed line of every change: guessing, but well located."""
    found = []
    for half in ("tune", "test", "both"):
        mine = [row for row in rows if half in (row["half"], "both")]
        if not mine:
            continue
        for who in ("alone", "judge"):
            found.append(_figures(half, who, mine, scored(mine, judge=who == "judge")))
        always = [Scored(row["bug"], (row["bug"],)) for row in mine]
        found.append(_figures(half, "always", [], always))
    return found


def _figures(half: str, who: str, rows: Sequence[Row], found: Sequence[Scored]) -> Row:
    value = {name: round(share, 3) for name, share in asdict(score(found)).items()}
    low, high = interval(found)
    findings = [
        each for row in rows for each in row["findings"] if each["stands"] or who != "judge"
    ]
    return {
        "half": half,
        "who": who,
        "bugs": sum(each.is_bug for each in found),
        "clean": sum(not each.is_bug for each in found),
        "findings": sum(len(each.findings) for each in found),
        **value,
        "low": round(low, 3),
        "high": round(high, 3),
        "located": round(sum(each["located"] for each in findings) / len(findings), 3)
        if findings
        else None,
        "unlocated": sum(row["unlocated"] for row in rows),
        "unparsed": sum(row["unparsed"] for row in rows),
    }


def earns_it(found: Sequence[Row]) -> bool:
    """Whether the judge is worth its time: a higher F0.5 on the half that was not tuned on."""
    by = {(row["half"], row["who"]): row["f05"] for row in found}
    return bool(by["test", "judge"] > by["test", "alone"])


def _line(row: Row) -> str:
    right = sum(each for case in scored([row], judge=False) for each in case.findings)
    stand = sum(each["stands"] for each in row["findings"])
    seconds = f"{row['seconds']} + {row['judge seconds']} s"
    return f"{row['name']}: {len(row['findings'])} found, {right} right, {stand} stand ({seconds})"


def _chosen(only: str) -> Iterator[Case]:
    names = [name for name in only.split(",") if name]
    return (case for case in cases() if not names or any(map(case.name.startswith, names)))


def _check(chosen: Sequence[Case]) -> None:
    wrong = [case.name for case in chosen if is_another(case) != case.is_bug]
    print(f"{len(chosen)} changes, of which {len(wrong)} are not what they say.", *wrong)
    sys.exit(bool(wrong))


def main() -> None:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.review_quality", description=__doc__
    )
    options.add_argument("--answers", type=Path, help="keep a row for each case in this file")
    options.add_argument("--minutes", type=float, default=600.0, help="after which it ends")
    options.add_argument("--threads", type=int, default=0, help="of the engine; 0: every core")
    options.add_argument("--only", default="", help="cases by the beginnings of their names")
    options.add_argument("--check", action="store_true", help="run the functions, ask no model")
    given = options.parse_args()
    chosen = list(_chosen(given.only))
    if given.check:
        _check(chosen)
    rows = asyncio.run(measure(chosen, given.answers, given.minutes * 60, given.threads))
    found = figures(rows)
    print(table(found))
    spent = [row["seconds"] for row in rows]
    print(f"Seconds a case: {summary(spent)}; load {os.getloadavg()[0]:.1f}")
    if len(rows) < len(cases()):
        print(f"Nothing is saved: {len(rows)} of {len(cases())} cases are answered.")
    else:
        judge = earns_it(found)
        print(f"The judge {'earns' if judge else 'does not earn'} its time with this model.")
        save(
            "review_quality",
            {
                "model": "qwen2.5-coder-0.5b-instruct-q4_k_m",
                "reviewers": _REVIEWERS,
                "judge earns it": judge,
                "scores": found,
                "seconds": summary(spent),
                "judge seconds": summary([row["judge seconds"] for row in rows]),
                "cases": rows,
            },
        )


if __name__ == "__main__":
    main()
