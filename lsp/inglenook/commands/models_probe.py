"""``inglenook models probe NAME``: how a model is best asked, found out by asking it."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from inglenook.commands.terminal import failed, safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inglenook.engine.settings import Settings
    from inglenook.models.model import ModelInfo, Way
    from inglenook.models.probe import Finding


def run_probe(settings: Settings, name: str, *, as_json: bool) -> int:
    """Probe, keep and print; exit code 1 if no way of asking filled the holes."""
    from inglenook.models.errors import ModelError

    try:
        info, finding = asyncio.run(_probe(settings, name))
    except ModelError as error:
        return failed(str(error), 3)
    if as_json:
        print(json.dumps({"model": info.name, "backend": info.backend} | asdict(finding)))
    else:
        for line in _page(info, finding):
            print(safe(line))
    return 0 if finding.confirmed else 1


async def _probe(settings: Settings, name: str) -> tuple[ModelInfo, Finding]:
    from inglenook.engine.find import finder
    from inglenook.models.errors import BackendOffline
    from inglenook.models.findings import save
    from inglenook.models.http import HttpClient
    from inglenook.models.probe import Notes, probe

    client = HttpClient(settings.policy)
    try:
        found = await finder(settings, client, name)()
        model = found.model
        if model is None:
            raise BackendOffline(found.status.text)
        try:
            print(f"Loading {safe(model.info.name)}, then asking it.", file=sys.stderr)
            await model.load()
            info = model.info
            finding = await probe(model, Notes(), thorough=True)
        finally:
            await model.close()
    finally:
        await client.close()
    save(settings.probes_dir, info, finding)
    return info, finding


def _page(info: ModelInfo, finding: Finding) -> Iterator[str]:
    yield f"{info.name} of {info.backend} {info.version}".rstrip()
    for tried in finding.tried:
        marks = "".join("+" if answer else "-" for answer in tried.answers)
        yield f"  {marks:4} {_called(tried.way)}"
    if not finding.complete:
        yield "  There was no time to try everything."
    yield f"Asked  {_called(finding.way)}, {finding.way.layout}"
    if not finding.confirmed:
        yield "  ! No way of asking filled the known holes."
    known: list[tuple[str, Any]] = [
        ("prompt tokens a second", finding.prompt_per_second),
        ("tokens written a second", finding.predicted_per_second),
        ("tokens of window", finding.context_tokens or None),
        ("tokens evaluated again when a key was typed", finding.evaluated),
    ]
    for what, value in known:
        yield f"  {'unknown' if value is None else f'{value:,.0f}'} {what}"
    if finding.reuses is not None:
        reuse = "is reused" if finding.reuses else "is NOT reused: each key waits for all of it"
        yield f"  What was evaluated of a prompt {reuse}."


def _called(way: Way) -> str:
    names = {"backend": "the backend's own way", "chat": "a chat instruction"}
    return names.get(way.fill, f"template of {way.family}")
