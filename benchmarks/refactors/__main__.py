"""Runs the tests after each refactor; see the package. An hour at most, one process at a time."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from benchmarks.figures import save, table
from benchmarks.refactors import choose, sites
from benchmarks.refactors.packages import PACKAGES
from benchmarks.refactors.runs import Tree, tree_of
from benchmarks.refactors.sites import KINDS, Site
from inglenook_context.refactor.edits import Refusal, applied


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.refactors")
    options.add_argument("--choose", action="store_true", help="draw the sites anew first")
    options.add_argument("--package", help="only the sites of one package; nothing is saved")
    given = options.parse_args()
    if given.choose:
        sites.store(choose.chosen())
    rows = measure(given.package)
    print(table(figures(rows)))
    for row in rows:
        if row["end"] == "failed":
            print(f"{row['kind']} {row['package']} {row['path']} {row['function']}: {row['tests']}")
    if not given.package:
        save("refactors", {"kinds": figures(rows), "refusals": refusals(rows), "sites": rows})


def measure(only: str | None) -> list[dict[str, Any]]:
    """One row for each site, in the order of the list."""
    every = sites.load()
    ended: dict[Site, dict[str, Any]] = {}
    for package in PACKAGES:
        mine = [site for site in every if site.package == package.name]
        if only not in (None, package.name) or not mine:
            continue
        with tree_of(package) as tree:
            usual = tree.ends(sorted({test for site in mine for test in site.tests}))
            for site in mine:
                ended[site] = _ended(tree, site, usual)
        counts = Counter(ended[site]["end"] for site in mine)
        print(package.label, dict(counts), f"of {len(usual)} tests", flush=True)
    return [ended[site] for site in every if site in ended]


def _ended(tree: Tree, site: Site, usual: dict[str, str]) -> dict[str, Any]:
    about = {
        "kind": site.kind,
        "package": site.package,
        "path": site.path,
        "function": site.function,
    }
    source = (tree.root / site.path).read_bytes().decode()
    result = sites.refactored(site, source)
    if isinstance(result, Refusal):
        return {**about, "end": "refused", "reason": result.reason}
    failed = _failed(tree, site, applied(source, result.changes), usual)
    if failed:  # not if they fail without it, or only this time
        alone = tree.ends(site.tests)
        usual = {test: end for test, end in usual.items() if alone.get(test) == "passed"}
        failed &= _failed(tree, site, applied(source, result.changes), usual)
    return {
        **about,
        "end": "failed" if failed else "passed",
        "asks": bool(result.confirm),
        "ran": sum(_is_of(test, site) and end == "passed" for test, end in usual.items()),
        "noticed": bool(_failed(tree, site, sites.broken(site, source), usual, "--maxfail=1")),
        **({"tests": sorted(failed)[:5]} if failed else {}),
    }


def _failed(tree: Tree, site: Site, text: str, usual: dict[str, str], *options: str) -> set[str]:
    """The tests that pass usually and do not with the file rewritten."""
    with tree.written(site.path, text):
        ends = tree.ends(site.tests, *options)
    return {
        test
        for test, end in usual.items()
        if end == "passed" and _is_of(test, site) and ends.get(test) != "passed"
    }


def _is_of(test: str, site: Site) -> bool:
    return test.partition("::")[0] in site.tests


def figures(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each kind: what is offered, and beside it what asks the user first.

    ``would notice`` counts the places whose tests fail if the function raises instead.
    """
    found = []
    for kind in (*KINDS, "all"):
        mine = [row for row in rows if kind in (row["kind"], "all")]
        offered = [row["end"] for row in mine if row["end"] != "refused" and not row["asks"]]
        asks = [row["end"] for row in mine if row["end"] != "refused" and row["asks"]]
        found.append(
            {
                "kind": kind,
                "places": len(mine),
                "refused": len(mine) - len(offered) - len(asks),
                "offered": len(offered),
                "passed": offered.count("passed"),
                "ask first": len(asks),
                "of these passed": asks.count("passed"),
                "tests run": sum(row.get("ran", 0) for row in mine),
                "would notice": sum(row.get("noticed", False) for row in mine),
            }
        )
    return found


def refusals(rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """How often each reason was given, for each kind."""
    return {
        kind: dict(
            Counter(
                row["reason"] for row in rows if row["end"] == "refused" and row["kind"] == kind
            ).most_common()
        )
        for kind in KINDS
    }


if __name__ == "__main__":
    main()
