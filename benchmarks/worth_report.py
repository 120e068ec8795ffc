"""What the answers of `benchmarks.worth` say: measures, paired differences, and why ours lost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from statistics import fmean, median
from typing import Any, Final

from benchmarks.figures import table
from benchmarks.sites_data.build import Site
from benchmarks.sites_data.completion import METRICS, Closeness
from benchmarks.sites_data.recall import recalled
from inglenook_context.prompt import Snippet

RESAMPLES: Final = 10_000
SEED: Final = 1
GOAL: Final = 60.0  # per cent of what the oracle gains over nothing
HIT: Final = "identifier_hit"

BySite = dict[str, "Outcome"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the product inserted at a site; ``tokens`` are those of its prompt."""

    site: Site
    condition: str
    text: str
    close: Closeness
    shown: tuple[Snippet, ...]
    tokens: int | None

    def of(self, metric: str) -> float:
        return float(astuple(self.close)[METRICS.index(metric)])

    @property
    def hit(self) -> bool:
        return self.of(HIT) > 0

    @property
    def shows_gold(self) -> bool:
        text = "".join(f"# {each.path}\n{each.text}" for each in self.shown)
        return all(recalled(gold, text) for gold in self.site.gold)


def by_condition(outcomes: Sequence[Outcome], conditions: Sequence[str]) -> dict[str, BySite]:
    """The outcomes of the sites that were answered in every condition."""
    found: dict[str, BySite] = {condition: {} for condition in conditions}
    for each in outcomes:
        if each.condition in found:
            found[each.condition][each.site.id] = each
    common = set.intersection(*(set(own) for own in found.values()))
    return {
        condition: {key: each for key, each in own.items() if key in common}
        for condition, own in found.items()
    }


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean, resampling sites."""
    rng = random.Random(SEED)
    size = len(differences)
    means = sorted(sum(rng.choices(differences, k=size)) / size for _ in range(RESAMPLES))
    return means[round(0.025 * RESAMPLES)], means[round(0.975 * RESAMPLES) - 1]


def figures(outcomes: Sequence[Outcome], conditions: Sequence[str]) -> Row:
    """All in per cent, of the sites that were answered in every condition."""
    found = by_condition(outcomes, conditions)
    size = len(next(iter(found.values())))
    told: Row = {"n": size}
    if not size:
        return told
    told["conditions"] = [_line(condition, own) for condition, own in found.items()]
    told["differences"] = _differences(found)
    told["groups"] = _groups(found)
    told["causes"] = _causes(found)
    if {"none", "ours", "oracle"} <= set(conditions):
        told["share"] = _share(found)
    return told


def _line(condition: str, own: BySite) -> Row:
    every = list(own.values())
    tokens = [each.tokens for each in every if each.tokens is not None]
    return {
        "condition": condition,
        "n": len(every),
        **{metric: _percent(fmean(each.of(metric) for each in every)) for metric in METRICS},
        "empty": sum(not each.text.strip() for each in every),
        "gold_shown": _percent(fmean(each.shows_gold for each in every)),
        "tokens": median(tokens) if tokens else None,
    }


def _differences(found: dict[str, BySite]) -> list[Row]:
    """Of each condition to the first, and to *oracle* where other forms of it were asked."""
    names = list(found)
    pairs = [(name, names[0]) for name in names[1:]]
    pairs += [
        (name, "oracle") for name in names if name.startswith("oracle-") and "oracle" in found
    ]
    rows = []
    for name, base in dict.fromkeys(pairs):
        for metric in METRICS:
            own, other = found[name], found[base]
            differences = [own[key].of(metric) - other[key].of(metric) for key in own]
            low, high = interval(differences)
            rows.append(
                {
                    "difference": f"{name} - {base}",
                    "metric": metric,
                    "mean": _percent(fmean(differences)),
                    "low": _percent(low),
                    "high": _percent(high),
                    "won": sum(each > 0 for each in differences),
                    "lost": sum(each < 0 for each in differences),
                }
            )
    return rows


def _groups(found: dict[str, BySite]) -> list[Row]:
    """Identifier hits by language and by the use that a site was chosen for."""
    sites = {key: each.site for own in found.values() for key, each in own.items()}
    rows = []
    for language in ("python", "typescript"):
        own = [site for site in sites.values() if site.lang == language]
        for group in ("all", *sorted({site.group for site in own})):
            some = [site.id for site in own if group in ("all", site.group)]
            if some:
                row: Row = {"sites": f"{language}: {group}", "n": len(some)}
                for condition, each in found.items():
                    row[condition] = _percent(fmean(each[key].hit for key in some))
                rows.append(row)
    return rows


def _causes(found: dict[str, BySite]) -> dict[str, dict[str, int]]:
    """Of each condition, the sites that were missed, by what their prompt showed."""
    told: dict[str, dict[str, int]] = {}
    for condition, own in found.items():
        causes = Counter(_cause(each, found.get("oracle", {})) for each in own.values())
        told[condition] = {cause: count for cause, count in sorted(causes.items()) if cause}
    return told


def _cause(outcome: Outcome, oracle: BySite) -> str:
    if outcome.hit:
        return ""
    shown = "shown" if outcome.shows_gold else "not shown"
    best = oracle.get(outcome.site.id)
    if best is None or outcome.condition.startswith("oracle"):
        return f"{shown}, wrong"
    return f"{shown}, oracle right" if best.hit else f"{shown}, oracle wrong too"


def _share(found: dict[str, BySite]) -> Row:
    """How much of what the oracle gains the product gains."""
    hits = {name: fmean(each.hit for each in own.values()) for name, own in found.items()}
    gained, most = hits["ours"] - hits["none"], hits["oracle"] - hits["none"]
    low = next(row["low"] for row in _differences(found) if row["difference"] == "ours - none"
               and row["metric"] == HIT)  # fmt: skip
    share = _percent(gained / most) if most > 0 else None
    return {
        "gained": _percent(gained),
        "most": _percent(most),
        "share": share,
        "excludes_0": low > 0,
        "goal": GOAL,
        "reached": low > 0 and share is not None and share >= GOAL,
    }


def _percent(value: float) -> float:
    return round(100 * value, 1) + 0.0


# -- for people ------------------------------------------------------------------------------------


def show(told: Row) -> None:
    print(f"{told['n']} sites, budget {told['budget']}; in per cent")
    if not told["n"]:
        return
    for part in ("conditions", "differences", "groups"):
        if told[part]:
            print(f"\n{part}\n{table(told[part])}")
    print("\nmisses, by what of the needed definitions the prompt showed")
    for condition, causes in told["causes"].items():
        print(f"  {condition}: {causes}")
    if share := told.get("share"):
        print(
            f"\nours gains {share['gained']} of the oracle's {share['most']} points of identifier"
            f" hits: {share['share']} % (goal {GOAL:g}); the interval"
            f" {'excludes' if share['excludes_0'] else 'does not exclude'} 0"
        )


def show_misses(outcomes: Sequence[Outcome]) -> None:
    """The sites where the oracle hits and ours does not, with what was written."""
    found = by_condition(outcomes, ("ours", "oracle"))
    for key, ours in found["ours"].items():
        oracle = found["oracle"][key]
        if oracle.hit and not ours.hit:
            site = ours.site
            print(f"{key} {site.package} {site.path}:{site.line + 1}:{site.col} {site.group}")
            print(f"   {_cause(ours, found['oracle'])}; wanted {', '.join(site.names)}")
            print(f"   ours   {ours.text!r}\n   oracle {oracle.text!r}")
