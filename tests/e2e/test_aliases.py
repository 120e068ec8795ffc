"""A module by another name, which the workspace's configuration gives it, is in the prompt."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.test_index import shown, workspace

FILE = 'import { rateOf } from "@lib/rates"\n\nexport const total = rateOf(█\n'
RATES = "export function rateOf(country: string, year: number): number { return 1 }\n"


async def test_a_module_that_a_tsconfig_names(tmp_path: Path) -> None:
    """At first, and by another name after the file was changed."""
    work = tmp_path / "work"
    (work / "shop").mkdir(parents=True)
    (work / "libs").mkdir()
    (work / "libs" / "rates.ts").write_text(RATES)
    (work / "tsconfig.json").write_text(
        '{ "compilerOptions": { "paths": { "@lib/*": ["./libs/*"] } } } // ours'
    )
    async with workspace(work, tmp_path) as house:
        house.open(FILE, (work / "shop" / "cart.ts").as_uri(), language="typescript")
        await shown(house, "function rateOf(country: string, year: number): number")
