"""What the edits of a small real model are worth: forty cases, each with an oracle of its own.

    python -m benchmarks.edits [--only NAME,...] [--threads N] [--show] [--answers FILE]

Qwen2.5-Coder-0.5B-Instruct is asked as the product asks it (`Writer`, the command line's own
folder and index), and what is offered is judged by `edits_cases`. What is refused is judged too,
by the last text that the model's answer made: a refusal is right if that was wrong. With ``--only``
nothing is saved. ``--answers`` keeps all that was said, for reading; of cases that are in the file
already the model is not asked again, but they are judged again.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.edits_cases.cases import Case, cases
from benchmarks.edits_cases.oracle import parses, why_wrong
from benchmarks.figures import save, summary, table
from benchmarks.kept_rows import keep, rows_of
from inglenook.commands.headless import opened
from inglenook.engine.chat.manner import Manner
from inglenook.engine.chat.question import Trouble
from inglenook.engine.find import finder
from inglenook.engine.refactor.wish import NotOffered, Wish
from inglenook.engine.refactor.world import Look
from inglenook.engine.refactor.writer import Writer
from inglenook.engine.settings import Settings
from inglenook.engine.supply import Discovery, Supply
from inglenook.models.chatting import ChatChunk, ChatRequest, Chats
from inglenook.models.http import HttpClient
from inglenook.models.spec import ModelSpec, Provider
from inglenook_context.document import Cursor, Document
from inglenook_context.refactor.edits import applied
from inglenook_context.text import Text
from tests.support.real_engine import Plan, RealEngine, real_engine

_CONTEXT_TOKENS: Final = 4096
_MARKERS: Final = ("pyproject.toml", "package.json", "go.mod")  # of the folder of a case
_WRONG_SHOWN: Final = 100  # characters of why an edit is wrong

Row = dict[str, Any]


@dataclass(slots=True)
class Overheard:
    """One answer of the model; ``ms`` is all the time that it took."""

    request: ChatRequest
    text: str = ""
    prompt_tokens: int = 0
    tokens: int = 0
    ms: float = 0.0


@dataclass(eq=False, slots=True)
class Listening:
    """A model and all that it was asked and answered."""

    model: Any
    heard: list[Overheard] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[ChatChunk, None]:
        answer = Overheard(request)
        self.heard.append(answer)
        started = time.perf_counter()
        model: Chats = self.model
        try:
            async with aclosing(model.chat(request)) as chunks:
                async for chunk in chunks:
                    answer.text += chunk.text
                    answer.tokens += bool(chunk.text)  # one that is closed early tells no timings
                    if chunk.timings is not None:
                        answer.prompt_tokens = chunk.timings.prompt_tokens or 0
                        answer.tokens = chunk.timings.predicted_tokens or answer.tokens
                    yield chunk
        finally:
            answer.ms = (time.perf_counter() - started) * 1000


async def measure(
    chosen: Sequence[Case], answers: Path | None = None, threads: int = 0
) -> list[Row]:
    """One row for each case."""
    rows: list[Row] = []
    kept = rows_of(answers)
    with (
        real_engine(Plan(context_tokens=_CONTEXT_TOKENS, threads=threads)) as engine,
        tempfile.TemporaryDirectory(prefix="inglenook-edits-") as home,
    ):
        settings = _settings(Path(home), engine)
        client = HttpClient(settings.policy)
        supply = Supply(_listening(settings, client), lambda _: None)
        try:
            lane = await supply.open()
            for case in chosen:
                row = kept.get(case.name) or await _asked(case, supply, lane.model)
                if answers is not None and case.name not in kept:
                    keep(answers, row)
                rows.append(_judged(case, row))
                print(_line(rows[-1]), flush=True)
        finally:
            await supply.close()
            await client.close()
    return rows


def _settings(home: Path, engine: RealEngine) -> Settings:
    spec = ModelSpec(
        "real", Provider.LLAMA_CPP, "qwen2.5-coder", engine.url, ("chat", "edit"), engine.key
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


def _listening(settings: Settings, client: HttpClient) -> Any:
    find = finder(settings, client, "real")

    async def found() -> Discovery:
        discovery = await find()
        model: Any = Listening(discovery.model) if discovery.model else None
        return replace(discovery, model=model)

    return found


async def _asked(case: Case, supply: Supply, model: Any) -> Row:
    """What came of a case, and what was said."""
    model.heard.clear()
    started = time.perf_counter()
    after, checks, end = await _written(case, supply)
    seconds = time.perf_counter() - started
    heard: list[Overheard] = model.heard
    return {
        "name": case.name,
        "purpose": case.purpose.value,
        "language": case.language,
        "end": end,
        "checks": checks,
        "rounds": len(heard),
        "seconds": round(seconds, 2),
        "model_seconds": round(sum(each.ms for each in heard) / 1000, 2),
        "prompt_characters": sum(each.request.size for each in heard),
        "tokens": sum(each.tokens for each in heard),
        "after": after,
        "said": [
            {
                "asked": [f"{said.role}: {said.content}" for said in each.request.messages],
                "answered": each.text,
            }
            for each in heard
        ],
    }


def _judged(case: Case, row: Row) -> Row:
    after = row["after"]
    why = why_wrong(case, after) if after else "there is no text"
    judged = {
        "right": not why,
        "why": why[:_WRONG_SHOWN],
        "parses": bool(after) and parses(after, case.language),
    }
    return row | judged


async def _written(case: Case, supply: Supply) -> tuple[str, list[str], str]:
    """The text that was offered, or the last one that was not; which checks refused; the end."""
    with tempfile.TemporaryDirectory(prefix="inglenook-edits-") as folder:
        file = Path(folder).resolve() / case.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(case.text, encoding="utf-8")
        for name in _MARKERS:
            (Path(folder) / name).touch()
        document = Document(file.as_uri(), case.language, 1, Text.of(case.text))
        async with opened(Cursor(document, case.stop), file, None, 30.0, lambda _: None) as desk:
            await desk.ready()
            writer = Writer(desk.session)
            try:
                written = await writer.write(
                    _wish(case, document), supply, Manner(), root=desk.root, look=Look(desk)
                )
            except NotOffered as error:
                failed = sorted({each.check for each in error.failures})
                return error.candidate, failed or ["nothing to edit"], "refused"
        return applied(case.text, written.changes), [], "offered"


def _wish(case: Case, document: Document) -> Wish:
    troubles = (Trouble(case.line, case.trouble, case.severity),) if case.trouble else ()
    start, stop = case.start, case.stop
    return Wish(document, start, stop, case.purpose, case.instruction, troubles)


def figures(rows: Sequence[Row]) -> list[Row]:
    """A row for each purpose: a refusal is right if what is refused was wrong."""
    found = []
    for purpose in (*dict.fromkeys(row["purpose"] for row in rows), "all"):
        mine = [row for row in rows if purpose in (row["purpose"], "all")]
        offered = [row for row in mine if row["end"] == "offered"]
        refused = [row for row in mine if row["end"] != "offered"]
        found.append(
            {
                "purpose": purpose,
                "cases": len(mine),
                "offered": len(offered),
                "right": sum(row["right"] for row in offered),
                "refused": len(refused),
                "rightly": sum(not row["right"] for row in refused),
                "repaired": sum(row["rounds"] > 1 for row in offered),
                "does not parse": sum(not row["parses"] for row in offered),
                "seconds": summary([row["seconds"] for row in mine], 1)["median"],
                "longest": max(row["seconds"] for row in mine),
                "tokens": round(summary([row["tokens"] for row in mine])["median"]),
            }
        )
    return found


def refusing(rows: Sequence[Row]) -> list[Row]:
    """How often each check refused, and how often what it refused was wrong."""
    total, rightly = Counter[str](), Counter[str]()
    for row in rows:
        total.update(row["checks"])
        rightly.update(row["checks"] if not row["right"] else [])
    return [
        {"check": check, "refused": count, "rightly": rightly[check]}
        for check, count in total.most_common()
    ]


def _line(row: Row) -> str:
    judged = "right" if row["right"] else f"wrong: {row['why']}"
    checks = f" by {', '.join(row['checks'])}" if row["checks"] else ""
    cost = f"{row['rounds']} rounds, {row['seconds']:.1f} s"
    return f"{row['name']}: {row['end']}{checks}, {judged} ({cost})"


def _chosen(only: str) -> Iterator[Case]:
    names = [name for name in only.split(",") if name]
    for case in cases():
        if not names or any(case.name.startswith(name) for name in names):
            yield case


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.edits", description=__doc__)
    options.add_argument("--only", default="", help="cases by the beginnings of their names")
    options.add_argument("--show", action="store_true", help="print what became of each module")
    options.add_argument("--answers", type=Path, help="keep all that is said in this file")
    options.add_argument("--threads", type=int, default=0, help="of the engine; 0: every core")
    given = options.parse_args()
    chosen = list(_chosen(given.only))
    rows = asyncio.run(measure(chosen, given.answers, given.threads))
    found = figures(rows)
    print(table(found))
    print(table(refusing(rows)))
    for row in rows:
        text, _ = row.pop("after"), row.pop("said")
        if given.show:
            print(f"-- {_line(row)}\n{text}")
    if not given.only:
        save("edits", {"purposes": found, "checks": refusing(rows), "cases": rows})


if __name__ == "__main__":
    main()
