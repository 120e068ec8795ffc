"""Compiles, and runs where it can, after each refactor; see the package. Ten minutes or so."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from benchmarks.figures import save, table
from benchmarks.refactors_typescript import sites
from benchmarks.refactors_typescript.packages import PACKAGES, Tree, tree_of
from benchmarks.refactors_typescript.sites import KINDS, Site
from inglenook_context.refactor.edits import Refactoring, Refusal, applied

Row = dict[str, Any]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.refactors_typescript")
    options.add_argument("--choose", action="store_true", help="draw the sites anew first")
    options.add_argument("--package", help="only the sites of one package; nothing is saved")
    options.add_argument(
        "--wide", metavar="SEED", help="100 other sites of each kind, compiled only; not saved"
    )
    options.add_argument(
        "--pure", metavar="SEED", help="40 of each kind that can be run on values; not saved"
    )
    given = options.parse_args()
    if given.choose:
        sites.store(sites.chosen())
    if given.wide or given.pure:
        size, seed = (40, given.pure) if given.pure else (100, given.wide)
        every = sites.chosen(size, seed, pure=bool(given.pure))
    else:
        every = sites.load()
    rows = measure(every, given.package, run=not given.wide, tests=not given.pure)
    print(table(figures(rows)))
    for row in rows:
        if row["end"] == "failed" or row.get("as_typescript") is False:
            print(row)
    if not given.package and not given.wide and not given.pure:
        save("refactors_typescript", {"kinds": figures(rows), "sites": rows})


def measure(every: list[Site], only: str | None, run: bool, tests: bool) -> list[Row]:
    """One row for each site, in the order of the list."""
    ended: dict[int, Row] = {}
    for package in PACKAGES:
        places = [at for at, site in enumerate(every) if site.package == package.name]
        if not places or only not in (None, package.name):
            continue
        with tree_of(package) as tree:
            ended.update(
                zip(places, _rows(tree, [every[at] for at in places], run, tests), strict=True)
            )
        print(package.name, dict(Counter(ended[at]["end"] for at in places)), flush=True)
    return [ended[at] for at in sorted(ended)]


def _rows(tree: Tree, mine: list[Site], run: bool, tests: bool) -> list[Row]:
    rows: list[Row] = []
    changes: list[tuple[Row, Row, Site]] = []
    for site in mine:
        source = tree.text(site.path)
        result = sites.refactored(site, source)
        rows.append(_about(site, result))
        if isinstance(result, Refactoring):
            change: Row = {"path": site.path, "text": applied(source, result.changes)}
            if site.kind == "rename":
                change["rename"] = {"offset": site.start, "name": result.name}
            changes.append((rows[-1], change, site))
    if changes:
        _compile(tree, changes)
    if run:
        _run(tree, changes, tests)
    for row, _, _ in changes:
        bad = row["errors"] or row.get("tests") or row.get("run", {}).get("different")
        row["end"] = "failed" if bad else "asks" if row["confirm"] else "passed"
    return rows


def _about(site: Site, result: Refactoring | Refusal) -> Row:
    row: Row = {name: getattr(site, name) for name in ("kind", "package", "path", "function")}
    if isinstance(result, Refusal):
        return {**row, "end": "refused", "reason": result.reason}
    return {**row, "confirm": list(result.confirm), "end": ""}


def _compile(tree: Tree, changes: list[tuple[Row, Row, Site]]) -> None:
    answer = tree.asked(
        "typescript.mjs", command="judge", changes=[change for _, change, _ in changes]
    )
    print(f"{tree.package.name}: {answer['usual']} errors before any change", flush=True)
    for (row, change, _), said in zip(changes, answer["results"], strict=True):
        row["errors"] = said["errors"]
        if "rename" in change:
            row["as_typescript"] = said["renamed"] == change["text"]


def _run(tree: Tree, changes: list[tuple[Row, Row, Site]], tests: bool) -> None:
    pure = [each for each in changes if each[2].given]
    if pure:
        folder = tree.root.parent / "built"
        answers = tree.asked(
            "behaviour.mjs",
            folder=str(folder),
            changes=[
                {**change, "name": site.function, "given": site.given} for _, change, site in pure
            ],
        )
        for (row, _, _), answer in zip(pure, answers, strict=True):
            row["run"] = answer
    usual = tree.tests() if tests and changes else {}
    for row, change, _ in changes if usual else []:
        with tree.changed(change["path"], change["text"]):
            ends = tree.tests()
        row["tests"] = sorted(name for name in usual if ends.get(name) != usual[name])
        row["tests_run"] = len(usual)


def figures(rows: list[Row]) -> list[Row]:
    found = []
    for kind in KINDS:
        mine = [row for row in rows if row["kind"] == kind]
        counts = Counter(row["end"] for row in mine)
        changed = [row for row in mine if row["end"] != "refused"]
        found.append(
            {
                "kind": kind,
                **{end: counts[end] for end in ("passed", "asks", "failed", "refused")},
                "run on values": sum(bool(row.get("run", {}).get("times")) for row in changed),
                "run by tests": sum("tests_run" in row for row in changed),
                "as TypeScript": sum(row.get("as_typescript", False) for row in changed),
            }
        )
    return found


if __name__ == "__main__":
    main()
