"""What a key costs with context on: prompt tokens evaluated again, in a session over three files.

    python -m benchmarks.replay [--sessions N] [--budget small|large] [--threads N] [--slots N]
                                [--cache MIB]

A session has three open files of one package. Parts of them were taken away, where they use names
of the package's other files, and are typed out again, 200 keys in all, with a change of file now
and then: first an import, then what uses it. Each key is a change of the document as the server
tells of it; then the background outlines whatever there is to outline, and the product is asked
through its own `Completer` and the adapter of llama.cpp, with a new one for every key: no cache of
answers, no type-through, no prefetch, no wait. Every request reaches the engine and finishes
before the next key. Each session has a new engine, as the embedded one runs (one slot, prompts
kept in memory), so nothing of it was seen before. About 8 minutes a session on two cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from statistics import median
from typing import Any, Final

from benchmarks.figures import RESULTS, percentile, save, table
from benchmarks.replay_script import Script, scripts
from benchmarks.site_files import TREES, SiteFiles
from benchmarks.sites_data.build import build, load_sites
from benchmarks.worth_conditions import SPEEDS, Disk, nowhere
from inglenook.engine.ask import Ask
from inglenook.engine.complete import Completer
from inglenook.engine.lane import Lane
from inglenook.engine.session import Session
from inglenook.engine.supplies import only
from inglenook.engine.supply import Supply
from inglenook.models.embedded import CONTEXT_TOKENS
from inglenook.models.http import HttpClient
from inglenook.models.llama_cpp import LlamaCppModel, connect
from inglenook.models.model import Chunk, CompletionRequest
from inglenook_context.document import Cursor, Document
from inglenook_context.facts import facts_of
from inglenook_context.prompt import Prompt
from inglenook_context.text import Edit, Text
from tests.support.real_engine import Plan, real_engine

GOAL: Final = 60  # tokens at the median
MAX_TOKENS: Final = 16  # of an answer

Row = dict[str, Any]


class Finishing(LlamaCppModel):
    """Lets every answer come to its end, whatever the product would need of it; all are short."""

    request: CompletionRequest | None = None

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Chunk, None]:
        self.request = request
        chunks = []
        short = replace(request, max_tokens=MAX_TOKENS)
        async with aclosing(super().complete(short)) as stream:
            async for chunk in stream:
                chunks.append(chunk)
        for chunk in chunks:
            yield chunk


# -- a session -------------------------------------------------------------------------------------


async def replay(script: Script, plan: Plan, budget: str) -> list[Row]:
    """Type a script out; what each key cost."""
    client, rows = HttpClient(), list[Row]()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(client.close)
        server = stack.enter_context(real_engine(plan)).server(client)
        model = Finishing(client, server, (await connect(client, server)).info)
        session = Session(lambda uri: uri.removeprefix("file:///"))
        stack.callback(session.close)
        session.files = Disk(SiteFiles(script.root, facts_of("", "python", "")))
        for path, text in script.texts.items():
            session.on_open(Document(f"file:///{path}", "python", 1, Text.of(text)))
        await session.settled()
        before: dict[str, Prompt] = {}
        last, earlier = "", ""
        for visit in script.visits:
            offset = visit.offset
            for number, key in enumerate(visit.keys):
                cursor = _press(session, visit.path, offset, key)
                offset = cursor.offset
                await session.settled()
                row = await _asked(session, cursor, model, budget)
                assert model.request is not None
                prompt = model.request.prompt
                kind = _kind(number, key, earlier, cold=not rows)
                row |= {"kind": kind, "file": visit.path, "changed": _changed(before, last, prompt)}
                rows.append(row)
                before[visit.path], last, earlier = prompt, visit.path, key
                print(json.dumps(row), file=sys.stderr, flush=True)
    return rows


def _press(session: Session, path: str, offset: int, key: str) -> Cursor:
    """Change a document as the server does for one key."""
    document = session.document(f"file:///{path}")
    assert document is not None
    text, after = document.text.replace(offset, offset, key), offset + len(key)
    now = Document(document.uri, document.language, document.version + 1, text)
    session.on_change(now, (Edit(offset, offset, after),))
    return Cursor(now, after)


async def _asked(session: Session, cursor: Cursor, model: Finishing, budget: str) -> Row:
    """What a request at a cursor cost."""
    supply = Supply(nowhere, lambda _status: None, lane=Lane(model, SPEEDS[budget]))
    completer = Completer(session, only(supply))
    try:
        answer = await completer.complete(Ask(cursor, automatic=False))
    finally:
        await completer.close()
        await supply.close()
    timings = answer.report.timings if answer.report else None
    assert timings is not None, "a key did not reach the engine"
    return {"tokens": timings.prompt_tokens, "evaluated": timings.evaluated}


def _kind(number: int, key: str, earlier: str, *, cold: bool) -> str:
    if cold:
        return "cold"
    if not number:
        return "after a change of file"
    if key.startswith("\n"):
        return "Enter"
    return "first on a line" if earlier.startswith("\n") else "inside a line"


def _changed(before: dict[str, Prompt], last: str, prompt: Prompt) -> str:
    """The first part of the prompt that is not as it was when this file was last asked for."""
    known = before.get(prompt.path)
    if known is None:
        return "a new file"
    for part in ("snippets", "prefix", "suffix"):
        if getattr(known, part) != getattr(prompt, part):
            return part
    return "typed" if last == prompt.path else "typed, back in a file"


# -- what it says ----------------------------------------------------------------------------------


def summary(rows: Sequence[Row]) -> Row:
    kinds = ("inside a line", "Enter", "first on a line", "after a change of file", "cold")
    told: list[Row] = [_line("all keys", rows)]
    told += [_line(kind, own) for kind in kinds if (own := _with(rows, "kind", kind))]
    causes = Counter(row["changed"] for row in rows)
    told += [
        _line(f"  changed: {cause}", _with(rows, "changed", cause)) for cause in sorted(causes)
    ]
    return {
        "rows": told,
        "prompt_tokens": {
            "median": median(row["tokens"] for row in rows),
            "most": max(row["tokens"] for row in rows),
        },
        "snippets_changed": causes["snippets"],
        "goal": GOAL,
        "reached": told[0]["median"] <= GOAL,
    }


def _with(rows: Sequence[Row], field: str, value: str) -> list[Row]:
    return [row for row in rows if row[field] == value]


def _line(what: str, rows: Sequence[Row]) -> Row:
    values = [row["evaluated"] for row in rows]
    return {
        "evaluated again": what,
        "keys": len(values),
        "median": median(values),
        "p90": percentile(values, 0.9),
        "most": max(values),
        "mean": round(sum(values) / len(values), 1),
    }


def show(told: Row) -> None:
    print(table(told["rows"]))
    print(
        f"prompt tokens: {told['prompt_tokens']}; the snippets changed {told['snippets_changed']}"
        f" times while a file stayed open; median {'within' if told['reached'] else 'ABOVE'} the"
        f" goal of {GOAL}"
    )
    worth = RESULTS / "worth.json"
    if worth.exists():
        figures = json.loads(worth.read_text("utf-8"))["figures"]
        hits = {row["condition"]: row["identifier_hit"] for row in figures["conditions"]}
        print(f"identifier hits of the same layout (benchmarks.worth, {figures['budget']}): {hits}")


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--sessions", type=int, default=1, help="in so many packages")
    options.add_argument("--budget", choices=tuple(SPEEDS), default="small")
    options.add_argument("--threads", type=int, default=2, help="of the engine")
    options.add_argument("--slots", type=int, default=1, help="of the engine; the product has 1")
    options.add_argument("--cache", type=int, default=256, help="MiB of kept prompts")
    given = options.parse_args()
    build((site.archive for site in load_sites() if site.lang == "python"), TREES)
    plan = Plan(CONTEXT_TOKENS, slots=given.slots, cache_mib=given.cache, threads=given.threads)
    rows: list[Row] = []
    packages = []
    for script, _ in zip(scripts(), range(given.sessions), strict=False):
        packages.append(script.package)
        rows += asyncio.run(replay(script, plan, given.budget))
    told = {"budget": given.budget, "packages": packages} | summary(rows)
    show(told)
    if (given.slots, given.cache) == (1, 256):
        save("replay", told)


if __name__ == "__main__":
    main()
